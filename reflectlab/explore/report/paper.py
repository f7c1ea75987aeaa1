"""A page printed to PDF by a browser of this machine, which is asked to do that and to talk to nobody."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from ...errors import MissingDependencyError, ReflectLabError
from ...language import gettext

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")

_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)

_QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
)  # fmt: skip

_PATIENCE = 180
"""How many seconds a browser may take."""


def to_pdf(page: str) -> bytes:
    """Return a page as PDF; raise `MissingDependencyError` where no browser is installed."""
    browser = _browser()
    with tempfile.TemporaryDirectory(prefix="reflectlab-") as folder:  # which nobody else may look into
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_bytes(page.encode("utf-8", "surrogatepass"))
        options = [*_QUIET, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", *_for_root()]
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run([browser, *options, source.as_uri()], capture_output=True, timeout=_PATIENCE, check=False)
        if not target.is_file():
            raise ReflectLabError(
                gettext("The browser made no PDF of the page. Save it as .html, open it, and print it.")
            )
        return target.read_bytes()


def _browser() -> str:
    found = [path for name in _NAMES if (path := shutil.which(name))]
    found += [place for place in _PLACES if Path(place).is_file()]
    if not found:
        raise MissingDependencyError(
            gettext(
                "A PDF is made by Chromium or Chrome, and neither is installed. Save the page as .html, and print it."
            )
        )
    return found[0]


def _for_root() -> list[str]:
    """Return what a browser needs that is run by root, as in a container."""
    return ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []
