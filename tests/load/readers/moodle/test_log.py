"""Moodle's download of a course log."""

from pathlib import Path

import pytest

import reflectlab
from reflectlab import AmbiguousDateError, ArgumentError, MissingColumnError
from tests.load.conftest import Load, balanced, listed

HEADER = "Time,User full name,Affected user,Event context,Component,Event name,Description,Origin,IP address\n"


def row(
    name: str = "-",
    context: str = "File: Week 1",
    event: str = "Course module viewed",
    text: str = "The user with id '12' viewed it.",
    affected: str = "-",
    time: str = "30/06/18, 22:22",
) -> str:
    return f'"{time}",{name},{affected},{context},File,{event},"{text}",web,192.0.2.1\n'


def test_the_learner_is_the_name_or_the_number_in_the_description(load: Load) -> None:
    log = load(
        HEADER + row() + row("Aroha Ngata", text="The user with id '13' viewed it.") + row(text="User sent it to 'x'.")
    )
    assert log.events["learner_id"].tolist() == ["12", "Aroha Ngata"]
    assert listed(log) == [(4, "missing_learner")]


def test_a_completion_is_the_learner_s_whose_it_is(load: Load) -> None:
    event = "Course activity completion updated"
    text = (
        "The user with id '7' updated the completion state for the course module with id '3' for the user with id '12'."
    )
    log = load(HEADER + row(event=event, text=text) + row("Teacher", event=event, affected="Ben Tau", text=text))
    assert log.events["learner_id"].tolist() == ["12", "Ben Tau"]
    assert log.events["event"].tolist() == ["met", "met"]


def test_events_mean_what_is_said(load: Load) -> None:
    text = HEADER + row() + row(event="Quiz attempt started") + row(event="Badge awarded") + row(event="Course viewed")
    log = load(text, words={"Course viewed": None, "Quiz attempt started": "stuck"})
    assert log.events["event"].tolist() == ["worked", "stuck"]
    assert listed(log) == [(4, "unknown_word"), (5, "left_out")]
    assert 'words={"Badge awarded": "worked"}' in " ".join(log.problems["hint"])


def test_an_activity_is_a_goal_and_its_kind_the_strand(load: Load) -> None:
    log = load(HEADER + row() + row(context="Course: Writing") + row(context="User: Aroha") + row(context="Other"))
    assert dict(log.goals[["goal_id", "strand"]].to_numpy()) == {
        "File: Week 1": "File",
        "Course: Writing": "Course",
        "Other": "Other",
    }
    assert listed(log) == [(4, "missing_goal")]


def test_someone_logged_in_for_another_is_listed(load: Load) -> None:
    assert listed(load(HEADER + row() + row("A Teacher as Ben Tau"))) == [(3, "acted_as")]


def test_courses_of_a_site_are_told_apart(load: Load) -> None:
    text = "Course," + HEADER + "WR1," + row("Ben", context="Forum: News") + "WR2," + row("Ben", context="Forum: News")
    log = load(text)
    assert sorted(log.goals["goal_id"]) == ["WR1 / Forum: News", "WR2 / Forum: News"]
    assert set(log.goals["strand"]) == {"Forum"}


def test_dates_are_decided_or_asked_for(load: Load) -> None:
    text = HEADER + row(time="3/04/18, 09:00")
    with pytest.raises(AmbiguousDateError, match="dayfirst"):
        load(text)
    assert load(text, dayfirst=True).first_day.isoformat() == "2018-04-03"
    with pytest.raises(AmbiguousDateError, match="year="):
        load(HEADER + row(time="21 Nov, 10:32"))
    assert load(HEADER + row(time="21 Nov, 10:32"), year=2020).first_day.isoformat() == "2020-11-21"


def test_a_column_that_is_missing_is_named(load: Load) -> None:
    with pytest.raises(MissingColumnError, match='no column "Event context"'):
        load("Time,User full name,Event name\n2026-07-20,a,Course viewed\n", format="moodle")


def test_a_roster_tells_who_is_a_learner(load: Load, tmp_path: object) -> None:
    log = load(HEADER + row("Ben") + row("The Teacher"))
    assert sorted(log.learners["learner_id"]) == ["Ben", "The Teacher"]


