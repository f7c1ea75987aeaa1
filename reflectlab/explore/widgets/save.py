"""`SaveButton`: a file, made when it is asked for and handed to the browser."""

from collections.abc import Callable
from typing import Any, NamedTuple

import traitlets

from ...errors import ReflectLabError
from . import STYLE, Worded, script


class SavedFile(NamedTuple):
    """A file to be saved: its name, its MIME type, and what is in it."""

    name: str
    kind: str
    content: bytes


class SaveButton(Worded):
    """A button that saves a file among the browser's downloads, where it replaces none.

    Parameters
    ----------
    label : str
    make : callable
        What returns the file, each time that it is asked for.

    Examples
    --------
    >>> SaveButton("Save a greeting", lambda: SavedFile("greeting.txt", "text/plain", b"Kia ora")).label
    'Save a greeting'
    """

    _esm = script("save.js")
    _css = STYLE

    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, make: Callable[[], SavedFile]) -> None:
        self._make = make
        super().__init__(label=label)
        self.on_msg(self._on_message)

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        if not isinstance(message, dict) or message.get("do") != "save":
            return
        try:
            made = self._make()
        except ReflectLabError as error:
            self.send({"trouble": str(error)})
        else:
            self.send({"file": made.name, "kind": made.kind}, buffers=[made.content])
