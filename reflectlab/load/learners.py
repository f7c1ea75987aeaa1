"""Who is who, once all is read: each learner gets an id, some are left out, and what is in doubt is said.

Names and goals that look alike are remarked on where it is likely that two are one, and never made one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from ..language import counted, gettext, listed, ngettext, number_in_words, translatable
from ..problems import Problem
from ..schema import HAPPENINGS
from .clean.children import apart, child_in_row, class_names, ids_of, tells_classes
from .clean.roster import Directory, directory, with_spellings
from .clean.screen import LARGEST_REMARKS
from .files import Raw
from .leave_out import leave_out
from .options import STAFF, Options
from .readers.reader import Found

_WHO = "learner_id"

_TABLES = (*HAPPENINGS, "absences")
"""The tables whose rows tell of a learner by the id."""

_SHOWN = 5
"""How many names a remark shows."""


def roster_of(found: Found, options: Options) -> Directory | None:
    """Return the directory of the learners of a roster, with what the caller says of them; None where there is none."""
    known = directory(found.tables.get("learners", []), _WHO, "name", found.called, people=True)
    if known is None:
        return None
    others = with_spellings(known, options.same, "same", "who is not on the roster")
    strangers = [name for name in options.leave_out if name != STAFF and known.find(name) is None]
    ids, names = [*known.ids, *strangers], [*known.names, *strangers]
    return replace(known, ids=ids, names=names, rooms=[*known.rooms, *(None for _ in strangers)], others=others)


def put_classes(part: Found, raws: Sequence[Raw], options: Options) -> None:
    """Say of each learner of a program's files, where none has a class, that it is the sheet or the file."""
    if options.class_from is None:
        return
    names = class_names([raw.place for raw in raws], options.class_from)
    rooms = pl.DataFrame(
        [(*raw.place, name) for raw, name in zip(raws, names, strict=True)],
        dict.fromkeys(("file", "sheet", "class_id"), pl.String),
        orient="row",
    )
    told = {one["learner_id"]: one for frame in part.derived.get("learners", []) for one in frame.iter_rows(named=True)}
    children: dict[str, None] = {}
    for name in _TABLES:
        for n, frame in enumerate(part.tables.get(name, [])):
            placed = frame.join(rooms, on=["file", "sheet"], how="left", nulls_equal=True, maintain_order="left")
            part.tables[name][n] = placed.with_columns(child_in_row(_WHO, "class_id")).drop("class_id")
            children |= dict.fromkeys(part.tables[name][n][_WHO].drop_nulls().unique(maintain_order=True))
    known = [
        {**told.get(apart(one)[0], {"name": apart(one)[0]}), _WHO: one, "class_id": apart(one)[1]} for one in children
    ]
    part.derived["learners"] = [pl.DataFrame(known, infer_schema_length=None)] if known else []


def settle(found: Found, options: Options, roster: Directory | None) -> None:
    """Give each learner an id, join those whom the caller joins, and leave out whom they leave out."""
    if roster is None:
        _name_all(found, options)
    if options.leave_out:
        leave_out(found, options, roster)


def named_with_class(found: Found) -> dict[str, tuple[str, str | None]]:
    """Return the name and the class of the learners whose class is known from the log itself."""
    frames = [frame for frame in found.derived.get("learners", []) if "class_id" in frame.columns]
    rows = [frame.select(_WHO, "name", "class_id").iter_rows() for frame in frames]
    return {one: (name or one, room) for some in rows for one, name, room in some}


def _name_all(found: Found, options: Options) -> None:
    known = found.derived.get("learners", [])
    by_class = any(tells_classes(frame[_WHO]) for frame in known)
    if not by_class and not options.same:
        return
    frames = [*known, *(frame for name in _TABLES for frame in found.tables.get(name, []))]
    everyone = dict.fromkeys(
        one for frame in frames for one in frame[_WHO].unique(maintain_order=True) if one is not None
    )
    ids = ids_of(everyone, options.same)
    for name in _TABLES:
        found.tables[name] = [_renamed(frame, ids) for frame in found.tables.get(name, [])]
        if not found.tables[name]:
            del found.tables[name]
    if known:
        found.derived["learners"] = [_learners(known, ids)]
    if by_class:
        found.problems += [*_several_classes(ids, options), *_classes_of_one(ids, options)]


