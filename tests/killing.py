"""Writers that are killed while they write into a journal, and what is left of what they wrote."""

import random
import sqlite3
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_WRITER = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.killing import write_on; write_on(sys.argv[1])"


def lost_in_rounds(path: Path, rounds: int, *, seed: int = 0) -> tuple[int, set[str]]:
    """Kill two writers in each round; return how many notes were acknowledged, and those that are not there."""
    rng = random.Random(seed)
    acknowledged: set[str] = set()
    for _ in range(rounds):
        acknowledged |= _killed_after(path, rng.uniform(0.0, 0.12))
    with sqlite3.connect(path) as kept:
        there = {note for (note,) in kept.execute("SELECT noticed FROM notes")}
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    kept.close()
    return len(acknowledged), acknowledged - there


def _killed_after(path: Path, seconds: float) -> set[str]:
    """Return what two writers said was kept before they were killed, some time after the first word of each."""
    writers = [_start(path), _start(path)]
    said = [writer.stdout.readline() for writer in writers]
    time.sleep(seconds)
    for writer in writers:
        writer.kill()
    rest = [writer.communicate()[0] for writer in writers]
    return {line for first, more in zip(said, rest, strict=True) for line in (first + more).split("\n")[:-1]}


def _start(path: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True)


def write_on(path: str) -> None:
    """Write notes without end, and say of each that it is kept as soon as `write` returned."""
    journal = bare_journal().Journal(path)
    number = 0
    while True:
        note = f"{random.getrandbits(64):x} {number} {'words ' * (number % 400)}".strip()
        journal.write(note)
        sys.stdout.write(f"{note}\n")
        sys.stdout.flush()
        number += 1


def bare_journal() -> Any:
    """Return the journal's module without importing the package around it, which takes a second."""
    package = ModuleType("reflectlab")
    package.__path__ = [str(ROOT / "reflectlab")]
    sys.modules["reflectlab"] = package
    return import_module("reflectlab.journal")
