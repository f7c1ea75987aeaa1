"""A log that we wrote, damaged in one place: nothing is silently wrong.

The law, for a file of cells. *Touched* is the row in which the damage is, and its neighbour where it is at their
border. Then the file ends in one clear error that names it, or:

1. every row that is not touched is read as before, to the last cell, or is itself listed (as where a damaged name now
   repeats it);
2. a touched row is listed, under its own number or that of a line that it has fallen into; or it is read, and then it
   differs from what it was in no more than the cell in which the damage is: a letter of a note that has become another
   is a legal other note;
3. rows read = rows loaded + rows listed.

A header that is damaged ends in an error, in a problem, or in nothing lost.
"""

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import reflectlab
from reflectlab import ProgressLog, ReflectLabError
from reflectlab.problems import KEPT
from tests.load.conftest import balanced
from tests.load.files.test_workbook import workbook

LEARNERS = ["007", "NA", "Chloë", "Hēmi a"]
EVENTS = ["set", "started", "worked", "stuck", "met", "reopened", "dropped"]
CELLS = {"events": ["time", "learner_id", "goal_id", "event", "chosen_by", "note"]}
CELLS["collaborations"] = ["episode_id", "time", "minutes", "learner_id", "goal_id", "role", "chosen_by", "note"]

moments = st.datetimes(pd.Timestamp("2026-07-20"), pd.Timestamp("2026-07-25")).map(lambda at: at.replace(microsecond=0))
notes = st.one_of(st.just(""), st.text("ab ,;\"\n'=ē", max_size=6))
choices = st.sampled_from(["learner", "teacher", ""])
happening = st.tuples(
    moments, st.sampled_from(LEARNERS), st.sampled_from(["hook", "1e5"]), st.sampled_from(EVENTS), choices, notes
)
episode = st.tuples(st.lists(st.sampled_from(LEARNERS), min_size=2, max_size=3, unique=True), moments, choices, notes)
bits = st.sampled_from([",", ";", '"', "'", "\n", "\r", "\t", " ", "x", "0", "é"]).map(str.encode)
damages = st.tuples(
    st.sampled_from(["insert", "replace", "delete"]), bits | st.binary(min_size=1, max_size=1), st.floats(0, 0.9999)
)


class Row(NamedTuple):
    """A row of a file: where its bytes are, its number and its cells."""

    start: int
    stop: int
    number: int
    cells: list[str]


def rows_of(data: bytes) -> Iterator[Row]:
    """The rows of a file that a csv writer wrote, its header first."""
    mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    text = [line.decode() for line in io.BytesIO(data[mark:])]
    reader = csv.reader(text, strict=True)
    start, taken = 0, 0
    for number, cells in enumerate(reader, start=1):
        stop = start + sum(len(line.encode()) for line in text[taken : reader.line_num])
        yield Row(start + (mark if start else 0), stop + mark, number, cells)
        start, taken = stop, reader.line_num


def damaged(data: bytes, kind: str, bit: bytes, at: int) -> bytes:
    return data[:at] + (b"" if kind == "delete" else bit) + data[at + (kind != "insert") :]


def holds(log: ProgressLog, table: str) -> list[tuple[str, ...]]:
    frame = getattr(log, table)[CELLS[table]]
    return [tuple("" if pd.isna(cell) else str(cell) for cell in row) for row in frame.to_numpy().tolist()]


def numbers(log: ProgressLog, file: str) -> set[int]:
    """The numbers of the rows of a file that were left out."""
    left = log.problems[~log.problems["code"].isin(KEPT) & (log.problems["file"] == file)]
    return set(left["row"].dropna().astype(int))


def check(clean: ProgressLog, after: ProgressLog, table: str, file: str, touched: list[int]) -> None:
    """The law, above, for one table."""
    listed = numbers(after, file)
    before, now = getattr(clean, table), getattr(after, table)
    whole = [tuple(map(str, row)) for row in before[CELLS[table]].to_numpy().tolist()]
    known = dict(zip(before["row"], whole, strict=True))
    others = Counter(cells for number, cells in known.items() if number not in touched)
    have = Counter(tuple(map(str, row)) for row in now[CELLS[table]].to_numpy().tolist())
    missing, new = others - have, list((have - others).elements())
    assert missing.total() <= len(listed - set(touched)), f"lost: {missing}"
    assert len(new) <= len(touched), f"invented: {new}"
    for row in new:
        nearest = min(sum(a != b for a, b in zip(row, known[number], strict=True)) for number in touched)
        assert nearest <= 1, f"shifted: {row}"
    assert len(new) == len(touched) or listed or after.problems["code"].isin(KEPT).any(), "lost in silence"


