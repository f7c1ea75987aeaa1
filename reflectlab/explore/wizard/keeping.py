"""`Keeping`: what was said of a file, kept for the next one with the same headers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from ...errors import ExistsError, ReflectLabError
from ...language import gettext, translatable
from ...load.mappings import OF_ONE_FILE, REUSABLE, Mappings
from ..widgets.text import TextView

_NONE = translatable("There is nothing to remember: nothing had to be said of this file, or nothing has been said yet.")

_OFFER = translatable(
    "Remember what you said above: it is used again for this file, and for others with the same column names."
)

_USED = translatable("`reflectlab check` and `reflectlab app` use it too, and say so.")


_FIT = {"width": "fit-content", "min_width": "148px"}
"""Buttons as wide as they are anywhere, and wider where their words are longer."""


class Keeping(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Keep what was said of a file, in a folder of your choice, and find it again."""

    def __init__(self, folder: str | Path | None = None) -> None:
        self._headers: Sequence[str] = ()
        self._name = ""
        self._arguments: dict[str, Any] = {}
        self.said = TextView(live=True)
        self.folder = widgets.Text(
            value=str(folder or ""), placeholder=gettext("your data folder"), description=gettext("Folder"),
            style={"description_width": "initial"}, continuous_update=False,
        )  # fmt: skip
        self.keep = widgets.Button(description=gettext("Remember this"), layout=_FIT)
        self.replace = widgets.Button(description=gettext("Replace it"), layout=_FIT)
        self.leave = widgets.Button(description=gettext("Leave it as it is"), layout=_FIT)
        row = widgets.Layout(flex_flow="row wrap", grid_gap="0 1rem")
        self._sure = widgets.HBox([self.replace, self.leave], layout=widgets.Layout(display="none"))
        super().__init__([self.said, widgets.HBox([self.keep, self.folder], layout=row), self._sure])
        self.keep.on_click(lambda _: self._keep(replace=False))
        self.replace.on_click(lambda _: self._keep(replace=True))
        self.leave.on_click(lambda _: self._say(gettext("What was kept before is as it was.")))

    def find(self, headers: Sequence[str], name: str) -> dict[str, Any]:
        """Return what was kept for these headers and a file of this name, and say so; nothing where there is none."""
        mappings = Mappings(self.folder.value)
        self._headers, self._name, self._arguments = headers, name, {}
        try:
            self._arguments = mappings.find(headers, name) if headers else {}
        except ReflectLabError as error:
            self._say(str(error))
        else:
            used = gettext("What you said of such a file before is used: {file}", file=mappings.file(headers))
            self._say(used if self._arguments else gettext(_NONE))
        self.keep.disabled = True
        return dict(self._arguments)

    def offer(self, arguments: dict[str, Any]) -> None:
        """Offer to keep what was said of the file, if that is new."""
        said = {name: value for name, value in arguments.items() if name in (*REUSABLE, *OF_ONE_FILE)}
        if said == self._arguments:
            return
        self._arguments = said
        self.keep.disabled = not (self._headers and said)
        self._say(gettext(_NONE) if self.keep.disabled else f"{gettext(_OFFER)} {self._only_here(said)}".rstrip())

    def _only_here(self, said: dict[str, Any]) -> str:
        own = dict.fromkeys(gettext(_OWN[name]) for name in said if name in _OWN)
        return gettext("Only for {file}: {what}.", file=self._name, what=", ".join(own)) if own else ""

    def _keep(self, *, replace: bool) -> None:
        try:
            file = Mappings(self.folder.value).keep(self._headers, self._arguments, name=self._name, replace=replace)
        except ExistsError as error:
            self._say(f"{error} {gettext('Replace it?')}", sure=True)
        except ReflectLabError as error:
            self._say(str(error))
        else:
            kept = gettext("Kept in {file}.", file=file)
            self._say(kept if self.folder.value else f"{kept} {gettext(_USED)}")
            self.keep.disabled = True

    def _say(self, text: str, *, sure: bool = False) -> None:
        self.said.text = text
        self._sure.layout.display = None if sure else "none"


_OWN = translatable({
    "year": "the year", "as_of": "the day on which ticks count", "terms": "the terms", "same": "who is one child",
    "same_goals": "what is one goal", "leave_out": "who is left out",
})  # fmt: skip
"""What is said of one file only, in words."""
