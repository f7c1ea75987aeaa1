"""What an XLSX workbook shows beside its values: rows that are hidden or filtered out, numbers in their format."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from .archives import Archive

HIDDEN = (b'hidden="1"', b'hidden="true"', b"hidden='1'")
"""What stands in a part of XLSX in which rows, or columns, are hidden."""

_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*\bhidden=["'](?:1|true)["'][^<>]*>""")

_NUMBER_OF = re.compile(rb"""\sr=["'](\d{1,7})["']""")

_FILTER = re.compile(rb"<(?:\w+:)?filterColumn\b")

_BOOK, _LINKS, _STYLES, _SHEETS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/worksheets/"

_PERCENT = {9: "0%", 10: "0.00%"}
"""The formats of percentages that every workbook has, by their numbers."""

_DIGITS_AND_MARKS = re.compile(r"""(?:0|-|\s|\\.|"[^"]*"|[()/_])*""")

_SHARE = re.compile(r"0(?:\.(0+))?%")


@dataclass(frozen=True)
class Shown:
    """What a sheet shows beside its values.

    Attributes
    ----------
    hidden : frozenset of int
        The rows, from 1, that are hidden or filtered out.
    filtered : bool
        Whether a filter is set.
    texts : mapping of (int, int) to str
        What is shown in the cells (row and column, from 0) whose format adds to the number: 007 for 7.
    """

    hidden: frozenset[int] = frozenset()
    filtered: bool = False
    texts: Mapping[tuple[int, int], str] = field(default_factory=dict)


def shown_in(archive: Archive, with_hidden: frozenset[str]) -> dict[str, Shown]:
    """Return what each sheet shows beside its values, by the name of the sheet.

    Parameters
    ----------
    archive : Archive
    with_hidden : frozenset of str
        The parts in which something is hidden.
    """
    formats = _formats(archive)
    asked = [part for part in with_hidden if part.startswith(_SHEETS)]
    parts = dict(archive.parts(_SHEETS) if formats else archive.parts(*asked) if asked else ())
    if not parts:
        return {}
    return {
        sheet: Shown(_hidden_rows(data), _FILTER.search(data) is not None, _texts(data, formats))
        for sheet, part in sheets_of(archive).items()
        if (data := parts.get(part)) is not None
    }


def _hidden_rows(part: bytes) -> frozenset[int]:
    return frozenset(int(at[1]) for row in _ROW.finditer(part) if (at := _NUMBER_OF.search(row.group())))


def _formats(archive: Archive) -> dict[int, str]:
    """Return the styles of cells whose format adds to a number what belongs to it, and the format."""
    try:
        styles = ElementTree.fromstring(next(archive.parts(_STYLES))[1])
    except (StopIteration, ElementTree.ParseError):
        return {}
    own = {int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in styles.iterfind(".//{*}numFmt")}
    codes = [int(one.get("numFmtId", 0)) for one in styles.iterfind("{*}cellXfs/{*}xf")]
    formats = {style: (own | _PERCENT).get(code, "").split(";")[0] for style, code in enumerate(codes)}
    return {style: code for style, code in formats.items() if _adds(code)}


def _adds(code: str) -> bool:
    digits = code.count("0")
    plain = _DIGITS_AND_MARKS.fullmatch(code) is not None and digits > 0 and code != "0"
    return plain or _SHARE.fullmatch(code) is not None


def _texts(part: bytes, formats: Mapping[int, str]) -> dict[tuple[int, int], str]:
    if not formats:
        return {}
    styles = "|".join(map(str, formats)).encode()
    cell = re.compile(
        rb"""<(?:\w+:)?c\s(?=[^<>]*\bs=["'](%s)["'])(?=[^<>]*\br=["']([A-Z]{1,3})(\d{1,7})["'])(?![^<>]*\bt=["'][sbei])"""
        rb"""[^<>]*[^/<>]>(?:<(?:\w+:)?f[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)<""" % styles
    )
    found = {}
    for style, letters, row, value in cell.findall(part):
        text = as_shown(value.decode("ascii", "replace"), formats[int(style)])
        if text is not None:
            found[int(row) - 1, column_number(letters.decode())] = text
    return found


def column_number(letters: str) -> int:
    """Return the number, from 0, of the column that a spreadsheet calls so.

    Examples
    --------
    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def as_shown(value: str, code: str) -> str | None:
    """Return a number as its format shows it; None where it is no whole number, or the format is another.

    Examples
    --------
    >>> as_shown("7", "000"), as_shown("1234567", '"R"000-0000'), as_shown("0.85", "0%"), as_shown("0.5", "000")
    ('007', 'R123-4567', '85%', None)
    """
    try:
        number = float(value)
    except ValueError:
        return None
    if share := _SHARE.fullmatch(code):
        return f"{number * 100:.{len(share[1] or '')}f}%"
    if not number.is_integer() or number < 0 or number >= 1e15:
        return None
    pieces = re.findall(r'"[^"]*"|\\.|.', code)
    digits = str(int(number)).rjust(pieces.count("0"), "0")
    extra, rest = len(digits) - pieces.count("0"), iter(digits)
    shown = []
    for piece in pieces:
        if piece == "0":
            taken = extra + 1 if extra else 1
            extra = 0
            shown.append("".join(next(rest) for _ in range(taken)))
        else:
            shown.append(piece.strip('"') if piece.startswith('"') else piece[-1])
    return "".join(shown)


def sheets_of(archive: Archive) -> dict[str, str]:
    """Return the part of the archive that each sheet is in."""
    try:
        (_, book), (_, linked) = (next(archive.parts(part)) for part in (_BOOK, _LINKS))
        sheets_of, links_of = ElementTree.fromstring(book), ElementTree.fromstring(linked)
    except (StopIteration, RuntimeError, ElementTree.ParseError):
        return {}
    links = {link.get("Id"): posixpath.join("/xl", link.get("Target", "")) for link in links_of}
    sheets = {}
    for sheet in sheets_of.iterfind(".//{*}sheet"):
        link = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        sheets[sheet.get("name", "")] = links.get(link, "").removeprefix("/")
    return sheets
