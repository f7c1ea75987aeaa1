"""What a message offers, followed as a user would who copies it: nothing may be worse afterwards."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import reflectlab
from reflectlab import ProgressLog, ReflectLabError

TRIES = 3

LEAVES_OUT = {"hidden", "leave_out", "fill_dates"}
"""The options that are offered to have rows left out, and listed."""

NEGATION = re.compile(
    r"\b(?:no|not|never|un(?:met|finished|done|completed|achieved|solved)|in(?:complete|active)|nearly|almost|fail\w*|skip\w*|absen\w*)\b|[✗✘✕❌☒]|\?"
)

_BEGINS = re.compile(r"load\(\.\.\., ")


class Offer(NamedTuple):
    """What a message offers: the sentence that leads to it, and the arguments; none where something is left to say."""

    text: str
    arguments: Mapping[str, Any]


def offers(text: str) -> Iterator[Offer]:
    """Give what a text offers whole, in the form of Python; what has `...` for an answer is no offer."""
    for begin in _BEGINS.finditer(text):
        lead = re.split(r"(?<=[.?:]) (?=[A-Z])", text[: begin.start()])[-1]
        call = next((one for one in map(_call, _ends(text, begin.start())) if one is not None), None)
        if call is None:  # a value as long as a page is shown in part
            assert text.endswith(" ..."), f"It cannot be copied: {text}"
            continue
        parts = [part for one in call for part in ast.walk(one.value)]
        if not any(isinstance(part, ast.Constant) and part.value is ... for part in parts):
            yield Offer(lead, {str(one.arg): ast.literal_eval(one.value) for one in call})


def _ends(text: str, begin: int) -> Iterator[str]:
    return (text[begin : place + 1] for place in range(begin, len(text)) if text[place] == ")")


def _call(text: str) -> list[ast.keyword] | None:
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
    return tree.keywords if isinstance(tree, ast.Call) else None


class Attempt(NamedTuple):
    """A log, or why there is none; and what was offered."""

    log: ProgressLog | None
    offered: list[Offer]
    said: str


def attempt(path: Any, options: Mapping[str, Any]) -> Attempt:
    """Load files, and gather all that the problems or the error offer."""
    try:
        return loaded(reflectlab.load(path, **options))
    except ReflectLabError as error:
        return refused(error)


def loaded(log: ProgressLog) -> Attempt:
    """Gather what the problems of a log offer."""
    told = dict.fromkeys(log.problems["message"] + " " + log.problems["hint"].fillna(""))
    return Attempt(log, _distinct(told), "")


def refused(error: ReflectLabError) -> Attempt:
    """Gather what an error offers."""
    return Attempt(None, _distinct([str(error)]), str(error))


def _distinct(texts: Any) -> list[Offer]:
    found: dict[str, Offer] = {}
    for text in texts:
        for offer in offers(text):
            found.setdefault(repr(offer.arguments), offer)
    return list(found.values())


def follow_all(path: Path | list[Path], options: Mapping[str, Any], first: Attempt | None = None) -> dict[str, int]:
    """Follow each thing that is offered, judge what comes of it, and return the number of tries of each."""
    first = first or attempt(path, options)
    taken = {}
    for offer in first.offered:
        if options.keys() & offer.arguments.keys() & LEAVES_OUT:
            continue  # it says what the caller asked for
        taken[repr(dict(offer.arguments))] = _follow(path, options, first, offer)
    return taken


def _follow(path: Any, options: Mapping[str, Any], first: Attempt, offer: Offer) -> int:
    before = first
    for tries in range(1, TRIES + 1):
        _not_a_negation(offer)
        options = _with(options, offer.arguments)
        after = attempt(path, options)
        _judge(before, after, offer)
        if after.log is not None:
            return tries
        rest = [one for one in after.offered if _with(options, one.arguments) != options]
        assert rest, f"{offer} led to: {after.said}"
        before, offer = after, rest[0]
    raise AssertionError(f"No log after {TRIES} tries: {after.said}")


def _with(options: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return options and more of them; what maps names to values is put together."""
    both = {key: {**options[key], **more[key]} for key in more if isinstance(more[key], dict) and key in options}
    return {**options, **more, **both}


def _not_a_negation(offer: Offer) -> None:
    for word, meaning in offer.arguments.get("words", {}).items():
        if meaning not in (None, "set", "stuck", "dropped"):
            assert not NEGATION.search(word.casefold()), f"{word} is offered as {meaning}"


def _judge(before: Attempt, after: Attempt, offer: Offer) -> None:
    """See that no row is lost, and that no row with an event has another one."""
    if before.log is None:
        return
    assert after.log is not None, f"{offer} made a log none: {after.said}"
    account = after.log.account
    assert (account["read"] == account["loaded"] + account["listed"]).all()
    if offer.arguments.keys() <= LEAVES_OUT:
        return
    lost = before.log.account["loaded"].sum() - account["loaded"].sum()
    assert lost <= 0, f"{offer} lost {lost} rows"
    if not offer.text.startswith("If "):
        missing = _events(before.log) - _events(after.log)
        assert not missing, f"{offer} changed {missing}"


def _events(log: ProgressLog) -> Counter[tuple[Any, ...]]:
    return Counter(log.frame("events").select("file", "sheet", "row", "event").collect().rows())
