"""Who and what is meant: each name found on the roster, each goal in the catalogue, and all that one cell names."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from ...language import gettext, number_in_words, translatable
from ...log.checks import UNKNOWN_GOAL, UNKNOWN_LEARNER, Rule
from ...problems import Advice
from ...schema import ROLES
from ..files.raw import ROW, folded
from .children import child, child_in_row, name_of
from .roster import Directory
from .screen import LARGEST_REMARKS, Screen, tidy_name
from .vocabulary import EVERYBODY, NOBODY, WORDS

_BETWEEN = re.compile(r"\s*(?:[;&\n|•]|\+(?!\d)|\s/\s|\band\b)\s*", re.IGNORECASE)

_WITH = re.compile(r"^\s*(?:w/|with\b)\s*", re.IGNORECASE)
"""What a cell may begin with that names those whom somebody was with."""

_COMMA = re.compile(r"\s*,\s*")

_AND = r"\s(?:und|et|y|e|me|i|og|och|en)\s"
"""What stands between two names in other languages, and may be a part of one."""

_SEVERAL = re.compile(rf"[,/]|{_AND}", re.IGNORECASE)

MAY_BE_A_LIST = rf"(?i)[,;&\n|+•/]|\band\b|{_AND}"
"""What a cell has, as Polars looks for it, that may name several."""

_HELP = "|".join(sorted((word for role in ROLES for word in WORDS[role]), key=len, reverse=True))

_HELP_SAID = re.compile(rf"(?:{_HELP})\s+(.+)|(.+?)\s*[(\[]?\s*\b(?:{_HELP})\b[^()\[\]]*[)\]]?", re.IGNORECASE)
"""A name, and beside it what that one did: "helped by Ben", "Ben (helped me)"."""

_ADDRESS = re.compile(r"@|://")

_PLURAL = frozenset({"learners", "students"})
"""Headers, folded, of a column in which several may be named."""

Find = Callable[[str], object]
"""Tells of a name whether someone is known by it."""


def names_in(cell: str, find: Find, *, last_first: bool) -> list[str]:
    """Return the names in a cell.

    Where names are written last name first, what stands on both sides of a comma is one, unless it is known by itself.

    >>> names_in("Aroha, Ben & Zoë", {"Ben"}.__contains__, last_first=False)
    ['Aroha', 'Ben', 'Zoë']
    >>> names_in("Smith, Ben, Lee, Cho; Zoë", {"Zoë"}.__contains__, last_first=True)
    ['Smith, Ben', 'Lee, Cho', 'Zoë']
    """
    whole = tidy_name(_WITH.sub("", cell))
    if not whole or find(whole) or _ADDRESS.search(whole):
        return [whole] if whole else []
    found: list[str] = []
    for part in _parts(whole):
        found += [part] if find(part) else _by_commas(part, find, last_first=last_first)
    return found


def _parts(cell: str) -> list[str]:
    return [part for part in map(tidy_name, _BETWEEN.split(cell)) if part]


def _by_commas(text: str, find: Find, *, last_first: bool) -> list[str]:
    pieces = _pieces(text)
    found, at = [], 0
    while at < len(pieces):
        pair = ", ".join(pieces[at : at + 2])
        is_pair = at + 1 < len(pieces) and (find(pair) or (last_first and not find(pieces[at])))
        found += [pair] if is_pair else _by_known_names(pieces[at], find)
        at += 2 if is_pair else 1
    return found


def _pieces(text: str) -> list[str]:
    return [piece for piece in map(tidy_name, _COMMA.split(text)) if piece]


def _by_known_names(text: str, find: Find) -> list[str]:
    """Take apart what has a slash, or an "and" of another language, between names that are all known.

    >>> [_by_known_names(names, {"Luis", "José"}.__contains__) for names in ("Luis y José", "Anna/Lena")]
    [['Luis', 'José'], ['Anna/Lena']]
    """
    pieces = [tidy_name(piece) for piece in _BETWEEN_KNOWN.split(text)]
    return pieces if len(pieces) > 1 and all(piece and find(piece) for piece in pieces) else [text]


_BETWEEN_KNOWN = re.compile(rf"/|{_AND}", re.IGNORECASE)


def alone(cells: Iterable[str]) -> frozenset[str]:
    """Return the names that stand by themselves in some cells, or beside another with no comma between."""
    return frozenset(part for cell in cells for part in _parts(cell) if not _SEVERAL.search(part))


def writes_last_first(cells: Iterable[str], known: frozenset[str], header: str) -> bool:
    """Tell whether the names in a column are written `Last, First`, and no lists of names.

    `known` are names that stand alone somewhere; the header is folded.
    """
    lists = [_pieces(part) for cell in cells for part in _parts(cell) if "," in part]
    if not any(len(pieces) == 2 for pieces in lists):
        return False
    if any(len(pieces) % 2 or known.issuperset(pieces) for pieces in lists):
        return False
    several = header in _PLURAL
    return not (several and known) and not ((several or known) and _stand_on_both_sides(lists))


def _stand_on_both_sides(lists: Sequence[Sequence[str]]) -> bool:
    return not {pieces[0] for pieces in lists}.isdisjoint(piece for pieces in lists for piece in pieces[1:])


_WHO, _CLASS = "learner_id", "class_id"

_NOBODY_ELSE = pl.lit([], pl.List(pl.String))

Written = tuple[str, str | None]
"""What is written for someone, and the class that its row tells."""


@dataclass(frozen=True)
class Partners:
    """Those whom a cell names: their ids, or what is wrong with it: the code, the message and what to do.

    `short` are those of whom less than the whole name is written.
    """

    ids: tuple[str, ...] = ()
    code: str | None = None
    message: str = ""
    advice: Advice | None = None
    short: tuple[str, ...] = ()


def several_learners(screen: Screen, roster: Directory | None) -> bool:
    """Leave the first of several learners in a cell in `learner_id`, and add the others as `beside`.

    Without a roster, rows that stand for everybody are listed. Return whether the table writes names `Last, First`.
    """
    cells = screen.values[_WHO]
    doubtful = cells.filter(cells.str.contains(MAY_BE_A_LIST)).to_list()
    known = alone(cells.to_list()) if doubtful else frozenset()
    last_first = roster is None and writes_last_first(doubtful, known, folded(screen.headers[_WHO]))
    find: Find = roster.find if roster is not None else known.__contains__
    named = {cell: names_in(cell, find, last_first=last_first) for cell in doubtful}
    lists = {cell: [*dict.fromkeys(names)] for cell, names in named.items() if len(names) > 1}
    if roster is not None:  # a cell in which nobody is known is named whole, as someone who is not on the roster
        lists = {cell: names for cell, names in lists.items() if any(map(find, names))}
    else:
        _list_everybody(screen, lists)
    if not lists:
        return last_first
    table = pl.DataFrame({_WHO: [*lists], "beside": [names[1:] for names in lists.values()]})
    screen.put(screen.frame.select(_WHO).join(table, on=_WHO, how="left", maintain_order="left")["beside"])
    first = {cell: names[0] for cell, names in lists.items()}
    screen.put(pl.col("beside").fill_null(_NOBODY_ELSE), pl.col(_WHO).replace(first))
    return last_first


def _list_everybody(screen: Screen, lists: Mapping[str, Sequence[str]]) -> None:
    meant = {*screen.options.same, *screen.options.leave_out}
    words = {
        cell: name
        for cell in screen.frame[_WHO].unique()
        for name in lists.get(cell, [cell])
        if folded(name) in EVERYBODY and name not in meant
    }
    screen.reject(
        pl.col(_WHO).is_in([*words]),
        "unknown_learner",
        _WHO,
        lambda cell: gettext('"{name}" is not a learner.', name=words[cell]),
        gettext("Write the names of the learners; several may stand in one cell."),
    )


def name_learners(screen: Screen, roster: Directory | None) -> None:
    """Put the id of the roster in the place of each `learner_id`, and those `beside`; list who is not on it.

    Without a roster the id is the name, and where the table says the class that too: see `children`.
    """
    _name_those_beside(screen, roster)
    if roster is None:
        if screen.options.same:
            screen.put(pl.col(_WHO).replace(screen.options.same))
        if screen.has(_CLASS):
            screen.put(child_in_row())
        return
    written = _written(screen, _WHO)
    _identify(screen, UNKNOWN_LEARNER, roster)
    _remark_short(screen, roster, [one for one in written if roster.is_short(*one)])


def _name_those_beside(screen: Screen, roster: Directory | None) -> None:
    """List the rows with someone in a list of learners who is not on the roster."""
    if not screen.has("beside") or not (screen.frame["beside"].list.len() > 0).any():
        return
    rows = screen.frame.filter(pl.col("beside").list.len() > 0)
    rooms = rows[_CLASS].to_list() if screen.has(_CLASS) else [None] * rows.height
    ids: dict[int, list[str]] = {}
    strange: dict[int, str | None] = {}
    for row, names, room in zip(rows[ROW].to_list(), rows["beside"].to_list(), rooms, strict=True):
        found = [_find(name, room or None, roster, screen) for name in names]
        ids[row] = [one for one in found if one]
        strange[row] = next((name for name, one in zip(names, found, strict=True) if one is None), None)
    table = pl.DataFrame({ROW: [*ids], "beside": [*ids.values()]}, schema_overrides={"beside": pl.List(pl.String)})
    put = screen.frame.select(ROW).join(table, on=ROW, how="left", maintain_order="left")["beside"]
    screen.put(put, _stranger=pl.col(ROW).replace_strict(strange, return_dtype=pl.String, default=None))
    screen.put(pl.col("beside").fill_null(_NOBODY_ELSE))
    broken = pl.col("_stranger").is_not_null()
    screen.reject(broken, UNKNOWN_LEARNER.code, "_stranger", UNKNOWN_LEARNER.say, partial(_unknown, roster=roster))


def _find(name: str, room: str | None, roster: Directory | None, screen: Screen) -> str | None:
    return roster.find(name, room) if roster is not None else child(screen.options.same.get(name, name), room)


def _unknown(value: str, roster: Directory | None) -> Advice:
    return Advice(UNKNOWN_LEARNER.hint, roster.likely(value) if roster else None)


def by_any_name(screen: Screen, roster: Directory | None, *columns: str) -> None:
    """Put the id of the roster in the place of `learner_id`, by the first of some columns that the roster knows."""
    if roster is None:
        return
    texts = {text for column in columns for text in screen.frame[column].unique().to_list() if text}
    found = {text: one for text in texts if (one := roster.find(text)) is not None}
    ids = [pl.col(column).replace_strict(found, return_dtype=pl.String, default=None) for column in columns]
    screen.put(learner_id=pl.coalesce(*ids, "learner_id"))


def name_goals(screen: Screen, catalogue: Directory | None) -> None:
    """Put the id of the catalogue in the place of each `goal_id`, which may be a title; list what is not in it."""
    if screen.has("goal_id") and catalogue is not None:
        _identify(screen, UNKNOWN_GOAL, catalogue)


def _written(screen: Screen, column: str, *, by_class: bool = True) -> list[Written]:
    """Return what stands in a column, and the class of its row where the table tells it: each once."""
    if by_class and screen.has(_CLASS):
        rows = screen.frame.select(column, _CLASS).unique(maintain_order=True).iter_rows()
        return [(text, room or None) for text, room in rows]
    return [(text, None) for text in screen.frame[column].unique(maintain_order=True).to_list()]


def _put_by(screen: Screen, column: str, values: Mapping[Written, object], dtype: pl.DataType, name: str) -> None:
    """Add what is told for each text of a column, and the class of its row, as another column."""
    by_class = any(room for _, room in values)
    table = {column: [text for text, _ in values], name: pl.Series([*values.values()], dtype=dtype)}
    if by_class:
        table[_CLASS] = [room or "" for _, room in values]
    keys = [column, _CLASS] if by_class else [column]
    side = pl.DataFrame(table, schema_overrides={column: pl.String})
    screen.put(screen.frame.select(keys).join(side, on=keys, how="left", maintain_order="left")[name])


def _identify(screen: Screen, rule: Rule, known: Directory) -> None:
    column = rule.column
    by_class = known.tells_classes and screen.has(_CLASS)
    found = {one: known.find(*one) for one in _written(screen, column, by_class=by_class)}
    strange = [text for (text, _), one in found.items() if one is None and text]
    if by_class:
        _put_by(screen, column, found, pl.String(), "_found")
        broken = pl.col("_found").is_null() & (pl.col(column) != "")
    else:
        broken = pl.col(column).is_in(strange)
    several = {text: ids for text in strange if len(ids := known.namesakes(text)) > 1}
    screen.reject(
        broken & pl.col(column).is_in([*several]),
        "shared_name",
        column,
        lambda text: _may_be(text, several[text]),
        _WHICH,
    )
    screen.reject(broken, rule.code, column, rule.say, lambda value: Advice(rule.hint, known.likely(value)))
    if by_class:
        screen.put(pl.coalesce("_found", column).alias(column))
        return
    other = {text: one for (text, _), one in found.items() if one is not None and one != text}
    if other:
        screen.put(pl.col(column).replace(other))


_WHICH = translatable("Write the whole name, or the id; where a column says the class, it tells them apart.")


def _may_be(text: str, several: Sequence[str]) -> str:
    names = ", ".join(map(name_of, several))[:200]
    return gettext('"{text}" may be any of {number}: {names}.', text=text, number=len(several), names=names)


def _remark_short(screen: Screen, roster: Directory, short: Sequence[Written]) -> None:
    """Remark on each name that is less than whole, once."""
    column = "written" if screen.has("written") else _WHO
    for n, (text, room) in enumerate(short[:LARGEST_REMARKS]):
        one = roster.find(text, room)
        rows = screen.frame.filter(pl.col(column) == text)
        if one is None or rows.is_empty():
            continue
        more = (
            " " + gettext("So were {number} names.", number=number_in_words(len(short)))
            if n == LARGEST_REMARKS - 1 < len(short) - 1
            else ""
        )
        screen.note(_short(screen, text, roster.name_of(one), rows[ROW][0], _WHO, more))


def _short(screen: Screen, text: str, name: str, row: int, column: str, more: str = ""):  # type: ignore[no-untyped-def]
    said = gettext(
        '"{text}" was taken for "{name}", the only one who may be called so.{more}', text=text, name=name, more=more
    )
    return screen.problem(
        "short_name", said, gettext("If it is another child, write the whole name."), row, column, text
    )


def with_partners(screen: Screen, roster: Directory | None, *, exact: bool, last_first: bool = False) -> None:
    """Add `partners`, the ids of those named in `with`; list the rows in which it cannot be told who they are.

    `learner_id` holds ids by now. A name is first looked for in the `class_id`, where there is one. `exact` (whether
    "ben" is another than "Ben") and `last_first` count only without a roster.
    """
    rooms = _by_class(screen, exact=exact) if roster is None else {}
    nobody = Directory((), ())
    named = {
        (cell, room): _partners(
            cell, room, roster or rooms.get(room, nobody), screen, strict=roster is not None, last_first=last_first
        )
        for cell, room in _written(screen, "with")
    }
    _put_by(
        screen, "with", {one: list(partners.ids) for one, partners in named.items()}, pl.List(pl.String), "partners"
    )
    _put_by(screen, "with", {one: partners.code for one, partners in named.items()}, pl.String(), "_wrong")
    wrong = {cell: partners for (cell, _), partners in named.items() if partners.code}
    for code in dict.fromkeys(str(partners.code) for partners in wrong.values()):
        screen.reject(
            pl.col("_wrong") == code,
            code,
            "with",
            lambda value: wrong[value].message,
            lambda value: wrong[value].advice or "",
        )
    _remark_short_partners(screen, {cell: partners.short for (cell, _), partners in named.items() if partners.short})
    screen.reject(
        pl.col("partners").list.contains(pl.col("learner_id")),
        "self_collaboration",
        "with",
        lambda value: gettext('The learner of this row is also named as the one it was with ("{value}").', value=value),
        gettext("Name the others only."),
    )


def _by_class(screen: Screen, *, exact: bool) -> dict[str | None, Directory]:
    """Return the learners of each class, as the table has them."""
    rooms: dict[str | None, list[str]] = {}
    for one, room in _written(screen, _WHO):
        rooms.setdefault(room, []).append(one)
    return {room: Directory(ids, [*map(name_of, ids)], exact=exact, people=True) for room, ids in rooms.items()}


def _partners(
    cell: str, room: str | None, known: Directory, screen: Screen, *, strict: bool, last_first: bool
) -> Partners:
    """Say whom a cell names. A whole cell may be one name with a comma in it."""
    ids: list[str] = []
    short: list[str] = []
    same: Mapping[str, str] = {} if strict else screen.options.same
    find = partial(known.find, room=room)
    for written in names_in(cell, find, last_first=last_first):
        piece = same.get(written, written)
        one = find(piece) or find(_without_help(piece))
        if one is None and (strict or (folded(piece) in NOBODY and piece not in screen.options.leave_out)):
            text = gettext('"{name}" is not on the roster.' if strict else '"{name}" is not a learner.', name=piece)
            hint = gettext("Correct it, add the learner to the roster, or leave this cell empty.")
            return Partners(
                (),
                "unknown_learner",
                text,
                Advice(hint, known.likely(piece)),
            )
        if one is None and len(several := known.namesakes(piece)) > 1:
            return Partners((), "shared_name", _may_be(piece, several), Advice(_WHICH))
        ids.append(one or child(piece, room))
        short += [piece] if one and (known.is_short(piece, room) or not find(piece)) else []
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        text = gettext('"{name}" is named twice in this row.', name=name_of(twice))
        return Partners((), "duplicate_participant", text, Advice(gettext("Name each of them once.")))
    return Partners(tuple(ids), short=tuple(short))


def _without_help(text: str) -> str:
    """Return a name without the words beside it for who helped whom.

    >>> _without_help("helped by Ben"), _without_help("Ben (helped me)"), _without_help("Ben (r6)")
    ('Ben', 'Ben', 'Ben (r6)')
    """
    said = _HELP_SAID.fullmatch(text)
    return text if said is None else said[1] or said[2]


def _remark_short_partners(screen: Screen, short: Mapping[str, Iterable[str]]) -> None:
    if not short:
        return
    rows = screen.frame.filter(pl.col("with").is_in([*short])).unique("with", keep="first", maintain_order=True)
    told: set[str] = set()
    for row, cell in rows.select(ROW, "with").iter_rows():
        for text in set(short[cell]) - told:
            told.add(text)
            if len(told) <= LARGEST_REMARKS:
                said = gettext('"{text}" was taken for the only one who may be called so.', text=text)
                hint = gettext("If it is another child, write the whole name.")
                screen.note(screen.problem("short_name", said, hint, row, "with", text))
