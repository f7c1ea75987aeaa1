"""What an OpenDocument spreadsheet shows beside its values: rows that are hidden or filtered out, numbers as texts."""

import html
import re
from collections.abc import Iterator

from .raw import Extent, Shown

CONTENT = "content.xml"

MARKS = (b'table:visibility="', b'number:min-integer-digits="')
"""What stands in it where rows may be hidden, or numbers be shown with zeros before them."""

_SHEET = re.compile(rb'<table:table\s[^<>]*?\btable:name="([^"]*)"[^<>]*>(.*?)</table:table>', re.DOTALL)

_ROW = re.compile(rb"<table:table-row\b([^<>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)

_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b([^<>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.DOTALL
)

_WORDS = re.compile(rb"<text:p[^<>]*>([^<]*)</text:p>")

_NUMBER = re.compile(rb'office:value-type="(?:float|percentage)"')

_HIDDEN = re.compile(rb'table:visibility="(collapse|filter)"')

_ROWS = re.compile(rb'table:number-rows-repeated="(\d+)"')

_COLUMNS = re.compile(rb'table:number-columns-repeated="(\d+)"')

_ADDED = re.compile(r"(?=[^#]*\d)(?![\d.]+E[+-]\d+$)(?:0\d+|[\d\W]*[A-Za-z][\w\W]*|\d+-[\d-]+|\d+(?:\.\d+)?%)")
"""A number that a format adds to: zeros before it, letters, hyphens or a per cent sign between or behind."""

_MOST = 10_000
"""How many rows that are alike are looked at: a spreadsheet repeats the last, empty one to its end."""


def shown_in_opendocument(content: bytes) -> dict[str, Shown]:
    """Return what each sheet shows beside its values, by the name of the sheet; `content` is the part of that name."""
    return {html.unescape(name.decode("utf-8", "replace")): _shown(body) for name, body in _SHEET.findall(content)}


def extents_in_opendocument(content: bytes) -> Iterator[tuple[str, Extent]]:
    """Give the name of each sheet, and how far its cells reach that hold anything."""
    for name, body in _SHEET.findall(content):
        yield html.unescape(name.decode("utf-8", "replace")), _extent(body)


def _extent(body: bytes) -> Extent:
    at = rows = columns = filled = 0
    for about, cells in _ROW.findall(body):
        at += (number := _times(_ROWS, about))
        last, full = _reach(cells)
        if full:
            rows, columns, filled = at, max(columns, last), filled + full * number
    return Extent(rows, columns, filled)


def _reach(cells: bytes) -> tuple[int, int]:
    """Return the column of the last cell of a row that holds anything, from 1, and how many do."""
    at = last = full = 0
    for about, inner in _CELL.findall(cells):
        at += (number := _times(_COLUMNS, about))
        if inner or b"office:value" in about:
            last, full = at, full + number
    return last, full


def _shown(body: bytes) -> Shown:
    hidden: dict[int, bytes] = {}
    texts: dict[tuple[int, int], str] = {}
    at = 0
    for about, cells in _ROW.findall(body):
        number = _times(_ROWS, about)
        alike = range(at, at + min(number, _MOST))
        if how := _HIDDEN.search(about):
            hidden |= dict.fromkeys((row + 1 for row in alike), how[1])
        told = dict(_told(cells))
        texts |= {(row, column): text for row in alike for column, text in told.items()} if told else {}
        at += number
    return Shown(frozenset(hidden), b"filter" in hidden.values(), texts)


def _told(cells: bytes) -> Iterator[tuple[int, str]]:
    """Give the column and the text of each number whose format adds to it."""
    at = 0
    for about, inner in _CELL.findall(cells):
        number = _times(_COLUMNS, about)
        words = _WORDS.search(inner) if _NUMBER.search(about) else None
        if words and _ADDED.fullmatch(text := html.unescape(words[1].decode("utf-8", "replace"))):
            yield from ((column, text) for column in range(at, at + min(number, _MOST)))
        at += number


def _times(repeated: re.Pattern[bytes], about: bytes) -> int:
    found = repeated.search(about)
    return int(found[1]) if found else 1
