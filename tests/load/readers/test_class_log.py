"""The one-sheet class log, in the words of a class."""

import io
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

import reflectlab
from reflectlab import AmbiguousDateError, MissingColumnError, NotALogError, StrictError
from tests.load.conftest import Load, balanced, listed, remarks

HEADER = "Date,Learner,Goal,What happened,With,Chosen by,Minutes,Note\n"


def test_an_event_word_gives_an_event(load: Load) -> None:
    log = load(HEADER + "20/07/2026,Aroha,hook,Achieved!,,Aroha,,proud\n21/07/2026,007,hook,Stuck,,,,\n")
    events = log.events.drop(columns=["time", "due"])
    assert events.fillna("").to_numpy().tolist() == [
        ["Aroha", "hook", "met", "learner", "proud", 2],
        ["007", "hook", "stuck", "", "", 3],
    ]
    assert log.collaborations.empty


@pytest.mark.parametrize(
    ("word", "roles"),
    [
        ("helped", ["helper", "seeker"]),
        ("got help from", ["seeker", "helper"]),
        ("worked with", ["peer", "peer"]),
        ("", [None, None]),
    ],
)
def test_a_word_for_working_together_gives_an_episode(load: Load, word: str, roles: list[str | None]) -> None:
    log = load(HEADER + f"20/07/2026,Aroha,hook,{word},Ben,teacher,15,well done\n")
    together = log.collaborations
    assert log.events.empty
    assert together["learner_id"].tolist() == ["Aroha", "Ben"]
    assert [None if role != role else role for role in together["role"]] == roles
    assert together["episode_id"].nunique() == 1
    assert together[["minutes", "chosen_by", "goal_id"]].to_numpy().tolist() == [[15.0, "teacher", "hook"]] * 2
    assert together["note"].fillna("").tolist() == ["well done", ""]


def test_an_event_with_somebody_gives_both(load: Load) -> None:
    log = load(HEADER + "20/07/2026,Aroha,hook,met,Ben,,,\n")
    assert log.events["event"].tolist() == ["met"]
    assert log.collaborations["learner_id"].tolist() == ["Aroha", "Ben"]


@pytest.mark.parametrize("names", ["Ben, Hēmi", "Ben & Hēmi", "Ben and Hēmi", "Ben; Hēmi", "Ben,Hēmi ,"])
def test_with_may_name_several(load: Load, names: str) -> None:
    log = load(HEADER + f'20/07/2026,Aroha,hook,worked with,"{names}",,,\n')
    assert log.collaborations["learner_id"].tolist() == ["Aroha", "Ben", "Hēmi"]


def test_a_name_may_hold_a_comma_or_an_and(load: Load) -> None:
    text = HEADER + '20/07/2026,"Ngata, Ben",hook,started,,,,\n20/07/2026,Andrea,hook,helped,"Ngata, Ben",,,\n'
    assert load(text).collaborations["learner_id"].tolist() == ["Andrea", "Ngata, Ben"]


def test_mirrored_rows_are_one_episode(load: Load) -> None:
    log = load(
        HEADER + "20/07/2026,Aroha,hook,helped,Ben,,10,hers\n20/07/2026,Ben,hook,got help from,Aroha,learner,,his\n"
    )
    together = log.collaborations
    assert together["episode_id"].nunique() == 1
    assert together["role"].tolist() == ["helper", "seeker"]
    assert together["note"].tolist() == ["hers", "his"]
    assert together["minutes"].tolist() == [10, 10]
    assert together["row"].tolist() == [2, 3]
    assert remarks(log) == [(3, "merged")]
    assert listed(log) == []


@pytest.mark.parametrize(
    "other",
    [
        "21/07/2026,Ben,hook,got help from,Aroha",
        "20/07/2026,Ben,verbs,got help from,Aroha",
        "20/07/2026,Ben,hook,helped,Aroha",
        "20/07/2026,Ben,hook,got help from,Aroha and Hēmi",
        "20/07/2026,Aroha,hook,helped,Ben",
    ],
)
def test_rows_that_do_not_mirror_each_other_are_two_episodes(load: Load, other: str) -> None:
    log = load(HEADER + f"20/07/2026,Aroha,hook,helped,Ben,,,\n{other},,,\n")
    assert log.collaborations["episode_id"].nunique() == 2
    assert remarks(log) == []


