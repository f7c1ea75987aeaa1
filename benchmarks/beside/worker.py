"""A process that has one engine: `python -m benchmarks.beside.worker ENGINE FOLDER [MEASURE]`.

With a measure it makes that one from the files and ends; else it holds the tables, and makes the measures whose names
it is told, a line each. It answers in JSON: seconds of the processor and of the clock, and the most memory ever held.
"""

import json
import os
import sys
import time
import warnings
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.beside.engines import ENGINES


def main() -> None:
    warnings.simplefilter("ignore")
    engine, folder, *once = sys.argv[1:]
    opened, call = ENGINES[engine](Path(folder), held=not once)
    tables = opened()
    if once:
        call(tables, once[0])
        # What came before is of this process too: its start, and what it imports.
        answer(seconds(), None)
        return
    print("ready", flush=True)
    for line in sys.stdin:
        answer(*_timed(partial(call, tables, line.strip())))


def _timed(call: Any) -> tuple[float, float]:
    cpu, wall = seconds(), time.perf_counter()
    call()
    return seconds() - cpu, time.perf_counter() - wall


def answer(cpu: float, wall: float | None) -> None:
    print(json.dumps({"cpu": cpu, "wall": wall, "memory": most_memory()}), flush=True)


def seconds() -> float:
    """Return the time of the processor that this process took, and those that it started, as Spark does."""
    ticks = [sum(map(int, (_proc(one) / "stat").read_text().rpartition(")")[2].split()[11:13])) for one in _children()]
    return time.process_time() + sum(ticks) / os.sysconf("SC_CLK_TCK")


def most_memory() -> int:
    """Return the most bytes that these processes ever held, each at its own time."""
    told = [(_proc(one) / "status").read_text().partition("VmHWM:")[2] for one in (os.getpid(), *_children())]
    return sum(int(text.split()[0]) * 1024 for text in told if text)


def _children(of: int | None = None) -> list[int]:
    """Return the processes that one started, and those that they did."""
    tasks = (_proc(os.getpid() if of is None else of) / "task").iterdir()
    own = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return [*own, *(later for child in own for later in _children(child))]


def _proc(number: int) -> Path:
    return Path("/proc") / str(number)


if __name__ == "__main__":
    main()
