"""Workbooks to fuzz. A zip has a checksum of each part, so what is changed is one part of a whole one, packed anew."""

import io
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import xlsxwriter

from tests.load.files.test_opendocument import FILTERED, HEADER, HIDDEN, number, ods, row, text

MESSY = Path(os.environ.get("REFLECTLAB_REALDATA", "../shared/realdata")) / "messy"
LONGEST = 16_384
"""The longest that a part may be, or a whole XLS."""

_ROWS = (("date", "learner", "goal", "what happened"), ("2026-08-03", "Aroha", 7, 1.5), ("", "Hēmi", "hook", "met"))


@lru_cache
def books(kind: str) -> Sequence[bytes]:
    """Return whole workbooks of a kind: some made here, some real ones where those are at hand."""
    real = (file.read_bytes() for file in sorted(MESSY.rglob(f"*.{kind}")))
    found = [*_made(kind), *(data for data in real if len(data) <= LONGEST)]
    if not found:
        raise SystemExit(
            f"No file of the kind {kind} is in {MESSY}: set REFLECTLAB_REALDATA to the folder of real logs."
        )
    return found


def parts(kind: str) -> Iterator[bytes]:
    """Give each part of each workbook behind the two bytes that tell which it is."""
    for at, (_, _, data) in enumerate(_places(kind)):
        yield at.to_bytes(2, "little") + data


def packed(kind: str, data: bytes) -> bytes:
    """Return the workbook that the first two bytes tell, with what follows them in place of one part."""
    places = _places(kind)
    members, name, _ = places[int.from_bytes(data[:2], "little") % len(places)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, data[2:] if each == name else content)
    return out.getvalue()


@lru_cache
def _places(kind: str) -> Sequence[tuple[Mapping[str, bytes], str, bytes]]:
    whole = map(_members, books(kind))
    return [
        (members, name, data) for members in whole for name, data in members.items() if 0 < len(data) <= LONGEST - 2
    ]


def _members(book: bytes) -> Mapping[str, bytes]:
    """Return the parts of a workbook; none of one that is damaged or locked."""
    try:
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, RuntimeError):
        return {}


def _made(kind: str) -> Iterator[bytes]:
    if kind == "xlsx":
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            sheet = book.add_worksheet("log")
            for at, cells in enumerate(_ROWS):
                sheet.write_row(at, 0, cells, book.add_format({"num_format": "000"}))
            sheet.merge_range("A2:A3", "2026-08-03")
            sheet.set_row(2, None, None, {"hidden": True})
        yield out.getvalue()
    if kind == "ods":
        name, day = text("Aroha"), text("2026-08-03")
        rows = row(day + name + number(7, "007"), HIDDEN) + row(
            day + name * 2, f' table:number-rows-repeated="2"{FILTERED}'
        )
        with tempfile.TemporaryDirectory() as folder:
            yield ods(Path(folder) / "log.ods", Log=HEADER + rows).read_bytes()