def test_of_a_group_every_child_may_write_a_row(load: Load) -> None:
    rows = [
        "Aroha,hook,worked with,Ben & Hēmi",
        "Ben,hook,worked with,Aroha & Hēmi",
        "Hēmi,hook,worked with,Ben & Aroha",
    ]
    log = load(HEADER + "".join(f"20/07/2026,{row},,,\n" for row in rows))
    assert log.collaborations["episode_id"].nunique() == 1
    assert log.collaborations["learner_id"].tolist() == ["Aroha", "Ben", "Hēmi"]
    assert remarks(log) == [(3, "merged"), (4, "merged")]


def test_twice_together_written_twice_by_both_is_two_episodes(load: Load) -> None:
    rows = ["Aroha,hook,worked with,Ben"] * 2 + ["Ben,hook,worked with,Aroha"] * 2
    log = load(HEADER + "".join(f"20/07/2026,{row},,,\n" for row in rows))
    assert log.collaborations["episode_id"].nunique() == 2


@pytest.mark.parametrize(
    ("row", "code", "column", "hint"),
    [
        ("31/02/2026,Ben,hook,met,,,,", "bad_time", "Date", "2026-07-20"),
        ("20/07/2026,,hook,met,,,,", "missing_learner", "Learner", "Write the learner"),
        ("20/07/2026,Ben,,met,,,,", "missing_goal", "Goal", "Write the goal"),
        ("20/07/2026,Ben,hook,,,,,", "missing_event", "What happened", "started"),
        ("20/07/2026,Ben,hook,achived,,,,", "unknown_word", "What happened", 'Did you mean "achieved"?'),
        ("20/07/2026,Ben,hook,xyzzy,,,,", "unknown_word", "What happened", "words={"),
        ("20/07/2026,Ben,hook,helped,,,,", "missing_partner", "With", "names of the others"),
        ("20/07/2026,Ben,hook,helped,Ben,,,", "self_collaboration", "With", "others only"),
        ('20/07/2026,Ben,hook,helped,"Aroha, Aroha",,,', "duplicate_participant", "With", "once"),
        ("20/07/2026,Ben,hook,met,teacher,,,", "unknown_learner", "With", "leave this cell empty"),
        ("20/07/2026,Ben", "ragged_row", None, "comma"),
    ],
)
def test_a_row_that_cannot_be_used_is_listed_with_its_place(
    load: Load, row: str, code: str, column: str | None, hint: str
) -> None:
    log = load(HEADER + f"20/07/2026,Aroha,hook,started,,,,\n{row}\n25/07/2026,Aroha,hook,met,,,,\n")
    problem = log.problems.iloc[0]
    assert (problem["file"], problem["row"], problem["code"]) == ("log.csv", 3, code)
    assert problem["column"] == column or column is None
    assert hint in problem["hint"]
    assert len(log.events) == 2


@pytest.mark.parametrize(
    ("row", "code", "value"),
    [
        ("20/07/2026,Ben,hook,met,,principal,,", "unknown_chosen_by", "principal"),
        ("20/07/2026,Ben,hook,met,,not the teacher,,", "unknown_chosen_by", "not the teacher"),
    ],
)
def test_a_cell_that_does_not_say_who_chose_costs_itself_and_not_its_row(
    load: Load, row: str, code: str, value: str
) -> None:
    log = load(HEADER + f"20/07/2026,Aroha,hook,started,,,,\n{row}\n")
    (problem,) = log.problems.to_dict("records")
    assert (problem["row"], problem["code"], problem["value"]) == (3, code, value)
    assert "Did you mean" not in problem["hint"]
    assert listed(log) == []
    assert log.events["chosen_by"].isna().all()


def test_a_role_that_is_none_costs_itself_and_not_its_row(load: Load) -> None:
    log = load("date,learner,with,role\n20/07/2026,Aroha,Ben,boss\n21/07/2026,Aroha,Ben,helper\n")
    assert (listed(log), remarks(log)) == ([], [(2, "unknown_role")])
    assert sorted(log.collaborations["role"].fillna("")) == ["", "", "helper", "seeker"]


