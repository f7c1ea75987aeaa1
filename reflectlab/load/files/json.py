"""JSON and JSON lines: records as they stand in a file, and the place of each."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from ...language import gettext, number_in_words
from ...problems import Problem
from .encoding import as_utf8
from .raw import ROW, File, RawTable, unique_names

JSON = (".json", ".jsonl", ".ndjson")
"""What files of records are called."""

WRAPPERS = ("statements", "data")
"""The keys under which a document may hold its records: those of xAPI, and those of Caliper's envelope."""

DEEPEST = 200
"""How many levels deep a document may be nested."""

MOST_KEYS = 500
"""How many keys of records are looked at as columns of a table."""

_LINES = (".jsonl", ".ndjson")

_OPENS = re.compile(rb'(?:\{\s*["}]|\[\s*[\[{\]])')

_KEYS = re.compile(rb'"[^"\n]{1,80}"\s*:')

_HEAD = 1 << 16
"""How much of a file is looked at to see whether it holds JSON: its first lines may be cut or say something else."""

_BEGINS_INSIDE = (":", ",", "[", "{", '"', "\\")

_COMMENTS = ("#", "%", "//")

_BUT_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[^\[\]{}"]+', re.DOTALL)


@dataclass(frozen=True, eq=False)
class RawRecords:
    """The records of a JSON file; those in a list under one of `WRAPPERS` are taken out of it.

    `rows` has the place of each from 1: its line in a file of JSON lines, else its number. Where a line holds several,
    they are numbered through. Lines and items that are no records are among the problems.
    """

    file: str
    records: Sequence[Mapping[str, Any]]
    rows: Sequence[int]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def rows_read(self) -> int:
        """How many records the file has: those that could be taken apart and those that could not."""
        return len(self.records) + len({p.row for p in self.problems if p.row is not None and not p.kept})

    @property
    def place(self) -> tuple[str, None]:
        """The file, and no sheet."""
        return self.file, None

    def __str__(self) -> str:
        return self.file


def is_json(file: File) -> bool:
    """Tell whether a file holds JSON, by its name or by its first lines, of which some may be cut or commented out.

    >>> is_json(File("log.txt", b' [{"id": 7}]')), is_json(File("log.csv", b"[a],b"))
    (True, False)
    """
    if _suffix(file) in JSON:
        return True
    head = file.data[:_HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip()
    return _OPENS.match(head) is not None or _has_keys(head)


def _has_keys(head: bytes) -> bool:
    """Tell whether most of the lines at the head of a file end as an object with keys does."""
    *whole, last = [stripped for line in head.splitlines() if (stripped := line.strip())] or [b""]
    lines = whole or [last]
    return sum(line.endswith(b"}") and len(_KEYS.findall(line)) > 1 for line in lines) * 2 > len(lines)


def read_json(file: File) -> RawRecords:
    """Read the records of a JSON document, or of JSON lines; what is no record is among the problems, with its place.

    A document, or a line, is a list of objects, an object, or one that holds them under one of `WRAPPERS`.

    >>> read = read_json(File("log.jsonl", b'{"id": 1}\\n\\n{"id": \\n{"id": 3}\\n'))
    >>> read.rows, [(problem.row, problem.code) for problem in read.problems]
    ([1, 4], [(3, 'bad_json')])
    """
    text, remarks = as_utf8(file)
    values = _values(text.data, _suffix(file) in _LINES)
    items = [item for value in values for item in _taken_apart(value)]
    if len(values) == 1 or len(items) > len(values):
        items = [item._replace(row=number) for number, item in enumerate(items, start=1)]
    records = [item for item in items if item.why is None]
    wrong = [_no_record(item, file.name) for item in items if item.why is not None][: None if records else 1]
    found = (*remarks, *_prefixed([value for value in values if value.prefixed], file.name), *wrong)
    return RawRecords(file.name, [item.value for item in records], [item.row for item in records], found)


def _prefixed(items: Sequence["_Item"], file: str) -> list[Problem]:
    if not items:
        return []
    text = gettext(
        "{number} lines have something before their record, this one first: that was not read.",
        number=number_in_words(len(items)),
    )
    return [Problem("normalised", text, gettext("Nothing needs to be done."), file, row=items[0].row)]


def as_table(raw: RawRecords) -> RawTable:
    """Return records as a table of text, a column for each key up to `MOST_COLUMNS`, for readers of tables.

    What is no text is written as in JSON; what is missing is an empty text.
    """
    keys = list(dict.fromkeys(key for record in raw.records for key in record))
    left = [_not_looked_at(key, raw.file) for key in keys[MOST_KEYS:]][:1]
    del keys[MOST_KEYS:]
    names = unique_names([well_formed(key) for key in keys])
    columns = {
        name: pl.Series([well_formed(_cell(record.get(key))) for record in raw.records], dtype=pl.String)
        for name, key in zip(names, keys, strict=True)
    }
    frame = pl.DataFrame({**columns, ROW: pl.Series(raw.rows, dtype=pl.Int64)})
    return RawTable(raw.file, None, names, 0, frame, (*raw.problems, *left))


def well_formed(text: str) -> str:
    """Return a text without halves of letters, which JSON can hold and no file can.

    >>> well_formed("Ben"), well_formed("\\ud83d")
    ('Ben', '\ufffd')
    """
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def parsed(text: str) -> Any:
    """Return what a text holds as JSON; None where it is none.

    >>> parsed('{"id": 7}'), parsed("input_1=7")
    ({'id': 7}, None)
    """
    item = _parsed(text, 0)
    return item.value if item.why is None else None


class _Item(NamedTuple):
    """A value and its row; `why` it is no record, if it is none: then the value is how the text there begins."""

    row: int
    value: Any
    why: str | None = None
    prefixed: bool = False


def _suffix(file: File) -> str:
    return PurePosixPath(file.name.lower().removesuffix(".gz")).suffix


def _values(data: bytes, is_lines: bool) -> list[_Item]:
    """Take a document apart, or each line of JSON lines: these are what they are called, or look like it."""
    head = [*islice(_lines(data), 2)]
    row, line = head[0] if head else (1, "")
    first = _parsed(line, row)
    if len(head) < 2:
        return [first]
    if first.why is not None and not is_lines:
        whole = _parsed(data.decode(), 1)
        if whole.why is None or not _mostly_lines(data):
            return [whole]
    return [_line(line, row) for row, line in _lines(data) if not _is_comment(line)]


def _line(text: str, row: int) -> _Item:
    """Parse a line, or what stands behind a date or the name of a machine on it."""
    whole = _parsed(text, row)
    if whole.why is None:
        return whole
    begin = text.find('{"')
    before = text[: max(begin, 0)].strip()
    if begin < 1 or before.endswith(_BEGINS_INSIDE):
        return whole
    if before.startswith(_COMMENTS):
        return whole._replace(why="it is commented out")
    behind = _parsed(text[begin:], row)
    return behind._replace(prefixed=True) if behind.why is None else whole


def _is_comment(line: str) -> bool:
    return line[0] != "{" and line.lstrip().startswith(_COMMENTS) and '{"' not in line


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, each with its number."""
    lines = TextIOWrapper(BytesIO(data), encoding="utf-8")
    return ((row, line.removesuffix("\n")) for row, line in enumerate(lines, start=1) if not line.isspace())


def _mostly_lines(data: bytes) -> bool:
    """Tell whether half of the lines or more are objects by themselves."""
    whole = [isinstance(_line(line, row).value, dict) for row, line in _lines(data) if not _is_comment(line)]
    return sum(whole) * 2 >= len(whole)


def _parsed(text: str, row: int) -> _Item:
    if _depth(text) > DEEPEST:
        return _Item(row, _glimpse(text), f"it is nested more than {DEEPEST} levels deep")
    try:
        return _Item(row, json.loads(text))
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, " if "\n" in text.strip() else ""
        return _Item(row, _glimpse(text), f"{error.msg} ({at}column {error.colno})")
    except ValueError:
        return _Item(row, _glimpse(text), "it holds a number of thousands of digits")


def _glimpse(text: str) -> str:
    """Return how a text begins: never a record as a whole, as that may tell of a child."""
    return f"{text[: min(40, len(text) // 2)]} ..."


def _depth(text: str) -> int:
    """Return how deep a text is nested, if that is more than `DEEPEST`; else some number that is less."""
    if text.count("{") + text.count("[") <= DEEPEST:
        return 0
    brackets = np.frombuffer(_BUT_BRACKETS.sub("", text).encode(), dtype=np.uint8)
    opens = np.isin(brackets, [ord("{"), ord("[")])
    return int(np.cumsum(np.where(opens, 1, -1)).max(initial=0))


def _taken_apart(value: _Item) -> list[_Item]:
    """Take records out of what they are in."""
    if value.why is not None or _is_plain(value.value):
        return [value]
    if not isinstance(value.value, list):
        return [_item(value.row, inner) for inner in _unwrapped(value.value)]
    if value.value and not any(isinstance(item, dict | list) for item in value.value):
        return [_item(value.row, value.value[:20])]
    return [_item(value.row, inner) for item in value.value for inner in _unwrapped(item)]


def _is_plain(value: Any) -> bool:
    """Tell whether a value is a record by itself, which nearly all are, and holds no others."""
    return isinstance(value, dict) and bool(value) and value.keys().isdisjoint(WRAPPERS)


def _unwrapped(item: Any) -> list[Any]:
    if isinstance(item, list):
        return item
    if isinstance(item, dict):
        for key in WRAPPERS:
            if isinstance(item.get(key), list):
                return list(item[key])
    return [item]


def _item(row: int, value: Any) -> _Item:
    if isinstance(value, dict) and value:
        return _Item(row, value)
    why = "it is no object in braces" if value != {} else "it is empty"
    return _Item(row, _glimpse(json.dumps(value, ensure_ascii=False)), why)


def _no_record(item: _Item, file: str) -> Problem:
    text = gettext("This is no record that can be read: {why}.", why=item.why)
    hint = gettext("Export the file again, or correct it here.")
    return Problem("bad_json", text, hint, file=file, row=item.row, value=well_formed(item.value) or None)


def _not_looked_at(key: str, file: str) -> Problem:
    text = gettext(
        "These records have more than {most} keys; those from this one on were not looked at.", most=MOST_KEYS
    )
    return Problem(
        "unknown_column", text, gettext("Nothing needs to be done if it holds no log."), file, column=well_formed(key)
    )


def _cell(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
