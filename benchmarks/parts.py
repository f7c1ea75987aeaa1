"""Measures of a log that outgrows the memory, part by part, each result written: time, parts, rows and memory.

    python -m benchmarks parts [--rows 20000000] [--only spells ...]

The data is made once, in `build/benchmark/beside`: 200 million rows take 400 s of the processor and 1.7 GB of disk.
"""

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import reflectlab as rl

from .beside.data import made
from .beside.worker import most_memory

MEASURES = ("spells", "transitions", "completion", "episodes", "collaboration")


def main() -> None:
    said = _said()
    log = rl.scan(made(said.rows))
    print(f"scan: {time.process_time():.0f} s of the processor")
    with TemporaryDirectory() as folder:
        for number, part in enumerate(log.parts(), start=1):
            for name in said.only:
                getattr(rl, name)(part).to_parquet(Path(folder) / f"{name}-{number}.parquet")
            print(f"{number:>4} parts, {time.process_time():.0f} s, at most {most_memory() / 1e9:.1f} GB", flush=True)


def _said() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks parts")
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--only", nargs="*", default=MEASURES, choices=MEASURES)
    return parser.parse_args()
