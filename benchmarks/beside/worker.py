"""A process that has one engine: `python -m benchmarks.beside.worker ENGINE FOLDER [MEASURE]`.

With a measure it makes that one from the files and ends; else it holds the tables, and makes the measures whose names
it is told, a line each. It answers in JSON: seconds of the processor and of the clock, and the most memory ever held.
"""

import json
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
        answer(time.process_time(), None)
        return
    print("ready", flush=True)
    for line in sys.stdin:
        answer(*_timed(partial(call, tables, line.strip())))


def _timed(call: Any) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    return time.process_time() - cpu, time.perf_counter() - wall


def answer(cpu: float, wall: float | None) -> None:
    print(json.dumps({"cpu": cpu, "wall": wall, "memory": most_memory()}), flush=True)


def most_memory() -> int:
    """Return the most bytes that this process ever held."""
    told = Path("/proc/self/status").read_text().partition("VmHWM:")[2]
    return int(told.split()[0]) * 1024


if __name__ == "__main__":
    main()
