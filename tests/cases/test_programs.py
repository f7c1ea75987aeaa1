"""Logs of programs that were misread: who did it, whose it is, what it says, and when that was."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import reflectlab
from reflectlab import MissingColumnError, NotALogError, ProgressLog
from tests.load.conftest import Load, balanced, listed

HEADER = "Time,User full name,Affected user,Event context,Component,Event name,Description,Origin,IP address\n"

GERMAN = "Zeit,Vollständiger Name,Betroffen,Ereigniskontext,Komponente,Ereignisname,Beschreibung,Herkunft,IP-Adresse\n"


def row(name: str, text: str, *, event: str = "Course module viewed", affected: str = "-", origin: str = "web") -> str:
    cells = ["20/07/2026 09:00", name, affected, "Quiz: Openings", "Quiz", event, text, origin, "192.0.2.1"]
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def viewed(number: int) -> str:
    return f"The user with id '{number}' viewed the 'quiz' activity with course module id '34'."


def ticked(number: int, whose: int) -> str:
    return (
        f"The user with id '{number}' updated the completion state for the course module with id '34' "
        f"for the user with id '{whose}'."
    )


def told(log: ProgressLog) -> list[tuple[str, str]]:
    return list(map(tuple, log.events[["learner_id", "event"]].to_numpy().tolist()))


def of_code(log: ProgressLog, code: str) -> list[str]:
    chosen = log.problems[log.problems["code"] == code]
    return [f"{one.message} {one.hint}" for one in chosen.itertuples()]


def headers_said(error: MissingColumnError) -> dict[str, str]:
    found = re.search(r"headers=(\{[^}]*\})", str(error))
    assert found, error
    return dict(json.loads(found[1]))


class TestStaff:
    def test_who_edits_or_acts_by_cli_is_remarked_on(self, cases: Path) -> None:
        log = balanced(reflectlab.load(cases / "moodle_teacher.csv"))
        (remark,) = of_code(log, "staff")
        assert '"Ms Tane"' in remark
        assert '"Admin User"' in remark
        assert 'leave_out="staff"' in remark

    def test_and_left_out_as_the_remark_says(self, cases: Path) -> None:
        log = balanced(reflectlab.load(cases / "moodle_teacher.csv", leave_out="staff"))
        assert set(log.learners["learner_id"]) == {"Aroha Ngata", "Ben Smith"}
        assert [number for number, _ in listed(log)] == [2, 3, 6, 8, 9]
        assert not of_code(log, "staff")

    def test_no_advice_makes_editing_the_learning_of_a_goal(self, cases: Path) -> None:
        (advice,) = of_code(reflectlab.load(cases / "moodle_teacher.csv"), "unknown_word")
        assert "words=" not in advice

    def test_a_completion_that_somebody_ticks_is_the_learner_s(self, load: Load) -> None:
        done = "Course activity completion updated"
        text = HEADER + row("Ms Tane", ticked(2, 12), event=done) + row("Aroha", viewed(12)) + row("Ms Tane", viewed(2))
        assert told(load(text)) == [("Aroha", "met"), ("Aroha", "worked"), ("Ms Tane", "worked")]
        assert told(load(text, leave_out="staff")) == [("Aroha", "met"), ("Aroha", "worked")]

    def test_whoever_grades_enrols_or_gives_a_role_is_staff(self, load: Load) -> None:
        graded = "The user with id '3' has graded the submission '5' for the user with id '12' for the assignment."
        enrolled = "The user with id '4' enrolled the user with id '12' using the enrolment method 'manual'."
        role = "The user with id '1' assigned the role with id '3' to the user with id '5'."
        text = HEADER + row("Grader", graded, event="The submission has been graded") + row("Enroller", enrolled)
        text += row("-", role, event="Role assigned") + "".join(row("-", viewed(number)) for number in (3, 4, 5, 12))
        log = load(text, leave_out=["staff"])
        assert set(log.learners["learner_id"]) == {"12"}

    def test_a_learner_who_ticks_and_enrols_by_themselves_is_none(self, load: Load) -> None:
        enrolled = "The user with id '12' enrolled the user with id '12' using the enrolment method 'self'."
        graded = "The user with id '12' updated the grade with id '5' for the user with id '12' for the grade item."
        done = "Course activity completion updated"
        text = HEADER + row("Aroha", ticked(12, 12), event=done) + row("Aroha", enrolled, event="User enrolled")
        text += row("Aroha", graded, event="User graded")
        log = load(text)
        assert told(log) == [("Aroha", "met")]
        assert not of_code(log, "staff")


class TestAnyLanguage:
    def test_one_message_offers_all_headers(self, cases: Path) -> None:
        with pytest.raises(MissingColumnError) as caught:
            reflectlab.load(cases / "moodle_es_completion.csv")
        headers = headers_said(caught.value)
        assert {"Hora", "Nombre completo del usuario", "Usuario afectado", "Contexto del evento"} < headers.keys()
        assert {"Nombre evento", "Descripción"} < headers.keys()
        log = balanced(reflectlab.load(cases / "moodle_es_completion.csv", headers=headers))
        assert told(log) == [
            ("Alumna Dos", "met"),
            ("Alumna Dos", "worked"),
            ("Alumno Tres", "worked"),
            ("14", "worked"),
        ]
        assert listed(log) == []

    def test_events_are_known_by_what_moodle_does_not_translate(self, load: Load) -> None:
        texts = {
            "The user with id '12' has started the attempt with id '1' for the quiz.": "started",
            "The user with id '12' has submitted the attempt with id '1' for the quiz.": "worked",
            "The user with id '12' has created the post with id '5' in the discussion with id '7'.": "worked",
            "The user with id '12' viewed the course with id '158'.": "worked",
            "The user with id '12' completed the course with id '158'.": "met",
        }
        text = GERMAN + "".join(row("Aroha", one, event="Ereignis") for one in texts)
        with pytest.raises(MissingColumnError) as caught:
            load(text)
        log = load(text, headers=headers_said(caught.value))
        assert log.events.sort_values("row")["event"].tolist() == [*texts.values()]

    def test_a_completion_without_names_is_that_of_the_number(self, load: Load) -> None:
        text = GERMAN + row("-", ticked(2, 12), event="Abschluss") + row("-", viewed(13), event="Angesehen")
        with pytest.raises(MissingColumnError) as caught:
            load(text)
        assert told(load(text, headers=headers_said(caught.value))) == [("12", "met"), ("13", "worked")]

    def test_editing_is_not_learning_in_any_language(self, load: Load) -> None:
        text = GERMAN + row("Frau T", "The user with id '2' updated the 'quiz' activity with course module id '3'.")
        text = text.replace("Course module viewed", "Geändert") + row("Ana", viewed(12), event="Angesehen")
        with pytest.raises(MissingColumnError) as caught:
            load(text)
        assert told(load(text, headers=headers_said(caught.value))) == [("Ana", "worked")]


class TestWithoutNames:
    def test_learners_come_from_the_description(self, cases: Path) -> None:
        log = balanced(reflectlab.load(cases / "moodle_without_names.csv"))
        assert told(log) == [("84", "worked"), ("84", "worked")]

    def test_and_so_they_do_in_a_real_log(self, realdata: Path) -> None:
        log = balanced(reflectlab.load(realdata / "moodle_edify" / "Moodle_Module_3_SP17.csv"))
        assert log.learners["learner_id"].str.fullmatch(r"\d+").all()
        assert (log.events["event"] == "met").any()

    def test_where_some_have_names_a_number_is_its_name(self, load: Load) -> None:
        text = HEADER + row("Aroha", viewed(12)) + row("-", viewed(12)) + row("-", viewed(13))
        assert told(load(text)) == [("Aroha", "worked"), ("Aroha", "worked"), ("13", "worked")]

    def test_a_log_without_names_and_descriptions_is_refused(self, load: Load) -> None:
        with pytest.raises(MissingColumnError, match="User full name"):
            load("Time,Event context,Event name\n20/07/2026,Quiz: A,Course module viewed\n", format="moodle")


def statement(verb: str, result: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "actor": {"mbox": "mailto:ana@x.example"},
        "verb": {"id": verb},
        "object": {"id": "http://x.example/goal"},
        "timestamp": "2026-07-20T09:15:00Z",
        **({} if result is None else {"result": result}),
        **more,
    }


EARNED, EVALUATED = "http://id.tincanapi.com/verb/earned", "https://w3id.org/xapi/acrossx/verbs/evaluated"

GRADE = "http://www.tincanapi.co.uk/activitytypes/grade_classification"

PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"

ADL = "http://adlnet.gov/expapi/verbs/"


class TestResults:
    def test_below_passing_is_not_met(self, cases: Path) -> None:
        log = balanced(reflectlab.load(cases / "xapi_earned_failing.json", tz="Pacific/Auckland"))
        assert log.events["event"].tolist() == ["worked", "met", "met"]
        assert len(log.problems) == 0

    @pytest.mark.parametrize(
        ("verb", "result", "event"),
        [
            (EARNED, None, "met"),
            (EARNED, {"score": {"raw": 3, "max": 3}}, "met"),
            (EARNED, {"score": {"raw": 1, "max": 3}}, "worked"),
            (EARNED, {"score": {"scaled": 0.9}, "extensions": {GRADE: "Pass"}}, "met"),
            (EARNED, {"success": True, "score": {"raw": 0, "max": 0}}, "worked"),
            (EVALUATED, {"success": True}, "met"),
            (EVALUATED, {"success": "false"}, "stuck"),
            (EVALUATED, {"score": {"scaled": 0.5}}, "worked"),
            (EVALUATED, None, "worked"),
            (f"{ADL}attempted", {"success": True, "score": {"scaled": 1}}, "met"),
            (f"{ADL}attempted", {"success": False}, "worked"),
            (f"{ADL}attempted", {"duration": "PT1M"}, "started"),
            (f"{ADL}progressed", {"completion": True}, "met"),
            (f"{ADL}progressed", {"extensions": {PROGRESS: 100}}, "met"),
            (f"{ADL}progressed", {"extensions": {PROGRESS: 40}}, "worked"),
            (f"{ADL}completed", {"extensions": {GRADE: "Fail"}}, "stuck"),
            (f"{ADL}asked", None, "worked"),
            ("http://school.example/verbs/uncompleted", None, "reopened"),
            ("https://w3id.org/xapi/acrossx/verbs/posted", None, "worked"),
            ("http://id.tincanapi.com/verb/unregistered", None, "dropped"),
        ],
    )
    def test_score_success_completion_and_grade_count(self, load: Load, verb: str, result: Any, event: str) -> None:
        assert load(json.dumps([statement(verb, result)]), "log.json").events["event"].tolist() == [event]

    def test_a_post_in_a_thread_of_another_is_together(self, load: Load) -> None:
        posted, forum = "https://w3id.org/xapi/acrossx/verbs/posted", "http://x.example/api/discussion/v1/"
        around = {"contextActivities": {"grouping": [{"id": f"{forum}threads/7"}]}}
        first = statement(posted, object={"id": f"{forum}threads/7"})
        second = statement(
            posted, object={"id": f"{forum}comments/8"}, context=around, actor={"mbox": "mailto:ben@x.example"}
        )
        log = load(json.dumps([first, second]), "log.json")
        assert log.collaborations["learner_id"].tolist() == ["ana@x.example", "ben@x.example"]
        assert set(log.events["goal_id"]) == {"7"}


RECORD = {
    "username": "pupil1",
    "event_type": "problem_check",
    "event_source": "server",
    "time": "2026-04-12T10:00:00+00:00",
    "context": {"course_id": "X/Y/Z", "user_id": 1},
    "event": {"problem_id": "i4x://X/Y/problem/P", "success": "correct"},
}


class TestBrokenLines:
    def test_a_first_line_that_is_cut_is_listed(self, cases: Path) -> None:
        log = balanced(reflectlab.load(cases / "edx_first_line_cut.log"))
        assert set(log.learners["learner_id"]) == {"pupil2", "pupil3", "pupil4", "pupil5"}
        assert listed(log) == [(1, "bad_json")]

    def test_lines_may_be_prefixed_commented_or_cut(self, load: Load) -> None:
        whole = json.dumps(RECORD)
        lines = [
            "# the log of a server",
            f"Apr 12 10:00:00 web1 [tracking] INFO {whole}",
            f"# {whole}",
            f"2026-04-12 {whole}",
            whole[: len(whole) // 2],
            whole[40:],
            whole,
        ]
        log = load("\n".join(lines) + "\n", "tracking.log")
        assert log.events["row"].tolist() == [2, 4, 7]
        assert listed(log) == [(3, "bad_json"), (5, "bad_json"), (6, "bad_json")]
        assert sum(log.problems["code"] == "normalised") == 1

    def test_no_record_is_printed_whole(self, load: Load) -> None:
        whole = json.dumps(RECORD)
        log = load(f"{whole}\n{whole[:-2]}\n{whole[30:]}\n# {whole}\n", "tracking.log")
        for value in log.problems["value"].dropna():
            assert len(value) < 60
        for text in (f"{whole[:-2]}\n" * 3, f"{whole[30:]}\n" * 3):
            with pytest.raises(NotALogError) as caught:
                load(text, "tracking.log")
            assert "course_id" not in str(caught.value)
            assert "pupil1" not in str(caught.value)


class TestZones:
    def test_it_is_said_once_a_file_and_tz_mends_it(self, cases: Path) -> None:
        log = balanced(reflectlab.load(cases / "utc_auckland.json"))
        (remark,) = of_code(log, "zone")
        assert "UTC" in remark
        assert "tz=" in remark
        log = balanced(reflectlab.load(cases / "utc_auckland.json", tz="Pacific/Auckland"))
        assert log.events["time"].dt.strftime("%a %H:%M").tolist() == ["Mon 09:10", "Tue 09:05", "Fri 14:00"]
        assert len(log.problems) == 0

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("date,learner,goal,what happened\n2026-07-20T09:15:00+12:00,Ana,hook,met\n" * 1, "log.csv"),
            ("date,learner,goal,what happened\n20/7/2026 9:15 am GMT+12,Ana,hook,met\n", "log.csv"),
            (HEADER + row("Ana", viewed(12)).replace("20/07/2026 09:00", "2026-07-20T09:00:00Z"), "log.csv"),
            (json.dumps(RECORD) + "\n" + json.dumps(RECORD) + "\n", "tracking.log"),
        ],
    )
    def test_whichever_reader_takes_it(self, load: Load, text: str, name: str) -> None:
        assert len(of_code(load(text, name), "zone")) == 1
        assert of_code(load(text, name, tz="Europe/Berlin"), "zone") == []

    def test_what_is_written_without_a_zone_is_the_school_s_clock(self, load: Load) -> None:
        text = "date,learner,goal,what happened\n2026-07-20 09:15,Ana,hook,met\n2026-07-21,Ana,verbs,met\n"
        assert len(load(text).problems) == 0
