"""The sample: simulated, said so everywhere, the same whenever it is made, and the same school in every form."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import reflectlab

TABLES = ["events", "collaborations", "learners", "goals", "terms"]
BOOKS = ["room_5/room_5_log.xlsx", "room_5/room_5_grid.xlsx"]
ROSTER = ["learners.csv", "goals.csv", "terms.csv"]


@pytest.fixture(scope="module")
def sample(root: Path) -> Path:
    return root / "data" / "sample"


@pytest.fixture(scope="module")
def maker(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_sample", root / "data" / "make_sample.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tables(sample: Path) -> dict[str, pd.DataFrame]:
    return {name: pd.read_csv(sample / f"{name}.csv", dtype="str", keep_default_na=False) for name in TABLES}


@pytest.fixture(scope="module")
def school(sample: Path) -> reflectlab.ProgressLog:
    return reflectlab.load(sample)


@pytest.fixture(scope="module")
def from_sheet(sample: Path) -> reflectlab.ProgressLog:
    return reflectlab.load([sample / BOOKS[0], *(sample / name for name in ROSTER)])


def test_the_script_makes_what_is_committed(maker: ModuleType, sample: Path, tmp_path: Path) -> None:
    maker.main(tmp_path)
    for name in TABLES:
        assert (tmp_path / f"{name}.csv").read_bytes() == (sample / f"{name}.csv").read_bytes(), name
    for name in BOOKS:
        assert _cells(tmp_path / name) == _cells(sample / name), name


def test_it_says_everywhere_that_it_is_simulated(sample: Path, tables: dict[str, pd.DataFrame]) -> None:
    assert (sample / "README.md").read_text(encoding="utf-8").startswith("# A simulated school")
    assert tables["terms"]["title"].str.contains("(simulated)", regex=False).all()
    for name in BOOKS:
        assert "simulated" in str(_cells(sample / name)[1][0])


def test_the_data_dictionary_is_complete(sample: Path, maker: ModuleType, tables: dict[str, pd.DataFrame]) -> None:
    text = (sample / "README.md").read_text(encoding="utf-8")
    for name, table in tables.items():
        section = text.split(f"### {name}.csv")[1].split("##")[0]
        assert all(f"`{column}`" in section for column in table.columns), name
    for column in maker.COLUMNS:
        assert f"| `{column}` |" in text.split("## The workbooks")[1]
    for words in maker.WORDS.values():
        assert all(word in text for word in words)
    assert f"hazard ratio per school day | **{maker.SCHOOL['hazard_ratio']}**" in text
    assert f"| seed | {maker.SEED} |" in text
    counts = len(tables["events"]), tables["collaborations"]["episode_id"].nunique(), len(tables["collaborations"])
    assert "{:,} events, {} episodes with {} participations".format(*counts) in text


def test_it_looks_like_a_school(school: reflectlab.ProgressLog) -> None:
    assert school.problems.empty
    assert school.last_day.isoformat() == "2026-09-16"
    assert school.learners["name"].is_unique
    assert school.learners.groupby("class_id").size().tolist() == [26, 26, 26, 26]
    assert set(school.goals["strand"]) == {"Ideas", "Structure", "Sentences", "Vocabulary", "Spelling"}
    assert school.collaborations["chosen_by"].eq("learner").mean() == pytest.approx(0.7, abs=0.05)
    assert len(school.collaborations) / 104 / 8.6 == pytest.approx(1.0, abs=0.15)


def test_room_5_has_a_bit_of_everything(school: reflectlab.ProgressLog) -> None:
    room = school.select(class_id="Room 5")
    spells = reflectlab.spells(room)
    assert spells.groupby("learner_id").size().between(4, 9).all()
    assert spells.groupby("status").size().to_dict() == {"met": 133, "stuck": 5, "working": 17, "set": 6, "dropped": 3}
    assert room.learners[["joined", "left"]].notna().sum().tolist() == [1, 1]
    alone = room.learners[~room.learners["learner_id"].isin(room.collaborations["learner_id"])]
    assert alone["name"].tolist() == ["Sofía"]


def test_the_sheet_loads_without_a_fault(from_sheet: reflectlab.ProgressLog) -> None:
    assert set(from_sheet.problems["code"]) == {"merged", "unused_table"}  # the sheet About is no log
    assert from_sheet.dates_only


def test_the_sheet_has_the_same_events(school: reflectlab.ProgressLog, from_sheet: reflectlab.ProgressLog) -> None:
    columns = ["time", "learner_id", "goal_id", "event", "chosen_by", "note"]
    ours, theirs = (_by_date(log.events, columns) for log in (school.select(class_id="Room 5"), from_sheet))
    pd.testing.assert_frame_equal(ours, theirs)


def test_the_sheet_has_the_same_episodes(school: reflectlab.ProgressLog, from_sheet: reflectlab.ProgressLog) -> None:
    ours, theirs = (_episodes(log) for log in (school.select(class_id="Room 5"), from_sheet))
    assert ours == theirs


def test_the_grid_has_what_was_met(sample: Path, school: reflectlab.ProgressLog) -> None:
    grid = reflectlab.load([sample / BOOKS[1], *(sample / name for name in ROSTER)])
    assert set(grid.problems["code"]) == {"unused_table"}
    met = school.select(class_id="Room 5").events.query("event == 'met'").drop_duplicates(["learner_id", "goal_id"])
    columns = ["time", "learner_id", "goal_id", "event"]
    pd.testing.assert_frame_equal(_by_date(met, columns), _by_date(grid.events, columns))


def _cells(path: Path) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def _by_date(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    dated = table.assign(time=table["time"].dt.normalize())[columns]
    return dated.sort_values(columns, ignore_index=True)


def _episodes(log: reflectlab.ProgressLog) -> list[tuple[object, ...]]:
    """When, who, on which goal, how long and who chose: what the sheet can tell; roles it tells in other words."""
    table = log.collaborations.assign(time=log.collaborations["time"].dt.normalize()).fillna({"minutes": -1})
    episodes = table.groupby("episode_id").agg(
        time=("time", "first"),
        people=("learner_id", lambda each: tuple(sorted(each))),
        goal=("goal_id", lambda each: tuple(sorted(set(each.dropna())))),
        minutes=("minutes", "first"),
        chosen_by=("chosen_by", lambda each: str(each.iloc[0])),
    )
    return sorted(episodes.itertuples(index=False, name=None))
