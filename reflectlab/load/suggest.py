"""What is said of a table that no reader knows: how it begins, what its columns look like, and what loads it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ..errors import harmless
from ..language import chained, gettext, number_in_words, translatable
from .clean.vocabulary import HEADERS, column_of, event_in, likely_header
from .files.raw import ROW, RawTable, folded
from .looks import ColumnLook, column_looks
from .options import Options

ROWS_SHOWN, CELLS_SHOWN, LONGEST_CELL = 3, 12, 24
"""How many rows are shown, how many cells of each, and how many letters of a cell."""

Tried = Callable[[Mapping[str, Any]], tuple[int, int]]
"""From arguments of `load` to how many rows are loaded with them, and how many are read."""

_WORDS_ASKED = 6

_MOST_WORDS = 15
"""How many words tell what happens in a class, at most."""

_GIVES = translatable(
    {
        "dayfirst": "the day is taken to come before the month, see that it does",
        "year": "the dates have no year, put theirs",
        "date_format": "the dates are numbers, see that they are read as the days they are",
        "met_at": "put your own share of the full mark that counts as met",
        "as_of": "put the day of which the marks are",
    }
)
"""What is to be seen of arguments that the file does not tell."""


def said_of_cut_json(raw: RawTable) -> str:
    """Say that a file holds pieces of JSON, without any of them."""
    return (
        f"{harmless(str(raw))} is no log that we know: it looks like JSON whose lines were cut, and no line is whole. "
        "Export the file again."
    )


def said_of_unknown(raw: RawTable, options: Options, tried: Tried) -> tuple[str, Mapping[str, Any]]:
    """Return what to say of a table, and the arguments that load it, if there are any: they have been tried."""
    looks = column_looks(raw, options)
    known = gettext(
        "{table} is no log that we know. Its columns are: {columns}.",
        table=harmless(str(raw)),
        columns=harmless(", ".join(raw.header)[:300]),
    )
    seen = ", ".join(f'"{_cut(look.header)}" {gettext(_KINDS[look.kind])}' for look in looks[:CELLS_SHOWN])
    looks_like = gettext("Its columns look like: {columns}.", columns=seen)
    begins = [known, *_slips(raw), gettext("It begins:"), *_first_rows(raw), looks_like]
    if days := _days_of_events(looks):
        return "\n".join([*begins, _one_of_the_days(days, looks, options, tried)]), {}
    if _is_turned(looks):
        turn = gettext("It looks like a grid with goals down and learners across. Turn it round: learners down.")
        return "\n".join([*begins, turn]), {}
    for arguments in _candidates(looks):
        loaded, read = tried(arguments)
        if loaded and loaded * 2 >= read:
            return "\n".join([*begins, _offer(arguments, loaded, read, options)]), arguments
    return "\n".join([*begins, _lacking(looks, options, tried)]), {}


_KINDS = translatable(
    {"dates": "dates", "numbers": "numbers", "names": "names", "words": "words", "nothing": "nothing"}
)


def _cut(text: str) -> str:
    plain = " ".join(harmless(text).split())
    return plain if len(plain) <= LONGEST_CELL else f"{plain[: LONGEST_CELL - 1]}…"


def _first_rows(raw: RawTable) -> Iterator[str]:
    """Show the first rows; of a record of JSON, which has no header, half at most."""
    most = CELLS_SHOWN if raw.header_row else min(CELLS_SHOWN, len(raw.header) // 2)
    shown = raw.header[:most]
    for row in raw.frame.head(ROWS_SHOWN).iter_rows(named=True):
        more = " | ..." if len(shown) < len(raw.header) else ""
        cells = " | ".join(_cut(row[header]) for header in shown)
        yield "  " + gettext("row {row}: {cells}", row=row[ROW], cells=f"{cells}{more}")


def _slips(raw: RawTable) -> list[str]:
    near = {header: likely_header(header) for header in raw.header if not event_in(header)}
    return [
        gettext('Is "{header}" meant to be "{meant}"?', header=_cut(header), meant=meant)
        for header, meant in near.items()
        if meant and meant != folded(header)
    ][:2]


def _is_turned(looks: Sequence[ColumnLook]) -> bool:
    """Tell whether a table has a column of goals, and beside it days only, which are of learners then."""
    others = [look for look in looks if look.kind != "nothing"]
    dates = _of(looks, "dates")
    return len(dates) > 1 and len(dates) == len(others) - 1 and column_of(others[0].header) == "goal_id"


def _days_of_events(looks: Sequence[ColumnLook]) -> dict[str, str]:
    """Return the columns of days that each tell of one event, in a table with a row for each learner and goal."""
    if not {"learner_id", "goal_id"} <= {column_of(look.header) for look in looks}:
        return {}
    found = {look.header: event_in(look.header) for look in _of(looks, "dates")}
    return {header: event for header, event in found.items() if event}


def _one_of_the_days(days: Mapping[str, str], looks: Sequence[ColumnLook], options: Options, tried: Tried) -> str:
    """Say what a log has instead, and how the rows of the last column of days are loaded, if they are."""
    names = ", ".join(f'"{_cut(header)}"' for header in days)
    text = gettext(
        "It has the days in columns of their own, {names}. A class log has a row for each of these days: date, "
        "learner, goal, what happened.",
        names=names,
    )
    header, event = [*days.items()][-1]
    dates = next(look for look in looks if look.header == header)
    one = {"columns": {"time": header, "event": f"={event}"}, "fill_dates": False, **dates.arguments}
    if not _can_be_said([header]) or not tried(one)[0]:
        return text
    also = gettext('The days of "{header}" alone: {option}.', header=header, option=options.say(**one))
    return f"{text} {also}"


def _offer(arguments: Mapping[str, Any], loaded: int, read: int, options: Options) -> str:
    see = [gettext(text) for name, text in _GIVES.items() if name in arguments]
    if arguments.get("columns", {}).get("event", "").startswith("="):
        see.insert(0, gettext("no column tells what happened, so every row is taken for work on the goal"))
    loads = gettext(
        "This loads {loaded} of its {read} rows: {option}.",
        loaded=number_in_words(loaded),
        read=number_in_words(read),
        option=options.say(**arguments),
    )
    return f"{loads} {gettext('Note: {remarks}.', remarks='; '.join(see))}" if see else loads


def _candidates(looks: Sequence[ColumnLook]) -> Iterator[dict[str, Any]]:
    """Give the arguments that may load a table, the most likely first."""
    yield from _across(looks)
    dates = next(iter(sorted(_of(looks, "dates"), key=lambda look: column_of(look.header) != "time")), None)
    if dates is None:
        return
    columns = {
        "time": dates.header,
        **_columns([look for look in looks if look not in (dates, *_of(looks, "nothing"))]),
    }
    if "learner_id" in columns and _can_be_said(columns.values()):
        yield {"columns": columns, **dates.arguments}


def _can_be_said(headers: Any) -> bool:
    """Tell whether headers can be copied as they are shown."""
    return all(harmless(header) == header for header in headers)


def _of(looks: Sequence[ColumnLook], *kinds: str) -> list[ColumnLook]:
    return [look for look in looks if look.kind in kinds]


def _columns(looks: Sequence[ColumnLook]) -> dict[str, str]:
    """Say which of the columns beside the dates holds what."""
    rest = {look.header: look for look in looks}
    found: dict[str, str] = {}
    for header in [*rest]:
        meant = column_of(header)
        if meant and meant != "time" and meant not in found:
            found[meant] = rest.pop(header).header
    for header in [*rest]:
        meant = column_of(likely_header(header) or "")
        if meant in ("learner_id", "goal_id") and meant not in found:
            found[meant] = rest.pop(header).header
    texts = [look for look in rest.values() if look.kind in ("names", "words")]
    _take(found, "event", [look for look in texts if look.share_known > 0.5], texts)
    _take(found, "chosen_by", [look for look in texts if look.says_who_chose], texts)
    _take(found, "learner_id", [*_of(texts, "names"), *(look for look in texts if _are_codes(look))], texts)
    learners = next((look for look in looks if look.header == found.get("learner_id")), None)
    if learners is not None:
        _take(found, "with", [look for look in texts if _share(look, learners) > 0.5], texts)
    _take(found, "goal_id", sorted(texts, key=lambda look: -len({*look.values})), texts)
    if not {"event", "with"} & found.keys() and "goal_id" in found:
        _take(found, "event", [look for look in texts if _may_tell(look)], texts)
        found.setdefault("event", "=worked")
    return found


def _may_tell(look: ColumnLook) -> bool:
    """Tell whether the words of a column may be what happened, in words that are not known."""
    return len({*look.values}) <= _MOST_WORDS and max(map(len, look.values)) <= LONGEST_CELL


def _take(found: dict[str, str], column: str, likely: Sequence[ColumnLook], rest: list[ColumnLook]) -> None:
    """Let the first of some columns be this one of a log, if none is yet."""
    if column not in found and likely:
        found[column] = likely[0].header
        rest.remove(likely[0])


def _are_codes(look: ColumnLook) -> bool:
    return all(re.fullmatch(r"[A-Za-z]{0,3}[-_ ]?\d+", value) for value in look.values)


def _share(look: ColumnLook, learners: ColumnLook) -> float:
    """Return which share of the cells of a column are learners of another one."""
    people = {*learners.values}
    return sum(value in people for value in look.values) / max(len(look.values), 1)


def _across(looks: Sequence[ColumnLook]) -> Iterator[dict[str, Any]]:
    """Give the arguments for tables with learners down the side and goals across."""
    people = next((look for look in looks if column_of(look.header) == "learner_id"), None)
    people = people or next(iter(_of(looks, "names")), None)
    if people is None or not _can_be_said([people.header]):
        return
    headers = {} if column_of(people.header) == "learner_id" else {"headers": {people.header: "learner"}}
    beside = len([look for look in looks if look.kind != "nothing"]) - 1
    if len(_of(looks, "dates")) * 2 > beside > 1:
        yield {"format": "grid", **headers}
    if len(_of(looks, "numbers")) * 2 > beside and not _of(looks, "dates"):
        yield {"format": "marks", "met_at": 0.5, "as_of": date.today().isoformat(), **headers}


def _lacking(looks: Sequence[ColumnLook], options: Options, tried: Tried) -> str:
    """Say what no column looks like, or which words are not known, where nothing that was tried loads the table."""
    dates = _of(looks, "dates")
    found = _columns([look for look in looks if look.kind not in ("dates", "nothing")])
    happened = next((look for look in looks if look.header == found.get("event")), None)
    if dates and happened and {"learner_id", "goal_id"} <= found.keys():
        columns = {"columns": {"time": dates[0].header, **found}, **dates[0].arguments}
        if asked := _unknown_words(happened, columns, options, tried):
            return asked
    lacking = [] if dates else [gettext("dates")]
    needed = (("learner_id", gettext("learners")), ("goal_id", gettext("goals")))
    lacking += [what for column, what in needed if column not in found]
    none = gettext("No column looks like {what}.", what=chained("{one} or {other}", lacking)) if lacking else ""
    example = ", ".join(HEADERS[column][0] for column in ("time", "learner_id", "goal_id", "event", "with"))
    say = options.say(columns=dict.fromkeys(("learner_id", "goal_id", "time", "event"), ...))
    has = gettext(
        "A class log has: {columns}. For any other table say which column holds what: {option}.",
        columns=example,
        option=say,
    )
    return f"{none} {has}" if lacking else has


def _unknown_words(happened: ColumnLook, arguments: Mapping[str, Any], options: Options, tried: Tried) -> str:
    """Ask what words mean, if rows are loaded once they mean something."""
    words = dict.fromkeys(happened.values)
    shown = [*words][:_WORDS_ASKED]
    if not _can_be_said(shown) or not tried({**arguments, "words": dict.fromkeys(words, "worked")})[0]:
        return ""
    say = options.say(**arguments, words=dict.fromkeys(shown, ...))
    text = gettext(
        'What the words of "{header}" mean is not known. Say it, a meaning for each "...": {option}.',
        header=_cut(happened.header),
        option=say,
    )
    without = {**arguments, "columns": {**arguments["columns"], "event": "=worked"}}
    also = gettext("If no column tells what happened: {option}.", option=options.say(**without))
    return f"{text} {also}" if tried(without)[0] else text
