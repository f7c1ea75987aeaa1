"""Mappings, kept for the next file with the same headers."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from ...errors import ExistsError, ReflectLabError
from ...journal import data_folder
from ...load.files.raw import folded
from ...load.options import Options
from ...writing import write_file
from ..widgets.text import TextView

REUSABLE = (
    "columns", "headers", "words", "date_format", "dayfirst", "tz", "blanks", "met_at", "fill_dates",
    "hidden", "leave_out",
)  # fmt: skip
"""The arguments of `load` that are kept. Not `year`, `as_of`, `terms`: they are of one file, wrong for the next."""


_NONE = "There is nothing to keep: nothing had to be said of this file, or nothing has been said yet."

_OFFER = "Keep what you said above, and it is used again for a file with the same headers."


class Keeping(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Keep what was said of a file, in a folder of your choice, and find it again."""

    def __init__(self, folder: str | Path | None = None) -> None:
        self._headers: Sequence[str] = ()
        self._arguments: dict[str, Any] = {}
        self.said = TextView(live=True)
        self.folder = widgets.Text(
            value=str(folder or ""), placeholder="your data folder", description="Folder",
            style={"description_width": "initial"}, continuous_update=False,
        )  # fmt: skip
        self.keep = widgets.Button(description="Keep this mapping")
        self.replace = widgets.Button(description="Replace it")
        self.leave = widgets.Button(description="Leave it as it is")
        row = widgets.Layout(flex_flow="row wrap", grid_gap="0 1rem")
        self._sure = widgets.HBox([self.replace, self.leave], layout=widgets.Layout(display="none"))
        super().__init__([self.said, widgets.HBox([self.keep, self.folder], layout=row), self._sure])
        self.keep.on_click(lambda _: self._keep(replace=False))
        self.replace.on_click(lambda _: self._keep(replace=True))
        self.leave.on_click(lambda _: self._say("The mapping that was kept before is as it was."))

    def find(self, headers: Sequence[str]) -> dict[str, Any]:
        """Return the mapping that was kept for these headers, and say so; an empty one where there is none."""
        mappings = Mappings(self.folder.value)
        self._headers, self._arguments = headers, {}
        try:
            self._arguments = mappings.find(headers) if headers else {}
        except ReflectLabError as error:
            self._say(str(error))
        else:
            self._say(
                f"What you kept for these headers is used: {mappings.file(headers)}" if self._arguments else _NONE
            )
        self.keep.disabled = True
        return dict(self._arguments)

    def offer(self, arguments: dict[str, Any]) -> None:
        """Offer to keep what was said of the file, if that is new."""
        said = {name: value for name, value in arguments.items() if name in REUSABLE}
        if said == self._arguments:
            return
        self._arguments = said
        self.keep.disabled = not (self._headers and said)
        self._say(_NONE if self.keep.disabled else _OFFER)

    def _keep(self, *, replace: bool) -> None:
        try:
            file = Mappings(self.folder.value).keep(self._headers, self._arguments, replace=replace)
        except ExistsError as error:
            self._say(f"{error} Replace it?", sure=True)
        except ReflectLabError as error:
            self._say(str(error))
        else:
            self._say(f"Kept in {file}. It is used again for a file with the same headers.")
            self.keep.disabled = True

    def _say(self, text: str, *, sure: bool = False) -> None:
        self.said.text = text
        self._sure.layout.display = None if sure else "none"


class Mappings:
    """A folder of mappings, a JSON file for each set of headers; by default `mappings` in your own data folder.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> mappings = Mappings(folder.name)
    >>> file = mappings.keep(["Datum", "Kind"], {"columns": {"learner_id": "Kind"}})
    >>> mappings.find(["Datum", "Kind"])
    {'columns': {'learner_id': 'Kind'}}
    >>> folder.cleanup()
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder).expanduser() if folder else data_folder() / "mappings"

    def file(self, headers: Sequence[str]) -> Path:
        """Return where the mapping of these headers is kept, or would be."""
        told = "\n".join(folded(header) for header in headers)
        return self.folder / f"{hashlib.blake2b(told.encode(), digest_size=8).hexdigest()}.json"

    def find(self, headers: Sequence[str]) -> dict[str, Any]:
        """Return the arguments of `load` that were kept for these headers; none where there is no mapping."""
        file = self.file(headers)
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            arguments = {name: value for name, value in told["arguments"].items() if name in REUSABLE}
            Options.checked(**arguments)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
            raise ReflectLabError(f"The mapping in {file} cannot be used: {error}. Remove it, or keep anew.") from None
        return arguments

    def keep(self, headers: Sequence[str], arguments: dict[str, Any], *, replace: bool = False) -> Path:
        """Keep those of these arguments of `load` that are `REUSABLE`; return the file.

        Another mapping of these headers is replaced only if `replace`, else `ExistsError` is raised.
        """
        file = self.file(headers)
        kept = {name: value for name, value in arguments.items() if name in REUSABLE}
        if file.exists() and not replace and not self._is(file, kept):
            raise ExistsError(f"A mapping for these headers is kept already, in {file}.")
        told = json.dumps({"headers": list(headers), "arguments": kept}, ensure_ascii=False, indent=2)
        try:
            write_file(file, f"{told}\n".encode())
        except ReflectLabError as error:
            raise ReflectLabError(f"The mapping cannot be kept. {error}") from None
        return file

    @staticmethod
    def _is(file: Path, arguments: dict[str, Any]) -> bool:
        try:
            return bool(json.loads(file.read_text(encoding="utf-8"))["arguments"] == arguments)
        except (OSError, ValueError, LookupError, TypeError):
            return False
