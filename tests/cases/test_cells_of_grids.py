"""What a cell of a grid says: ticks, crosses, boxes, blanks, totals, days due, marks."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import reflectlab
from reflectlab import AmbiguousDateError, NotALogError, ProgressLog
from reflectlab.explore import TeacherBoard
from reflectlab.show import alt_text, plot_completion
from tests.load.conftest import Load, balanced, listed

DAY = "2026-08-01"

UNKNOWN = "does not say which goals were set"


def happened(log: ProgressLog) -> dict[tuple[str, str], str]:
    return {(row.learner_id, row.goal_id): row.event for row in log.events.itertuples()}


@pytest.mark.parametrize(("name", "met"), [("grid_cross.csv", 4), ("ticks_and_crosses.csv", 5), ("true_false.csv", 5)])
def test_a_cross_is_a_goal_that_is_set_and_not_met(cases: Path, name: str, met: int) -> None:
    log = balanced(reflectlab.load(cases / name, as_of=DAY))
    assert Counter(log.events["event"]) == {"met": met, "set": 9 - met}
    assert not log.blind
    assert reflectlab.completion(log, by=())["rate"].item() == pytest.approx(met / 9)


@pytest.mark.parametrize(("tick", "cross"), [("✓", "x"), ("✔️", "×"), ("☑", "☐"), ("☑", "☒"),
     ("yes", "no"), ("Ja", "nein"), ("1", "0"), ("done", "not yet")])  # fmt: skip
def test_beside_a_tick_its_counterpart_is_not_met(load: Load, tick: str, cross: str) -> None:
    log = load(f"Name,hook,verbs\nAroha,{tick},{cross}\nBen,{cross},{tick}\n", as_of=DAY)
    assert happened(log) == {
        ("Aroha", "hook"): "met", ("Aroha", "verbs"): "set", ("Ben", "hook"): "set", ("Ben", "verbs"): "met",
    }  # fmt: skip
    assert log.problems.empty


@pytest.mark.parametrize("cross", ["x", "X", "×", "☒"])
def test_where_a_cross_is_the_only_mark_it_is_a_tick_with_a_remark(load: Load, cross: str) -> None:
    log = load(f"Name,hook,verbs\nAroha,{cross},\nBen,,{cross}\n", as_of=DAY)
    assert set(log.events["event"]) == {"met"}
    (problem,) = log.problems.to_dict("records")
    assert (problem["code"], problem["value"]) == ("normalised", cross)
    assert f'words={{"{cross}": "set"}}' in problem["hint"]
    assert set(load(f"Name,hook\nAroha,{cross}\n", as_of=DAY, words={cross: "set"}).events["event"]) == {"set"}


def test_two_kinds_of_crosses_without_a_tick_are_asked_about(load: Load) -> None:
    log = load("Name,hook,verbs\nAroha,✗,x\n", as_of=DAY)
    assert happened(log) == {("Aroha", "hook"): "set"}
    assert log.problems["code"].tolist() == ["unknown_word"]


def test_what_the_caller_says_of_a_cross_goes_first(cases: Path) -> None:
    log = reflectlab.load(cases / "grid_cross.csv", as_of=DAY, words={"✗": "met"})
    assert set(log.events["event"]) == {"met"}
    log = balanced(reflectlab.load(cases / "grid_cross.csv", as_of=DAY, words={"✗": None}))
    assert (Counter(log.events["event"]), set(log.problems["code"])) == ({"met": 4}, {"left_out"})


def test_a_cross_among_dates_counts_from_the_last_day_of_the_grid(load: Load) -> None:
    log = load("Name,hook,verbs\nAroha,20/07/2026,✗\nBen,✗,27/07/2026\n")
    assert log.events.loc[log.events["event"] == "set", "time"].dt.strftime("%d").tolist() == ["27", "27"]
    assert log.problems["code"].tolist() == ["normalised"]
    assert not log.blind


def test_a_grid_of_boxes_without_a_day_says_what_to_pass(cases: Path) -> None:
    with pytest.raises(NotALogError, match="as_of="):
        reflectlab.load(cases / "true_false.csv")


def test_a_grid_without_a_word_for_not_met_does_not_know_which_goals_were_set(cases: Path) -> None:
    log = balanced(reflectlab.load(cases / "grid_blanks.csv"))
    table = reflectlab.completion(log, by="learner_id")
    assert table["learner_id"].tolist() == ["Aroha", "Ben", "Chloe", "Dev"]
    assert table[["rate", "low", "high"]].isna().all(axis=None)
    assert UNKNOWN in table.attrs["cannot_tell"][0]
    for measure in (reflectlab.availability(log), reflectlab.availability_summary(log), reflectlab.opportunities(log)):
        assert UNKNOWN in measure.attrs["cannot_tell"][0]
    for every in (None, "week"):
        assert alt_text(plot_completion(reflectlab.completion(log, by=(), every=every))).startswith(
            "Own goals met. 4 goals met. This log does not say which"
        )


def test_the_board_and_the_pathway_of_such_a_grid_say_so(cases: Path) -> None:
    board = TeacherBoard(reflectlab.load(cases / "grid_blanks.csv"))
    for view in (board.class_board, board.pathway, board.completion):
        assert UNKNOWN in view.description
        assert " of 4" not in view.description


@pytest.mark.parametrize("suffix", ["", ".xlsx", ".parquet"])
def test_what_a_log_cannot_know_is_kept(cases: Path, tmp_path: Path, suffix: str) -> None:
    log = reflectlab.load(cases / "grid_blanks.csv")
    reflectlab.save_tables(log, tmp_path / f"log{suffix}")
    assert reflectlab.load(tmp_path / f"log{suffix}").blind == log.blind == {"set"}
    if suffix == ".parquet":
        assert reflectlab.scan(tmp_path / f"log{suffix}").blind == {"set"}


def test_a_blank_cell_may_be_a_goal_that_was_set(cases: Path) -> None:
    log = balanced(reflectlab.load(cases / "grid_blanks.csv", blanks="set"))
    assert not log.blind
    table = reflectlab.completion(log, by="learner_id").set_index("learner_id")
    assert table["goals"].eq(4).all()
    assert table["rate"].to_dict() == {"Aroha": 0.5, "Ben": 0.25, "Chloe": 0.25, "Dev": 0.0}


def test_a_grid_without_a_blank_knows(load: Load) -> None:
    assert not load("Name,hook\nAroha,20/07/2026\nBen,21/07/2026\n").blind
    assert load("Name,hook\nAroha,20/07/2026\nBen,\n").blind == {"set"}


def test_children_without_goals_keep_their_row_in_any_log() -> None:
    events = pd.DataFrame({"time": ["2026-07-20"], "learner_id": ["a"], "goal_id": ["g"], "event": ["set"]})
    roster = pd.DataFrame({"learner_id": ["a", "b"], "class_id": ["R1", "R2"]})
    log = ProgressLog.from_tables(events=events, learners=roster)
    table = reflectlab.completion(log, by="learner_id")
    assert table[["goals", "learners"]].to_numpy().tolist() == [[1, 1], [0, 0]]
    assert table["rate"].isna().tolist() == [False, True]
    assert reflectlab.completion(log, by="class_id", every="week")["goals"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("name", "row", "code", "learners"),
    [("grid_totals3.csv", 8, "total_row", 6), ("grid_due_row.csv", 2, "due_row", 2)],
)
def test_totals_and_days_due_are_no_learners(cases: Path, name: str, row: int, code: str, learners: int) -> None:
    log = balanced(reflectlab.load(cases / name))
    assert listed(log) == [(row, code)]
    assert len(log.learners) == learners
    balanced(reflectlab.load(cases / name, strict=True))


def test_the_days_of_a_row_of_days_due_are_told(cases: Path) -> None:
    (problem,) = reflectlab.load(cases / "grid_due_row.csv").problems.to_dict("records")
    assert "Hook: 31/07/2026, Ending: 07/08/2026" in problem["message"]


@pytest.mark.parametrize(
    "total", ["Total,2,1", "Class average,0.7,0.3", "Mean,0.7,0.3", "n,2,1", "Summe,2,1",
     "Moyenne,\"0,7\",\"0,3\"", "Total met,2,1", "Promedio,67 %,33 %",
     "Total,,", "Class,2,1"]
)  # fmt: skip
@pytest.mark.parametrize("top", [True, False])
def test_a_total_in_several_languages_and_places(load: Load, total: str, top: bool) -> None:
    rows = ["Aroha,20/07/2026,27/07/2026", "Ben,21/07/2026,", "Max,22/07/2026,"]
    log = load("\n".join(["Name,hook,verbs", *([total, *rows] if top else [*rows, total])]) + "\n")
    assert sorted(log.learners["learner_id"]) == ["Aroha", "Ben", "Max"]
    assert [code for _, code in listed(log)] in (["total_row"], [] if total.endswith(",,") else ["total_row"])


@pytest.mark.parametrize("due", ["Due date", "Deadline", "Abgabe", "Échéance", "date given"])
def test_days_due_in_other_words(load: Load, due: str) -> None:
    log = load(f"Name,hook,verbs\nAroha,20/07/2026,\n{due},31/07/2026,07/08/2026\n")
    assert (log.learners["learner_id"].tolist(), listed(log)) == (["Aroha"], [(3, "due_row")])


def test_a_child_called_like_a_total_is_a_child(load: Load) -> None:
    log = load("Name,hook,verbs\nMax,1,0\nMin,0,1\nClass,1,1\n", as_of=DAY)
    assert sorted(log.learners["learner_id"]) == ["Class", "Max", "Min"]


def test_a_goal_may_be_called_anything(cases: Path, load: Load) -> None:
    log = balanced(reflectlab.load(cases / "grid_time.csv", format="grid"))
    assert sorted(log.goals["goal_id"]) == ["hook", "time"]
    names = ["goal_id", "row", "event", "learner_id", "file", "with", "mark", "name", "minutes", "class", "_goal"]
    log = load(f"learner,{','.join(names)}\nAroha{',2026-07-20' * len(names)}\n", format="grid")
    assert sorted(log.goals["goal_id"]) == sorted(names)
    assert len(log.events) == len(names)


def test_marks_are_named_and_refused(cases: Path) -> None:
    with pytest.raises(NotALogError, match=r'gradebook.*format="marks", met_at=0.5, as_of='):
        reflectlab.load(cases / "marks_out_of.csv")


def test_marks_with_a_measure_and_a_day_are_a_log(cases: Path) -> None:
    log = balanced(reflectlab.load(cases / "marks_out_of.csv", format="marks", met_at=0.5, as_of=DAY))
    met = {pair for pair, event in happened(log).items() if event == "met"}
    assert met == {
        ("Alice", "Quiz 1"), ("Alice", "Quiz 2"), ("Bob", "Quiz 1"), ("Chris", "Essay"), ("Chris", "Quiz 1"),
        ("Chris", "Quiz 2"), ("Dana", "Essay"), ("Dana", "Quiz 2"),
    }  # fmt: skip
    assert set(log.events["event"]) == {"met", "worked"}
    assert reflectlab.load(cases / "marks_out_of.csv", format="marks", met_at="50%", as_of=DAY).events.equals(
        log.events
    )


CANVAS = """Student,ID,SIS Login ID,Section,Essay (4711),Quiz (4712),Current Score,Final Score
    Points Possible,,,,20,10,(read only),(read only)
