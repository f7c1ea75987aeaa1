"""The board as a page of its own, served by Voilà to this machine and to nobody else."""

import gc
import json
import logging
import os
import secrets
import tempfile
import webbrowser
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from voila.app import Voila

from ..journal import Journal
from ..load import load
from .board import TeacherBoard

LOG, SAID = "REFLECTLAB_LOG", "REFLECTLAB_LOG_IS"
"""The environment variables that tell the page which log to show, and the arguments of `load` as JSON."""

_PAGE = Path(__file__).parent / "widgets"
"""Where `index.html.j2` lies, the page around the board."""

_HERE_ONLY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; connect-src 'self' ws://127.0.0.1:* blob: data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)

_CELL: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "id": "board"}

_NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [_CELL | {"source": "from reflectlab.explore.app import board\n\nboard()"}],
}


def board() -> TeacherBoard:
    """Return the board of the log that the environment names, with your journal."""
    log = load(os.environ[LOG], **json.loads(os.environ.get(SAID, "{}")))
    made = TeacherBoard(log, journal=Journal())
    gc.collect()
    gc.freeze()  # what is loaded by now stays: to search it for garbage again and again would hold up every redraw
    return made


def serve(
    log: Path,
    said: Mapping[str, Any] | None = None,
    *,
    port: int = 8866,
    browser: bool = True,
    say: Callable[[str], Any] = print,
) -> None:
    """Serve the board of a log on 127.0.0.1, behind a token, until it is interrupted.

    The folder that is served holds one notebook of one cell and nothing else: no log, no picture, no export. What is
    `said` are other arguments of `load`, as text, number, or mapping of text; `port` is the first to try; the address
    is given to `say`.
    """
    os.environ |= {LOG: str(log.resolve()), SAID: json.dumps(dict(said or {}))}
    logging.captureWarnings(True)  # what Jupyter's parts warn one another of is nothing to a teacher
    logging.getLogger("tornado").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="reflectlab-") as folder:
        notebook = Path(folder) / "Class board.ipynb"
        notebook.write_text(json.dumps(_NOTEBOOK), encoding="utf-8")
        options = {"port": port, "open_in_browser": browser, "say": say, "log_level": logging.ERROR}
        BoardServer.launch_instance([str(notebook)], **options)


class BoardServer(Voila):  # type: ignore[misc]  # Voilà has no types
    """Voilà, closed: 127.0.0.1 only, always a token, and no file from its folder, whatever a configuration says."""

    def __init__(self, *, open_in_browser: bool, say: Callable[[str], Any], **options: Any) -> None:
        super().__init__(**options)
        self._open_in_browser, self._say = open_in_browser, say

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read the configuration, then close what must be closed."""
        super().initialize(argv)
        self.ip = "127.0.0.1"
        self.token = secrets.token_urlsafe(24)
        self.open_browser = True
        self.tornado_settings = {"headers": {"Content-Security-Policy": _HERE_ONLY}}
        self.template_paths.insert(0, str(_PAGE))
        asked = self.voila_configuration
        asked.file_allowlist = []  # by default pictures are given to anybody, without the token
        asked.file_denylist = [".*"]

    def init_settings(self) -> dict[str, Any]:
        """Let a kernel, too, tell of errors only: what else it has to say is nothing to a teacher."""
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.start_kernel = partial(
            self.kernel_manager.start_kernel, extra_arguments=["--log-level=ERROR"]
        )
        return settings

    def launch_browser(self) -> None:
        """Tell the address; Voilà calls this once it listens, and leaves the token out of what it opens itself."""
        address = f"http://127.0.0.1:{self.port}/?token={self.token}"
        self._say(address)
        if self._open_in_browser:
            webbrowser.open(address)
