"""What `LogWizard` asks of a whole file, and of its children and goals; each answer is tried by `load`."""

import openpyxl
import pandas as pd
import pytest

import reflectlab as rl
from reflectlab.explore import LogWizard
from tests.explore.wizard.messy import messy_workbook
from tests.explore.wizard.test_wizard import answer, run, same, send

HEADER = "date,learner,goal,what happened"


@pytest.fixture
def opened(tmp_path):
    def opened(rows, name="class.csv", header=HEADER):
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]), encoding="utf-8")
        return LogWizard(path, mappings=tmp_path / "kept")

    return opened


def asked(wizard):
    return {row["key"]: [label for label, _ in row["options"]] for row in wizard.file.content["rows"]}


def rows_of(questions):
    return [row["cells"] for row in questions.content["rows"]]


SHEET = [
    "2026-07-20,Aroha,hook,started",
    "2026-07-21,Ben,hook,started",
    "2026-07-22,Ben,verbs,started",
    "2026-07-23,Ben,verbs,met",
    "2026-07-23,Bem,verbs,stuck",
    "2026-07-24,Zoe Hall,Verbs,met",
    "2026-07-24,Zoe,hook,met",
]


def test_children_and_goals_are_counted_and_those_that_are_likely_one_stand_beside_each_other(opened):
    wizard = opened(SHEET)
    assert "5 children, with the rows of each: Ben (3), " in wizard.children_named.listed.text
    assert "3 goals, with the rows of each: hook (3), verbs (3), Verbs (1)." in wizard.goals_named.listed.text
    assert rows_of(wizard.children_named.pairs) == [["Zoe", "1", "Zoe Hall", "1"], ["Bem", "1", "Ben", "3"]]
    assert rows_of(wizard.goals_named.pairs) == [["Verbs", "1", "verbs", "3"]]


def test_two_are_made_one_by_a_click_and_two_again_by_another(opened, tmp_path):
    wizard = opened(SHEET)
    answer(wizard.children_named.pairs, "Bem", "They are one")
    answer(wizard.goals_named.pairs, "Verbs", "They are one")
    assert wizard.arguments == {"same": {"Bem": "Ben"}, "same_goals": {"Verbs": "verbs"}}
    assert sorted(wizard.log.learners["name"]) == ["Aroha", "Ben", "Zoe", "Zoe Hall"]
    assert sorted(wizard.log.goals["goal_id"]) == ["hook", "verbs"]
    assert rows_of(wizard.children_named.pairs)[1] == ["Bem", "1", "Ben", "4"]
    assert same(wizard.log, run(wizard.code))
    wizard.keeping.keep.click()
    again = LogWizard(wizard.picker.path, mappings=tmp_path / "kept")
    assert again.arguments == wizard.arguments
    answer(again.children_named.pairs, "Bem", "Undo")
    assert again.arguments == {"same_goals": {"Verbs": "verbs"}}
    assert "Bem" in again.log.learners["name"].tolist()


def test_a_nickname_is_said_by_hand_and_who_is_no_child_is_left_out(opened):
    wizard = opened([*SHEET, "2026-07-24,Sunny,hook,met", "2026-07-24,Ms Tane,hook,met"])
    answer(wizard.children_named.each, "Sunny", "the same as Aroha")
    answer(wizard.children_named.each, "Ms Tane", "no child: leave out")
    assert wizard.arguments == {"same": {"Sunny": "Aroha"}, "leave_out": ["Ms Tane"]}
    assert not {"Sunny", "Ms Tane"} & {*wizard.log.learners["name"]}
    assert same(wizard.log, run(wizard.code))
    answer(wizard.children_named.each, "Ms Tane", "a child of its own")
    assert wizard.arguments == {"same": {"Sunny": "Aroha"}}


def test_who_stands_for_one_who_stands_for_another_is_the_last(opened):
    wizard = opened(SHEET)
    answer(wizard.children_named.pairs, "Bem", "They are one")
    answer(wizard.children_named.each, "Ben", "the same as Aroha")
    assert wizard.arguments["same"] == {"Bem": "Aroha", "Ben": "Aroha"}
    assert sorted(wizard.log.learners["name"]) == ["Aroha", "Zoe", "Zoe Hall"]


def test_names_of_a_roster_are_not_asked_about(tmp_path):
    pd.DataFrame({"learner_id": ["a", "b"], "name": ["Ben", "Bem"]}).to_csv(tmp_path / "learners.csv", index=False)
    (tmp_path / "log.csv").write_text("\n".join([HEADER, *SHEET[1:5]]), encoding="utf-8")
    wizard = LogWizard(tmp_path, mappings=tmp_path / "kept")
    assert rows_of(wizard.children_named.pairs) == []


