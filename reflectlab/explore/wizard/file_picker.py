"""`FilePicker`: a file by its path, or one that is uploaded."""

import shutil
import tempfile
import weakref
from collections.abc import Callable
from itertools import count
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import traitlets

from ...language import gettext
from ...writing import write_file
from ..widgets import STYLE, Worded, script

_LONGEST = 120


class FilePicker(Worded):
    """Choose a file: write its path, or upload it.

    What is uploaded goes into a folder that only you can read, under its own name, and is removed with the picker, or
    when Python ends. Neither path nor contents are stored in the notebook. Observe `chosen`, how often a file has been:
    the same file may have changed when it is chosen again.

    >>> picker = FilePicker()
    >>> picker.choose("data/sample")
    >>> picker.path.name, picker.uploaded
    ('sample', False)
    """

    _esm = script(Path(__file__).with_suffix(".js"))
    _css = STYLE

    chosen = traitlets.Int(0)

    def __init__(self) -> None:
        self.path = Path()
        self.uploaded = False
        self._remove: Callable[[], Any] = lambda: None
        self._drop: Callable[[], Any] = lambda: None
        self._part: Path | None = None
        super().__init__()
        self.on_msg(self._on_message)

    def choose(self, path: str | Path) -> None:
        """Choose a file or a folder by its path, from the current folder or else from the one above."""
        said = Path(str(path).strip().strip("\"'")).expanduser()
        above = Path("..") / said
        self._take(above if above.exists() and not said.exists() else said, uploaded=False)

    def keep_copy(self, folder: Path) -> Path:
        """Keep what was uploaded in a folder, under its own name or one with a number, and go on with that copy."""
        data = self.path.read_bytes()
        numbers = (f" ({number})" if number > 1 else "" for number in count(1))
        names = (folder / f"{self.path.stem}{number}{self.path.suffix}" for number in numbers)
        copy = next(file for file in names if not file.exists() or file.read_bytes() == data)
        write_file(copy, data)
        self.path, self.uploaded = copy, False
        self.send(self._told())
        return copy

    def _take(self, path: Path, *, uploaded: bool) -> None:
        self.path, self.uploaded = path, uploaded
        self.chosen += 1
        self.send(self._told())

    def _told(self) -> dict[str, str]:
        if not self.chosen:
            return {"path": "", "said": ""}
        if self.uploaded:
            return {"path": "", "said": gettext("Uploaded: {file}", file=self.path.name)}
        missing = gettext(
            "It is neither in {folder} nor in the folder above: write the whole path, or upload the file.",
            folder=Path.cwd(),
        )
        return {"path": str(self.path), "said": "" if self.path.exists() or self.path.is_absolute() else missing}

    def _on_message(self, _: Any, message: Any, buffers: Any) -> None:
        """Hear of the page, which asks to `look`, to `choose` a path, or brings a `piece` of a file."""
        asked = message if isinstance(message, dict) else {}
        if asked.get("do") == "look":
            self.send(self._told())
        elif asked.get("do") == "choose" and str(asked.get("path", "")).strip():
            self.choose(str(asked["path"]))
        elif asked.get("do") == "piece":
            self._receive(asked, bytes(buffers[0]) if buffers else b"")

    def _receive(self, asked: dict[str, Any], data: bytes) -> None:
        try:
            self._add(asked, data)
        except OSError as error:
            self._break_off(gettext("The upload cannot be kept: {why}.", why=error.strerror or error))

    def _add(self, asked: dict[str, Any], data: bytes) -> None:
        """Add a piece to the file that is being uploaded; the last one makes it the file that is chosen."""
        if asked.get("at") == 0:
            self._part = self._new_folder() / _safe_name(str(asked.get("name", "")))
            self._part.write_bytes(b"")
        if self._part is None or self._part.stat().st_size != asked.get("at"):
            self._break_off(gettext("The upload broke off. Choose the file again."))
            return
        with self._part.open("ab") as out:
            out.write(data)
        if asked.get("last"):
            self._remove()
            self._remove = self._drop
            self._take(self._part, uploaded=True)
            self._part, self._drop = None, lambda: None

    def _new_folder(self) -> Path:
        self._drop()
        folder = Path(tempfile.mkdtemp(prefix="reflectlab-"))
        self._drop = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    def _break_off(self, why: str) -> None:
        """Let nothing be left of half a file, and say why; what was chosen before is still chosen."""
        self._drop()
        self._part = None
        self.send({"path": "", "said": why})


def _safe_name(name: str) -> str:
    """Return the last part of a name, fit for any system.

    >>> _safe_name("../../room 5.csv"), _safe_name("C:\\\\x\\\\log.xlsx"), _safe_name("..")
    ('room 5.csv', 'log.xlsx', 'file')
    """
    last = PurePosixPath(PureWindowsPath(name).name).name
    plain = "".join(sign if sign.isprintable() and sign not in '<>:"|?*' else "_" for sign in last).strip(". ")
    path = PurePosixPath(plain.encode("utf-8", "replace").decode() or "file")
    return path.stem[:_LONGEST] + path.suffix[:10]
