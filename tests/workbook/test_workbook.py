"""The workbook of `new_workbook`: written, filled in by script and by LibreOffice, and loaded without a question."""

import json
import re
import secrets
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NoReturn

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from typer.testing import CliRunner

import reflectlab as rl
from reflectlab import cli
from reflectlab.cli_options import REFUSED
from reflectlab.load.clean.vocabulary import CHOICES, WORDS
from reflectlab.workbook.guide import CHOOSER_WORDS, PART_WORDS
from reflectlab.workbook.guide import WORDS_TO_CHOOSE as OFFERED

LEARNERS = ["Aroha", "Ben\tRoom 6", "Chloë", "Hēmi\tRoom 5\t2026-08-03\t\tHemi, H"]
GOALS = ["Open with a hook\tWriting\t\t2026-08-14", "Tell a fact\tWriting", "Halve a number\tNumber\t3"]
ROOMS = {"Aroha": "Room 5", "Ben": "Room 6", "Chloë": "Room 5", "Hēmi": "Room 5"}
SHEETS = ["Start here", "Log", "Learners", "Goals", "Terms", "Absences"]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return rl.new_workbook(tmp_path / "room 5.xlsx", learners=LEARNERS, goals=GOALS, class_id="Room 5")


def planned() -> list[list[str | int | None]]:
    """Two hundred rows of a class, eight a school day: each child starts, works, helps and meets, goal by goal."""
    names = [entry.split("\t")[0] for entry in LEARNERS]
    goals = [entry.split("\t")[0] for entry in GOALS]
    days = [day for n in range(60) if (day := date(2026, 8, 3) + timedelta(days=n)).weekday() < 5]
    steps: list[list[str | int | None]] = []
    for goal in goals:
        for who, other in zip(names, names[1:] + names[:1], strict=True):
            steps += [[who, goal, "set", None, "learner", None], [who, goal, "started", None, None, None]]
            for n in range(12):
                word = ("worked on", "worked with", "got help from", "stuck", "helped")[n % 5]
                together = word in ("worked with", "got help from", "helped")
                ends = [other, ("learner", "teacher")[n % 2], 10 + n] if together else [None, None, None]
                steps.append([who, goal, word, *ends])
            steps += [[who, goal, "met", None, None, None], [who, None, "absent am", None, None, None]]
    rows = [*steps, *([names[n % 4], None, "absent am", None, None, None] for n in range(8))]
    dated = [days[n // 8].isoformat() if n % 8 == 0 else None for n in range(len(rows))]
    return [[day, *row] for day, row in zip(dated, rows, strict=True)]


TERMS = [["Term 3", "2026-07-20", "2026-09-25", "2026-09-11; 2026-09-21..2026-09-22"]]


def test_what_is_known_stands_in_its_sheet(book: Path) -> None:
    read = openpyxl.load_workbook(book)
    assert read.sheetnames == SHEETS
    learners = [[cell.value for cell in row] for row in read["Learners"].iter_rows(min_row=3, max_row=6)]
    assert [row[:2] for row in learners] == [
        ["Aroha", "Room 5"],
        ["Ben", "Room 6"],
        ["Chloë", "Room 5"],
        ["Hēmi", "Room 5"],
    ]
    assert (learners[3][2].date(), learners[3][4]) == (date(2026, 8, 3), "Hemi, H")
    goals = [[cell.value for cell in row][:4] for row in read["Goals"].iter_rows(min_row=3, max_row=5)]
    assert goals[0][:2] == ["Open with a hook", "Writing"]
    assert (goals[0][3].date(), goals[2][2]) == (date(2026, 8, 14), "3")


def test_it_is_for_its_owner_only_and_replaces_nothing(book: Path) -> None:
    if sys.platform != "win32":
        assert stat.S_IMODE(book.stat().st_mode) == 0o600
    before = book.read_bytes()
    with pytest.raises(rl.ExistsError, match="is there already"):
        rl.new_workbook(book)
    assert book.read_bytes() == before
    rl.new_workbook(book, overwrite=True)
    assert book.read_bytes() != before


def lists(book: Path, sheet: str) -> dict[str, str]:
    """Return what can be chosen in each column of a sheet, by the letter of the column."""
    found = openpyxl.load_workbook(book)[sheet].data_validations.dataValidation
    return {str(one.sqref).rstrip("0123456789:")[0]: one.formula1 for one in found if one.type == "list"}


def test_columns_choose_from_the_sheets_and_the_words(book: Path) -> None:
    words = ",".join(word for word, _ in OFFERED)
    people, goals = "Learners!$A$2:$A$600", "Goals!$A$2:$A$600"
    assert lists(book, "Log") == {"B": people, "C": goals, "D": f'"{words}"', "E": people, "F": '"learner,teacher"'}
    assert lists(book, "Absences") == {"A": people, "C": '"am,pm"'}


def test_every_word_to_choose_is_one_that_load_knows() -> None:
    known = {word for each in WORDS.values() for word in each}
    assert {word for word, _ in OFFERED} <= known
    assert all(choice in CHOICES[choice] for choice in CHOOSER_WORDS)
    assert PART_WORDS == ("am", "pm")


@pytest.mark.parametrize("argument", ["learners", "goals"])
def test_what_could_not_be_told_apart_is_refused(tmp_path: Path, argument: str) -> None:
    with pytest.raises(rl.ArgumentError, match="'Ben' twice"):
        rl.new_workbook(tmp_path / "a.xlsx", **{argument: ["Ben", "Zoe", "BEN"]})
    with pytest.raises(rl.ArgumentError, match="got one text"):
        rl.new_workbook(tmp_path / "a.xlsx", **{argument: "Ben"})
    with pytest.raises(rl.ArgumentError, match="255"):
        rl.new_workbook(tmp_path / "a.xlsx", **{argument: ["B" * 256]})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "+1", "@SUM(A1)", "https://example.org", "'Ben", "007", "2026-01-01"]
)
def test_what_is_known_is_text_whatever_is_in_it(tmp_path: Path, text: str) -> None:
    book = rl.new_workbook(tmp_path / "a.xlsx", learners=[text], goals=[text])
    read = openpyxl.load_workbook(book)
    for sheet in ("Learners", "Goals"):
        cell = read[sheet]["A3"]
        assert (cell.value, cell.data_type) == (text, "s")
    with zipfile.ZipFile(book) as parts:
        assert not [name for name in parts.namelist() if "externalLink" in name or "hyperlink" in name.lower()]


