"""Engines that take turns, each in a process of its own: what the machine does meanwhile hits all alike."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parents[2]

Figures = dict[str, float]
"""Of one engine, measure and size: seconds of the processor (`cpu`) and the clock (`wall`), bytes (`memory`)."""

Told = dict[tuple[str, str], Figures]
"""The figures of each engine and measure."""


def warm(engines: Sequence[str], folder: Path, names: Sequence[str], rounds: int) -> Told:
    """Return the medians of calls in processes that hold the tables, after one call of each; the memory is of all."""
    found: dict[tuple[str, str], list[Figures]] = {}
    with workers({engine: worker_of(engine, folder) for engine in engines}) as started:
        for name in names:
            for turn in range(rounds + 1):
                for engine, worker in started.items():
                    told = asked(worker, name)
                    found.setdefault((engine, name), []).extend([told] if turn else [])
    return {key: _medians(told) for key, told in found.items()}


def fresh(engines: Sequence[str], folder: Path, names: Sequence[str], rounds: int) -> Told:
    """Return the medians of processes that start, read what they need from the files, and make one measure."""
    found: dict[tuple[str, str], list[Figures]] = {}
    for name in names:
        for _ in range(rounds):
            for engine in engines:
                found.setdefault((engine, name), []).append(_once(engine, folder, name))
    return {key: _medians(told) for key, told in found.items()}


def _once(engine: str, folder: Path, name: str) -> Figures:
    start = time.perf_counter()
    done = subprocess.run(
        worker_of(engine, folder, name), env=_environment(), capture_output=True, text=True, check=False
    )
    taken = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{engine} ended while it made {name} of {folder}:\n{done.stderr[-2000:]}")
    return {**json.loads(done.stdout.splitlines()[-1]), "wall": taken}


@contextmanager
def workers(commands: Mapping[str, Sequence[str]]) -> Iterator[dict[str, "subprocess.Popen[str]"]]:
    """Start processes that answer to names, as `worker` does, and wait until each is ready."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": _environment(), "text": True}
    started = {name: subprocess.Popen(command, **pipes) for name, command in commands.items()}
    try:
        for name, worker in started.items():
            if worker.stdout is None or worker.stdout.readline() != "ready\n":
                raise SystemExit(f"{name} could not start; what it said is above.")
        yield started
    finally:
        for worker in started.values():
            worker.communicate()


def asked(worker: "subprocess.Popen[str]", name: str) -> Figures:
    """Return the figures that a process answers to a name."""
    if worker.stdin is None or worker.stdout is None:
        raise SystemExit("A worker has no pipes.")
    worker.stdin.write(f"{name}\n")
    worker.stdin.flush()
    told: Figures = json.loads(worker.stdout.readline())
    return told


def worker_of(*arguments: object) -> list[str]:
    """Return the command of a process that has one engine."""
    return [sys.executable, "-m", "benchmarks.beside.worker", *map(str, arguments)]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))}


def _medians(told: Sequence[Figures]) -> Figures:
    return {what: median(each[what] for each in told) for what in ("cpu", "wall", "memory")}
