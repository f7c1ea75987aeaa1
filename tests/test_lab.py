"""What `reflectlab lab` tells JupyterLab, read as JupyterLab reads it."""

import os
from pathlib import Path
from typing import Any

import pytest
from jupyterlab.labapp import LabApp
from jupyterlab_server.config import get_page_config

from reflectlab import lab
from tests.browser.lab import _address_in, _free_port, _started


def test_nobody_is_asked_for_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    found: dict[str, Any] = {}
    monkeypatch.setattr(LabApp, "launch_instance", lambda _: found.update(get_page_config([])))
    monkeypatch.setattr(os, "umask", lambda _: None)
    lab.serve(tmp_path, port=8899, browser=False)
    assert "@jupyterlab/apputils-extension:announcements" in found["disabledExtensions"]


def test_the_settings_of_the_current_folder_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the teacher's own home are: what stands in a folder of files may be anybody's."""
    for place in (tmp_path / "here", tmp_path / "home" / ".jupyter"):
        place.mkdir(parents=True)
        for name in ("jupyter_config", "jupyter_lab_config", "jupyter_server_config"):
            (place / f"{name}.py").write_text(f"open({str(place / 'ran')!r}, 'w').close()", "utf-8")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("JUPYTER_CONFIG_DIR", raising=False)
    command = ["reflectlab", "lab", str(tmp_path), "--no-browser", f"--port={_free_port()}"]
    with _started(command, tmp_path / "home") as server:
        _address_in(tmp_path / "home" / "reflectlab.log", server)
    assert (tmp_path / "home" / ".jupyter" / "ran").exists()
    assert not (tmp_path / "here" / "ran").exists()