@pytest.mark.parametrize("minutes", ["ages", "-5", "2000", "25:00"])
def test_a_row_whose_minutes_cannot_be_read_is_in_the_log_without_them(load: Load, minutes: str) -> None:
    rows = [f"20/07/2026,{name},hook,started,,,,\n" for name in ("Aroha", "Ben")]
    log = load(HEADER + "".join(rows) + f"20/07/2026,Ben,hook,helped,Aroha,,{minutes},\n")
    (problem,) = log.problems.to_dict("records")
    assert (problem["row"], problem["code"], problem["column"], problem["value"]) == (
        4,
        "bad_minutes",
        "Minutes",
        minutes,
    )
    assert "such as 25" in problem["hint"]
    assert log.account.loc[0, ["read", "loaded", "listed"]].tolist() == [3, 3, 0]
    assert log.collaborations["minutes"].isna().tolist() == [True, True]


def test_a_row_that_is_left_out_has_no_remark_on_its_minutes(load: Load) -> None:
    log = load(HEADER + "20/07/2026,Aroha,hook,started,,,,\n20/07/2026,Ben,,met,,,ages,\n")
    assert log.problems["code"].tolist() == ["missing_goal"]


@pytest.mark.parametrize(
    ("header", "slip", "argument"),
    [
        ("date,leaner,goal,what happened", "leaner", 'columns={"learner_id": "leaner"}'),
        ("dat,learner,goal,what happened", "dat", 'columns={"time": "dat"}'),
        ("date,learner,goal,what hapened", "what hapened", 'columns={"event": "what hapened"}'),
    ],
)
def test_a_slip_in_a_header_is_named(load: Load, header: str, slip: str, argument: str) -> None:
    with pytest.raises(MissingColumnError) as error:
        load(f"{header}\n2026-07-20,Aroha,hook,met\n")
    assert f'Did you mean it by "{slip}"?' in str(error.value)
    assert argument in str(error.value)


def test_what_the_error_says_to_do_helps(load: Load) -> None:
    log = load("date,leaner,goal,what happened,note\n2026-07-20,Aroha,hook,met,!\n", columns={"learner_id": "leaner"})
    assert log.events[["learner_id", "note"]].to_numpy().tolist() == [["Aroha", "!"]]


def test_a_column_that_is_not_known_is_remarked_on(load: Load) -> None:
    log = load("date,learner,goal,what happened,nots,blank\n2026-07-20,Aroha,hook,met,!,\n")
    assert remarks(log) == [(1, "unknown_column")]
    assert 'Did you mean "note"?' in log.problems.loc[0, "hint"]


def test_words_may_be_given(load: Load) -> None:
    text = "date,learner,goal,what happened\n2026-07-20,a,g,Kua oti\n2026-07-21,a,g,skip\n"
    log = load(text, words={"kua oti": "met", "skip": None})
    assert log.events["event"].tolist() == ["met"]
    assert listed(log) == [(3, "left_out")]


def test_a_class_column_makes_the_roster(load: Load) -> None:
    rows = ["a,R1,g,met,b", "a,R2,g,met,", "b,,g,met,"]
    log = load("date,learner,class,goal,what happened,with\n" + "".join(f"2026-07-20,{row}\n" for row in rows))
    assert log.learners.set_index("learner_id")["class_id"].to_dict() == {"a (R1)": "R1", "a (R2)": "R2", "b": "R1"}
    assert log.learners["name"].tolist() == ["a", "a", "b"]
    assert not listed(log)


def test_names_composed_in_two_ways_are_one_child(load: Load) -> None:
    rows = ["20,He\u0304mi,g,met,", "21,Hēmi ,g,worked,", "21,a,g,helped,Hēmi"]
    log = load("date,learner,goal,what happened,with\n" + "".join(f"2026-07-{row}\n" for row in rows))
    assert sorted(log.learners["learner_id"]) == ["Hēmi", "a"]
    assert [row for row, code in remarks(log) if code == "normalised"] == [2, 3]


