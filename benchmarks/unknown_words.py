"""20,000 rows with words that are not known, beside as many that are: a likely word is looked for once a word.

The words of a class log, the verbs of xAPI; all the same, or each another, which is the worst that there can be.
"""

import json
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import reflectlab as rl

ROWS = 20_000
SEED = 20260720
_WORDS: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "known": (lambda _: "worked", lambda _: "completed"),
    "one unknown": (lambda n: "wurkd" if n else "worked", lambda n: "complted" if n else "completed"),
    "each another": (lambda n: _word() if n else "worked", lambda n: _word() if n else "completed"),
}
_chance = random.Random(SEED)


def main() -> None:
    with TemporaryDirectory() as folder:
        for name, (word, verb) in _WORDS.items():
            sheet, records = Path(folder, "log.csv"), Path(folder, "statements.jsonl")
            sheet.write_text("date,learner,goal,what happened\n" + "".join(_row(n, word(n)) for n in range(ROWS)))
            records.write_text("".join(_statement(n, verb(n)) for n in range(ROWS)))
            print(f"{name:>14}: class log {_seconds(sheet):6.2f} s, xAPI {_seconds(records):6.2f} s", flush=True)


def _seconds(file: Path) -> float:
    start = perf_counter()
    rl.load(file)
    return perf_counter() - start


def _word() -> str:
    return "".join(_chance.choices("abcdeinorst", k=9))


def _row(number: int, word: str) -> str:
    return f"2026-07-{1 + number % 28:02d},L{number % 50},G{number % 9},{word}\n"


def _statement(number: int, verb: str) -> str:
    statement = {
        "actor": {"mbox": f"mailto:l{number % 50}@school.example"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": f"http://school.example/g{number % 9}"},
        "timestamp": "2026-07-20T10:00:00Z",
    }
    return json.dumps(statement) + "\n"
