"""A million rows, loaded and checked, beside `pandas.read_csv` of the same file, each in a process of its own.

Promised for `events.csv`, the form that `save_tables` writes: at most the time of `read_csv` as text, and 1.5 times
its memory (the most that the process ever held). Loading lists every problem; where each goal stands after each event
is found when it is first asked for, which `and statuses` adds. `as text` is `read_csv` with `dtype="str"`, which, as
`load` must, keeps ids such as 007 and NA as they are written. The one-sheet log, a mapped table and a folder with a
roster are shown too; and 20,000 rows of XLSX beside `read_excel` by calamine, at most 1.2 times whose time is
promised.

The least of some runs is told, which take turns: seconds, those of the processor in all threads, and MB. What a call
imports is imported before.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

import reflectlab as rl

ROWS, ROWS_OF_XLSX = 1_000_000, 20_000
RUNS = 5
MAPPED = "columns={'learner_id': 'Pupil', 'goal_id': 'Target', 'time': 'When', 'event': 'Did'}"
SHEET = {"time": "date", "learner_id": "learner", "goal_id": "goal", "event": "what happened"}
_TIMED = """
import time
{imports}
start, busy = time.perf_counter(), time.process_time()
held = {call}
seconds, busy = time.perf_counter() - start, time.process_time() - busy
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(seconds, busy, int(peak) / 1024)
"""
_OURS = """
import narwhals, pandas, polars, reflectlab.load.assemble, reflectlab.load.progress_bar
narwhals.from_native(polars.LazyFrame({"a": [1]})).select(narwhals.col("a").max()).collect()
"""
_CALAMINE = "import pandas, python_calamine, pandas.io.excel._calamine"

Calls = dict[str, tuple[str, str]]
"""What is timed: what it imports before, and the call."""


def main() -> None:
    with TemporaryDirectory() as folder:
        for name, path, options in _files(Path(folder)):
            _show(name, ROWS, _beside_read_csv(path, options))
        for name, path in _workbooks(Path(folder)):
            _show(name, ROWS_OF_XLSX, _beside_read_excel(path))


def _beside_read_csv(path: Path, options: str) -> Calls:
    file = next(path.glob("events*")) if path.is_dir() else path
    load = f"reflectlab.load({str(path)!r}, {options})"
    return {
        "as text": ("import pandas", f"pandas.read_csv({str(file)!r}, dtype='str', keep_default_na=False)"),
        "pandas": ("import pandas", f"pandas.read_csv({str(file)!r})"),
        "reflectlab": (_OURS, load),
        "and statuses": (_OURS, f"{load}.frame('events')"),
    }


def _beside_read_excel(path: Path) -> Calls:
    read = f"pandas.read_excel({str(path)!r}, engine='calamine', dtype=str, keep_default_na=False)"
    return {"as text": (_CALAMINE, read), "reflectlab": (_OURS, f"reflectlab.load({str(path)!r})")}


def _show(name: str, rows: int, calls: Calls) -> None:
    """Print the figures of some calls, and their ratios to those of the first."""
    figures = _measured(calls)
    print(f"\n{name}, {rows:,} rows{'':>20}s    of the processor     MB    times as text")
    for one, each in figures.items():
        ratios = "".join(f"{of / to:>7.2f}" for of, to in zip(each, figures["as text"], strict=True))
        print(f"{one:>22}{each[0]:>20.2f}{each[1]:>20.2f}{each[2]:>7.0f}  {ratios}", flush=True)


def _measured(calls: Calls) -> dict[str, list[float]]:
    """Return the least time, time of the processor and memory of some runs, each in a fresh process, in turn."""
    runs = [{name: _run(*call) for name, call in calls.items()} for _ in range(RUNS)]
    return {name: [min(run[name][n] for run in runs) for n in range(3)] for name in calls}


def _run(imports: str, call: str) -> list[float]:
    command = [sys.executable, "-c", _TIMED.format(imports=imports, call=call)]
    return [*map(float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())]


def _files(folder: Path) -> Iterator[tuple[str, Path, str]]:
    """Write one log in each form, and tell how it is loaded."""
    events, learners = _school()
    events.write_csv(folder / "events.csv")
    yield "events.csv", folder / "events.csv", ""
    both = folder / "tables"
    both.mkdir()
    events.write_csv(both / "events.csv")
    learners.write_csv(both / "learners.csv")
    yield "with learners.csv", both, ""
    events.rename(SHEET).write_csv(folder / "sheet.csv")
    yield "one-sheet log", folder / "sheet.csv", ""
    mapped = dict(zip(SHEET, ("When", "Pupil", "Target", "Did"), strict=True))
    events.rename(mapped).write_csv(folder / "mapped.csv")
    yield "mapped table", folder / "mapped.csv", MAPPED


def _workbooks(folder: Path) -> Iterator[tuple[str, Path]]:
    """Write the first rows as workbooks, their times as a spreadsheet has them."""
    events = _school()[0].head(ROWS_OF_XLSX).to_pandas()
    events = events.assign(time=events["time"].astype("datetime64[us]"))
    sheets = ("events.xlsx", "events", events), ("one-sheet workbook", "Room 5", events.rename(columns=SHEET))
    for name, sheet, frame in sheets:
        path = folder / f"{sheet}.xlsx"
        frame.to_excel(path, sheet_name=sheet, index=False, engine="xlsxwriter")
        yield name, path


def _school() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a simulated school, put beside itself until it has as many rows as promised."""
    log = rl.simulate(classes=40, learners=25, seed=1)
    events, learners = pl.from_pandas(log.events).drop("row"), pl.from_pandas(log.learners).drop("row")
    events = events.with_columns(pl.col("time").dt.strftime("%Y-%m-%d %H:%M:%S"))
    copies = -(-ROWS // events.height)
    schools = [_renamed(events, number) for number in range(copies)]
    everyone = pl.concat([_renamed(learners, number) for number in range(copies)])
    return pl.concat(schools).head(ROWS), everyone


def _renamed(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    return frame.with_columns(pl.format("{}-{}", "learner_id", pl.lit(number)).alias("learner_id"))


if __name__ == "__main__":
    main()
