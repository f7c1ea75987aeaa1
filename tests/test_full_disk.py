"""A disk that is really full: a small file system in memory, which only the administrator may mount."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reflectlab.explore.wizard.file_picker import FilePicker
from tests.breaking import filled_rounds, leave
from tests.test_writing import WHAT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="such a disk is made on Linux alone")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "reflectlab", place], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"this system mounts nothing for us: {made.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("what", [*WHAT, "journal"])
def test_what_finds_no_room_leaves_the_earlier_and_says_so(disk: Path, what: str) -> None:
    for said in filled_rounds(disk, what):
        assert "cannot be" in said
        assert re.search(r"[Mm]ake room", said)
        assert len(said.splitlines()) == 1


def test_half_an_upload_is_not_left_on_a_full_disk(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    picker, said = FilePicker(), []
    picker._receive({"at": 0, "name": "first.csv", "last": True}, b"Aroha")
    first = picker.path
    monkeypatch.setattr(picker, "send", said.append)
    monkeypatch.setattr(picker, "_new_folder", lambda make=picker._new_folder: filled(disk, make()))
    picker._receive({"at": 0, "name": "second.csv", "last": True}, b"Ben" * 100_000)
    assert said == [{"path": "", "said": "The upload cannot be kept: No space left on device."}]
    assert [path.name for path in disk.rglob("*.csv")] == ["first.csv"]
    assert (picker.path, first.read_bytes()) == (first, b"Aroha")


def filled(disk: Path, folder: Path) -> Path:
    """Fill a disk but for two pages, and return a folder of it."""
    leave(disk, 8192)
    return folder
