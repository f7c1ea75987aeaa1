"""The bar of what takes long: on a terminal, after a while, on standard error; else nothing."""

import time
from pathlib import Path

import pytest

import reflectlab
from reflectlab.load import progress_bar as progress


@pytest.mark.parametrize(("patience", "terminal", "seen"), [(0.01, "1", True), (0.01, "", False), (60, "1", False)])
def test_a_bar_is_shown_on_a_terminal_after_a_while(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, patience: float, terminal: str, seen: bool
) -> None:
    monkeypatch.setattr(progress, "PATIENCE", patience)
    monkeypatch.setenv("FORCE_COLOR", terminal)
    with progress.waiting("Loading room5.csv"):
        time.sleep(1.5 if seen else 0.3)
    out, err = capfd.readouterr()
    assert (out, "Loading room5.csv" in err) == ("", seen)


def test_loading_a_small_file_is_quiet(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("date,learner,goal,what happened\n2026-07-20,Aroha,hook,met\n")
    reflectlab.load(tmp_path / "log.csv")
    assert capfd.readouterr() == ("", "")
