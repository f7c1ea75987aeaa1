"""The pages of an SQLite file as they lie on the disk: looked at without opening it, and read where SQLite cannot.

Opening a database of another program can change it: SQLite finishes what was interrupted there. So whose a file is
gets read from its first page. And a file with one bad page is refused whole; its notes are then read page by page.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

_MAGIC = b"SQLite format 3\0"

_PAGE_SIZE = 4096
"""The size of a page of a journal, where its first page does not tell."""

_LARGEST = 2**30
"""How large a file is searched for notes; a million notes are half of this."""

_LEAF, _INTERIOR = 0x0D, 0x05

_COLUMNS_STORED = 10

_NOTE_ID = re.compile(r"[0-9a-f]{32}")

Whose = Literal["new", "ours", "newer", "damaged", "other program", "no database"]


class Stored(NamedTuple):
    """A note as it is stored: its place in the order of writing, and its values."""

    place: int
    values: tuple[str | None, ...]


class Pages:
    """The pages of a file, with what its write-ahead log has committed since."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._length = path.stat().st_size
        head = self._slice(0, 100)
        told = int.from_bytes(head[16:18], "big") if head.startswith(_MAGIC) else 0
        self._size = {1: 65536}.get(told, told) if told in (1, *(2**power for power in range(9, 16))) else _PAGE_SIZE
        self._usable = self._size - (head[20] if head.startswith(_MAGIC) else 0)
        self._newer = dict(_committed(path.with_name(f"{path.name}-wal"), self._size))

    def whose(self, version: int, columns: tuple[str, ...]) -> Whose:
        """Return whose file this is: a journal up to `version` has a table of notes with these columns."""
        first = self.page(1)
        if not first:
            return "new"
        if not first.startswith(_MAGIC):
            return "damaged" if any(self.notes()) else "no database"
        if b"CREATE TABLE notes" in first and all(column.encode() in first for column in columns):
            return "newer" if _number(first, 60, 4) > version else "ours"
        if first[100] not in (_LEAF, _INTERIOR):
            return "damaged" if any(self.notes()) else "other program"
        unused = first[100] == _LEAF and not (_number(first, 103, 2) or _number(first, 60, 4) or _number(first, 68, 4))
        return "new" if unused else "other program"

    def notes(self) -> Iterator[Stored]:
        """Yield each note that can be read whole, whatever is wrong with the pages around it."""
        seen = set()
        pages = min(self._length, _LARGEST) // self._size
        for number in sorted({*range(1, pages + 1), *self._newer}):
            page = self.page(number)
            start = 100 if number == 1 else 0
            if len(page) < self._size or page[start] != _LEAF:
                continue
            for cell in range(min(_number(page, start + 3, 2), self._size // 4)):
                note = self._note(page, _number(page, start + 8 + 2 * cell, 2))
                if note and note.values[0] not in seen:
                    seen.add(note.values[0])
                    yield note

    def page(self, number: int) -> bytes:
        """Return a page, numbered from 1; nothing where the file ends before it."""
        return self._newer.get(number) or self._slice((number - 1) * self._size, self._size)

    def _slice(self, start: int, length: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(start)
            return file.read(length)

    def _note(self, page: bytes, start: int) -> Stored | None:
        try:
            length, start = _varint(page, start)
            place, start = _varint(page, start)
            values = _values(self._payload(page, start, length))
        except (IndexError, ValueError):
            return None
        is_note = len(values) == _COLUMNS_STORED and values[0] is None and _NOTE_ID.fullmatch(values[1] or "")
        return Stored(place, values[1:]) if is_note else None

    def _payload(self, page: bytes, start: int, length: int) -> bytes:
        """Return what a cell holds: part of it may stand on pages of its own, each naming the next."""
        if length > self._length + len(self._newer) * self._size:
            raise ValueError("longer than the file")
        local = length
        if length > self._usable - 35:
            least = (self._usable - 12) * 32 // 255 - 23
            local = least + (length - least) % (self._usable - 4)
            local = local if local <= self._usable - 35 else least
        found, overflow = page[start : start + local], _number(page, start + local, 4) if local < length else 0
        while len(found) < length and overflow:
            following = self.page(overflow)
            overflow = _number(following, 0, 4)
            found += following[4 : self._usable][: length - len(found)]
        if len(found) < length:
            raise ValueError("its end is missing")
        return found


def _committed(log: Path, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield the pages of the write-ahead log up to its last commit, the newest of each last."""
    data = log.read_bytes() if log.is_file() else b""
    salts, waiting = data[16:24], []
    for start in range(32, len(data) - size - 23, size + 24):
        if data[start + 8 : start + 16] != salts:
            return
        waiting.append((_number(data, start, 4), data[start + 24 : start + 24 + size]))
        if _number(data, start + 4, 4):
            yield from waiting
            waiting = []


def _values(payload: bytes) -> tuple[Any, ...]:
    """Return the values of a record that is made of nothing but texts and gaps."""
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[str | None] = []
    for kind in kinds:
        if kind and (kind < 13 or not kind % 2):
            raise ValueError("a number or bytes: no note")
        length = (kind - 13) // 2 if kind else 0
        values.append(payload[end : end + length].decode("utf-8", "replace") if kind else None)
        end += length
    return tuple(values)


def _varint(data: bytes, start: int) -> tuple[int, int]:
    value = 0
    for at in range(start, start + 8):
        value = value << 7 | data[at] & 0x7F
        if data[at] < 0x80:
            return value, at + 1
    return value << 8 | data[start + 8], start + 9


def _number(data: bytes, start: int, length: int) -> int:
    return int.from_bytes(data[start : start + length], "big")
