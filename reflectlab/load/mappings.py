"""What was said of a file, kept for the next one with the same headers: in the wizard kept, by `load` used."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from ..errors import ExistsError, ReflectLabError
from ..language import gettext
from ..problems import Problem
from ..writing import data_folder, write_file
from .files import Raw
from .files.json import RawRecords, as_table
from .files.raw import RawTable, folded
from .options import Options
from .readers.tables import table_kind

REUSABLE = ("columns", "headers", "words", "date_format", "dayfirst", "tz", "fill_dates", "hidden", "class_from",
            "blanks", "met_at")  # fmt: skip
"""The arguments of `load` that are kept for every file with the same headers."""

OF_ONE_FILE = ("year", "as_of", "terms", "same", "same_goals", "leave_out")
"""Those that are kept for a file of this name only: the year and the children of the next one are others."""

_PLACES = ("arguments", "files")


class Mappings:
    """A folder of what was said of files, a JSON file for each set of headers; in your data folder by default.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> mappings = Mappings(folder.name)
    >>> said = {"columns": {"learner_id": "Kind"}, "year": 2026}
    >>> file = mappings.keep(["Datum", "Kind"], said, name="term 3.csv")
    >>> mappings.find(["Datum", "Kind"], "term 3.csv")
    {'columns': {'learner_id': 'Kind'}, 'year': 2026}
    >>> mappings.find(["Datum", "Kind"], "term 4.csv")
    {'columns': {'learner_id': 'Kind'}}
    >>> folder.cleanup()
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder).expanduser() if folder else data_folder() / "mappings"

    def file(self, headers: Sequence[str]) -> Path:
        """Return where what was said of these headers is kept, or would be."""
        told = "\n".join(folded(header) for header in headers)
        return self.folder / f"{hashlib.blake2b(told.encode(), digest_size=8).hexdigest()}.json"

    def find(self, headers: Sequence[str], name: str = "") -> dict[str, Any]:
        """Return the arguments of `load` that were kept for these headers, and for the file of this name."""
        file = self.file(headers)
        return _arguments_in(file, name) if file.is_file() else {}

    def keep(
        self, headers: Sequence[str], arguments: Mapping[str, Any], *, name: str = "", replace: bool = False
    ) -> Path:
        """Keep what was said of a file of this name; return where.

        What was said otherwise of these headers, or of this file, is replaced only if `replace`, else `ExistsError` is
        raised.
        """
        file = self.file(headers)
        kept = _stored(file)
        told = _parts(arguments, name)
        before = {**_parts({}, name), **{place: kept.get(place) for place in kept if place in _PLACES}}
        if file.exists() and not replace and not _agree(before, told, name):
            raise ExistsError(
                gettext("Something else was kept before for files with these headers, in {file}.", file=file)
            )
        told["files"] = {**(before["files"] or {}), **told["files"]}
        text = json.dumps({"headers": list(headers), **told}, ensure_ascii=False, indent=2)
        try:
            write_file(file, f"{text}\n".encode())
        except ReflectLabError as error:
            raise ReflectLabError(gettext("What you said cannot be kept. {error}", error=error)) from None
        return file


def _parts(arguments: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what is of all files with the same headers, and what is of one."""
    own = {argument: value for argument, value in arguments.items() if argument in OF_ONE_FILE}
    shared = {argument: value for argument, value in arguments.items() if argument in REUSABLE}
    return {"arguments": json.loads(json.dumps(shared)), "files": {name: json.loads(json.dumps(own))} if own else {}}


def _agree(before: Mapping[str, Any], told: Mapping[str, Any], name: str) -> bool:
    own = (before["files"] or {}).get(name)
    return before["arguments"] == told["arguments"] and own in (None, told["files"].get(name))


def _stored(file: Path) -> dict[str, Any]:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    good = isinstance(stored, dict) and all(isinstance(stored.get(place, {}), dict) for place in _PLACES)
    return stored if good else {}


def _arguments_in(file: Path, name: str) -> dict[str, Any]:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        arguments = {n: value for n, value in stored["arguments"].items() if n in REUSABLE}
        own = stored.get("files", {}).get(name, {})
        arguments |= {n: value for n, value in own.items() if n in OF_ONE_FILE}
        Options.checked(**arguments)
    except (OSError, ValueError, LookupError, AttributeError, TypeError, ReflectLabError) as error:
        raise ReflectLabError(
            gettext("What was kept in {file} cannot be used: {error}. Remove it, or keep anew.", file=file, error=error)
        ) from None
    return arguments


def asked_table(raws: Sequence[Raw]) -> RawTable | None:
    """Return the first table that is none of our own: the one whose headers and words a teacher is asked about."""
    tables = (as_table(raw) if isinstance(raw, RawRecords) else raw for raw in raws)
    return next((table for table in tables if table_kind(table) is None), None)


def with_kept(raws: Sequence[Raw], path: Any, options: Options) -> tuple[Options, list[Problem]]:
    """Return the options with what was kept for such a file, and one remark that says so.

    What the caller says himself counts more.
    """
    raw = asked_table(raws)
    if raw is None:
        return options, []
    file, said = _found(raw, file_name(path), options.mapping)
    if not said:
        return options, []
    text = gettext(
        "What you kept for files with these headers was used, as if you said {option} ({file}).",
        option=options.say(**said),
        file=file,
    )
    hint = gettext(
        "Nothing needs to be done. To read the file without it: {option}.", option=options.say(mapping=False)
    )
    return _merged(options, said), [Problem("kept_mapping", text, hint, raw.file, raw.sheet)]


def file_name(path: Any) -> str:
    """Return the name by which the year of a file is kept: that of the first of several."""
    first = path if isinstance(path, str | PathLike) else next(iter(path), "")
    return Path(fspath(first)).name


def _found(raw: RawTable, name: str, mapping: Any) -> tuple[Path, dict[str, Any]]:
    """Return where what counts for a table is kept, and what it says: a file says it of whatever headers."""
    place = None if mapping is True else Path(mapping).expanduser()
    if place is not None and not place.is_dir():
        return place, _arguments_in(place, name)
    mappings = Mappings(place)
    return mappings.file(raw.header), mappings.find(raw.header, name)


def _merged(options: Options, said: Mapping[str, Any]) -> Options:
    """Add to the options what was kept, where the caller says nothing."""
    kept, silent = Options.checked(**said), Options()
    new: dict[str, Any] = {}
    for name in (field.name for field in fields(Options) if field.name in said):
        mine, before = getattr(options, name), getattr(kept, name)
        if isinstance(mine, Mapping):
            new[name] = {**before, **mine}
        elif mine == getattr(silent, name):
            new[name] = before
    return replace(options, **new)
