"""What a board sends to its page, in bytes: each view, each mark, and what each change sends and measures again.

`deflated` is what is left of it where the connection compresses, as that of `reflectlab app` does.
"""

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time
from typing import Any

import reflectlab as rl
from reflectlab import explore, measure

CLASSES = {"30 learners, 10 weeks": (30, 10), "120 learners, 40 weeks": (120, 40)}

PICTURES = ("class_board", "pathway", "partners", "collaboration", "completion")

TABLES = ("digest", "happened", "invitations")


def main() -> None:
    """Print the bytes of each view, then of each change."""
    for words, (learners, weeks) in CLASSES.items():
        print(words)
        with _counted() as calls:
            board = explore.TeacherBoard(rl.simulate(classes=1, learners=learners, weeks=weeks, seed=4))
            for name in PICTURES:
                print(f"{name:>16}  {_picture(getattr(board, name).picture)}")
            for name in TABLES:
                print(f"{name:>16}  {_size(getattr(board, name).content):>9,} bytes")
            for what, change in _changes(board.choice).items():
                print(f"{what:>16}  {_sent_by(board, change, calls)}")


def _picture(told: Any) -> str:
    whole, marks = _size(told), len(told["marks"]["rows"])
    deflated = len(zlib.compress(_json(told), 1))
    parts = f"{_size(told['svg']):>9,} of them drawing, {_size(told['marks']):>9,} what {marks:>5,} marks tell"
    return f"{whole:>9,} bytes: {parts}; {deflated:>7,} deflated" + (f"; a mark {whole / marks:.0f}" if marks else "")


def _size(told: Any) -> int:
    return len(_json(told))


def _json(told: Any) -> bytes:
    """Return what a kernel sends."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def _changes(choice: Any) -> dict[str, Callable[[], None]]:
    first, second = choice.members[4:6]
    return {
        "another child": lambda: choice.set_trait("learner_id", first),
        "and another": lambda: choice.set_trait("learner_id", second),
        "an earlier day": lambda: choice.set_trait("day", choice.days[-11]),
        "the first again": lambda: choice.set_trait("day", choice.days[-1]),
        "a period": lambda: choice.set_trait("start", choice.days[10]),
        "one strand": lambda: choice.set_trait("strand", choice.strands[1][1]),
        "another strand": lambda: choice.set_trait("strand", choice.strands[2][1]),
        "another order": lambda: choice.set_trait("order", "longest_stuck"),
        "names hidden": lambda: choice.set_trait("hidden", True),
        "a note": lambda: choice.set_trait("noted", choice.noted + 1),
    }


def _sent_by(board: explore.TeacherBoard, change: Callable[[], None], calls: Counter[str]) -> str:
    """Return how much a change sends, how long the processor is at it, and which measures it calls."""
    before = _shown(board)
    calls.clear()
    start = process_time()
    change()
    took = 1000 * (process_time() - start)
    sent = sum(_size(told) for name, told in _shown(board).items() if told is not before[name])
    return f"{sent:>9,} bytes, {took:5.0f} ms, measured: {_told(calls) or 'nothing'}"


def _shown(board: explore.TeacherBoard) -> dict[str, Any]:
    pictures = {name: getattr(board, name).picture for name in PICTURES}
    return pictures | {name: getattr(board, name).content for name in TABLES}


def _told(calls: Counter[str]) -> str:
    return ", ".join(f"{name} {times} times" if times > 1 else name for name, times in calls.items())


@contextmanager
def _counted() -> Iterator[Counter[str]]:
    """Count the calls of measures."""
    calls: Counter[str] = Counter()
    whole = {name: getattr(measure, name) for name in measure.__all__ if callable(getattr(measure, name))}
    functions = {name: each for name, each in whole.items() if not isinstance(each, type)}

    def counting(name: str, measured: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **said: Any) -> Any:
            calls[name] += 1
            return measured(*given, **said)

        return call

    for name, each in functions.items():
        setattr(measure, name, counting(name, each))
    try:
        yield calls
    finally:
        for name, each in functions.items():
            setattr(measure, name, each)


if __name__ == "__main__":
    main()