def test_several_sheets_may_be_classes_and_each_answer_says_how_many_children_there_are(tmp_path):
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet()):
        sheet.append(HEADER.split(","))
        for day, name in ((20, "Ben"), (21, "Zoe"), (22, "Aroha")):
            sheet.append([f"2026-07-{day}", name, "hook", "met"])
    book.active.title, book.worksheets[1].title = "Room 5", "Room 6"
    book.save(tmp_path / "school.xlsx")
    wizard = LogWizard(tmp_path / "school.xlsx", mappings=tmp_path / "kept")
    no, yes = asked(wizard)["class_from"]
    assert (no, yes) == (
        "No, a name is one child wherever it stands: 3 children",
        "Yes, each sheet is a class: 6 children",
    )
    send(wizard.file, "class_from", "sheet")
    assert sorted(wizard.log.learners["class_id"].unique()) == ["Room 5", "Room 6"]
    assert same(wizard.log, run(wizard.code))
    send(wizard.file, "class_from", "")
    assert wizard.arguments == {}


def test_an_empty_cell_of_a_grid_is_asked_about(opened):
    wizard = opened(["Aroha,2026-07-20,2026-07-24", "Ben,,2026-07-22"], header="learner,hook,verbs")
    assert asked(wizard)["blanks"] == [
        "Nothing, or the goal was not this child's: the share of goals that are met is not shown",
        "The goal was set, and is not met yet: 4 goals set for a child, 3 of them met",
    ]
    send(wizard.file, "blanks", "set")
    assert rl.completion(wizard.log, by=())[["goals", "met"]].to_numpy().tolist() == [[4, 3]]
    assert same(wizard.log, run(wizard.code))


def test_a_long_gap_may_be_a_holiday(opened):
    wizard = opened(["2026-07-20,Ben,hook,started", "2026-07-24,Ben,hook,met", "2026-08-24,Ben,verbs,started"])
    assert asked(wizard)["terms"] == [
        "No, those were school days: 26 school days",
        "Yes, a holiday: 6 school days",
    ]
    send(wizard.file, "terms", "holiday")
    assert wizard.arguments == {"terms": [["2026-07-20", "2026-07-24"], ["2026-08-24", "2026-08-24"]]}
    assert same(wizard.log, run(wizard.code))
    wizard.keeping.keep.click()
    assert LogWizard(wizard.picker.path, mappings=wizard.keeping.folder.value).arguments == wizard.arguments


def test_a_date_that_is_written_once_a_day_is_asked_about(opened):
    wizard = opened(["2026-07-20,Ben,hook,started", ",Zoe,hook,started", "2026-07-21,Ben,hook,met"])
    assert asked(wizard)["fill_dates"] == [
        "Yes, a date is written once for a day: 3 rows in the log, 0 left out",
        "No, leave those rows out: 2 rows in the log, 1 left out",
    ]
    send(wizard.file, "fill_dates", "no")
    assert wizard.arguments == {"fill_dates": False}
    assert wizard.log.learners["name"].tolist() == ["Ben"]
    assert same(wizard.log, run(wizard.code))


def test_hidden_rows_are_asked_about(tmp_path):
    book = openpyxl.Workbook()
    for row in (HEADER.split(","), ["2026-07-20", "Ben", "hook", "met"], ["2026-07-21", "Zoe", "hook", "met"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "class.xlsx")
    wizard = LogWizard(tmp_path / "class.xlsx", mappings=tmp_path / "kept")
    assert asked(wizard)["hidden"] == [
        "Yes, read them: 2 children, 2 rows in the log, 0 left out",
        "No, leave them out: 1 child, 1 row in the log, 1 left out",
    ]
    send(wizard.file, "hidden", "no")
    assert wizard.arguments == {"hidden": False}
    assert wizard.log.learners["name"].tolist() == ["Ben"]


def test_nothing_is_asked_that_does_not_matter(opened):
    assert asked(opened(SHEET)) == {}


def test_no_word_of_a_programmer_stands_on_the_wizard(tmp_path):
    from tests.explore.wizard.test_wizard import texts

    wizard = LogWizard(messy_workbook(tmp_path / "room 5.xlsx"), mappings=tmp_path / "kept")
    shown = texts(wizard).replace(wizard.in_code.line.text, "")
    for word in ("mapping", "NaN", "dtype", "merged", "log.problems", "Markdown", "kernel", "load(", "`"):
        assert word not in shown, word


def test_the_board_is_shown_beneath_and_is_that_of_what_was_said(opened):
    wizard = opened(SHEET)
    wizard.picture.show.click()
    [board] = wizard.picture.board.children
    assert len(board.choice.log.learners) == 5
    answer(wizard.children_named.pairs, "Bem", "They are one")
    assert "press the button again" in wizard.picture.said.text
    wizard.picture.show.click()
    [board] = wizard.picture.board.children
    assert len(board.choice.log.learners) == 4
    wizard.picker.choose(wizard.picker.path)
    assert wizard.picture.board.children == ()


def test_without_a_log_there_is_no_board_to_show(opened):
    wizard = opened(["2026-07-20,Ben,hook,zzz"])
    assert wizard.picture.show.disabled
    answer(wizard.words, "zzz", "met the goal")
    assert not wizard.picture.show.disabled
