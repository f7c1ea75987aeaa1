"""The leader's review as a page, served by Voilà from a bundle: no log, no file, and nothing of a visitor's is run."""

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..explore import LeaderReview
from ..language import LANGUAGE, gettext, translatable
from ..share import read_bundle
from ..share.bundle import FILES
from . import kernels
from .app import BoardServer
from .fenced import fence
from .told import BUNDLE

ANSWERED = ["kernel_info_request"]
"""What a browser may ask of the kernel behind a page: what it is. Nothing can be run, no widget be spoken to."""

_NEEDED = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP")

_UNFENCED = translatable(
    "This computer cannot hold the page to its folder (that takes Linux 5.13): start it from an account "
    "that may read no log."
)

_CELL: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "id": "review"}

_NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": kernels.KERNEL_NAME, "display_name": "reflectlab", "language": "python"}},
    "cells": [_CELL | {"source": "from reflectlab.serve.leaders import review\n\nreview()"}],
}


def review() -> LeaderReview:
    """Return the review of the bundle that the environment names."""
    return LeaderReview(os.environ[BUNDLE])


def serve_bundle(bundle: str | Path, *, port: int = 8867, say: Callable[[str], Any] = print) -> None:
    """Serve the review of a bundle on 127.0.0.1, behind a token, until it is interrupted.

    The process is given a copy of the bundle in a folder of its own, which is its home as well; of the environment it
    keeps only what Python needs to start, so that no variable names a log. On Linux it, and every kernel that it
    starts, can from then on open no file but this copy and its programs.

    Parameters
    ----------
    bundle : str or Path
    port : int
        The port to try first.
    say : callable
        What is given the address.
    """
    read_bundle(bundle)
    logging.captureWarnings(True)  # what Jupyter's parts warn one another of is nothing to a leader
    logging.getLogger("tornado").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="reflectlab-leaders-") as folder:
        own, page = Path(folder) / "own", Path(folder) / "page"
        for made in (own / "bundle", page):
            made.mkdir(parents=True)
        for name in FILES:
            shutil.copyfile(Path(bundle) / name, own / "bundle" / name)
        notebook = page / f"{gettext('Review')}.ipynb"
        notebook.write_text(json.dumps(_NOTEBOOK), encoding="utf-8")
        kept = {name: os.environ[name] for name in _NEEDED if name in os.environ} | _spoken(own)
        os.environ.clear()
        os.environ |= {**kept, "HOME": str(own), "TMPDIR": str(own), BUNDLE: str(own / "bundle")}
        os.chdir(page)
        tempfile.tempdir = str(own)
        if not fence(Path(folder)):
            say(gettext(_UNFENCED))
        options = {"port": port, "open_in_browser": False, "say": say, "log_level": logging.ERROR}
        with kernels.nursery():
            LeadersServer.launch_instance([str(notebook)], redirect=Path(folder) / "open.html", **options)


def _spoken(own: Path) -> dict[str, str]:
    """Return what says the language; a catalogue of one's own is copied to where it can be read behind the fence."""
    wanted = os.environ.get(LANGUAGE, "")
    if wanted.endswith(".po"):
        wanted = str(shutil.copyfile(Path(wanted).expanduser(), own / "own.po"))
    return {LANGUAGE: wanted} if wanted else {}


class LeadersServer(BoardServer):
    """The closed Voilà, whose kernel answers nothing but what it is."""

    def init_settings(self) -> dict[str, Any]:
        """Let no message through that could run something."""
        settings = super().init_settings()
        self.kernel_manager.allowed_message_types = ANSWERED
        return settings
