"""A learner is a name in a class: nobody made one with a namesake, nobody split in two."""

import random
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

import reflectlab as rl
from reflectlab import ArgumentError, ProgressLog
from tests.load.conftest import balanced, listed

Files = Callable[..., Path]
HEADER = "date,learner,class,goal,what happened,with\n"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Writes texts to files of a folder."""

    def write(**texts: str) -> Path:
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        return tmp_path

    return write


def load(path: Path | Sequence[Path], **options: Any) -> ProgressLog:
    return balanced(rl.load(path, **options))


def children(log: ProgressLog) -> set[tuple[str, str, str]]:
    """Id, name and class of each learner."""
    return {*log.learners[["learner_id", "name", "class_id"]].fillna("").itertuples(index=False, name=None)}


def happened(log: ProgressLog) -> list[tuple[str, str]]:
    return [*log.events[["learner_id", "event"]].itertuples(index=False, name=None)]


def together(log: ProgressLog) -> list[set[str]]:
    """Who was in each episode."""
    return [{*some} for _, some in log.collaborations.groupby("episode_id", sort=False)["learner_id"]]


def codes(log: ProgressLog) -> set[str]:
    return {*log.problems["code"]}


def test_a_name_in_two_rooms_is_two_children(cases: Path) -> None:
    log = load(cases / "two_rooms_class")
    assert children(log) == {("Ben (r5)", "Ben", "r5"), ("Ben (r6)", "Ben", "r6"), ("Chloe", "Chloe", "r6")}
    assert happened(log)[:4] == [
        ("Ben (r5)", "started"),
        ("Ben (r5)", "met"),
        ("Ben (r6)", "started"),
        ("Ben (r6)", "stuck"),
    ]
    assert not listed(log)
    assert codes(log) == {"several_classes"}
    assert 'same={"Ben (r6)": "Ben (r5)"}' in log.problems.loc[0, "hint"]


def test_a_sheet_may_be_a_class(cases: Path) -> None:
    log = load(cases / "tab_per_class.xlsx")
    assert len(log.learners) == 3
    remark = log.problems.iloc[0]
    assert (remark["code"], remark["value"]) == ("several_places", "Ben")
    assert 'load(..., class_from="sheet")' in remark["hint"]
    told = load(cases / "tab_per_class.xlsx", class_from="sheet")
    assert ("Ben (Room 6)", "Ben", "Room 6") in children(told)
    assert len(told.learners) == 4
    assert "several_places" not in codes(told)


def test_what_the_remark_spells_can_be_said(files: Files) -> None:
    """A child who moved class is one again."""
    log = files(log=HEADER + "2026-07-20,Ben,r5,hook,started,\n2026-08-20,Ben,r6,hook,met,Zoe\n")
    assert len(load(log).learners) == 3
    one = load(log, same={"Ben (r6)": "Ben (r5)"})
    assert {child[0] for child in children(one)} == {"Ben (r5)", "Zoe"}
    assert happened(one) == [("Ben (r5)", "started"), ("Ben (r5)", "met")]


def test_partners_are_those_of_the_class(files: Files) -> None:
    rows = "2026-07-20,Aroha,r5,hook,worked,Ben\n2026-07-20,Aroha,r6,hook,worked,Ben\n2026-07-21,Ben,r5,hook,met,\n"
    log = load(files(log=HEADER + rows))
    assert together(log) == [{"Aroha (r5)", "Ben (r5)"}, {"Aroha (r6)", "Ben (r6)"}]
    buddies = load(files(log=HEADER + rows + "2026-07-22,Zoe,r6,hook,helped,Ben (r5)\n"))
    assert together(buddies)[-1] == {"Zoe", "Ben (r5)"}


def test_one_class_is_not_two_by_its_spelling(files: Files) -> None:
    log = load(files(log=HEADER + "2026-07-20,Ben,Room 5,hook,started,\n2026-07-21,Ben,room5,hook,met,\n"))
    assert children(log) == {("Ben", "Ben", "Room 5")}


def test_a_file_may_be_a_class(files: Files, tmp_path: Path) -> None:
    plain = "date,learner,goal,what happened\n2026-07-20,Ben,hook,started\n"
    folder = files(kauri=plain, rimu=plain + "2026-07-21,Zoe,hook,met\n")
    assert 'class_from="file"' in load(folder).problems.loc[0, "hint"]
    assert children(load(folder, class_from="file")) == {
        ("Ben (kauri)", "Ben", "kauri"),
        ("Ben (rimu)", "Ben", "rimu"),
        ("Zoe", "Zoe", "rimu"),
    }


def test_folders_may_be_classes(tmp_path: Path) -> None:
    for room in ("kauri", "rimu"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "log.csv").write_text("date,learner,goal,what happened\n2026-07-20,Ben,hook,met\n")
    log = load([tmp_path / "kauri" / "log.csv", tmp_path / "rimu" / "log.csv"], class_from="file")
    assert {*log.learners["class_id"]} == {"kauri", "rimu"}


def test_a_grid_and_a_class_log_of_two_classes(files: Files) -> None:
    grid = "learner,class,hook,voice\nBen,r6,2026-07-20,2026-07-21\nZoe,r6,2026-07-22,\n"
    log = load(files(grid=grid, log=HEADER + "2026-07-20,Ben,r5,hook,started,\n2026-07-20,Ben,r6,hook,started,Zoe\n"))
    assert {child[0] for child in children(log)} == {"Ben (r5)", "Ben (r6)", "Zoe"}
    assert happened(log).count(("Ben (r6)", "met")) == 2


def test_courses_of_a_program_may_be_classes(files: Files) -> None:
    """Who has the same name in two courses is two, if the caller says that a file is a class."""
    header = "Time,User full name,Affected user,Event context,Component,Event name,Description,Origin,IP address\n"
    told = "Ben Lee,-,Assignment: Hook,Assignment,A submission has been submitted.,The user with id '7',web,1.1.1.1"
    row = f'"20/07/26, 09:00:00",{told}\n'
    folder = files(kauri=header + row, rimu=header + row)
    log = rl.load(folder, class_from="file", dayfirst=True)
    assert {child[2] for child in children(log)} == {"kauri", "rimu"}


def test_several_learners_in_a_cell(cases: Path) -> None:
    log = load(cases / "several_learners.csv")
    assert {child[0] for child in children(log)} == {"Aroha", "Ben", "Chloe"}
    assert happened(log) == [
        ("Aroha", "started"),
        ("Ben", "started"),
        ("Aroha", "met"),
        ("Ben", "met"),
        ("Chloe", "met"),
    ]
    assert together(log) == [{"Aroha", "Ben"}]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Aroha; Ben", ["Aroha", "Ben"]),
        ("Aroha/Ben", ["Aroha", "Ben"]),
        ("Aroha + Ben + Zoe", ["Aroha", "Ben", "Zoe"]),
        ("Aroha, Ben and Zoe", ["Aroha", "Ben", "Zoe"]),
        ("Aroha\nBen", ["Aroha", "Ben"]),
        ("Anna/Lena", ["Anna/Lena"]),
        ("a&b@school.example", ["a&b@school.example"]),
    ],
)
def test_a_list_however_it_is_written(files: Files, cell: str, names: list[str]) -> None:
    alone = "".join(f"2026-07-20,{name},hook,started\n" for name in ("Aroha", "Ben", "Zoe"))
    log = load(files(log=f'date,learner,goal,what happened\n{alone}2026-07-21,"{cell}",hook,met\n'))
    assert [learner for learner, event in happened(log) if event == "met"] == names


def test_several_helpers(files: Files) -> None:
    log = load(files(log=HEADER + "2026-07-20,Aroha & Ben,r5,hook,helped,Zoe\n2026-07-21,Aroha,r6,hook,met,\n"))
    roles = log.collaborations.set_index("learner_id")["role"].to_dict()
    assert roles == {"Aroha (r5)": "helper", "Ben": "helper", "Zoe": "seeker"}


def test_last_first_is_one_name(cases: Path) -> None:
    log = load(cases / "last_first_edges.csv")
    assert {child[0] for child in children(log)} == {"Ngata, Aroha", "Smith, Ben", "Lee, Cho"}
    assert together(log) == [{"Ngata, Aroha", "Smith, Ben"}, {"Smith, Ben", "Lee, Cho"}]


def test_pairs_of_a_longer_list(files: Files) -> None:
    header = "date,learner,goal,what happened,with\n"
    text = header + '2026-07-20,"Ngata, Aroha",hook,worked,"Smith, Ben, Lee, Cho"\n2026-07-21,"Smith, Ben",hook,met,\n'
    assert together(load(files(log=text))) == [{"Ngata, Aroha", "Smith, Ben", "Lee, Cho"}]
    first = header + '2026-07-20,"Ngata, Aroha",hook,worked,"Ben, Zoe"\n2026-07-21,"Smith, Ben",hook,met,\n'
    assert {"Ngata, Aroha", "Smith, Ben"} <= together(load(files(log=first)))[0]


def test_a_roster_of_first_last_and_preferred_names(cases: Path) -> None:
    log = load(cases / "roster2")
    assert children(log) == {("s1", "Aroha Ngata", "r5"), ("s2", "Benjamin Smith", "r5")}
    assert happened(log) == [("s1", "started"), ("s2", "started"), ("s2", "started"), ("s1", "met")]
    assert listed(log) == [(5, "unknown_learner"), (7, "unknown_learner")]
    assert {*log.problems.loc[log.problems["code"] == "short_name", "value"]} == {"Aroha", "Benjamin", "Aroha N"}


def test_whoever_may_be_two_is_nobody(files: Files) -> None:
    roster = "Student ID,First name,Last name,Known as,Also known as\n1,Benjamin,Smith,Ben,Benno; Benji\n2,Ben,Lee,,\n"
    names = ["Ben", "Benji", "Ben L.", "smith, benjamin", "Ben Lee", "2"]
    rows = "".join(f'2026-07-20,"{name}",hook,worked\n' for name in names)
    log = load(files(learners=roster, log="date,learner,goal,what happened\n" + rows))
    assert [learner for learner, _ in happened(log)] == ["1", "2", "1", "2", "2"]
    assert listed(log) == [(2, "shared_name")]
    assert [*log.learners.columns][:3] == ["learner_id", "name", "class_id"]
    assert not {"Known as", "First name"} & {*log.learners.columns}


def test_namesakes_of_a_roster_are_told_apart_by_the_class(cases: Path, files: Files) -> None:
    log = load(cases / "roster4")
    assert happened(log) == [("s1", "started"), ("s2", "started")]
    names = files(
        learners="name,class\nBen Smith,r5\nBen Smith,r6\nZoe Ray,r6\n",
        log=HEADER
        + "2026-07-20,Ben,r6,hook,started,Zoe\n2026-07-20,Ben Smith,R5,hook,met,\n2026-07-21,Ben,,hook,met,\n",
    )
    log = load(names)
    assert happened(log) == [("Ben Smith (r6)", "started"), ("Ben Smith (r5)", "met")]
    assert together(log) == [{"Ben Smith (r6)", "Zoe Ray"}]
    assert listed(log) == [(4, "shared_name")]


def test_first_and_last_names_in_two_columns(cases: Path, files: Files) -> None:
    log = load(cases / "two_name_columns2.csv")
    assert {child[0] for child in children(log)} == {"Aroha Ngata", "Ben Smith", "Ben Lee"}
    grid = load(files(grid="First name,Last name,hook,voice\nBen,Lee,2026-07-20,2026-07-21\nBen,Ray,2026-07-20,\n"))
    assert {child[0] for child in children(grid)} == {"Ben Lee", "Ben Ray"}
    assert len(grid.goals) == 2
    given = load(
        files(log="Date,Given name,Family name,Goal,What happened\n2026-07-20,Ben,Lee,hook,met\n").joinpath("log.csv")
    )
    assert happened(given) == [("Ben Lee", "met")]


def test_spellings_are_joined_where_the_caller_says_so(files: Files) -> None:
    text = "date,learner,goal,what happened,with\n2026-07-20,Ben,hook,started,\n2026-07-21,Zoe,hook,helped,Benj\n"
    same = {"Ben": "Benjamin Smith", "Benj": "Benjamin Smith"}
    log = load(files(log=text), same=same)
    assert {child[0] for child in children(log)} == {"Benjamin Smith", "Zoe"}
    assert together(log) == [{"Zoe", "Benjamin Smith"}]
    roster = files(log=text, learners="learner_id,name\n1,Benjamin Smith\n2,Zoe\n")
    assert happened(load(roster, same=same)) == [("1", "started")]
    with pytest.raises(ArgumentError, match='"Ben Smit", who is not on the roster'):
        load(roster, same={"Ben": "Ben Smit"})


@pytest.mark.parametrize("same", [{"a": "b", "b": "c"}, ["a"], {"a": ""}, {1: "a"}])
def test_what_is_the_same_is_said_rightly(same: Any, files: Files) -> None:
    with pytest.raises(ArgumentError, match="`same`"):
        load(files(log=HEADER), same=same)


def test_people_are_left_out_counted_and_listed(files: Files) -> None:
    rows = [
        "20,Ms Tane,hook,met,",
        "20,Aroha,hook,got help from,Ms Tane",
        "21,Ben,hook,worked with,Aroha & ms tane",
        "22,Ben,hook,met,",
    ]
    text = "date,learner,goal,what happened,with\n" + "".join(f"2026-07-{row}\n" for row in rows)
    log = load(files(log=text), leave_out=["ms tane", "Mr Nobody"])
    assert {child[0] for child in children(log)} == {"Aroha", "Ben"}
    assert together(log) == [{"Aroha"}, {"Ben", "Aroha"}]
    assert rl.episodes(log)["kind"].tolist()[0] == "other"
    assert log.account[["read", "loaded", "listed"]].to_numpy().tolist() == [[4, 3, 1]]
    assert (log.problems["code"] == "person_left_out").sum() == 3
    assert "Mr Nobody" in log.problems.loc[log.problems["code"] == "said_in_vain", "message"].item()
    rl.load(files(log=text), leave_out="Ms Tane", strict=True)


def test_people_on_no_roster_are_left_out_too(files: Files) -> None:
    text = "date,learner,goal,what happened,with\n2026-07-20,Aroha,hook,got help from,Ms Tane\n"
    roster = "learner_id,name\n1,Aroha Ngata\n2,Ben Lee\n"
    log = load(files(log=text, learners=roster), leave_out=["Ms Tane", "Ben Lee"])
    assert together(log) == [{"1"}]
    assert [*log.learners["learner_id"]] == ["1"]
    assert {*log.problems["code"]} == {"short_name", "person_left_out"}


def test_what_is_one_sign_apart_is_remarked_on(files: Files) -> None:
    rows = ["Ben,hook"] * 9 + ["Bem,hook", "ben,hok", "Jo Ann,Hook", "JoAnn,voice", "Zoe,voices"]
    text = "date,learner,goal,what happened\n" + "".join(f"2026-07-20,{row},worked\n" for row in rows)
    log = load(files(log=text))
    found = log.problems.groupby("code")["value"].agg(set).to_dict()
    assert found == {"similar_names": {"Bem", "ben", "JoAnn"}, "similar_goals": {"hok", "Hook", "voices"}}


def test_the_children_of_two_classes_do_not_look_alike(files: Files) -> None:
    log = load(files(log=HEADER + "2026-07-20,Mia,r5,hook,met,\n2026-07-20,Mila,r6,hook,met,\n"))
    assert log.problems.empty


def test_who_was_away_is_one_of_a_class_too(files: Files) -> None:
    rows = ["20,Ben,r5,hook,met,", "20,Ben,r6,hook,set,", "21,Ben,r5,,absent,", "21,Zoe & Mia,r6,,sick,"]
    log = HEADER + "".join(f"2026-07-{row}\n" for row in [*rows, "22,Ms Tane,r6,,away,"])
    table = "learner,class,date\nBen,r6,2026-07-23\nMia,,2026-07-23\n"
    read = load(files(log=log, absences=table), leave_out=["Ms Tane"])
    assert {*read.absences["learner_id"]} == {"Ben (r5)", "Ben (r6)", "Zoe", "Mia"}
    assert {child[0] for child in children(read)} == {*read.absences["learner_id"]}
    assert listed(read) == [(6, "person_left_out")]
    other = load(files(log=log.replace("r5", "r7")).joinpath("log.csv"))
    assert "Ben (r7)" in {*rl.join(read, other).absences["learner_id"]}


FIRST = [
    "Aroha", "Ben", "Chloe", "Dev", "Emere", "Finn", "Grace", "Hemi", "Isla", "Jack", "Kahu", "Lucy", "Manaia", "Noah",
    "Olive", "Poppy", "Quinn", "Ruby", "Sione", "Tama", "Una", "Vika", "Wiremu", "Xanthe", "Yusuf", "Zara",
]  # fmt: skip
COLUMNS = ["date", "learner", "goal", "what happened", "with", "chosen by", "minutes", "note"]
WORDS = {"helper": "helped", "seeker": "got help from", "peer": "worked with", None: "worked with"}


def school(seed: int) -> tuple[ProgressLog, dict[str, pl.DataFrame]]:
    """A simulated school as it was, and the sheet that each of its classes would have kept, with first names."""
    draw = random.Random(seed)
    size, rooms = draw.randint(3, 12), draw.randint(2, 6)
    log = rl.simulate(classes=rooms, learners=size, seed=seed, mode=draw.choice(["times", "dates"]))
    learners = pl.from_pandas(log.learners).select("learner_id", "class_id")
    names = [name for _ in range(rooms) for name in draw.sample(FIRST, size)]
    learners = learners.with_columns(name=pl.Series(names))
    parts = {"events": pl.from_pandas(log.events), "collaborations": pl.from_pandas(log.collaborations)}
    parts = {name: frame.drop("row") for name, frame in parts.items()}
    truth = ProgressLog.from_tables(**parts, learners=learners)
    name_of = dict(learners.select("learner_id", "name").iter_rows())
    room_of = dict(learners.select("learner_id", "class_id").iter_rows())
    rows: dict[str, list[list[str]]] = {room: [] for room in dict.fromkeys(room_of.values())}
    for time, learner, goal, event, chosen, *_ in parts["events"].iter_rows():
        rows[room_of[learner]].append([str(time), name_of[learner], goal, event, "", chosen or "", "", ""])
    for some in parts["collaborations"].partition_by("episode_id", maintain_order=True):
        some = some.sort("learner_id")  # so that two times together of one day are told by the same child
        first = some.row(0, named=True)
        goal = next((one for one in some["goal_id"].to_list() if one), "")
        others = ", ".join(name_of[one] for one in some["learner_id"].to_list()[1:])
        minutes = "" if first["minutes"] is None else f"{first['minutes']:g}"
        word, who = WORDS[first["role"]], first["learner_id"]
        row = [str(first["time"]), name_of[who], goal, word, others, first["chosen_by"] or "", minutes, ""]
        rows[room_of[who]].append(row)
    return truth, {room: pl.DataFrame(some, schema=COLUMNS, orient="row") for room, some in rows.items()}


def book(sheets: dict[str, pl.DataFrame]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        for name, frame in sheets.items():
            sheet = workbook.add_worksheet(name)
            for n, row in enumerate([frame.columns, *frame.iter_rows()]):
                sheet.write_row(n, 0, row)
    return out.getvalue()


def facts(log: ProgressLog) -> dict[str, Any]:
    """What is to be the same: the learners, completion by class, and the kind of each participation."""
    learners = log.learners[["learner_id", "name", "class_id"]]
    kinds = rl.episodes(log).merge(learners, on="learner_id")
    each = kinds[["class_id", "name", "time", "kind"]].sort_values(["class_id", "name", "time", "kind"])
    return {
        "learners": sorted(learners[["class_id", "name"]].itertuples(index=False, name=None)),
        "completion": rl.completion(log).round(9).to_dict("list"),
        "kinds": each.to_numpy().tolist(),
        "events": len(log.events),
    }


def check_school(seed: int, folder: Path) -> None:
    """Written as files and as sheets, with a class column and without: each time it is the school as it was."""
    truth, sheets = school(seed)
    named = {room: frame.with_columns(**{"class": pl.lit(room)}) for room, frame in sheets.items()}
    expected = facts(truth)
    for way, frames, class_from in (("told", named, None), ("bare", sheets, "file")):
        where = folder / f"{way}_{seed}"
        where.mkdir()
        for room, frame in frames.items():
            frame.write_csv(where / f"{room}.csv")
        workbook = folder / f"{way}_{seed}.xlsx"
        workbook.write_bytes(book(frames))
        for path, option in ((where, class_from), (workbook, class_from and "sheet")):
            log = load(path, class_from=option)
            assert log.account["listed"].sum() == 0, (way, path.name)
            assert log.account["read"].sum() == sum(frame.height for frame in frames.values())
            assert facts(log) == expected, (way, path.name)


@pytest.mark.parametrize("seed", range(4))
def test_a_school_of_recurring_first_names_is_what_it_was(seed: int, tmp_path: Path) -> None:
    check_school(seed, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 160))
def test_sixty_schools_are_what_they_were(seed: int, tmp_path: Path) -> None:
    check_school(seed, tmp_path)


def test_of_a_child_who_moved_class_and_was_joined_it_is_said_which_class_counts(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    rows = "2026-07-20,Ben,R5,hook,started\n2026-07-27,Ben,R6,hook,met\n2026-07-27,Zoe,R6,hook,started\n"
    file.write_text("date,learner,class,goal,what happened\n" + rows, "utf-8")
    log = rl.load(file, same={"Ben (R6)": "Ben (R5)"})
    assert log.problems[["code", "value"]].to_numpy().tolist() == [["other_class", "Ben (R5)"]]
    assert log.learners.set_index("name")["class_id"].to_dict() == {"Ben": "R5", "Zoe": "R6"}
    (tmp_path / "learners.csv").write_text("name,class\nBen,R6\nZoe,R6\n", "utf-8")
    told = rl.load(tmp_path)
    assert told.learners.set_index("name")["class_id"].to_dict() == {"Ben": "R6", "Zoe": "R6"}
    assert rl.completion(told)["met"].tolist() == [1]


def test_a_first_name_of_two_children_is_asked_about_without_a_roster_too(files: Files) -> None:
    rows = "2026-07-20,Ben S,hook,started,\n2026-07-20,Ben T,hook,started,\n2026-07-21,Zoe,hook,worked,Ben\n"
    log = load(files(log="date,learner,goal,what happened,with\n" + rows))
    assert {child[0] for child in children(log)} == {"Ben S", "Ben T"}
    assert listed(log) == [(4, "shared_name")]


def test_a_first_name_beside_the_whole_one_is_remarked_on(files: Files) -> None:
    rows = "2026-07-20,Ben Smith,hook,started\n2026-07-21,Ben,hook,met\n2026-07-21,Zoe R,hook,met\n"
    more = "2026-07-21,Zoe Ray,hook,met\n2026-07-21,Zoe Rua,hook,met\n"
    log = load(files(log="date,learner,goal,what happened\n" + rows + more))
    assert len(log.learners) == 5
    assert log.problems[["code", "value"]].to_numpy().tolist() == [["similar_names", "Ben"]]