@given(
    st.lists(happening, min_size=1, max_size=6), st.lists(episode, max_size=3), st.sampled_from(list(CELLS)), damages
)
def test_a_damaged_table_is_never_silently_wrong(
    happened: list[Any], together: list[Any], table: str, damage: tuple[str, bytes, float]
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="damage"))
    log = made(happened, together)
    reflectlab.save_tables(log, folder)
    file = folder / f"{table}.csv"
    if file.is_file():
        broken(folder, file, table, damage)


@given(st.lists(happening, min_size=1, max_size=6), damages)
def test_a_damaged_class_log_is_never_silently_wrong(happened: list[Any], damage: tuple[str, bytes, float]) -> None:
    file = Path(tempfile.mkdtemp(prefix="damage")) / "room5.csv"
    frame = made(happened, []).events
    names = {"time": "date", "learner_id": "learner", "goal_id": "goal", "event": "what happened"}
    frame[CELLS["events"]].rename(columns={**names, "chosen_by": "chosen by"}).to_csv(file, index=False)
    broken(file, file, "events", damage)


def loaded(path: Path, name: str) -> ProgressLog | None:
    """The log, or None where it was refused by an error that names the file."""
    said = name
    try:
        return balanced(reflectlab.load(path))
    except ReflectLabError as error:
        said = str(error)
    assert name in said
    return None


def broken(path: Path, file: Path, table: str, damage: tuple[str, bytes, float]) -> None:
    """Damage a file and hold the log to the law."""
    clean, data = balanced(reflectlab.load(path)), file.read_bytes()
    kind, bit, share = damage
    at = int(share * len(data))
    header, *rows = rows_of(data)
    file.write_bytes(damaged(data, kind, bit, at))
    after = loaded(path, file.name)
    if after is None:
        return
    if at <= header.stop:
        same = holds(after, table) == holds(clean, table)
        assert same or len(after.problems) > len(clean.problems)
        return
    touched = [row.number for row in rows if row.start - 1 <= at <= row.stop]
    check(clean, after, table, file.name, touched)


@given(
    st.lists(happening, min_size=1, max_size=4), st.integers(0, 5), st.text("ab0-:/ ", max_size=12), st.floats(0, 0.99)
)
def test_a_changed_cell_of_a_workbook_changes_no_other(
    happened: list[Any], column: int, text: str, share: float
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="damage"))
    frame = made(happened, []).events[CELLS["events"]]
    rows = [[str(cell) if not pd.isna(cell) else "" for cell in row] for row in frame.to_numpy().tolist()]
    (folder / "log.xlsx").write_bytes(workbook({"events": [CELLS["events"], *rows]}))
    clean = balanced(reflectlab.load(folder / "log.xlsx"))
    touched = int(share * len(rows))
    rows[touched][column] = text
    (folder / "log.xlsx").write_bytes(workbook({"events": [CELLS["events"], *rows]}))
    after = loaded(folder / "log.xlsx", "log.xlsx")
    if after is not None:
        check(clean, after, "events", "log.xlsx", [touched + 2])


@given(damages)
def test_a_damaged_byte_of_a_workbook_is_refused_or_tells_nothing(damage: tuple[str, bytes, float]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="damage"))
    reflectlab.save_tables(reflectlab.example(), folder / "log.xlsx")
    clean, data = reflectlab.load(folder / "log.xlsx"), (folder / "log.xlsx").read_bytes()
    kind, bit, share = damage
    (folder / "log.xlsx").write_bytes(damaged(data, kind, bit, int(share * len(data))))
    after = loaded(folder / "log.xlsx", "log.xlsx")
    assert after is None or all(holds(after, table) == holds(clean, table) for table in CELLS)


def made(happened: list[Any], together: list[Any]) -> ProgressLog:
    events = pd.DataFrame(happened, columns=CELLS["events"])
    rows = [
        (str(number), at, 15.0, learner, "hook", "peer", chosen, note)
        for number, (learners, at, chosen, note) in enumerate(together)
        for learner in learners
    ]
    tables = {"events": events, "collaborations": pd.DataFrame(rows, columns=CELLS["collaborations"])}
    learners = pd.DataFrame({"learner_id": LEARNERS, "name": LEARNERS})
    return ProgressLog.from_tables(**{name: frame for name, frame in tables.items() if len(frame)}, learners=learners)
