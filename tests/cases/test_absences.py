"""Who was away: noted in a class log or in a table of its own, kept in the log, and seen in every measure."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import reflectlab
from reflectlab import ProgressLog
from reflectlab.load.clean.values import halves_of_days
from reflectlab.show import alt_text, plot_board, plot_pathway, to_svg
from reflectlab.show.parts.picture import marks
from tests.load.conftest import Load, balanced, listed, remarks

HEADER = "date,learner,goal,what happened,with\n"


def away(log: ProgressLog) -> list[tuple[str, str, str]]:
    rows = log.absences.fillna({"part": ""})
    return sorted(zip(rows["learner_id"], rows["date"].dt.strftime("%m-%d"), rows["part"], strict=True))


def test_absence_words_are_absences(cases: Path) -> None:
    log = balanced(reflectlab.load(cases / "absences.csv"))
    assert away(log) == [("Aroha", "07-21", ""), ("Aroha", "07-22", "")]
    assert listed(log) == []
    assert log.events["time"].dt.strftime("%d %H").tolist() == ["20 00", "23 00", "23 12", "23 00"]


@pytest.mark.parametrize(
    ("word", "part"),
    [("absent", ""), ("away", ""), ("Sick", ""), ("ill", ""), ("on holiday", ""), ("dentist", ""), ("abs", ""),
     ("abs.", ""), ("absent am", "am"), ("sick (pm)", "pm"), ("away in the morning", "am"),
     ("dentist, afternoon", "pm")],
)  # fmt: skip
def test_words_for_being_away_and_their_half_days(load: Load, word: str, part: str) -> None:
    log = load(HEADER + f'2026-07-20,Ben,hook,started,\n2026-07-21,Ben,,"{word}",\n')
    assert (away(log), listed(log)) == ([("Ben", "07-21", part)], [])


def test_words_of_the_caller_for_being_away(load: Load) -> None:
    log = load(HEADER + "2026-07-20,Ben,hook,started,\n2026-07-21,Ben,,camp,\n", words={"camp": "absent"})
    assert away(log) == [("Ben", "07-21", "")]
    log = load(HEADER + "2026-07-20,Ben,hook,started,\n2026-07-21,Ben,,away,\n", words={"away": None})
    assert (away(log), listed(log)) == ([], [(3, "left_out")])


def test_who_was_away_was_with_nobody(load: Load) -> None:
    log = load(HEADER + "2026-07-20,Ben,hook,started,\n2026-07-21,Ben,hook,absent,Aroha\n")
    assert log.collaborations.empty
    assert remarks(log) == [(3, "normalised")]


def test_half_days_in_dates() -> None:
    texts = ["2026-07-23 am", "23/07/2026 morning", "2026-07-23 pm", "2026-07-23 9:30 am", "2026-07-23", "Ben am"]
    assert halves_of_days(pl.Series(texts)).to_list() == ["am", "am", "pm", None, None, None]


@pytest.mark.parametrize(
    "table",
    [
        "learner_id,date,part\nb,2026-07-21,\nb,2026-07-22,am\n",
        "Name,Date,Half day\nBen,21/07/2026,whole day\nBen,22/07/2026,morning\n",
        "Student,Absent on,Session\nBen,21/07/2026,\nben,22/07/2026,AM\n",
    ],
)
def test_a_table_of_absences_stands_beside_a_log(tmp_path: Path, table: str) -> None:
    (tmp_path / "log.csv").write_text(HEADER + "20/07/2026,Ben,hook,started,\n24/07/2026,Ben,hook,met,\n", "utf-8")
    (tmp_path / "class list.csv").write_text("learner_id,name\nb,Ben\n", "utf-8")
    (tmp_path / "absences.csv").write_text(table, "utf-8")
    log = balanced(reflectlab.load(tmp_path))
    assert away(log) == [("b", "07-21", ""), ("b", "07-22", "am")]


def test_what_is_wrong_in_a_table_of_absences_is_listed(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(HEADER + "2026-07-20,Ben,hook,started,\n", "utf-8")
    (tmp_path / "class list.csv").write_text("learner_id,name\nb,Ben\n", "utf-8")
    rows = "b,2026-07-20,lunch\nzoe,2026-07-20,\nb,31/02/2026,\n,2026-07-20,\n"
    (tmp_path / "absences.csv").write_text(f"learner_id,date,part\n{rows}", "utf-8")
    log = balanced(reflectlab.load(tmp_path))
    assert listed(log) == [(2, "unknown_part"), (3, "unknown_learner"), (4, "bad_time"), (5, "missing_learner")]


@pytest.mark.parametrize("suffix", ["", ".xlsx", ".parquet"])
def test_absences_are_written_and_read_again(tmp_path: Path, suffix: str) -> None:
    log = school(ProgressLog_of)
    reflectlab.save_tables(log, tmp_path / f"log{suffix}")
    again = [balanced(reflectlab.load(tmp_path / f"log{suffix}"))]
    if suffix == ".parquet":
        again.append(reflectlab.scan(tmp_path / "log.parquet"))
    for one in again:
        pd.testing.assert_frame_equal(one.absences[["learner_id", "date", "part"]], log.absences.drop(columns="row"))
        pd.testing.assert_frame_equal(reflectlab.spells(one), reflectlab.spells(log))


Engine = Callable[[Mapping[str, pd.DataFrame]], ProgressLog]

EVENTS = [
    ("2026-07-20", "a", "hook", "started"), ("2026-07-31", "a", "hook", "met"),
    ("2026-07-20", "b", "hook", "started"), ("2026-07-22", "b", "hook", "stuck"),
    ("2026-07-20", "c", "hook", "set"), ("2026-07-31", "c", "ending", "set"),
]  # fmt: skip

ABSENCES = [
    ("a", "2026-07-22", None), ("a", "2026-07-23", "am"), ("a", "2026-07-23", "am"), ("a", "2026-07-25", None),
    *(("b", day, None) for day in ("2026-07-27", "2026-07-28", "2026-07-29", "2026-07-30", "2026-07-31")),
    ("c", "2026-07-24", "am"), ("c", "2026-07-24", "pm"),
]  # fmt: skip


def ProgressLog_of(tables: Mapping[str, pd.DataFrame]) -> ProgressLog:  # noqa: N802 - an engine
    return ProgressLog.from_tables(**tables)


def school(engine: Engine) -> ProgressLog:
    events = pd.DataFrame(EVENTS, columns=["time", "learner_id", "goal_id", "event"])
    absences = pd.DataFrame(ABSENCES, columns=["learner_id", "date", "part"]).astype({"part": "str"})
    pair = pd.DataFrame({"episode_id": "e", "time": pd.Timestamp("2026-07-21"), "learner_id": ["a", "b"]})
    events["time"], absences["date"] = pd.to_datetime(events["time"]), pd.to_datetime(absences["date"])
    return engine({"events": events, "collaborations": pair, "absences": absences})


@pytest.fixture
def log() -> ProgressLog:
    return school(ProgressLog_of)


def test_days_absent_stand_beside_durations(log: ProgressLog) -> None:
    found = reflectlab.spells(log).set_index(["learner_id", "goal_id"])
    assert found["days_to_met"].dropna().to_dict() == {("a", "hook"): 10}
    assert found["days_absent"].to_dict() == {
        ("a", "hook"): 1.5, ("b", "hook"): 5.0, ("c", "ending"): 0.0, ("c", "hook"): 1.0,
    }  # fmt: skip
    stands = reflectlab.status(log).set_index(["learner_id", "goal_id"])
    assert stands.loc[("b", "hook"), ["status", "days_in_status", "days_absent"]].tolist() == ["stuck", 7, 5.0]


def test_who_is_away_is_not_present(log: ProgressLog) -> None:
    table = reflectlab.collaboration(log).set_index("learner_id")
    assert table["per_week"].to_dict() == pytest.approx({"a": 1 / (8.5 / 5), "b": 1 / 1, "c": 0.0})
    weeks = reflectlab.collaboration(log, every="week")
    assert weeks.loc[weeks["learner_id"] == "b", "week"].tolist() == [1]


def test_who_is_away_is_not_available(log: ProgressLog) -> None:
    days = reflectlab.availability(log)
    plain = log.absences.drop_duplicates(["learner_id", "date", "part"]).assign(
        half=lambda rows: rows["part"].notna() / 2
    )
    share = (1 - plain["half"]).groupby([plain["learner_id"], plain["date"]]).sum()
    whole = {(who, day) for (who, day), there in share.items() if there >= 1}
    calendar = set(log.calendar.days["date"])
    everyone = {(who, day) for who in "abc" for day in calendar}
    assert set(zip(days["learner_id"], days["date"], strict=True)) == everyone - whole
    peers = days.set_index(["learner_id", "date"])["peers"]
    assert peers["c", pd.Timestamp("2026-07-22")] == 1  # a is away, b is there
    assert peers["c", pd.Timestamp("2026-07-28")] == 1  # b is away, a is there
    assert reflectlab.availability_summary(log).set_index("learner_id")["days"].to_dict() == {"a": 9, "b": 5, "c": 9}


def test_who_is_away_is_not_invited(log: ProgressLog) -> None:
    there, gone = (reflectlab.opportunities(log, on=day) for day in ("2026-07-24", "2026-07-29"))
    assert set(there["learner_id"]) == {"a", "b"}
    assert "b" not in {*gone["learner_id"], *gone["with_learner_id"]}
    assert set(gone["learner_id"]) == {"a", "c"}


def test_absences_are_selected_and_counted(log: ProgressLog) -> None:
    assert len(log.absences) == len(ABSENCES)
    assert set(log.select(learner_id="a").absences["learner_id"]) == {"a"}
    assert len(log.select(start="2026-07-24", end="2026-07-27").absences) == 4
    assert log.frame("absences").collect()["school_day"].to_list().count(None) == 1  # a Saturday
    if not log.scanned:
        assert "11 absences" in repr(log)


def test_a_log_without_absences_says_nothing_of_them() -> None:
    log = reflectlab.example()
    assert log.absences.empty
    assert "absence" not in repr(log)
    assert (reflectlab.spells(log)["days_absent"] == 0).all()


def test_the_pictures_show_a_gap_only_where_there_is_one() -> None:
    log = reflectlab.example()
    frames = reflectlab.stretches(log), reflectlab.episodes(log)
    options = {"names": log.learners.set_index("learner_id")["name"], "calendar": log.calendar.days}
    absences = pd.DataFrame(
        {
            "learner_id": ["ben"] * 3,
            "date": pd.to_datetime(["2026-07-22", "2026-07-23", "2026-07-25"]),
            "part": ["pm", None, None],
        }
    )
    for plot, more in ((plot_board, {}), (plot_pathway, {"learner": "ben"})):
        plain, empty = plot(*frames, **options, **more), plot(*frames, **options, **more, absences=log.absences)
        assert to_svg(plain) == to_svg(empty)
        shown = plot(*frames, **options, **more, absences=absences)
        assert alt_text(shown) == alt_text(plain)
        gaps = [made for made in shown.collections if made.get_label() == "away"]
        assert {tuple(path.get_extents().intervalx) for made in gaps for path in made.get_paths()} == {(2.5, 4.0)}
        told = [mark for mark in marks(shown) if mark["what"] == "away"]
        assert {mark["learner_id"] for mark in told} == {"ben"}
        assert all(str(mark["text"]).endswith(": away, 2026-07-22 to 2026-07-23") for mark in told)
        assert ">away<" in to_svg(shown)
        assert ">away<" not in to_svg(plain)


WEEK = [f"2026-07-{day}" for day in (20, 21, 22, 23, 24)]


def of_two_weeks(days: list[str]) -> ProgressLog:
    """Three learners over two weeks, all on one goal; Chidi was away on some days."""
    events = pd.DataFrame(
        {
            "time": [f"2026-07-{13 if who == 'Chidi' else 20}" for who in ("Ana", "Ben", "Chidi")] + ["2026-07-27"],
            "learner_id": ["Ana", "Ben", "Chidi", "Ana"],
            "goal_id": "hook",
            "event": ["started", "started", "started", "worked"],
        }
    )
    absences = pd.DataFrame({"learner_id": "Chidi", "date": days})
    return ProgressLog.from_tables(events=events, absences=absences if days else None)


@pytest.mark.parametrize(("days", "state"), [(WEEK, "%"), (WEEK[1:], "working"), ([], "working")])
def test_a_week_without_a_day_at_school_is_no_state_of_a_sequence(days: list[str], state: str) -> None:
    table = reflectlab.to_sequences(of_two_weeks(days), names=True).set_index("learner_id")
    assert table.loc["Chidi"].tolist() == ["working", state, "working"]
    assert table.loc["Ben"].tolist() == ["*", "working", "working"]


@pytest.mark.parametrize(("days", "number"), [(WEEK, 2), (WEEK[1:], 3), ([], 3)])
def test_a_network_has_whoever_was_there_on_some_day(days: list[str], number: int) -> None:
    log = of_two_weeks(days).select(start=WEEK[0], end=WEEK[-1])
    assert reflectlab.network_summary(log)["learners"].item() == number
