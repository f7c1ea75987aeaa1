"""Files and folders are written whole or not at all, whoever is killed and however full the disk is."""

import stat
import sys
from pathlib import Path

import pytest

from reflectlab.errors import ReflectLabError
from reflectlab.writing import write_file, write_folder
from tests.breaking import full_rounds, killed_rounds

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and signals are those of POSIX")

WHAT = ["folder", "file", "tables", "mapping", "upload", "report", "bundle"]


@pytest.mark.parametrize("what", WHAT)
def test_who_is_killed_leaves_the_earlier_or_the_new(tmp_path: Path, what: str) -> None:
    killed_rounds(tmp_path, what, rounds=3, seed=0)


@pytest.mark.parametrize("what", [*WHAT, "journal"])
def test_a_full_disk_leaves_the_earlier_and_says_so_once(tmp_path: Path, what: str) -> None:
    full_rounds(tmp_path, what, rounds=3, seed=0)


def test_what_was_left_by_a_killed_process_is_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".log.0123abcd.part", ".log.part", ".log.0123abcd.part.txt", ".other.0123abcd.part"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "names.csv").write_text("Aroha")
    write_folder(tmp_path / "log", {"a": b"1"})
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"log", ".log.part", ".log.0123abcd.part.txt", ".other.0123abcd.part"}


def test_what_is_written_is_for_its_owner(tmp_path: Path) -> None:
    write_file(tmp_path / "a.txt", b"x")
    write_folder(tmp_path / "b", {"c": b"y"})
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a.txt", "b", "b/c")]
    assert modes == [0o600, 0o700, 0o600]


def test_where_names_cannot_be_exchanged_a_folder_is_replaced_in_two_steps(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("reflectlab.writing._exchanged", lambda *_: False)
    for text in (b"1", b"2"):
        write_folder(tmp_path / "log", {"a": text})
    assert (tmp_path / "log" / "a").read_bytes() == b"2"
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_a_place_that_cannot_be_written_to_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for act in (
        lambda: write_file(tmp_path / "file" / "x.csv", b""),
        lambda: write_folder(tmp_path / "file" / "x", {}),
        lambda: write_file(tmp_path / ("n" * 300), b""),
    ):
        with pytest.raises(ReflectLabError, match=r"cannot be written: .* is as it was"):
            act()