def _renamed(frame: pl.DataFrame, ids: Mapping[str, str]) -> pl.DataFrame:
    other = {one: name for one, name in ids.items() if one != name}
    return frame.with_columns(pl.col(_WHO).replace(other)) if other else frame


def _learners(known: Sequence[pl.DataFrame], ids: Mapping[str, str]) -> pl.DataFrame:
    """Return each learner once: what the first row says of whom it is the name, else what another does."""
    rows = pl.concat(known, how="diagonal_relaxed")
    rows = _renamed(rows, ids)
    whole = rows.sort(pl.col("class_id").is_null(), maintain_order=True) if "class_id" in rows.columns else rows
    return whole.group_by(_WHO, maintain_order=True).agg(pl.all().drop_nulls().first())


def _several_classes(ids: Mapping[str, str], options: Options) -> list[Problem]:
    """Remark, once, on the names that stand in several classes."""
    children: dict[str, list[str]] = {}
    for one, name in ids.items():
        written, room = apart(one)
        if name != written and room is not None and name.endswith(f" ({room})"):
            children.setdefault(written, []).append(name)
    several = {name: dict.fromkeys(some) for name, some in children.items() if len({*some}) > 1}
    if not several:
        return []
    shown = "; ".join(", ".join(some) for some in [*several.values()][:_SHOWN])
    first, other = [*next(iter(several.values()))][:2]
    text = ngettext(
        "{number} name stands in several classes and was taken for different children: {names}. Who moved class cannot "
        "be told from a namesake.",
        "{number} names stand in several classes and were taken for different children: {names}. Who moved class "
        "cannot be told from a namesake.",
        len(several),
        number=number_in_words(len(several)),
        names=_and_more(shown, several),
    )
    hint = gettext("If two are one child, say so: {option}.", option=options.say(same={other: first}))
    return [Problem("several_classes", text, hint, value=next(iter(several)))]


def _classes_of_one(ids: Mapping[str, str], options: Options) -> list[Problem]:
    """Remark on each child whom the caller joined over several classes: one of them counts."""
    joined = {*options.same.values()}
    rooms: dict[str, dict[str, None]] = {}
    for one, name in ids.items():
        if name in joined and (room := apart(one)[1]):
            rooms.setdefault(name, {})[room] = None
    hint = gettext("To have another one count, write it on a roster beside the log, in the place of `same`.")
    return [
        Problem(
            "other_class",
            gettext(
                '"{name}" stands in several classes, {rooms}: the first counts for all of their rows.',
                name=name,
                rooms=", ".join(some),
            ),
            hint,
            column="class_id",
            value=name,
        )
        for name, some in rooms.items()
        if len(some) > 1
    ]


def _and_more(shown: str, some: Mapping[str, object]) -> str:
    return listed([shown, counted(len(some) - _SHOWN, "more", "more")]) if len(some) > _SHOWN else shown


_IN_SEVERAL = translatable(
    {
        "sheet": (
            "{number} name stands in several sheets ({places}), and no column says the class: {names}. Each was taken "
            "for one child.",
            "{number} names stand in several sheets ({places}), and no column says the class: {names}. Each was taken "
            "for one child.",
        ),
        "file": (
            "{number} name stands in several files ({places}), and no column says the class: {names}. Each was taken "
            "for one child.",
            "{number} names stand in several files ({places}), and no column says the class: {names}. Each was taken "
            "for one child.",
        ),
    }
)

_EACH_A_CLASS = translatable(
    {
        "sheet": "If each sheet is a class, say so: {option}.",
        "file": "If each file is a class, say so: {option}.",
    }
)


