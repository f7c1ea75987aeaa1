"""Any table, by what the caller says of its columns and words."""

from typing import Any

import pytest

from reflectlab import ArgumentError, MissingColumnError
from tests.load.conftest import Load, listed

GRADES = "% date: mmdd\ndate,assID,lname,grade\n0903,F1a,007,S\n,,,\n0904,F1b,NA,I\n0905,F1b,NA,?\n1301,F1b,NA,S\n"
COLUMNS = {"learner_id": "lname", "goal_id": "assID", "event": "grade"}


def test_columns_words_and_dates_are_as_the_caller_says(load: Load) -> None:
    log = load(GRADES, columns=COLUMNS, words={"S": "met", "I": "worked", "?": None}, date_format="%m%d", year=2020)
    events = log.events[["time", "learner_id", "goal_id", "event", "row"]].astype(str).to_numpy().tolist()
    assert events == [["2020-09-03", "007", "F1a", "met", "3"], ["2020-09-04", "NA", "F1b", "worked", "5"]]
    assert listed(log) == [(6, "left_out"), (7, "bad_time")]


def test_what_is_the_same_in_every_row_has_an_equals_sign(load: Load) -> None:
    columns = {"learner_id": "Actor", "goal_id": "Action", "time": "Time", "event": "=worked"}
    log = load("Actor,Action,Time\n1,plan,2025-01-01 08:27:07\n1,adapt,2025-01-01 08:28:07\n", columns=columns)
    assert log.events["event"].tolist() == ["worked", "worked"]


def test_a_blank_may_have_a_meaning(load: Load) -> None:
    log = load(
        "who,goal,date,mark\na,g,2026-07-20,\n", columns={"learner_id": "who", "event": "mark"}, words={"": "worked"}
    )
    assert log.events["event"].tolist() == ["worked"]


def test_capitals_may_tell_words_apart(load: Load) -> None:
    text = "who,goal,date,mark\na,g,2026-07-20,s\na,g,2026-07-21,S\n"
    log = load(text, columns={"learner_id": "who", "event": "mark"}, words={"s": "started", "S": "stuck"})
    assert log.events["event"].tolist() == ["started", "stuck"]


def test_an_edge_list_has_an_episode_for_each_row(load: Load) -> None:
    text = "Sender,Receiver,When\n1,2,2026-07-20\n2,1,2026-07-20\n2,2,2026-07-20\nA1,a1,2026-07-21\n1,,2026-07-21\n"
    log = load(text, columns={"learner_id": "Sender", "with": "Receiver", "time": "When"})
    together = log.collaborations
    assert together.groupby("episode_id")["learner_id"].apply(list).tolist() == [["1", "2"], ["2", "1"], ["A1", "a1"]]
    assert together["role"].isna().all()
    assert together["goal_id"].isna().all()
    assert listed(log) == [(4, "self_collaboration"), (6, "missing_partner")]


def test_the_role_of_the_one_who_turned_to_another_may_be_said(load: Load) -> None:
    columns = {"learner_id": "From", "with": "To", "time": "Day", "role": "=seeker", "goal_id": "Topic"}
    log = load("From,To,Day,Topic\na,b,2026-07-20,hook\n", columns=columns)
    assert log.collaborations[["learner_id", "role", "goal_id"]].to_numpy().tolist() == [
        ["a", "seeker", "hook"],
        ["b", "helper", "hook"],
    ]


def test_other_columns_are_not_read_unless_they_are_those_of_a_class_log(load: Load) -> None:
    text = "who,goal,date,mark,Group,note\na,g,2026-07-20,met,1.0,fine\na,h,2026-07-20,met,2.0,\n"
    log = load(text, columns={"learner_id": "who", "event": "mark"})
    assert log.events["note"].fillna("").tolist() == ["fine", ""]
    assert log.problems.empty


def test_a_table_with_our_own_names_is_read_as_the_caller_says(load: Load) -> None:
    text = "learner_id,name,skill,day,score\na,b,g,2026-07-20,met\n"
    log = load(text, columns={"goal_id": "skill", "time": "day", "event": "score"})
    assert len(log.events) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"columns": {"learner_id": "lnam", "event": "grade"}}, r'no column "lnam"\. Did you mean "lname"\?'),
        ({"columns": {"learner_id": "lname", "event": "grade"}}, "which column of log.csv holds goal_id"),
    ],
)
def test_a_column_that_is_missing_is_named(load: Load, options: dict[str, Any], said: str) -> None:
    with pytest.raises(MissingColumnError, match=said):
        load(GRADES, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"columns": {"pupil": "lname"}}, "`columns.*'learner_id'"),
        ({"columns": {"learner_id": ""}}, "header for 'learner_id'"),
        ({"columns": "lname"}, "mapping"),
        ({"words": {"S": "achieved"}}, "`words.*'met'"),
        ({"words": {1: "met"}}, "text as keys"),
        ({"format": "mooodle"}, "'moodle'"),
        ({"dayfirst": "yes"}, "`dayfirst`"),
        ({"date_format": 5}, "`date_format`"),
        ({"year": "2020"}, "`year`"),
        ({"as_of": "today"}, "`as_of`"),
        ({"tz": "Mars/Olympus"}, "`tz`"),
    ],
)
def test_an_argument_that_is_not_what_it_has_to_be_is_named(load: Load, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        load(GRADES, **options)