def test_courses_of_several_downloads_are_told_apart(tmp_path: Path) -> None:
    for course in ("WR1", "WR2"):
        text = "Course," + HEADER + f"{course}," + row("Ben", context="Forum: News")
        (tmp_path / f"{course}.csv").write_text(text)
    log = balanced(reflectlab.load(tmp_path))
    assert sorted(log.goals["goal_id"]) == ["WR1 / Forum: News", "WR2 / Forum: News"]


def test_a_name_on_the_roster_may_have_as_in_it(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(HEADER + row("Ana as Sol") + row("A Teacher as Ana as Sol"))
    (tmp_path / "roster.csv").write_text("learner_id,name\n1,Ana as Sol\n")
    log = balanced(reflectlab.load(tmp_path))
    assert log.events["learner_id"].tolist() == ["1"]
    assert listed(log) == [(3, "acted_as")]


GERMAN = "Zeit,Vollständiger Name,Betroffener Nutzer,Ereigniskontext,Komponente,Ereignisname,Beschreibung,Herkunft,IP\n"
TRANSLATED = {
    "Zeit": "Time",
    "Vollständiger Name": "User full name",
    "Ereigniskontext": "Event context",
    "Ereignisname": "Event name",
    "Beschreibung": "Description",
}


@pytest.mark.parametrize("before", ["", "Kurs,"])
def test_translated_headers_are_named_with_what_they_mean(load: Load, before: str) -> None:
    text = before + GERMAN + before + row(event="Kursmodul angesehen")
    with pytest.raises(MissingColumnError) as caught:
        load(text)
    for own, english in list(TRANSLATED.items())[:4]:
        assert f'"{own}": "{english}"' in str(caught.value)
    log = load(text, headers=TRANSLATED, words={"Kursmodul angesehen": "worked"})
    assert log.events[["learner_id", "goal_id", "event"]].to_numpy().tolist() == [["12", "File: Week 1", "worked"]]


def test_problems_name_the_header_of_the_file(load: Load) -> None:
    text = GERMAN + row(event="Kursmodul angesehen") + row(time="31/06/18, 22:22") + row(event="Rolle zugewiesen")
    log = load(text, headers=TRANSLATED, words={"Kursmodul angesehen": "worked"})
    assert log.problems["column"].tolist() == ["Zeit", "Ereignisname"]


def test_a_slip_in_a_header_is_named(load: Load) -> None:
    text = HEADER.replace("Event context,", "Event contxt,").replace(",Origin,IP address", "")
    with pytest.raises(MissingColumnError, match=r'headers=\{"Event contxt": "Event context"\}'):
        load(text + row().replace(",web,192.0.2.1", ""))


def test_a_header_that_no_file_has_is_named(load: Load) -> None:
    with pytest.raises(MissingColumnError, match=r'"Ziet".*Did you mean "Zeit"'):
        load(GERMAN + row(), headers={"Ziet": "Time"})
    with pytest.raises(ArgumentError, match="`headers`"):
        load(GERMAN + row(), headers={"Zeit": ""})


def test_some_times_without_a_year_are_listed(load: Load) -> None:
    log = load(HEADER + row(time="21 Nov, 10:32") + row(time="21 November 2020, 10:32:05 AM"))
    assert listed(log) == [(2, "bad_time")]
    assert "has no year" in log.problems["message"].tolist()[0]


@pytest.mark.parametrize("oldest_first", [False, True])
def test_times_without_a_year_that_run_over_new_year_are_refused(load: Load, oldest_first: bool) -> None:
    days = ["10 Feb", "5 Jan", "5 Jan", "20 Dec", "1 Sep"]
    if oldest_first:
        days.reverse()
    text = HEADER + "".join(row(time=f"{day}, 10:32") for day in days)
    with pytest.raises(AmbiguousDateError, match=r"over New Year, from .* \(row (4|5)\)"):
        load(text, year=2026)


def test_times_without_a_year_in_any_order_or_with_one_are_read(load: Load) -> None:
    for days in (["10 Feb", "20 Dec"], ["20 Dec", "10 Feb"], ["10 Feb", "20 Dec", "5 Jan", "1 Feb", "20 Jan"]):
        assert len(load(HEADER + "".join(row(time=f"{day}, 10:32") for day in days), year=2026).events) == len(days)
    dated = ["10 Feb 2026", "5 Jan 2026", "20 Dec 2025"]
    assert len(load(HEADER + "".join(row(time=f"{day}, 10:32") for day in dated), year=2026).events) == 3