def several_places(parts: Iterable[Found], options: Options) -> list[Problem]:
    """Remark, once, on the names that stand in several sheets or files of which no column says the class."""
    frames = [frame for part in parts for name in HAPPENINGS for frame in part.tables.get(name, [])]
    if options.class_from or len({place for part in parts for place in part.rows_read}) < 2:
        return []
    rows = pl.concat(
        [frame.select(_WHO, "file", "sheet").unique(maintain_order=True) for frame in frames], how="vertical"
    )
    bare = rows.unique(maintain_order=True).filter(~pl.col(_WHO).str.contains("\x1f", literal=True))
    several = bare.group_by(_WHO, maintain_order=True).agg("file", "sheet").filter(pl.col("file").list.len() > 1)
    if several.is_empty():
        return []
    where = "sheet" if several["file"].list.n_unique().max() == 1 else "file"
    places = several[where].explode().unique(maintain_order=True).drop_nulls().to_list()
    names = dict.fromkeys(several[_WHO])
    text = ngettext(
        *_IN_SEVERAL[where],
        len(names),
        number=number_in_words(len(names)),
        places=_and_more(", ".join(places[:_SHOWN]), dict.fromkeys(places)),
        names=_and_more(", ".join([*names][:_SHOWN]), names),
    )
    hint = gettext(_EACH_A_CLASS[where], option=options.say(class_from=where))
    return [Problem("several_places", text, hint, several["file"][0][0], value=next(iter(names)))]


_RARE, _TIMES = 2, 3
"""A name is a slip of another only if it stands this often at most, or the other so many times as often."""

_WORD = 2
"""How many letters each of two words has that differ in one: initials do not look alike."""

_NUMBERED = 4
"""How many letters a text with digits has beside them: what has fewer is a number, and numbers do not look alike."""

_ASCII = {code: " " for code in range(128) if unicodedata.category(chr(code))[0] in "PZC"} | {ord("'"): None}
"""What becomes of the plain signs, so that a name without others is read at once."""

_LAST_FIRST = re.compile(r"([^,]+),\s*([^,]+)")

Called = Mapping[str, tuple[str, str | None]]
"""The name and the class of ids that are no names."""


def doubtful_learners(parts: Mapping[str, pl.DataFrame], named_with_class: Called, options: Options) -> list[Problem]:
    """Return the remarks on who may be another learner, or none; where there is a roster, nobody is in doubt."""
    happened = [parts[name] for name in _TABLES if name in parts]
    similar = _similar_learners(happened, named_with_class)
    return similar + _in_company_only(parts, [problem.value for problem in similar], options)


def _similar_learners(happened: Iterable[pl.DataFrame], named_with_class: Called) -> list[Problem]:
    """Return a remark on each name in events and collaborations that is probably another one of the same class."""
    rows = pl.concat([frame.select("learner_id", "row", "file", "sheet") for frame in happened], how="vertical_relaxed")
    ids = rows["learner_id"]
    if not named_with_class and not _without_numbers(ids.unique().drop_nulls()):  # to count many takes long
        return []
    found = _alike_by_class(ids, named_with_class)
    hint = gettext("If they are one, write the name alike everywhere, or join the two: `same`.")
    return _remarks(rows, found, "learner_id", "similar_names", _ONE_CHILD, hint)


def _in_company_only(parts: Mapping[str, pl.DataFrame], known: Iterable[str | None], options: Options) -> list[Problem]:
    """Remark, once, on who works together with others and has no goal: "her mum" may be no learner.

    Nothing is said of those who are `known`, as something else is said of them, or where nobody has a goal.
    """
    if not {*HAPPENINGS} <= parts.keys():
        return []
    apart_from = [parts[name][_WHO] for name in ("events", "absences") if name in parts]
    others = pl.concat([ids.drop_nulls().unique() for ids in apart_from]).extend(pl.Series([*known], dtype=pl.String))
    company = parts["collaborations"].filter(pl.col(_WHO).is_not_null() & ~pl.col(_WHO).is_in(others.implode()))
    if company.is_empty():
        return []
    row, file, sheet = company.select("row", "file", "sheet").row(0)
    ids = dict.fromkeys(company[_WHO].unique(maintain_order=True))
    text = ngettext(
        '"{names}" works together with others and has no goal of their own.',
        "{number} learners work together with others and have no goal of their own: {names}.",
        len(ids),
        number=number_in_words(len(ids)),
        names=_and_more(", ".join([*ids][:_SHOWN]), ids),
    )
    hint = gettext(
        "Nothing needs to be done for a learner of the class. Leave out who is none: {option}.",
        option=options.say(leave_out=[next(iter(ids))]),
    )
    return [Problem("in_company_only", text, hint, file, sheet, row, _WHO, next(iter(ids)))]