"Ngata, Aroha",1,a1,R5,15,4,70,70
"Smith, Ben",2,b1,R5,8,,40,20
"""

CLASSROOM = """Last Name,First Name,Email Address,Essay,Quiz
Date,,,2026-07-20,2026-07-27
Points,,,20,10
Ngata,Aroha,a@x.org,15,4
Smith,Ben,b@x.org,8,
"""

SHEET = """Name,Essay (20),Quiz /10,Total
Aroha Ngata,15,4,19
Ben Smith,8,EX,8
Average,11.5,4,13.5
"""


@pytest.mark.parametrize(
    ("text", "learners"),
    [
        (CANVAS, ["Ngata, Aroha", "Smith, Ben"]),
        (CLASSROOM, ["Aroha Ngata", "Ben Smith"]),
        (SHEET, ["Aroha Ngata", "Ben Smith"]),
    ],
)
def test_gradebooks_of_programs_and_of_hand(load: Load, text: str, learners: list[str]) -> None:
    log = load(text, format="marks", met_at=0.5, as_of=DAY)
    assert sorted(log.learners["learner_id"]) == learners
    essay, quiz = log.goals["goal_id"]
    assert happened(log) == {(learners[0], essay): "met", (learners[0], quiz): "worked", (learners[1], essay): "worked"}
    with pytest.raises(NotALogError, match="gradebook"):
        load(text)


def test_a_mark_out_of_nothing_known_is_listed(load: Load) -> None:
    log = load("Name,Essay,Quiz\nAroha,15,85%\n", format="marks", met_at=0.5, as_of=DAY)
    assert [(p["column"], p["code"]) for p in log.problems.to_dict("records")] == [("Essay", "no_full_mark")]
    assert happened(log) == {("Aroha", "Quiz"): "met"}


def test_days_without_a_year_are_no_marks(load: Load) -> None:
    log = load("Name,hook,verbs\nAroha,20/7,27/7\nBen,21/7,\n", year=2026)
    assert len(log.events) == 3
    log = load("Name,hook,verbs\nAroha,3/8,4/9\nBen,5/8,6/9\n", year=2026, dayfirst=True)
    assert log.events["time"].dt.month.tolist() == [8, 9, 8, 9]


def test_a_gradebook_beside_a_log_is_left_out_and_named(tmp_path: Path, cases: Path) -> None:
    (tmp_path / "marks.csv").write_text((cases / "marks_out_of.csv").read_text("utf-8"), "utf-8")
    (tmp_path / "log.csv").write_text("date,learner,goal,what happened\n2026-07-20,Alice,hook,met\n", "utf-8")
    log = balanced(reflectlab.load(tmp_path))
    assert log.problems["code"].tolist() == ["unused_table"]


@pytest.mark.parametrize("met_at", [0, 1.5, "half", True, 50])
def test_a_measure_that_is_no_share_is_refused(cases: Path, met_at: object) -> None:
    with pytest.raises(reflectlab.ArgumentError, match="met_at"):
        reflectlab.load(cases / "marks_out_of.csv", met_at=met_at)  # type: ignore[arg-type]


def test_days_of_a_grid_without_a_year_that_run_over_new_year_are_refused(load: Load) -> None:
    rows = ["Learner,Hook,Verbs", "Aroha,12/1,14/12", "Ben,20/1,18/12"]
    with pytest.raises(AmbiguousDateError, match=r'over New Year, such as "18/12" and "12/1".*Write the year into'):
        load("\n".join(rows) + "\n", year=2026)
    with_years = "\n".join(rows).replace("/12", "/12/2025").replace("/1\n", "/1/2026\n").replace("/1,", "/1/2026,")
    assert sorted(load(with_years + "\n").events["time"].dt.year) == [2025, 2025, 2026, 2026]


def test_days_of_a_grid_that_fill_a_year_are_of_that_year(load: Load) -> None:
    days = [f"{day}/{month}" for month in range(2, 13) for day in (5, 19)]
    rows = [f"Child {n},{day}" for n, day in enumerate(days)]
    log = load("Learner,Hook\n" + "\n".join(rows) + "\n", year=2026)
    assert log.events["time"].dt.year.unique().tolist() == [2026]


@pytest.mark.parametrize("header", ["DOB", "Geburtsdatum", "Fecha de nacimiento", "Date enrolled"])
def test_days_of_a_learner_are_no_goal_of_a_grid(load: Load, header: str) -> None:
    text = f"Name,{header},Hook\nAroha,13/4/2017,20/7/2026\nBen,25/4/2017,21/7/2026\n"
    with pytest.raises(NotALogError, match="grid"):
        load(text)
    log = load(text, format="grid")
    assert log.goals["goal_id"].tolist() == ["Hook"]
    assert log.problems[["code", "column"]].to_numpy().tolist() == [["unknown_column", header]]


@pytest.mark.parametrize("below", ["Goal due,30/8/2026", "To be met by,30/8/2026", "Notes,", "* = with help,"])
def test_what_stands_below_a_grid_makes_no_learner(load: Load, below: str) -> None:
    log = load(f"Name,Hook\nAroha,20/7/2026\nBen,21/7/2026\n{below}\n")
    assert sorted(log.learners["name"]) == ["Aroha", "Ben"]
    assert log.problems["row"].tolist() == [4]
