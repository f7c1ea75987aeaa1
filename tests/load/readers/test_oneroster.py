"""OneRoster bundles: who is a learner, in which class, and when there is school."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

import reflectlab
from reflectlab import MissingColumnError, NotALogError, ProgressLog
from tests.load.conftest import balanced, listed, remarks

ONE = {
    "manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n",
    "academicSessions.csv": (
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
        "y,,,2026,schoolYear,2026-02-02,2026-12-18,,2026\n"
        "t3,,,Term 3,term,2026-07-20,2026-09-25,y,2026\n"
        "t4,active,,Term 4,term,2026-10-12,2026-12-18,y,2026\n"
    ),
    "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\ns,,,Kura,school,,\n",
    "classes.csv": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"
        "termSourcedIds,subjects,subjectCodes,periods\n"
        'c1,,,Writing,,,W,scheduled,,s,"t3,t4",,,\n'
        "c2,,,Room 5,,,R5,homeroom,,s,t3,,,\n"
        "c3,tobedeleted,,Chess,,,C,scheduled,,s,t3,,,\n"
    ),
    "users.csv": (
        "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
        "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
        "007,,,true,s,student,aroha.n,,Aroha,Ngata,,N7,aroha@example.org,,,,5,secret\n"
        "8,active,,true,s,student,ben.t,,Ben,Tau,,,,,,,5,secret\n"
        "9,tobedeleted,,true,s,student,gone,,Gone,Away,,,,,,,5,\n"
        "10,,,true,s,teacher,mx.t,,Mx,Teacher,,,,,,,,secret\n"
    ),
    "enrollments.csv": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
        "e1,,,c1,s,007,student,false,2026-07-20,2026-12-18\n"
        "e2,,,c2,s,007,student,false,2026-07-27,2026-09-25\n"
        "e3,,,c1,s,8,student,false,,\n"
        "e4,,,c1,s,10,teacher,true,,\n"
        "e5,,,c3,s,8,student,false,,\n"
        "e6,tobedeleted,,c2,s,8,student,false,,\n"
    ),
    "demographics.csv": "sourcedId,status,dateLastModified,birthDate,sex\n007,,,2015-04-17,female\n",
}
TWO = ONE | {
    "users.csv": (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,"
        "email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,"
        "preferredFamilyName,primaryOrgSourcedId,pronouns\n"
        "007,,,true,aroha.n,,Aroha,Ngata,,N7,aroha@example.org,,,,5,secret,,,,,s,\n"
        "8,active,,true,ben.t,,Benjamin,Tau,,,,,,,5,secret,,Ben,,,s,\n"
        "9,tobedeleted,,true,gone,,Gone,Away,,,,,,,5,,,,,,s,\n"
        "10,,,true,mx.t,,Mx,Teacher,,,,,,,,secret,,,,,s,\n"
    ),
    "roles.csv": (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
        "userProfileSourcedId\n"
        "r1,,,007,primary,student,,,s,\nr2,,,8,secondary,aide,,,s,\nr3,,,8,primary,student,,,s,\n"
        "r4,,,10,primary,teacher,,,s,\n"
    ),
}
LOG = (
    "date,learner,goal,what happened,with\n2026-07-28,Aroha Ngata,hook,started,\n2026-07-29,8,hook,helped,aroha ngata\n"
)


def folder_of(files: Mapping[str, str], folder: Path) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def zip_of(files: Mapping[str, str], file: Path) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file


def people(log: ProgressLog) -> list[list[object]]:
    told = log.learners.astype({"joined": "str", "left": "str"}).fillna("")
    return told[["learner_id", "name", "class_id", "class_title", "joined", "left"]].to_numpy().tolist()


@pytest.mark.parametrize("files", [ONE, TWO], ids=["1.1", "1.2"])
@pytest.mark.parametrize("write", [folder_of, zip_of])
def test_a_bundle_tells_learners_classes_and_terms(files: dict[str, str], write: object, tmp_path: Path) -> None:
    log = balanced(reflectlab.load(write(files, tmp_path / "bundle")))  # type: ignore[operator]
    assert people(log) == [
        ["007", "Aroha Ngata", "c2", "Room 5", "2026-07-27", "2026-09-25"],
        ["8", "Ben Tau", "c1", "Writing", "", ""],
    ]
    terms = log.terms.astype({"start": "str", "end": "str"})[["term_id", "title", "start", "end"]]
    assert terms.to_numpy().tolist() == [
        ["t3", "Term 3", "2026-07-20", "2026-09-25"],
        ["t4", "Term 4", "2026-10-12", "2026-12-18"],
    ]
    assert (len(log.events), len(log.collaborations)) == (0, 0)


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    log = balanced(reflectlab.load(folder_of(ONE, tmp_path / "bundle")))
    assert listed(log) == [
        (2, "other_session"),
        (4, "not_active"),
        (4, "not_active"),
        (5, "not_a_learner"),
        (6, "unknown_class"),
        (7, "not_active"),
    ]
    assert remarks(log) == [(2, "other_class")]
    account = log.account.set_index("file")[["read", "loaded", "listed"]]
    assert account.loc["users.csv"].tolist() == [4, 2, 2]
    assert account.loc["academicSessions.csv"].tolist() == [3, 2, 1]


@pytest.mark.parametrize("files", [ONE, TWO], ids=["1.1", "1.2"])
def test_a_log_beside_it_is_joined_by_id_or_name(files: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG + "2026-07-30,Stranger,hook,started,\n2026-07-30,Mx Teacher,hook,started,\n")
    log = balanced(reflectlab.load([tmp_path / "log.csv", zip_of(files, tmp_path / "bundle.zip")]))
    assert log.events["learner_id"].tolist() == ["007"]
    assert sorted(log.collaborations["learner_id"]) == ["007", "8"]
    unknown = log.problems[log.problems["code"] == "unknown_learner"]
    assert unknown["value"].tolist() == ["Stranger", "Mx Teacher"]
    assert log.calendar.terms[0].title == "Term 3"


@pytest.mark.parametrize("called", ["ben.t", "Ben Tau", "Benjamin Tau", "BEN TAU", "8"])
def test_whatever_a_learner_goes_by_finds_them(called: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(f"date,learner,goal,what happened\n2026-07-28,{called},hook,started\n")
    log = reflectlab.load([tmp_path / "log.csv", folder_of(TWO, tmp_path / "bundle")])
    assert log.events["learner_id"].tolist() == ["8"]
    assert log.learners["name"].tolist() == ["Aroha Ngata", "Ben Tau"]


def test_statements_find_learners_by_e_mail_address_or_username(tmp_path: Path) -> None:
    actors = [
        {"mbox": "mailto:aroha@example.org"},
        {"account": {"homePage": "https://example.org", "name": "ben.t"}},
    ]
    statements = [
        {
            "actor": actor,
            "verb": {"id": "http://adlnet.gov/expapi/verbs/mastered"},
            "object": {"id": "https://example.org/hook"},
            "timestamp": "2026-07-28T09:00:00Z",
        }
        for actor in actors
    ]
    (tmp_path / "statements.json").write_text(json.dumps(statements))
    log = balanced(reflectlab.load([tmp_path / "statements.json", zip_of(ONE, tmp_path / "bundle.zip")]))
    assert log.events["learner_id"].tolist() == ["007", "8"]


def test_nothing_private_is_kept(tmp_path: Path) -> None:
    ragged = "11,,,true,s,student,x,,No,Comma,,,,,5,secret\n"
    log = reflectlab.load(folder_of(ONE | {"users.csv": ONE["users.csv"] + ragged}, tmp_path / "bundle"))
    assert (6, "ragged_row") in listed(log)
    assert set(log.learners) == {"learner_id", "name", "class_id", "joined", "left", "class_title", "row"}
    everything = " ".join(frame.to_csv() for frame in (log.learners, log.terms, log.problems))
    assert not [word for word in ("secret", "example.org", "2015-04-17", "female", "aroha.n") if word in everything]


def test_strict_is_not_about_teachers(tmp_path: Path) -> None:
    files = ONE | {
        "enrollments.csv": ONE["enrollments.csv"].replace("e5,", "e5,tobedeleted,", 1).replace(",,,c3", ",,c3")
    }
    assert len(reflectlab.load(folder_of(files, tmp_path / "bundle"), strict=True).learners) == 2


def test_terms_that_overlap_or_touch(tmp_path: Path) -> None:
    sessions = (
        "sourcedId,title,type,startDate,endDate\n"
        "t1,One,term,2026-02-02,2026-04-20\nt2,Two,term,2026-04-20,2026-07-03\nother,Elsewhere,term,2026-03-02,2026-05-01\n"
    )
    log = balanced(reflectlab.load(folder_of(ONE | {"academicSessions.csv": sessions}, tmp_path / "bundle")))
    assert log.terms.astype({"end": "str"})[["term_id", "end"]].to_numpy().tolist() == [
        ["t1", "2026-04-19"],
        ["t2", "2026-07-03"],
    ]
    assert (4, "overlapping_term") in listed(log)


def test_semesters_are_the_terms_where_there_are_none(tmp_path: Path) -> None:
    sessions = ONE["academicSessions.csv"].replace(",term,", ",semester,")
    log = reflectlab.load(folder_of(ONE | {"academicSessions.csv": sessions}, tmp_path / "bundle"))
    assert log.terms["term_id"].tolist() == ["t3", "t4"]


def test_reduced_headers_are_enough(tmp_path: Path) -> None:
    files = {
        "users.csv": "SourcedId,GivenName,FamilyName\n1,Aroha,Ngata\n2,Mx,Teacher\n3,No,Body\n",
        "enrollments.csv": "classSourcedId,userSourcedId,role\nc,1,student\nc,2,teacher\n",
        "academicSessions.csv": ONE["academicSessions.csv"],
    }
    log = balanced(reflectlab.load(folder_of(files, tmp_path / "bundle")))
    assert log.learners[["learner_id", "class_id"]].to_numpy().tolist() == [["1", "c"]]
    left_out = [problem for problem in listed(log) if problem[1] == "not_a_learner"]
    assert left_out == [(3, "not_a_learner"), (4, "not_a_learner")]


def test_a_roster_without_terms_needs_a_log(tmp_path: Path) -> None:
    users = {"users.csv": ONE["users.csv"]}
    with pytest.raises(NotALogError, match="both files, or a folder that holds both"):
        reflectlab.load(folder_of(users, tmp_path / "bundle"))


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG)
    with pytest.raises(MissingColumnError, match="sourcedId"):
        reflectlab.load(tmp_path / "log.csv", format="oneroster")
    orgs = {"orgs.csv": ONE["orgs.csv"]}
    with pytest.raises(MissingColumnError, match="no users and no academic sessions"):
        reflectlab.load(folder_of(orgs, tmp_path / "bundle"))
