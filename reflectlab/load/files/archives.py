"""Compressed files and archives (gzip, zip), opened with care.

What is packed is counted as it unpacks; the sizes that an archive claims are never believed. Nothing is written to
disk, and no more is unpacked than is allowed.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ...errors import NotALogError
from ...language import gettext, number_in_words
from .raw import FEW_CELLS, Extent, File, column_number

LARGEST = 256 * 2**20
"""The most bytes that a file may unpack to."""

MOST_MEMBERS = 1000

STRONGEST = 100
"""How many times its size a file may unpack to; small ones are not asked."""

GZIP = b"\x1f\x8b"

ZIP = b"PK\x03\x04"

PACKED = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".7z", ".rar")
"""What files are called that are archives themselves, or compressed."""

_SMALL = 10 * 2**20

_PIECE, _FEED = 1 << 20, 1 << 16

_DAMAGE = (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError, struct.error)

_ENTRY, _END = b"PK\x01\x02", b"PK\x05\x06"

_LOCKED = 0x1

_WORKBOOK_PARTS = {"[content_types].xml", "content.xml"}

_OVERLAP = 16
"""How long a text at most is that is looked for where two pieces meet."""


def gunzip(file: File, times: float = 1) -> File:
    """Unpack a file that gzip compressed, if it unpacks to no more than a log may have; its name stays.

    What a log may have is taken so many `times`.

    >>> import gzip
    >>> gunzip(File("log.csv.gz", gzip.compress(b"a log"))).data
    b'a log'
    """
    wbits = 16 + zlib.MAX_WBITS
    try:
        for _ in _Allowance(file.name, len(file.data), times).counted(_inflated(memoryview(file.data), wbits)):
            pass  # counted first, so that what is refused is never held
        return File(file.name, b"".join(_inflated(memoryview(file.data), wbits)))
    except _DAMAGE as error:
        raise NotALogError(_damaged(file.name, error)) from None


class Archive:
    """A zip archive, or a workbook that is one: opened, and its directory read, once.

    The allowance is that of the archive that this one is in; what a log may have is taken so many `times`.
    """

    def __init__(self, file: File, allowance: "_Allowance | None" = None, times: float = 1) -> None:
        self.file = file
        self._times = times
        self._members = _members(file)
        self._allowance = allowance or _Allowance(file.name, len(file.data), times)
        self._kept: dict[int, bytes] = {}

    @property
    def is_workbook(self) -> bool:
        """Whether it is a workbook, of Excel or of OpenDocument."""
        return not _WORKBOOK_PARTS.isdisjoint(member.filename.lower() for member in self._members)

    @property
    def is_opendocument(self) -> bool:
        """Whether it is a workbook of OpenDocument."""
        return any(member.filename.lower() == "content.xml" for member in self._members)

    @property
    def is_binary_workbook(self) -> bool:
        """Whether it is a workbook of Excel in binary form (XLSB)."""
        return any(member.filename.lower() == "xl/workbook.bin" for member in self._members)

    def files(self, suffixes: Sequence[str]) -> Iterator[File]:
        """Unpack the files that a log could be in, one by one, each called `<archive>/<name in the archive>`.

        All are unpacked and thrown away before the first is yielded: an archive that is refused gives nothing. It is
        refused where it is damaged or locked, too large, holds no such file, or another archive, a link or a name that
        leads out of it.
        """
        wanted = self._wanted(suffixes)
        for member in wanted:
            self._count(member)
        for member in wanted:
            yield File(f"{self.file.name}/{member.filename}", self._whole(member))

    def parts(self, *folders: str) -> Iterator[tuple[str, bytes]]:
        """Unpack the parts of a workbook whose names begin so; `parts_with` comes first."""
        for member in self._members:
            if member.filename.startswith(folders):
                yield member.filename, self._whole(member)

    def parts_with(self, *marks: bytes) -> set[str]:
        """Unpack all, raise `NotALogError` where that is more than any log, and return the parts with one of these."""
        return {member.filename for member in self._members if _holds(self._keeping(member), marks)}

    def extents(self) -> Iterator[tuple[str, Extent]]:
        """Give how far the cells of each sheet of an XLSX reach; bounds only, where those are small."""
        for part, data in self.parts("xl/worksheets/"):
            if part.endswith(".xml"):
                yield part, _extent(data)

    def _wanted(self, suffixes: Sequence[str]) -> list[zipfile.ZipInfo]:
        name = self.file.name
        shown = [one for one in self._members if _refuse_unsafe(one, name) and is_shown(one.filename)]
        nested = next((one.filename for one in shown if one.filename.lower().endswith(PACKED)), None)
        if nested:
            raise NotALogError(
                gettext(
                    "{name} was not opened: it holds another archive ({nested}). Unpack it, and load that.",
                    name=name,
                    nested=nested,
                )
            )
        wanted = [one for one in shown if PurePosixPath(one.filename).suffix.lower() in suffixes]
        if not wanted:
            raise NotALogError(
                gettext(
                    "The archive {name} holds no file that a log could be in ({names}).",
                    name=name,
                    names=", ".join(suffixes),
                )
            )
        return wanted

    def _count(self, member: zipfile.ZipInfo) -> None:
        """Count what one file unpacks to; if it is a workbook, what that does too."""
        pieces = self._unpacked(member, self._allowance)
        first = next(pieces, b"")
        if first.startswith(ZIP):
            Archive(File(member.filename, first + b"".join(pieces)), self._allowance).parts_with()
        for _ in pieces:
            pass

    def _keeping(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """Unpack one file, and keep it while all are small, as it will be asked for again."""
        pieces = []
        for piece in self._unpacked(member, self._allowance):
            if self._allowance.unpacked <= _SMALL:
                pieces.append(piece)
            yield piece
        if self._allowance.unpacked <= _SMALL:
            self._kept[member.header_offset] = b"".join(pieces)

    def _whole(self, member: zipfile.ZipInfo) -> bytes:
        if member.header_offset in self._kept:
            return self._kept[member.header_offset]
        return b"".join(self._unpacked(member, _Allowance(self.file.name, len(self.file.data), self._times)))

    def _unpacked(self, member: zipfile.ZipInfo, allowance: "_Allowance") -> Iterator[bytes]:
        """Unpack one file; what comes must have the checksum that the archive tells."""
        checksum = 0
        try:
            for piece in allowance.counted(_inflated_or_stored(_packed(self.file.data, member), member)):
                checksum = zlib.crc32(piece, checksum)
                yield piece
        except _DAMAGE as error:
            raise NotALogError(_damaged(allowance.file, error)) from None
        if checksum != member.CRC:
            raise NotALogError(_damaged(allowance.file, f"the checksum of {member.filename} is another"))


def _extent(sheet: bytes) -> Extent:
    rows = max(sheet.count(b"<row"), max(map(int, _MAYBE_ROWS.findall(sheet)), default=0))
    width = 26 if not _TWO_LETTERS.search(sheet) else 702
    if rows * width <= FEW_CELLS and not (width > 26 and _THREE_LETTERS.search(sheet)):
        return Extent(rows, width, rows * width)
    filled = sheet.count(b"<c ") + sheet.count(b":c ")
    rows = max(map(int, _ROWS.findall(sheet)), default=sheet.count(b"<row"))
    columns = {found.decode() for found in _COLUMNS.findall(sheet)}
    return Extent(rows, max(map(column_number, columns), default=-1) + 1, filled)


# What begins with letters that are always the same is found five times as fast; at worst it finds too much.
_MAYBE_ROWS = re.compile(rb"""row\b[^<>]*?\sr=["'](\d{1,7})["']""")

_TWO_LETTERS, _THREE_LETTERS = (re.compile(rb"""r=["'][A-Z]{%d}""" % number) for number in (2, 3))

_ROWS = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\sr=["'](\d{1,7})["']""")

_COLUMNS = re.compile(rb"""\sr=["']([A-Z]{1,3})\d""")


def _members(file: File) -> list[zipfile.ZipInfo]:
    """Return the files that an archive lists; refuse it where it is damaged or lists too many."""
    data = file.data
    end = data.rfind(_END, max(len(data) - 0x1FFFF, 0))
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if end >= 0 and (entries := data.count(_ENTRY, max(end - size, 0), end)) > MOST_MEMBERS:
        raise NotALogError(
            gettext(
                "{name} was not opened: it has {entries} parts, more than the {most} that a log may have.",
                name=file.name,
                entries=number_in_words(entries),
                most=number_in_words(MOST_MEMBERS),
            )
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [member for member in archive.infolist() if not member.filename.endswith("/")]
    except _DAMAGE as error:
        raise NotALogError(_damaged(file.name, error)) from None


def _holds(pieces: Iterator[bytes], marks: Sequence[bytes]) -> bool:
    """Tell whether one of some short texts stands in what is unpacked; all of it is unpacked in any case."""
    found, end = False, b""
    for piece in pieces:
        if marks and not found:
            found = any(mark in end + piece[:_OVERLAP] or mark in piece for mark in marks)
            end = piece[-_OVERLAP:]
    return found


@dataclass
class _Allowance:
    """How many bytes a file may unpack to with all that is in it, and how many have been unpacked so far."""

    file: str
    packed: int
    times: float = 1
    unpacked: int = 0

    def counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Pass pieces on, up to the most that is allowed."""
        most = int(self.times * min(LARGEST, max(_SMALL, STRONGEST * self.packed)))
        for piece in pieces:
            self.unpacked += len(piece)
            if self.unpacked > most:
                raise NotALogError(
                    gettext(
                        "{file} was not opened: it unpacks to more than {number} MB. A log may unpack to "
                        "{most} MB, and to {times} times its size: unpack it, and load what is in it, or "
                        "let it be larger with `raise_limits`.",
                        file=self.file,
                        number=most // 2**20,
                        most=LARGEST // 2**20,
                        times=STRONGEST,
                    )
                )
            yield piece


# `zipfile` reads parts too, but it stops at the size that the archive claims, and what unpacks them after us (calamine)
# does not: a bomb with a small claim would pass. So it reads the directory here, and no more.
def _packed(data: bytes, member: zipfile.ZipInfo) -> memoryview:
    at = member.header_offset
    if at < 0 or data[at : at + 4] != ZIP:
        raise zipfile.BadZipFile(f"{member.filename} is not where it should be")
    name, extra = struct.unpack_from("<HH", data, at + 26)
    start = at + 30 + name + extra
    return memoryview(data)[start : start + member.compress_size]


def _inflated_or_stored(packed: memoryview, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.compress_type == zipfile.ZIP_DEFLATED:
        return _inflated(packed, -zlib.MAX_WBITS)
    if member.compress_type == zipfile.ZIP_STORED:
        return (bytes(packed[at : at + _PIECE]) for at in range(0, packed.nbytes, _PIECE))
    raise NotImplementedError(f"{member.filename} is packed by a method that is not known here")


def _inflated(packed: memoryview, wbits: int) -> Iterator[bytes]:
    """Unpack piece by piece. Files of gzip may follow one another; zeros may follow the last."""
    engine = zlib.decompressobj(wbits)
    for at in range(0, packed.nbytes, _FEED):
        rest: bytes | memoryview = packed[at : at + _FEED]
        while rest:
            if engine.eof and (wbits < 0 or not any(rest[:16])):
                return
            engine = zlib.decompressobj(wbits) if engine.eof else engine
            yield engine.decompress(rest, _PIECE)
            rest = engine.unused_data or engine.unconsumed_tail
    while not engine.eof:
        piece = engine.decompress(b"", _PIECE)
        if not piece:
            raise EOFError("it ends too early")
        yield piece


def _refuse_unsafe(member: zipfile.ZipInfo, file: str) -> bool:
    """Raise `NotALogError` where a member is more than a plain file inside its archive."""
    name = member.orig_filename.replace("\\", "/")
    what = ""
    if name.startswith("/") or re.match("[A-Za-z]:", name) or ".." in name.split("/"):
        what = f"a name in it leads out of it ({name[:80]!r})"
    elif stat.S_ISLNK(member.external_attr >> 16):
        what = f"it holds a link to another file ({name[:80]!r})"
    elif member.flag_bits & _LOCKED:
        what = "it is locked with a password"
    if what:
        raise NotALogError(
            gettext("{file} was not opened: {what}. Unpack it, and load what you trust.", file=file, what=what)
        )
    return True


def is_shown(name: str) -> bool:
    """Tell whether a file is one of the user's, and none that a program keeps beside it."""
    *folders, last = name.split("/")
    return "__MACOSX" not in folders and not last.startswith((".", "~$"))


def _damaged(file: str, why: object) -> str:
    return gettext(
        "{file} is damaged or was not copied to its end: {why}. Export or copy it again.", file=file, why=why
    )
