"""A million rows, loaded and checked, beside `pandas.read_csv` of the same file, each in a process of its own.

Promised for `events.csv`, the form that `save_tables` writes: at most 4 times the time, and under 3 times the memory
(the most that the process ever held). Loading lists every problem; where each goal stands after each event is found
when it is first asked for, which `and statuses` adds. `as text` is `read_csv` with `dtype="str"`, which, as `load`
must, keeps ids such as 007 and NA as they are written. The one-sheet log, a mapped table and a folder with a roster are
shown too.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

import reflectlab as rl

ROWS = 1_000_000
RUNS = 3
MAPPED = "columns={'learner_id': 'Pupil', 'goal_id': 'Target', 'time': 'When', 'event': 'Did'}"
_TIMED = """
import sys, time
{imports}
start = time.perf_counter()
held = {call}
seconds = time.perf_counter() - start
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(seconds, int(peak) / 1024)
"""


def main() -> None:
    with TemporaryDirectory() as folder:
        print(
            f"{'':>22}{'rows':>12}{'pandas':>16}{'as text':>16}{'reflectlab':>16}{'and statuses':>16}{'ratio':>14}"
            f"{'to text':>14}   (s, MB)"
        )
        for name, path, options in _files(Path(folder)):
            file = next(path.glob("events*")) if path.is_dir() else path
            theirs = _measured("import pandas", f"pandas.read_csv({str(file)!r})")
            texts = _measured("import pandas", f"pandas.read_csv({str(file)!r}, dtype='str', keep_default_na=False)")
            load = f"reflectlab.load({str(path)!r}, {options})"
            ours = _measured("import pandas, reflectlab.load.assemble", load)
            whole = _measured("import pandas, reflectlab.load.assemble", f"{load}.frame('events')")
            ratios = [ours[n] / base[n] for base in (theirs, texts) for n in (0, 1)]
            times = "".join(f"{time:>8.2f}{peak:>8.0f}" for time, peak in (theirs, texts, ours, whole))
            shown = "".join(f"{ratio:>7.2f}" for ratio in ratios)
            print(f"{name:>22}{ROWS:>12,}{times}{shown}", flush=True)


def _measured(imports: str, call: str) -> tuple[float, float]:
    """Return the least time and memory of some runs, each in a fresh process."""
    code = _TIMED.format(imports=imports, call=call)
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(RUNS)]
    figures = [tuple(map(float, run.stdout.split())) for run in runs]
    return min(time for time, _ in figures), min(peak for _, peak in figures)


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
    sheet = {"time": "date", "learner_id": "learner", "goal_id": "goal", "event": "what happened"}
    events.rename(sheet).write_csv(folder / "sheet.csv")
    yield "one-sheet log", folder / "sheet.csv", ""
    mapped = dict(zip(sheet, ("When", "Pupil", "Target", "Did"), strict=True))
    events.rename(mapped).write_csv(folder / "mapped.csv")
    yield "mapped table", folder / "mapped.csv", MAPPED


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