def test_names_are_read_from_files_of_any_editor(tmp_path: Path) -> None:
    names, goals = tmp_path / "names.txt", tmp_path / "goals.txt"
    names.write_bytes("\ufeffAroha\r\n\r\n  Ben \r\n".encode())
    goals.write_bytes("Tell  a fact\tWriting\n".encode("utf-16"))
    rl.new_workbook(tmp_path / "a.xlsx", learners=names, goals=goals)
    read = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [read["Learners"][place].value for place in ("A3", "A4", "A5")] == ["Aroha", "Ben", None]
    assert [read["Goals"][place].value for place in ("A3", "B3")] == ["Tell a fact", "Writing"]
    names.write_bytes(b"Chlo\xeb\n")
    with pytest.raises(rl.ReflectLabError, match="UTF-8"):
        rl.new_workbook(tmp_path / "b.xlsx", learners=names)
    with pytest.raises(rl.ReflectLabError, match="cannot be read"):
        rl.new_workbook(tmp_path / "b.xlsx", learners=tmp_path / "none.txt")


def test_nothing_written_yet_is_said_so(book: Path, tmp_path: Path) -> None:
    with pytest.raises(rl.NotALogError, match="Nothing is written in the log"):
        rl.load(book)
    log = rl.load(typed(book, tmp_path / "filled.xlsx", {"Terms": TERMS}))
    assert (len(log.learners), len(log.goals), len(log.events), len(log.problems)) == (4, 3, 0, 0)


def typed(book: Path, filled: Path, cells: dict[str, list[list[str | int | None]]]) -> Path:
    """Fill in by openpyxl, which computes no formula: the dates that are carried down are blank for who reads it."""
    made = openpyxl.load_workbook(book)
    for sheet, rows in cells.items():
        for down, row in enumerate(rows, start=3):
            for along, value in enumerate(row, start=1):
                if value is not None:
                    made[sheet].cell(down, along).value = _day(value)
    made.save(filled)
    return filled


def _day(value: str | int) -> str | int | date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return value


def test_where_no_formula_is_computed_load_carries_the_date_and_says_so(book: Path, tmp_path: Path) -> None:
    log = rl.load(typed(book, tmp_path / "filled.xlsx", {"Log": planned(), "Terms": TERMS}))
    is_as_planned(log, remarks=["carried_date"])


def is_as_planned(log: rl.ProgressLog, remarks: Sequence[str] = ()) -> None:
    """Assert that each row is in the log, as it was planned, and that there is nothing else to remark on."""
    rows = planned()
    assert len(rows) == 200
    assert log.problems["code"].tolist() == [*remarks], log.problems.to_string()
    account = log.account.set_index("sheet")
    assert account.loc["Log", ["read", "loaded", "listed"]].tolist() == [200, 200, 0]
    days = list(accumulate((row[0] for row in rows), lambda above, own: own or above))
    words = {"worked on": "worked", **{event: event for event in ("set", "started", "stuck", "met")}}
    events = [(day, row[1], words[row[3]]) for day, row in zip(days, rows, strict=True) if row[3] in words]
    found = log.events.sort_values("row", kind="stable")
    assert list(zip(found["time"].dt.strftime("%Y-%m-%d"), found["learner_id"], found["event"], strict=True)) == events
    assert log.collaborations["episode_id"].nunique() == sum(row[4] is not None for row in rows)
    assert len(log.absences) == sum(row[3] == "absent am" for row in rows)
    assert log.learners.set_index("learner_id")["class_id"].to_dict() == ROOMS
    assert log.terms["closed"].tolist() == ["2026-09-11; 2026-09-21..2026-09-22"]