def similar_goals(happened: Iterable[pl.DataFrame]) -> list[Problem]:
    """Return a remark on each goal in events and collaborations that is probably another one, written otherwise."""
    frames = [frame for frame in happened if "goal_id" in frame.columns]
    if not frames:
        return []
    rows = pl.concat([frame.select("goal_id", "row", "file", "sheet") for frame in frames], how="vertical_relaxed")
    counts = _counts(rows["goal_id"])
    found = {other: (one, counts[other], counts[one]) for other, one in alike(counts).items()}
    hint = gettext("If they are one, write the goal alike everywhere.")
    return _remarks(rows, found, "goal_id", "similar_goals", _ONE_GOAL, hint)


_ONE_CHILD = translatable(
    '"{other}" ({times_of_other}) and "{usual}" ({times}) may be one and the same child; they are two in the log.'
)

_ONE_GOAL = translatable(
    '"{other}" ({times_of_other}) and "{usual}" ({times}) may be one and the same goal; they are two in the log.'
)

_Found = Mapping[str, tuple[str, int, int]]


def _alike_by_class(ids: pl.Series, named_with_class: Called) -> _Found:
    """Return the ids that are probably another one, that other, and how often each stands."""
    counts = _counts(ids)
    rooms: dict[str | None, dict[str, str]] = {}
    for one in counts:
        name, room = named_with_class.get(one, (one, None))
        rooms.setdefault(room, {})[name] = one
    found = {}
    for names in rooms.values():
        near = _shorter(names) | alike({name: counts[one] for name, one in names.items()})
        for other, usual in near.items():
            found[names[other]] = names[usual], counts[names[other]], counts[names[usual]]
    return found


def _shorter(names: Iterable[str]) -> dict[str, str]:
    """Return the names that are the first name of one other only, perhaps with an initial, and that other.

    >>> _shorter(["Ben", "Ben Smith", "Zoe R", "Zoe Ray", "Zoe Rua", "Hana", "Child 1", "Child 10"])
    {'Ben': 'Ben Smith'}
    """
    words = {name: _words(_first_last(name)) for name in names if not any(map(str.isdigit, name))}
    whole: dict[str, list[str]] = {}
    for name, parts in words.items():
        for short in (parts[0], f"{parts[0]} {parts[-1][0]}") if len(parts) > 1 else ():
            whole.setdefault(short, []).append(name)
    others = {name: [one for one in whole.get(" ".join(parts), ()) if one != name] for name, parts in words.items()}
    return {name: found[0] for name, found in others.items() if len(found) == 1}


def _counts(texts: pl.Series) -> dict[str, int]:
    """Return how often each text stands, the most frequent first, and the first of those that are equally so."""
    rows = texts.to_frame("text").lazy().drop_nulls().with_row_index("at")
    counts = rows.group_by("text").agg(pl.len(), pl.col("at").min()).sort("len", "at", descending=[True, False])
    return dict(counts.select("text", "len").collect().iter_rows())


def _remarks(rows: pl.DataFrame, found: _Found, column: str, code: str, said: str, hint: str) -> list[Problem]:
    if not found:
        return []
    first = rows.filter(pl.col(column).is_in(list(found))).unique(column, keep="first", maintain_order=True)
    problems = []
    for other, row, file, sheet in first.head(LARGEST_REMARKS).iter_rows():
        usual, seldom, often = found[other]
        text = gettext(said, other=other, times_of_other=_times(seldom), usual=usual, times=_times(often))
        more = (
            " " + gettext("So it is with {number} of them.", number=number_in_words(first.height))
            if first.height > LARGEST_REMARKS
            else ""
        )
        problems.append(Problem(code, text + more, hint, file, sheet, row, column, other))
    return problems


def _times(number: int) -> str:
    return gettext("once") if number == 1 else gettext("{number} times", number=number_in_words(number))


