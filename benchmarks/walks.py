"""Through how many modules of the package each of some calls runs, counted while it runs.

`benchmarks.house` runs this file in a process of its own, with the checkout that is to be counted on the path; what is
printed is JSON. Modules count that a function of runs: importing one is not running through it.
"""

import json
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import reflectlab as rl
from reflectlab import explore

FILE = Path(__file__).resolve().parent.parent / "data" / "sample" / "room_5" / "room_5_log.xlsx"

Call = Callable[[], Any]


def main() -> None:
    folder = str(Path(rl.__file__).resolve().parent)
    with TemporaryDirectory() as place:
        for call in _calls(Path(place)).values():
            call()  # whatever is imported when it is first used is there afterwards
        walked = {name: sorted(_walk(call, folder)) for name, call in _calls(Path(place)).items()}
    print(json.dumps(walked))


def _walk(call: Call, folder: str) -> set[str]:
    """Return the modules of a folder that a call runs through."""
    seen: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            seen.add(frame.f_code.co_filename)

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return {file for file in seen if file.startswith(folder)}


def _calls(place: Path) -> dict[str, Call]:
    """Return the calls, on a log of one class that nothing has been asked of yet."""
    return _measures() | _pictures() | _the_rest(place)


def _log() -> rl.ProgressLog:
    return rl.simulate(classes=1, learners=30, seed=4)


def _measures() -> dict[str, Call]:
    """Return the measures, each on a log of its own: what one has made ready spares no other the way."""
    names = (
        "completion",
        "spells",
        "status",
        "stretches",
        "compare",
        "episodes",
        "collaboration",
        "network_summary",
        "pathways",
        "transitions",
    )
    return {name: partial(getattr(rl, name), _log()) for name in names}


def _pictures() -> dict[str, Call]:
    log = _log()
    frames, rates, edges = (rl.stretches(log), rl.episodes(log)), rl.completion(log, every="week"), rl.network(log)
    return {
        "plot_board": lambda: rl.plot_board(*frames),
        "plot_completion": lambda: rl.plot_completion(rates),
        "plot_network": lambda: rl.plot_network(edges),
    }


def _the_rest(place: Path) -> dict[str, Call]:
    log = _log()
    journal = rl.Journal(place / "journal.sqlite")
    return {
        "Journal.write": lambda: journal.write("They asked one another first."),
        "TeacherBoard": lambda: explore.TeacherBoard(log),
        "LogWizard": lambda: explore.LogWizard(FILE, mappings=place),
        "load": lambda: rl.load(FILE),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
