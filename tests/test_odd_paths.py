"""Whatever path a command is given, it ends in one sentence and a code: long names, links, devices, pipes, damage."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import CliRunner

import reflectlab
from reflectlab import cli
from reflectlab.cli_options import REFUSED

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such files")

ROW = "date,learner,goal,what happened\n2026-07-20,Aroha,hook,started\n"


def a_pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def a_circle(path: Path) -> Path:
    path.symlink_to(path)
    return path


def damaged(path: Path) -> Path:
    path.write_bytes(b"PAR1" + bytes(range(256)) + b"PAR1")
    path.chmod(0o644)  # nobody else to read it, and it would be as good a key as any
    return path


ODD: dict[str, Callable[[Path], Path]] = {
    "a name of 300 letters": lambda folder: folder / ("x" * 300),
    "in a folder of 300 letters": lambda folder: folder / ("x" * 300) / "log.csv",
    "a device": lambda _: Path("/dev/zero"),
    "a pipe": lambda folder: a_pipe(folder / "pipe.csv"),
    "a link to itself": lambda folder: a_circle(folder / "circle"),
    "damaged Parquet": lambda folder: damaged(folder / "log.parquet"),
    "nothing": lambda folder: folder / "nothing.csv",
}
READS: dict[str, Callable[[Path, Path], list[object]]] = {
    "check": lambda odd, _: ["check", odd],
    "lab": lambda odd, _: ["lab", odd],
    "report": lambda odd, out: ["report", odd, "-o", out / "r.html"],
    "review": lambda odd, out: ["report", odd, "--audience", "leader", "-o", out / "r.html"],
    "new": lambda odd, out: ["new", out / "n.xlsx", "--learners", odd],
    "publish": lambda odd, out: ["publish", odd, "-o", out / "b"],
    "export": lambda odd, out: ["export", odd, "--key", out / "k", "-o", out / "e"],
    "key": lambda odd, out: ["export", out / "log.csv", "--key", odd, "-o", out / "e"],
    "erase": lambda odd, _: ["erase", odd, "aroha"],
    "clean": lambda odd, _: ["clean", odd],
    "leaders": lambda odd, _: ["leaders", odd],
}


def refused(arguments: list[object]) -> str:
    """Return what a command says that ends with the code of what cannot be done, and no traceback."""
    result = CliRunner().invoke(cli.app, [str(each) for each in arguments])
    assert isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code == REFUSED, result.output
    return result.output


@pytest.mark.parametrize("command", READS)
@pytest.mark.parametrize("odd", ODD)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, command: str, odd: str) -> None:
    (tmp_path / "log.csv").write_text(ROW)
    said = refused(READS[command](ODD[odd](tmp_path), tmp_path))
    assert 1 <= len(said.splitlines()) <= 2
    assert len(said) < 800


@pytest.mark.parametrize("command", [["new"], ["report", "log.csv", "-o"]])
@pytest.mark.parametrize("odd", [a_pipe, lambda path: path.with_name("x" * 300 + path.suffix)])
def test_what_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[object], odd: Callable[[Path], Path]
) -> None:
    (tmp_path / "log.csv").write_text(ROW)
    monkeypatch.chdir(tmp_path)
    place = odd(tmp_path / ("made.xlsx" if command == ["new"] else "made.html"))
    said = refused([*command, place, "--overwrite"])
    assert "not replaced" in said or "File name too long" in said
    assert len(said.splitlines()) == 1


def test_a_bundle_in_a_circle_is_one_sentence(tmp_path: Path) -> None:
    tables = tmp_path / "log"
    reflectlab.save_tables(reflectlab.simulate(classes=3, seed=1), tables)
    assert "cannot be written" in refused(["publish", tables, "-o", a_circle(tmp_path / "circle")])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "log.csv"), "log.csv: Permission denied.\n"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device.\n"),
        (MemoryError(), "There is not enough memory for that. Close other programs, or give a smaller log.\n"),
    ],
)
def test_whatever_the_system_says_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setattr("reflectlab.share.erase", refuse)
    assert refused(["erase", tmp_path, "aroha"]) == said


def test_a_bundle_beside_other_things_is_not_written(tmp_path: Path) -> None:
    tables = tmp_path / "log"
    reflectlab.save_tables(reflectlab.simulate(classes=3, seed=1), tables)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    assert "holds other things too, such as thesis.txt" in refused(["publish", tables, "-o", tmp_path / "mine"])
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "mine"
