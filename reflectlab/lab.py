"""JupyterLab on the notebooks, closed to the other users of this computer."""

import json
import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from jupyterlab.labapp import LabApp

_QUIET = (
    *("--ServerApp.log_level=WARN", "--LabApp.log_level=WARN", "--ServerApp.answer_yes=True"),
    *("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"),
)
"""What Jupyter says and asks: little of the first, and nothing of anybody else's machine."""

_NEWS = "@jupyterlab/apputils-extension:announcements"

_CLOSED = ("--MappingKernelManager.transport_encryption=required", "--ServerApp.ip=127.0.0.1")
"""Without the first, every user of the computer can read what a kernel and its notebook say to one another."""


def serve(folder: Path, *, port: int, browser: bool, first: Sequence[str] = ()) -> None:
    """Serve a folder of notebooks on 127.0.0.1, behind a token, until it is interrupted.

    Parameters
    ----------
    folder : Path
    port : int
        The port to try first.
    browser : bool
        Whether a browser is opened on it.
    first : sequence of str
        The name of the notebook that is shown first, where there is one.
    """
    arguments = [f"--ServerApp.root_dir={folder}", f"--ServerApp.port={port}", *_QUIET, *_CLOSED]
    arguments += [f"--LabApp.default_url=/lab/tree/{name}" for name in first]
    if not browser:
        arguments.append("--no-browser")
    if getattr(os, "geteuid", lambda: 1)() == 0:
        arguments.append("--allow-root")
    os.umask(0o077)  # notebooks, and the file that takes the browser to the token, are for their owner only
    logging.captureWarnings(True)  # what Jupyter's parts warn one another of is nothing to a teacher
    with tempfile.TemporaryDirectory(prefix="reflectlab-") as settings:
        _without_news(Path(settings))
        LabApp.launch_instance(arguments)


def _without_news(settings: Path) -> None:
    """Let JupyterLab not ask whether it may fetch news: there are none here."""
    place = settings / "labconfig" / "page_config.json"
    place.parent.mkdir()
    place.write_text(json.dumps({"disabledExtensions": {_NEWS: True}}), encoding="utf-8")
    before = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [str(settings), before]))
