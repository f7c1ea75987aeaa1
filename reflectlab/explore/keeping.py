"""`Keeping`: a mapping kept for the next file with the same headers; nothing is replaced without asking."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from ..errors import ExistsError, ReflectLabError
from .mappings import KEPT, Mappings
from .plain import Words

_NONE = "There is nothing to keep: nothing had to be said of this file, or nothing has been said yet."
_OFFER = "Keep what you said above, and it is used again for a file with the same headers."


class Keeping(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Keep what was said of a file, in a folder of your choice, and find it again.

    Parameters
    ----------
    folder : str or Path, optional
        The folder; in your own data folder by default.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self._headers: Sequence[str] = ()
        self._arguments: dict[str, Any] = {}
        self.said = Words(live=True)
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
        said = {name: value for name, value in arguments.items() if name in KEPT}
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