def test_other_names_of_the_roster_are_known(book: Path, tmp_path: Path) -> None:
    rows = [["2026-08-04", "H", "Tell a fact", "started"], [None, "Aroha", "Tell a fact", "helped", "Hemi, Ben"]]
    log = rl.load(typed(book, tmp_path / "filled.xlsx", {"Log": rows}))
    assert log.events["learner_id"].tolist() == ["Hēmi"]
    assert sorted(log.collaborations["learner_id"]) == ["Aroha", "Ben", "Hēmi"]


def test_a_row_may_go_and_the_date_is_still_carried(book: Path) -> None:
    """What carries the date speaks of its own row only, by the column beside it."""
    read = openpyxl.load_workbook(book)["Log"]
    first = read["A4"].value
    assert first == '=IF(AND(B4<>"",ISNUMBER(OFFSET(B4,-1,-1))),OFFSET(B4,-1,-1),"")'
    assert read["A5000"].value == Translator(first, origin="A4").translate_formula("A5000")
    assert read["A3"].value is None


def test_the_example_is_no_row_of_a_csv_either(tmp_path: Path) -> None:
    text = "date,learner,goal,what happened\n# example,Aroha,Tell a fact,met\n2026-08-03,Ben,Tell a fact,met\n"
    (tmp_path / "log.csv").write_text(text, "utf-8")
    log = rl.load(tmp_path / "log.csv")
    assert log.events["learner_id"].tolist() == ["Ben"]
    assert log.problems.empty


def test_a_guide_with_a_table_in_it_is_not_passed_over(book: Path, tmp_path: Path) -> None:
    made = openpyxl.load_workbook(typed(book, tmp_path / "filled.xlsx", {"Log": planned(), "Terms": TERMS}))
    made["Start here"]["B5"] = "something of the teacher's"
    made.save(tmp_path / "more.xlsx")
    assert rl.load(tmp_path / "more.xlsx").problems["code"].tolist() == ["carried_date", "unused_table"]


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def test_the_command_writes_it_and_asks_before_it_replaces(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Aroha\nBen\n", "utf-8")
    book = tmp_path / "my class.xlsx"
    code, said = run("new", book, "--learners", names, "--class", "Room 5")
    assert (code, f'reflectlab check "{book}"' in said) == (0, True)
    before = book.read_bytes()
    code, said = run("new", book)
    assert (code, "say --overwrite" in said) == (REFUSED, True)
    assert book.read_bytes() == before
    assert run("new", book, "--overwrite")[0] == 0
    assert book.read_bytes() != before
    code, said = run("new", tmp_path / "class.csv")
    assert (code, "must end in .xlsx" in said) == (REFUSED, True)


@contextmanager
def office(folder: Path, pipe: str) -> Iterator[None]:
    """Run LibreOffice without a screen, with a profile of its own."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    accept = f"--accept=pipe,name={pipe};urp;"
    started = subprocess.Popen(
        ["soffice", "--headless", "--norestore", profile, accept], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
        started.wait(timeout=60)
    finally:
        started.kill()
        started.wait()


@pytest.fixture
def python_of_office(missing: Callable[[str], NoReturn]) -> str:
    """The Python that speaks to LibreOffice."""
    for python in ("/usr/bin/python3", "python3") if shutil.which("soffice") else ():
        if (
            shutil.which(python)
            and not subprocess.run([python, "-c", "import uno"], stderr=subprocess.DEVNULL).returncode
        ):
            return python
    return missing("there is no LibreOffice here: install the packages libreoffice-calc and python3-uno")


def test_two_hundred_rows_filled_in_through_libreoffice_load_without_a_remark(
    book: Path, tmp_path: Path, python_of_office: str
) -> None:
    cells, filled = tmp_path / "cells.json", tmp_path / "filled.xlsx"
    cells.write_text(json.dumps({"Log": planned(), "Terms": TERMS}), "utf-8")
    fill = Path(__file__).parent / "fill.py"
    pipe = f"reflectlab{secrets.token_hex(8)}"
    with office(tmp_path, pipe):
        subprocess.run([python_of_office, fill, pipe, book, filled, cells], check=True, timeout=120)
    is_as_planned(rl.load(filled))
    computed = openpyxl.load_workbook(filled, data_only=True)["Log"]
    assert [computed.cell(row, 1).value.date() for row in (3, 10, 11, 202)] == [
        date(2026, 8, 3), date(2026, 8, 3), date(2026, 8, 4), date(2026, 9, 4),
    ]  # fmt: skip
    assert lists(filled, "Log") == lists(book, "Log"), "the lists to choose from are still there"
    assert (pages(book), pages(filled)) == (len(SHEETS), len(SHEETS) + 3), "200 rows are four pages of the log"


def pages(book: Path) -> int:
    """Print a workbook, and return how many pages it comes to."""
    folder = book.parent / f"printed {book.stem}"
    profile = f"-env:UserInstallation={(book.parent / 'profile').as_uri()}"
    order = ["soffice", "--headless", "--norestore", profile, "--convert-to", "pdf", "--outdir", folder, book]
    subprocess.run(order, check=True, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return len(re.findall(rb"/Type\s*/Page\b", (folder / f"{book.stem}.pdf").read_bytes()))
