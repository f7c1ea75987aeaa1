"""JupyterLab and Voilà as a school would run them, on 127.0.0.1 only, in a home of their own."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
    ]
    options += [f"--ServerApp.root_dir={folder}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    base = f"http://127.0.0.1:{port}"
    with _served(["jupyterlab", *options], home, f"{base}/api/status?token={token}"):
        yield f"{base}/lab/tree/{{}}?token={token}&reset"


@contextmanager
def voila(notebook: Path, home: Path) -> Iterator[str]:
    """Serve a notebook with Voilà; give its address."""
    port = _free_port()
    options = [str(notebook), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1", "--Voila.tornado_settings={}"]
    with _served(["voila", *options], home, f"http://127.0.0.1:{port}/voila/static/favicon.ico"):
        yield f"http://127.0.0.1:{port}/"


def notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of these cells."""
    made = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "execution_count": None, "outputs": [], "source": cell}
        for n, cell in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))
    return path


@contextmanager
def _served(command: list[str], home: Path, ready: str) -> Iterator[None]:
    environment = os.environ | {"HOME": str(home), "REFLECTLAB_DATA": str(home / "kept"), "PYTHONWARNINGS": ""}
    log = (home / f"{command[0]}.log").open("w")
    server = subprocess.Popen([sys.executable, "-m", *command], env=environment, stdout=log, stderr=log)
    try:
        _wait_for(ready, server)
        yield
    finally:
        server.terminate()
        server.wait(20)
        log.close()


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
