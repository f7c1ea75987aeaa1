"""This checkout beside another, call by call: `python -m benchmarks against --repo DIR`.

Each of the two runs in a process of its own, and they take turns: what the machine does meanwhile hits both alike.
Times are of the processor, medians of some rounds. Both have the same log, written by this checkout, without absences.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import IO

import reflectlab as rl

HERE = Path(__file__).resolve().parent.parent

NAMES = (
    "spells", "stretches", "status", "completion", "time_to_goal", "pathways", "transitions", "episodes",
    "collaboration", "load",
)  # fmt: skip

SIZES = {"a class of 30": (1, 30), "2,000 learners": (80, 25)}

_WORKER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import reflectlab as rl
logs = {folder: rl.load(folder) for folder in json.loads(sys.stdin.readline())}
for line in sys.stdin:
    name, folder, runs = json.loads(line)
    call = (lambda: rl.load(folder)) if name == "load" else (lambda: getattr(rl, name)(logs[folder]))
    call()
    start = time.process_time()
    for _ in range(runs):
        call()
    print(1000 * (time.process_time() - start) / runs, flush=True)
"""


def main() -> None:
    """Print the times of both and their ratio, for each call and size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks against")
    parser.add_argument("against", nargs="*")
    parser.add_argument("--repo", type=Path, required=True, help="the other checkout")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", nargs="*", default=NAMES, choices=NAMES)
    parser.add_argument("--sizes", nargs="*", default=[*SIZES], choices=[*SIZES])
    said = parser.parse_args()
    with TemporaryDirectory() as place:
        folders = {size: _written(Path(place) / str(n), *SIZES[size]) for n, size in enumerate(said.sizes)}
        pair = [_worker(repo, [*folders.values()]) for repo in (said.repo, HERE)]
        print(f"{'':>16}{'':>16}{'theirs':>10}{'ours':>10}{'ratio':>8}   (ms of the processor)")
        for size, folder in folders.items():
            for name in said.only:
                theirs, ours = _interleaved(pair, name, folder, said.rounds)
                print(f"{size:>16}{name:>16}{theirs:>10.1f}{ours:>10.1f}{ours / theirs:>8.2f}", flush=True)
        for worker in pair:
            worker.communicate()


def _written(folder: Path, classes: int, learners: int) -> str:
    """Write the log of a school of so many classes."""
    folder.mkdir()
    rl.save_tables(rl.simulate(classes=classes, learners=learners, seed=1), folder, format="parquet")
    for file in folder.glob("absences*"):
        file.unlink()
    return str(folder)


def _worker(repo: Path, folders: list[str]) -> "subprocess.Popen[str]":
    """Start a process that has the package of a checkout, and the logs of these folders."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    environment = {**os.environ, "PYTHONPATH": str(repo), "POLARS_MAX_THREADS": "1"}
    command = [sys.executable, "-P", "-c", _WORKER]
    made = subprocess.Popen(command, text=True, env=environment, **pipes)  # type: ignore[call-overload]
    _ask(made.stdin, folders)
    worker: subprocess.Popen[str] = made
    return worker


def _ask(pipe: IO[str] | None, what: object) -> None:
    if pipe is not None:
        pipe.write(json.dumps(what) + "\n")
        pipe.flush()


def _interleaved(pair: list["subprocess.Popen[str]"], name: str, folder: str, rounds: int) -> list[float]:
    """Return the median time of a call in each of two processes, which take turns."""
    times: list[list[float]] = [[], []]
    for _ in range(rounds):
        for worker, told in zip(pair, times, strict=True):
            _ask(worker.stdin, [name, folder, 1])
            told.append(float(worker.stdout.readline() if worker.stdout else "nan"))
    return [median(told) for told in times]