@pytest.fixture
def classroom(tmp_path: Path) -> Path:
    """A workbook with a class log on two sheets, a roster, goals, term dates, and something else."""
    out = io.BytesIO()
    sheets: dict[str, list[list[object]]] = {
        "July": [
            ["Room 5"],
            ["Date", "Who", "Goal", "What happened", "With"],
            [datetime(2026, 7, 20), "Aroha", "hook", "started", ""],
            [datetime(2026, 7, 22), "aroha", "Open with a hook", "helped", "Ben"],
            [datetime(2026, 7, 23), "Benn", "hook", "met", ""],
            [datetime(2026, 7, 23), "Ben", "hok", "met", ""],
            [datetime(2026, 7, 23), "Ben", "hook", "met", "Zoe"],
        ],
        "August": [
            ["Date", "Who", "Goal", "What happened", "With"],
            [datetime(2026, 7, 22), "Ben", "hook", "got help from", "Aroha"],
            [datetime(2026, 8, 3), "Ben", "hook", "met", ""],
        ],
        "Roster": [["ID", "Name", "Class", "House"], ["007", "Aroha", "R5", "red"], ["NA", "Ben", "R5", ""]],
        "Goals": [["Goal", "Title", "Strand"], ["hook", "Open with a hook", "Ideas"]],
        "Term dates": [["Term", "Starts", "Ends"], ["T3", "20/07/2026", "25/09/2026"]],
        "Lunch": [["Sandwich", "Price"], ["ham", 3]],
    }
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "d/m/yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    (tmp_path / "room5.xlsx").write_bytes(out.getvalue())
    return tmp_path / "room5.xlsx"


def test_a_roster_and_goals_in_the_workbook_are_used(classroom: Path) -> None:
    log = balanced(reflectlab.load(classroom))
    assert log.learners[["learner_id", "name", "class_id", "House"]].fillna("").to_numpy().tolist() == [
        ["007", "Aroha", "R5", "red"],
        ["NA", "Ben", "R5", ""],
    ]
    assert sorted(log.events["learner_id"]) == ["007", "NA"]
    assert log.collaborations["learner_id"].tolist() == ["NA", "007"] or set(log.collaborations["learner_id"]) == {
        "007",
        "NA",
    }
    assert log.collaborations["episode_id"].nunique() == 1
    assert log.terms["term_id"].tolist() == ["T3"]
    left = log.problems[log.problems["sheet"] == "July"][["row", "code", "value"]].to_numpy().tolist()
    assert left == [[5, "unknown_learner", "Benn"], [6, "unknown_goal", "hok"], [7, "unknown_learner", "Zoe"]]
    assert log.account.set_index("sheet").loc[["July", "August"], ["read", "loaded", "listed"]].to_numpy().tolist() == [
        [5, 2, 3],
        [2, 2, 0],
    ]


def test_a_sheet_that_is_no_log_is_remarked_on(classroom: Path) -> None:
    problems = reflectlab.load(classroom).problems
    assert problems.loc[problems["code"] == "unused_table", "sheet"].tolist() == ["Lunch"]


def test_a_row_is_never_loaded_by_half(classroom: Path) -> None:
    log = reflectlab.load(classroom)
    july = log.problems[(log.problems["sheet"] == "July") & (log.problems["row"] == 7)]
    assert len(july) == 1
    assert 7 not in log.events["row"].tolist()


def test_strict_raises_instead_of_leaving_out(classroom: Path) -> None:
    with pytest.raises(StrictError, match=r"3 rows could not be used. The first: room5\.xlsx, row 5") as error:
        reflectlab.load(classroom, strict=True)
    assert {"unknown_learner", "unknown_goal"} <= set(error.value.problems["code"])


def test_dates_that_can_be_read_in_two_ways_are_asked_for(load: Load) -> None:
    text = "date,learner,goal,what happened\n03/04/2026,a,g,met\n"
    with pytest.raises(AmbiguousDateError):
        load(text)
    assert load(text, dayfirst=True).first_day.isoformat() == "2026-04-03"


def test_a_log_of_which_nothing_is_left_says_why(load: Load) -> None:
    with pytest.raises(NotALogError, match=r'Not one of the 1 rows of log\.csv could be used. Row 2: "zz"'):
        load("date,learner,goal,what happened\n2026-07-20,a,g,zz\n")


