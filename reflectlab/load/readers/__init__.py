"""The readers, one for each format, in the order in which they are asked."""

from ..clean.vocabulary import KNOWN_HEADERS
from ..files.json import RawRecords
from . import caliper, canvas, class_log, grid, kolibri, moodle, moodle_completion, oneroster, openedx, tables, xapi
from .reader import Reader

READERS = (
    Reader("mapped", class_log.recognise_mapped, class_log.read_mapped),
    Reader("tables", tables.recognise, tables.read),
    Reader("moodle", moodle.recognise, moodle.read),
    Reader("moodle_completion", moodle_completion.recognise, moodle_completion.read),
    Reader("kolibri", kolibri.recognise, kolibri.read),
    Reader("canvas", canvas.recognise, canvas.read),
    Reader("oneroster", oneroster.recognise, oneroster.read, beside=True),
    Reader("sheet", class_log.recognise, class_log.read),
    Reader("grid", grid.recognise, grid.read),
    Reader("xapi", xapi.recognise, xapi.read, RawRecords),
    Reader("caliper", caliper.recognise, caliper.read, RawRecords),
    Reader("openedx", openedx.recognise, openedx.read, RawRecords),
)
"""Every kind of log, in the order in which they are asked."""

SURE = tuple(reader for reader in READERS if reader.name not in ("tables", "sheet", "grid"))
"""Those that are asked before a file is taken for a list because of its name."""

_OF_PROGRAMS = (moodle.HEADERS, kolibri.HEADERS, canvas.HEADERS, *oneroster.HEADERS.values())

KNOWN = KNOWN_HEADERS | {header for known in _OF_PROGRAMS for headers in known.values() for header in headers}
"""Headers that tell where the header of a table is."""

NEARLY = (
    ("Moodle's log", moodle.HEADERS, moodle.NEEDED),
    ("a log of Kolibri", kolibri.HEADERS, kolibri.NEEDED),
    ("a report of Canvas on outcomes", canvas.HEADERS, canvas.REPORT),
)
"""The exports that a table may be meant to be that has most of their columns."""
