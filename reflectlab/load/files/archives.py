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


def gunzip(data: bytes, file: str) -> bytes:
    """Unpack a file that gzip compressed.

    Parameters
    ----------
    data : bytes
    file : str
        Its name.

    Returns
    -------
    bytes

    Raises
    ------
    NotALogError
        If it is damaged, or unpacks to more than a log may have.

    Examples
    --------
    >>> import gzip
    >>> gunzip(gzip.compress(b"a log"), "log.csv.gz")
    b'a log'
    """
    wbits = 16 + zlib.MAX_WBITS
    try:
        for _ in _Allowance(file, len(data)).counted(_inflated(memoryview(data), wbits)):
            pass  # counted first, so that what is refused is never held
        return b"".join(_inflated(memoryview(data), wbits))
    except _DAMAGE as error:
        raise NotALogError(_damaged(file, error)) from None


def unzip(data: bytes, file: str, suffixes: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Unpack the files of a zip archive that a log could be in, one after the other.

    Parameters
    ----------
    data : bytes
    file : str
        Its name.
    suffixes : sequence of str
        What such files end in; others are passed over.

    Yields
    ------
    tuple of (str, bytes)
        The name, `<archive>/<name in the archive>`, and the contents.

    Raises
    ------
    NotALogError
        If it is damaged or locked, holds another archive, a link or a name that leads out of it, is larger than a log
        may be, or holds no such file. All of it is unpacked for that before the first is yielded, and thrown away.
    """
    shown = [member for member in members_of(data, file) if _refuse_unsafe(member, file) and _is_shown(member.filename)]
    nested = next((member.filename for member in shown if member.filename.lower().endswith(PACKED)), None)
    if nested:
        raise NotALogError(f"{file} was not opened: it holds another archive ({nested}). Unpack it, and load that.")
    wanted = [member for member in shown if PurePosixPath(member.filename).suffix.lower() in suffixes]
    if not wanted:
        raise NotALogError(f"The archive {file} holds no file that a log could be in ({', '.join(suffixes)}).")
    allowance = _Allowance(file, len(data))
    for member in wanted:
        _count(data, member, allowance)
    for member in wanted:
        yield f"{file}/{member.filename}", b"".join(_unpacked(data, member, _Allowance(file, len(data))))


def refuse_bomb(data: bytes, file: str, allowance: "_Allowance | None" = None) -> None:
    """Raise `NotALogError` where a workbook that is a zip archive is damaged, or unpacks to more than any log.

    Parameters
    ----------
    data : bytes
    file : str
    allowance : _Allowance, optional
        That of the archive that the workbook is in.
    """
    allowance = allowance or _Allowance(file, len(data))
    for member in members_of(data, file):
        for _ in _unpacked(data, member, allowance):
            pass


def members_of(data: bytes, file: str) -> list[zipfile.ZipInfo]:
    """Return the files that a zip archive lists; raise `NotALogError` where it is damaged or lists too many."""
    end = data.rfind(_END, max(len(data) - 0x1FFFF, 0))
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if end >= 0 and (entries := data.count(_ENTRY, max(end - size, 0), end)) > MOST_MEMBERS:
        raise NotALogError(
            f"{file} was not opened: it has {entries:,} parts, more than the {MOST_MEMBERS:,} that a log may have."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [member for member in archive.infolist() if not member.filename.endswith("/")]
    except _DAMAGE as error:
        raise NotALogError(_damaged(file, error)) from None


def parts_of(data: bytes, file: str, folder: str) -> Iterator[tuple[str, bytes]]:
    """Unpack the files of a workbook that stand in a folder of it, one after the other; `refuse_bomb` comes first.

    Parameters
    ----------
    data : bytes
    file : str
    folder : str

    Yields
    ------
    tuple of (str, bytes)
        The name in the archive, and the contents.
    """
    for member in members_of(data, file):
        if member.filename.startswith(folder):
            yield member.filename, b"".join(_unpacked(data, member, _Allowance(file, len(data))))


@dataclass
class _Allowance:
    """How much a file may unpack to, with all that is in it.

    Attributes
    ----------
    file : str
        Its name.
    packed, unpacked : int
        Its size, and what has been unpacked so far.
    """

    file: str
    packed: int
    unpacked: int = 0

    def counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Pass pieces on, up to the most that is allowed."""
        most = min(LARGEST, max(_SMALL, STRONGEST * self.packed))
        for piece in pieces:
            self.unpacked += len(piece)
            if self.unpacked > most:
                raise NotALogError(
                    f"{self.file} was not opened: it unpacks to more than {most // 2**20} MB. A log may unpack to "
                    f"{LARGEST // 2**20} MB, and to {STRONGEST} times its size. Unpack it, and load what is in it."
                )
            yield piece


def _count(data: bytes, member: zipfile.ZipInfo, allowance: _Allowance) -> None:
    """Count what one file of an archive unpacks to; if it is a workbook, what that does too."""
    pieces = _unpacked(data, member, allowance)
    first = next(pieces, b"")
    if first.startswith(ZIP):
        refuse_bomb(first + b"".join(pieces), member.filename, allowance)
    for _ in pieces:
        pass


def _unpacked(data: bytes, member: zipfile.ZipInfo, allowance: _Allowance) -> Iterator[bytes]:
    """Unpack one file of an archive; what comes must have the checksum that the archive tells."""
    checksum = 0
    try:
        for piece in allowance.counted(_pieces(_packed(data, member), member)):
            checksum = zlib.crc32(piece, checksum)
            yield piece
    except _DAMAGE as error:
        raise NotALogError(_damaged(allowance.file, error)) from None
    if checksum != member.CRC:
        raise NotALogError(_damaged(allowance.file, f"the checksum of {member.filename} is another"))


def _packed(data: bytes, member: zipfile.ZipInfo) -> memoryview:
    at = member.header_offset
    if at < 0 or data[at : at + 4] != ZIP:
        raise zipfile.BadZipFile(f"{member.filename} is not where it should be")
    name, extra = struct.unpack_from("<HH", data, at + 26)
    start = at + 30 + name + extra
    return memoryview(data)[start : start + member.compress_size]


def _pieces(packed: memoryview, member: zipfile.ZipInfo) -> Iterator[bytes]:
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
        raise NotALogError(f"{file} was not opened: {what}. Unpack it, and load what you trust.")
    return True


def _is_shown(name: str) -> bool:
    """Tell whether a file is one of the user's, and none that a program keeps beside it."""
    *folders, last = name.split("/")
    return "__MACOSX" not in folders and not last.startswith((".", "~$"))


def _damaged(file: str, why: object) -> str:
    return f"{file} is damaged or was not copied to its end: {why}. Export or copy it again."
