"""The readers, one for each format, in the order in which they are asked; and how to add one.

Each module ends in its `READER`. What `format=` may be, which headers tell where a table begins, what a table lacks
that is nearly one of a program, and the list of formats in `docs/formats.md` follow from these.
"""

from ...errors import ArgumentError
from ..clean.names import name_goals, name_learners
from ..clean.screen import TIME, Screen
from . import canvas, class_log, datashop, forms, grid, kolibri, marks, oneroster, tables
from .moodle import completion as moodle_completion
from .moodle import log as moodle
from .reader import Context, Found, Reader
from .records import caliper, openedx, xapi

__all__ = [
    "READERS",
    "TIME",
    "Context",
    "Found",
    "Reader",
    "Screen",
    "all_readers",
    "known_headers",
    "name_goals",
    "name_learners",
    "register",
]

READERS: tuple[Reader, ...] = (
    class_log.MAPPED,
    tables.READER,
    moodle.READER,
    moodle_completion.READER,
    kolibri.READER,
    canvas.READER,
    oneroster.READER,
    datashop.READER,
    forms.READER,
    class_log.READER,
    grid.READER,
    marks.READER,
    xapi.READER,
    caliper.READER,
    openedx.READER,
)
"""Every kind of log that comes with the package, in the order in which they are asked."""

_registered: dict[str, Reader] = {}


def register(reader: Reader) -> None:
    """Add a reader of another kind of log: from now on `load` asks it before our own.

    Parameters
    ----------
    reader : Reader
        One of the same name that was added before is replaced. `docs/formats.md` shows a whole one.

    Raises
    ------
    ArgumentError
        If its name is that of a reader of ours.
    """
    if reader.name in {ours.name for ours in READERS}:
        raise ArgumentError(f'There is a reader called "{reader.name}" already; give yours another name.')
    _registered[reader.name] = reader


def all_readers() -> tuple[Reader, ...]:
    """Return all readers in the order in which they are asked; first by the columns that the caller named."""
    mapped, *ours = READERS
    return mapped, *_registered.values(), *ours


def known_headers() -> frozenset[str]:
    """Return the headers that tell where the header of a table is, folded."""
    return frozenset(plain for reader in all_readers() for headers in reader.headers.values() for plain in headers)