@pytest.mark.parametrize(
    "sums", ["Total,,,,,,20,", ",Class total,,3,,,,", "Average,,,,,,3.5,", "Sum,,12,,,,,", "Gesamt,,,,,,,"]
)
def test_a_row_that_sums_up_the_others_is_no_learner(load: Load, sums: str) -> None:
    log = load(f"{HEADER}20/07/2026,Aroha,hook,Started,,,,\n,Ben,hook,Started,,,,\n{sums}\n")
    assert listed(log) == [(4, "total_row")]
    assert balanced(log)
    assert log.events["learner_id"].tolist() == ["Aroha", "Ben"]


@pytest.mark.parametrize("row", ["20/07/2026,Total,hook,Met,,,,", ",Total,hook,Met,,,,", ",Max,hook,Met,,,5,"])
def test_a_learner_who_is_called_like_one_is_a_learner(load: Load, row: str) -> None:
    log = load(f"{HEADER}20/07/2026,Aroha,hook,Started,,,,\n{row}\n")
    assert log.events["event"].tolist() == ["started", "met"]


@pytest.mark.parametrize("word", ["st", "ab"])
def test_what_is_short_for_words_of_two_meanings_is_offered_as_none(load: Load, word: str) -> None:
    log = load(f"{HEADER}20/07/2026,Aroha,hook,Started,,,,\n20/07/2026,Ben,hook,{word},,,,\n")
    (problem,) = [one for one in log.problem_list if one.code == "unknown_word"]
    assert problem.suggestion is None
    assert f'words={{"{word}": ...}}' in problem.hint


def test_a_note_in_place_of_words_is_said_once_and_soon(load: Load) -> None:
    rows = "".join(f"20/07/2026,Aroha,hook,startd {number},,,,\n" for number in range(501))
    log = load(f"{HEADER}20/07/2026,Aroha,hook,Started,,,,\n{rows}")
    many = [one for one in log.problem_list if one.code == "many_words"]
    assert [one.message[:10] for one in many] == ["501 differ"]
    assert not any(one.suggestion for one in log.problem_list)
    assert balanced(log)


WINTERS = {
    "two days": ["14/12", "14/12", "20/1", "20/1"],
    "as many on one day as on the other": ["12/12", "12/12", "14/12", "20/1", "20/1"],
    "a summer of seven weeks": ["1/12", "8/12", "17/12", "2/2", "9/2", "16/2"],
    "one row out of order": ["16/12", "17/12", "22/1", "20/1", "23/1"],
}


@pytest.mark.parametrize("days", WINTERS.values(), ids=WINTERS)
def test_every_winter_without_a_year_is_refused(load: Load, days: list[str]) -> None:
    text = "date,learner,goal,what happened\n" + "".join(f"{day},Aroha,hook,worked\n" for day in days)
    with pytest.raises(AmbiguousDateError, match="Write the year into the dates"):
        load(text, year=2026)


def test_a_day_due_after_new_year_without_a_year_is_refused(load: Load) -> None:
    text = "date,learner,goal,what happened,due\n2026-11-12,Aroha,hook,set,20 Jan\n"
    with pytest.raises(AmbiguousDateError, match=r'due "20 Jan" has no year.*long before its row'):
        load(text, year=2026)
    log = load(text.replace("20 Jan", "12 Dec"), year=2026)
    assert log.events["due"].dt.strftime("%d %m %Y").tolist() == ["12 12 2026"]


@pytest.mark.parametrize("newest_first", [False, True])
def test_days_without_a_year_that_run_over_new_year_are_refused(load: Load, newest_first: bool) -> None:
    days = ["14/12", "", "18/12", "12/1", "20/1"]
    if newest_first:
        days = ["20/1", "12/1", "18/12", "", "14/12"]
    text = "date,learner,goal,what happened\n" + "".join(f"{day},Aroha,hook,worked\n" for day in days)
    with pytest.raises(AmbiguousDateError, match="run over New Year"):
        load(text, year=2026)
    dated = text.replace("/12", "/12/2025").replace("/1,", "/1/2026,")
    assert len(load(dated).events) == 5


def test_days_without_a_year_in_any_order_are_read(load: Load) -> None:
    days = ["14/12", "3/2", "18/12", "12/3", "20/11"]
    text = "date,learner,goal,what happened\n" + "".join(f"{day},Aroha,hook,worked\n" for day in days)
    assert len(load(text, year=2026).events) == 5
