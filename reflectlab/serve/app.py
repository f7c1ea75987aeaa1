"""The board as a page of its own, served by Voilà to this machine and to nobody else."""

import json
import logging
import os
import secrets
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tornado.web import HTTPError

from ..language import gettext, language, translatable
from . import kernels
from .spared import spared
from .told import LOG, SAID

with spared("rfc3987_syntax"):  # a grammar of addresses, which takes longer to make than all else together
    from voila.app import Voila
    from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

_PAGE = Path(__file__).parent / "template"
"""Where `index.html.j2` lies, the page around the board."""

_HERE_ONLY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; connect-src 'self' ws://127.0.0.1:* blob: data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)

_CELL: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "id": "board"}

_NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": kernels.KERNEL_NAME, "display_name": "reflectlab", "language": "python"}},
    "cells": [_CELL | {"source": "from reflectlab.serve.shown import board\n\nboard()"}],
}

_WRONG = translatable("reflectlab could not show the board. `reflectlab check` says what is wrong with a log.")

_REDIRECT = """<!doctype html>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={address}">
<title>{title}</title>
<a href="{address}">{title}</a>
"""

_PRESSED = {"compression_level": 1}
"""How what a kernel sends is compressed: the least that can be done leaves a fifth of a picture, in 3 milliseconds."""

_IDLE, _LOOK = 120, 30
"""After how many seconds a kernel ends that no page is connected to, and how often that is looked at."""


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
    try:
        with tempfile.TemporaryDirectory(prefix="reflectlab-") as folder:
            notebook = Path(folder) / "board" / f"{gettext('Class board')}.ipynb"
            notebook.parent.mkdir()
            notebook.write_text(json.dumps(_NOTEBOOK), encoding="utf-8")
            options = {"port": port, "open_in_browser": browser, "say": say, "log_level": logging.ERROR}
            BoardServer.launch_instance([str(notebook)], redirect=Path(folder) / "open.html", **options)
    except KeyboardInterrupt:
        say(gettext("The board is closed."))


class BoardServer(Voila):  # type: ignore[misc]  # Voilà has no types
    """Voilà, closed: 127.0.0.1 only, always a token, and no file from its folder, whatever a configuration says."""

    def __init__(self, *, open_in_browser: bool, redirect: Path, say: Callable[[str], Any], **options: Any) -> None:
        super().__init__(**options)
        self._open_in_browser, self._redirect, self._say = open_in_browser, redirect, say

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Read no configuration: a `voila.py` in the current folder is a program of somebody."""

    def initialize(self, argv: list[str] | None = None) -> None:
        """Close what Voilà leaves open."""
        super().initialize(argv)
        self.ip = "127.0.0.1"
        self.token = secrets.token_urlsafe(24)
        self.open_browser = True
        self.tornado_settings = {"headers": {"Content-Security-Policy": _HERE_ONLY}}
        self.template_paths.insert(0, str(_PAGE))
        self.config.VoilaExecutor.cell_error_instruction = gettext(_WRONG)
        self.config.VoilaExecutor.cell_timeout_instruction = gettext(_WRONG)
        self.config.VoilaExporter.language_code = language()
        self.config.VoilaConfiguration.resources = {"reflectlab": {"opening": gettext("Opening …")}}
        asked = self.voila_configuration
        asked.kernel_spec_manager_class = kernels.OneKernel
        asked.file_allowlist = []  # by default pictures are given to anybody, without the token
        asked.file_denylist = [".*"]
        asked.allow_template_override = asked.allow_theme_override = "NO"  # else an address could name another page

    def init_settings(self) -> dict[str, Any]:
        """Start kernels whose messages no other user can read, which say little, and which end when nobody looks."""
        settings: dict[str, Any] = super().init_settings()
        settings["websocket_compression_options"] = _PRESSED
        started = self.kernel_manager
        started.transport_encryption = "required"
        started.cull_idle_timeout, started.cull_interval, started.cull_connected = _IDLE, _LOOK, False
        started.start_kernel = partial(started.start_kernel, extra_arguments=["--log-level=ERROR"])
        return settings

    def init_handlers(self) -> list[Any]:
        """Let a page end its kernel when it is closed."""
        handlers: list[Any] = super().init_handlers()
        return [
            (handler[0], _KernelEnd) if handler[1] is VoilaShutdownKernelHandler else handler for handler in handlers
        ]

    def launch_browser(self) -> None:
        """Tell the address, and open it; Voilà calls this once it listens."""
        address = f"http://127.0.0.1:{self.port}/?token={self.token}"
        self._say(address)
        if self._open_in_browser:
            # Every user of the computer sees the command line of a browser: there stands a file that only we can read.
            title = escape(gettext("Class board"))
            self._redirect.write_text(_REDIRECT.format(address=address, title=title), encoding="utf-8")
            threading.Thread(target=webbrowser.open, args=[self._redirect.as_uri()], daemon=True).start()


class _KernelEnd(VoilaShutdownKernelHandler):  # type: ignore[misc]  # Voilà has no types
    """The end of a kernel, asked for by its page as that is closed."""

    def check_xsrf_cookie(self) -> None:
        """Take the browser's word for it that the page is ours: a page being closed can send no header of its own."""
        if urlsplit(self.request.headers.get("Origin", "")).netloc != self.request.host:
            raise HTTPError(403)

    async def post(self, kernel_id: str) -> None:
        """End the kernel, if it has not ended."""
        if kernel_id not in self.kernel_manager:
            raise HTTPError(404)
        await super().post(kernel_id)
