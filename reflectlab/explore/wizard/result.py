"""What the wizard ends with: the picture, and the line of Python that reads the file so."""

from collections.abc import Callable

import ipywidgets as widgets

from ...errors import ReflectLabError
from ...language import gettext, translatable
from ...log import ProgressLog
from ...writing import data_folder
from ..board import TeacherBoard
from ..widgets.text import TextView
from .file_picker import FilePicker
from .reading import Arguments, code

_WAIT = translatable("There is no picture yet: say first what is asked for above.")

_READY = translatable("All that was understood, as the class board.")

_OLD = translatable("What you said since is not on this board yet: press the button again.")

_UPLOADED = translatable(
    "This line reads the copy that you uploaded. It is removed when you close this notebook and end what runs in it: "
    "keep the copy, and the line works on any day."
)


_FIT = {"width": "fit-content", "min_width": "148px"}


class BoardPlace(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A button that shows the class board of a log, and the board beneath it."""

    def __init__(self, log: Callable[[], ProgressLog]) -> None:
        self._log = log
        self.said = TextView(gettext(_WAIT), live=True)
        self.show = widgets.Button(description=gettext("Show the board"), disabled=True, layout=_FIT)
        self.board = widgets.VBox(layout={"overflow": "visible"})
        super().__init__([self.said, self.show, self.board])
        self.show.on_click(lambda _: self._show())

    def forget(self) -> None:
        """Take the board of the file before away."""
        self.board.children = []

    def offer(self, *, ready: bool) -> None:
        """Offer the board, if there is a log; say of one that is shown that it is no longer all."""
        self.show.disabled = not ready
        self.said.text = gettext(_WAIT if not ready else _OLD if self.board.children else _READY)

    def _show(self) -> None:
        self.board.children = [TeacherBoard(self._log())]
        self.said.text = gettext(_READY)


class InCode(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The line of Python that reads a file; of one that was uploaded a copy can be kept, which the line then reads."""

    def __init__(self, picker: FilePicker) -> None:
        self._picker, self._arguments = picker, Arguments()
        self.said, self.line = TextView(live=True), TextView(code=True)
        self.keep = widgets.Button(description=gettext("Keep a copy of the file"), layout={"width": "fit-content"})
        super().__init__([self.said, self.keep, self.line])
        self.keep.on_click(lambda _: self._keep())

    def show(self, arguments: Arguments) -> None:
        """Show the line."""
        self._arguments = arguments
        self.keep.layout.display = None if self._picker.uploaded else "none"
        self.said.text = gettext(_UPLOADED if self._picker.uploaded else "The same in code, for any notebook:")
        self.line.text = code(str(self._picker.path), arguments)

    def _keep(self) -> None:
        try:
            copy = self._picker.keep_copy(data_folder() / "files")
        except (ReflectLabError, OSError) as error:
            self.said.text = gettext("The copy cannot be kept: {error}", error=error)
            return
        self.show(self._arguments)
        self.said.text = gettext("Kept: {file}. The same in code, for any notebook:", file=copy)