def alike(counts: Mapping[str, int]) -> dict[str, str]:
    """Return the names that are probably another one, and which, from how often each name stands.

    They differ only in capitals, accents, blanks and signs, or in which name comes first; or one letter of a name that
    is rare beside the other is another one, is missing or too much, or has changed places with the next.

    >>> alike({"Zoë": 9, "Zoe": 4, "Anna Smith": 10, "Anna Smit": 1, "Ben": 50, "Bem": 2, "Child 1": 9, "Child 2": 1})
    {'Zoe': 'Zoë', 'Bem': 'Ben', 'Anna Smit': 'Anna Smith'}
    """
    found: dict[str, str] = {}
    usual: dict[str, str] = {}
    likely = _without_numbers(pl.Series([*counts], dtype=pl.String))
    words = {name: _words(_first_last(name)) for name in sorted(likely, key=lambda name: -counts[name])}
    for name, parts in words.items():
        letters = "".join(parts)
        first = usual.setdefault(letters, name)
        if first != name and letters:
            found[name] = first
    return found | _slips({name: parts for name, parts in words.items() if name not in found}, counts)


def _without_numbers(names: pl.Series) -> list[str]:
    """Leave out what is a number, such as L007, and the same as no other: there may be many, and none is a slip."""
    plain = names.str.contains(r"^[ -~]*[0-9][ -~]*$") & (names.str.count_matches("[A-Za-z]") < _NUMBERED)
    if not plain.any():
        return names.to_list()
    alike = names.str.to_lowercase().str.replace_all(r"[\pP\pZ\pC]+", "")
    return names.filter(~plain | alike.is_duplicated()).to_list()


def _first_last(name: str) -> str:
    """Return a name that is written `Last, First` the other way round."""
    found = _LAST_FIRST.fullmatch(name) if "," in name else None
    return f"{found[2]} {found[1]}" if found else name


def _words(name: str) -> list[str]:
    """Return the words of a name without capitals, accents and signs; the vowel signs of other scripts stay."""
    if name.isascii():
        return name.lower().translate(_ASCII).split()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = (" " if unicodedata.category(letter)[0] in "PZC" else letter for letter in plain if not _is_accent(letter))
    return "".join(kept).split()


def _is_accent(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f" or letter in "'’"


def _slips(words: Mapping[str, Sequence[str]], counts: Mapping[str, int]) -> dict[str, str]:
    """Look each name up among more frequent ones by what is left without one letter, so that no two are compared."""
    known: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for name, parts in words.items():  # the most frequent first
        if _is_a_number(parts):
            continue
        forms = [*_forms(" ".join(parts))]
        near = dict.fromkeys(one for form in forms for one in known.get(form, ()))
        meant = next((one for one in near if _is_rare(counts[name], counts[one]) and is_slip(parts, words[one])), None)
        if meant:
            found[name] = meant
        for form in forms:
            known.setdefault(form, []).append(name)
    return found


def _is_a_number(words: Sequence[str]) -> bool:
    text = "".join(words)
    return not text.isalpha() and sum(map(str.isalpha, text)) < _NUMBERED and any(map(str.isdigit, text))


def _is_rare(seldom: int, often: int) -> bool:
    return seldom <= _RARE or often >= _TIMES * seldom


def _forms(text: str) -> Iterator[str]:
    """Give a text, and it without each of its letters: two that are one slip apart share one of these."""
    yield text
    yield from dict.fromkeys(text[:at] + text[at + 1 :] for at in range(len(text)))


def is_slip(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether in one word one letter is another, is missing or too much, or has changed places with the next.

    >>> is_slip(["aroha"], ["arhoa"]), is_slip(["anna", "s"], ["anna", "t"]), is_slip(["room", "5"], ["room", "6"])
    (True, False, False)
    """
    differ = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    if len(one) != len(other) or len(differ) != 1 or min(map(len, differ[0])) < _WORD:
        return False
    short, long = sorted(differ[0], key=len)
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    changed = {*long[at : at + 1], *(short[at : at + 1] if len(short) == len(long) else "")}
    return all(map(str.isalpha, changed)) and _differ_once(short, long, at)


def _differ_once(short: str, long: str, at: int) -> bool:
    """Tell whether two words that are the same up to a letter are the same after it, or after it and the next."""
    if len(short) != len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped
