"""What `reflectlab lab` tells JupyterLab, read as JupyterLab reads it."""

import os
from pathlib import Path
from typing import Any

import pytest
from jupyterlab.labapp import LabApp
from jupyterlab_server.config import get_page_config

from reflectlab import lab


def test_nobody_is_asked_for_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    found: dict[str, Any] = {}
    monkeypatch.setattr(LabApp, "launch_instance", lambda _: found.update(get_page_config([])))
    monkeypatch.setattr(os, "umask", lambda _: None)
    lab.serve(tmp_path, port=8899, browser=False)
    assert "@jupyterlab/apputils-extension:announcements" in found["disabledExtensions"]
