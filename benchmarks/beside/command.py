"""The command: what is asked for, measured and kept."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from .data import FOLDER, made
from .engines import ENGINES, NAMES, USUAL
from .turns import Told, fresh, warm
from .written import Found, write

SIZES = (6_000, 1_000_000)

WARM_UP_TO = 2_000_000
"""The most rows that all engines hold in memory at once, unless nothing but that is asked for."""

FOUND, PEERS = FOLDER / "found.json", FOLDER / "peers.json"


def run() -> None:
    said = _said()
    for rows in said.rows:
        folder = made(rows)
        for how, timed in (("warm", warm), ("fresh", fresh)):
            if how in said.how and (how == "fresh" or rows <= WARM_UP_TO or "fresh" not in said.how):
                told = timed(said.engines, folder, said.only, said.rounds)
                _keep([Found(rows, how, *which, *figures.values()) for which, figures in told.items()])
                _say(f"{rows:,} rows, {how}", told, said.only)
    if said.peers:
        from .peers import compare_peers

        PEERS.write_text(json.dumps(compare_peers(said.peers, said.rounds)))
    write(_found(), json.loads(PEERS.read_text()) if PEERS.exists() else [])


def _said() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks beside")
    parser.add_argument("beside", nargs="*")
    parser.add_argument("--rows", nargs="*", type=int, default=SIZES)
    parser.add_argument("--only", nargs="*", default=NAMES, choices=NAMES)
    parser.add_argument("--engines", nargs="*", default=USUAL, choices=[*ENGINES])
    parser.add_argument("--how", nargs="*", default=["warm", "fresh"], choices=["warm", "fresh"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", type=Path, metavar="PYTHON", help="one that has pm4py, tnapy, rapidfuzz, networkx")
    return parser.parse_args()


def _found() -> list[Found]:
    return [Found(*each) for each in json.loads(FOUND.read_text())] if FOUND.exists() else []


def _keep(new: Sequence[Found]) -> None:
    """Put figures in the place of those that were found before of the same."""
    again = {each[:4] for each in new}
    FOUND.write_text(json.dumps([*(each for each in _found() if each[:4] not in again), *new]))


def _say(title: str, told: Told, names: Sequence[str]) -> None:
    engines = list(dict.fromkeys(engine for engine, _ in told))
    print(f"{title}: ms of the processor")
    print(f"{'':>16}" + "".join(f"{engine:>18}" for engine in engines))
    for name in names:
        print(f"{name:>16}" + "".join(f"{1000 * told[engine, name]['cpu']:>18.1f}" for engine in engines), flush=True)
