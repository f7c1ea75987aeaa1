"""Writers that are killed, or whose disk is full, and what they leave."""

import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from unittest.mock import patch

import reflectlab
import reflectlab.share
from reflectlab import ProgressLog
from reflectlab.errors import ReflectLabError
from reflectlab.explore import report
from reflectlab.explore.wizard.file_picker import FilePicker
from reflectlab.load.mappings import Mappings
from reflectlab.share import Bundle
from reflectlab.writing import write_file, write_folder

_PICKERS: list[FilePicker] = []
"""What was uploaded is removed with its picker."""


@cache
def _tables(word: str) -> dict[str, bytes]:
    """Return what `save_tables` writes: a child of this process cannot make it, for want of threads."""
    with tempfile.TemporaryDirectory() as folder:
        log = reflectlab.simulate(classes=1, learners=4, seed=ord(word))
        return {Path(file).name: Path(file).read_bytes() for file in reflectlab.save_tables(log, Path(folder) / "log")}


@cache
def _log() -> ProgressLog:
    return reflectlab.example()


@cache
def _page(word: str) -> str:
    """Return a report, for the same reason."""
    return report.report_page(_log()).replace("Aroha", word * 5000)


@cache
def _bundle(word: str) -> Bundle:
    with tempfile.TemporaryDirectory() as folder:
        return reflectlab.share.publish(reflectlab.simulate(classes=3, seed=ord(word)), folder)


@cache
def _uploaded(word: str) -> Path:
    picker = FilePicker()
    picker._receive({"at": 0, "name": "log.csv", "last": True}, word.encode() * 200_000)
    _PICKERS.append(picker)
    return picker.path


def _write(folder: Path, what: str, word: str) -> None:
    if what == "folder":
        write_folder(folder / "log", {f"{number}.csv": word.encode() * 50_000 for number in range(5)})
    elif what == "file":
        write_file(folder / "log.csv", word.encode() * 200_000)
    elif what == "tables":
        write_folder(folder / "log", _tables(word))
    elif what == "mapping":
        Mappings(folder / "log").keep(["Datum"], {"words": {f"{word}{n}": "met" for n in range(5000)}}, replace=True)
    elif what == "bundle":
        _bundle(word).save(folder / "log")
    elif what == "report":
        with patch.object(report, "report_page", return_value=_page(word)):
            report.save_report(_log(), folder / "log" / "term.html", overwrite=True)
    elif what == "upload":
        picker = FilePicker()
        picker._take(_uploaded(word), uploaded=True)
        picker.keep_copy(folder / "log")
    else:
        reflectlab.Journal(folder / "log" / "journal.sqlite").write(f"{word} " * 50_000)


def _found(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if not path.name.startswith("journal")}


def _whole(folder: Path, what: str) -> list[dict[str, bytes]]:
    """Return all that a place may hold once a writer is done: one text, or the other."""
    may = []
    for word in "ba":
        _write(folder, what, word)
        may.append(_found(folder))
    return may


def killed_rounds(folder: Path, what: str, *, rounds: int, seed: int) -> int:
    """Kill a writer in each round; return how often one of its parts lay there until the next writer came."""
    rng = random.Random(seed)
    may = _whole(folder, what)
    left = 0
    for _ in range(rounds):
        writer = _forked(lambda: [_write(folder, what, word) for word in "ab" * 1000])
        time.sleep(rng.uniform(0.0, 0.2))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        there = _found(folder)
        parts = {name for name in there if ".part" in name}
        left += bool(parts)
        assert {name: data for name, data in there.items() if name not in parts} in may
        for word in "ba":
            _write(folder, what, word)
        assert _found(folder) == may[1]
    return left


def full_rounds(folder: Path, what: str, *, rounds: int, seed: int) -> None:
    """Let a disk be full at another byte in each round: the earlier data is whole, with one clear error."""
    import resource

    rng = random.Random(seed)
    may = _whole(folder, what)

    def fill() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limit = rng.randrange(1, 2_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            _write(folder, what, "b")
        except ReflectLabError as error:
            os._exit(0 if "as it was" in str(error) or "cannot be" in str(error) else 3)
        finally:
            os._exit(4)

    for _ in range(rounds):
        rng.random()
        _, status = os.waitpid(_forked(fill), 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert _found(folder) == may[1]
    if what == "journal":
        assert len(reflectlab.Journal(folder / "log" / "journal.sqlite").notes()) == 2


def filled_rounds(disk: Path, what: str) -> list[str]:
    """Fill a small disk but for some bytes, and write; return what was said as it was refused, and the earlier left.

    Once there is room again the same is written whole.
    """
    folder = disk / "kept"
    folder.mkdir()
    before = _used(disk)
    may = _whole(folder, what)
    need = _used(disk) - before
    said = [_refused(disk, folder, what, part * need // 8, may) for part in range(3)]
    if what == "journal":
        assert len(reflectlab.Journal(folder / "log" / "journal.sqlite").notes()) == 2
    for word in "ba":
        _write(folder, what, word)
    assert _found(folder) == may[1]
    return said


def _refused(disk: Path, folder: Path, what: str, spare: int, may: list[dict[str, bytes]]) -> str:
    filler = leave(disk, spare)
    try:
        _write(folder, what, "c")
    except ReflectLabError as error:
        said = str(error)
    else:
        said = ""
    assert _found(folder) == may[1]
    assert not [path for path in folder.rglob("*") if ".part" in path.name]
    filler.unlink()
    return said


def leave(disk: Path, spare: int) -> Path:
    """Fill a disk but for some bytes; return the file that fills it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as out:
        while (free := shutil.disk_usage(disk).free - spare) > 0 and out.write(bytes(min(free, 2**20))):
            pass
    return filler


def _used(disk: Path) -> int:
    return shutil.disk_usage(disk).used


def _forked(act: Callable[[], object]) -> int:
    child = os.fork()
    if not child:
        try:
            act()
        finally:
            os._exit(1)
    return child
