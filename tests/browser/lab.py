"""JupyterLab and the board's page as a school would run them, on 127.0.0.1 only, in a home of their own."""

import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""How Chromium is started: it asks nobody for anything of its own."""


@contextmanager
def jupyterlab(folder: Path, home: Path) -> Iterator[str]:
    """Serve a folder with JupyterLab; give the address with a place for the path, and the token in it."""
    port, token = _free_port(), secrets.token_hex(8)
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ip=127.0.0.1",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    options += [f"--ServerApp.root_dir={folder}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    base = f"http://127.0.0.1:{port}"
    with _served(["jupyterlab", *options], home, f"{base}/api/status?token={token}"):
        yield f"{base}/lab/tree/{{}}?token={token}&reset"


@contextmanager
def board_app(
    log: Path, home: Path, *, options: Iterable[str] = (), before: Iterable[str] = (), **environment: str
) -> Iterator[str]:
    """Serve the board of a log as `reflectlab app` does, told options `before` and behind it; give its address."""
    command = ["reflectlab", *before, "app", str(log), "--no-browser", f"--port={_free_port()}", *options]
    with _started(command, home, environment) as server:
        yield _address_in(home / "reflectlab.log", server)


WIZARD = """
from pathlib import Path
from reflectlab.serve import app, kernels
code = "from reflectlab.explore import LogWizard\\nwizard = LogWizard({file!r}, mappings={kept!r})\\nwizard"
app._NOTEBOOK["cells"][0]["source"] = code
with kernels.nursery():
    app.serve(Path({file!r}), port={port}, browser=False, say=lambda said: print(said, flush=True))
"""


@contextmanager
def wizard_app(file: Path, home: Path, **environment: str) -> Iterator[str]:
    """Serve the wizard on a page of its own, opened with a file; give its address, with the token."""
    code = WIZARD.format(file=str(file), kept=str(home / "mappings"), port=_free_port())
    with _started(["-c", code], home, environment) as server:
        yield _address_in(home / "-c.log", server)


@contextmanager
def leaders_app(bundle: Path, home: Path, **environment: str) -> Iterator[str]:
    """Serve a leader's review as `reflectlab leaders` does; give its address, with the token."""
    command = ["reflectlab", "leaders", str(bundle), f"--port={_free_port()}"]
    with _started(command, home, environment) as server:
        yield _address_in(home / "reflectlab.log", server)


@contextmanager
def _served(command: list[str], home: Path, ready: str) -> Iterator[None]:
    with _started(command, home) as server:
        _wait_for(ready, server)
        yield


@contextmanager
def _started(
    command: list[str], home: Path, more: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    ours = {"HOME": str(home), "REFLECTLAB_DATA": str(home / "kept"), "PYTHONWARNINGS": "", **(more or {})}
    log = (home / f"{command[0]}.log").open("w")
    how = [] if command[0] == "-c" else ["-m"]
    server = subprocess.Popen([sys.executable, *how, *command], env=os.environ | ours, stdout=log, stderr=log)
    try:
        yield server
    finally:
        server.terminate()
        server.wait(90)
        log.close()


def _address_in(said: Path, server: "subprocess.Popen[bytes]", seconds: float = 90) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := re.search(r"http://\S+", said.read_text()):
            return found.group()
        if server.poll() is not None:
            raise RuntimeError(said.read_text())
        time.sleep(0.1)
    raise TimeoutError(said.read_text())


def _wait_for(address: str, server: "subprocess.Popen[bytes]", seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status < 500:
                    return
        except OSError:
            time.sleep(0.25)
    raise TimeoutError(address)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
