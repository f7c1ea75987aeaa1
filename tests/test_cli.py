"""The command `reflectlab`: what it prints, how it ends, and that the lab really runs."""

import dataclasses
import inspect
import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import reflectlab
from reflectlab import cli
from reflectlab.cli_options import REFUSED, in_options
from reflectlab.explore import TeacherBoard, save_report
from reflectlab.load.options import Options

GOOD = """date,learner,goal,what happened,with,chosen by,minutes,note
2026-07-20,Aroha,Open with a hook,started,,learner,,
2026-07-22,Aroha,Open with a hook,worked with,Hēmi,learner,20,
2026-07-23,Aroha,Open with a hook,met,,,,
2026-07-24,Hēmi,Open with a hook,started,,teacher,,[red]odd[/red]
"""
BAD = GOOD + "2026-07-27,Hēmi,Open with a hook,achived,,,,\n"


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "class log.csv"


def _run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def test_check_says_what_was_understood(log_file: Path) -> None:
    log_file.write_text(GOOD, "utf-8")
    code, said = _run("check", log_file)
    assert code == cli.READABLE
    assert "2 learners, 1 goal, 3 events, 1 episode of working together, 2026-07-20 to 2026-07-24" in said
    assert "class log.csv: 4 rows read = 4 loaded + 0 left out." in said
    assert "The first events (3 of 3)" in said
    assert "[red]odd[/red]" in said, "what stands in a file is shown, not obeyed"


def test_check_names_each_row_that_was_left_out(log_file: Path) -> None:
    log_file.write_text(BAD, "utf-8")
    code, said = _run("check", log_file)
    assert code == cli.LEFT_OUT
    assert "5 rows read = 4 loaded + 1 left out." in said
    assert "Left out of the log (1):" in said
    assert 'class log.csv, row 6, column what happened "achived"' in said
    assert "achieved" in said, "the near miss is named"


def test_a_grid_counts_rows_and_says_which_are_loaded_in_part(log_file: Path) -> None:
    log_file.write_text("learner,Hook,Facts,Ends\nAroha,2026-07-20,soon,never\nBen,2026-07-21,,\nHēmi,,x,\n", "utf-8")
    _, said = _run("check", log_file)
    assert "class log.csv: 3 rows read = 2 loaded (1 of them only in part) + 1 left out." in said
    assert "Left out of the log (3):" in said


def test_check_takes_words_and_columns(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("when,pupil,goal,event\n0720,Aroha,Hook,S\n0721,Ben,Hook,M\n", "utf-8")
    named = ("time=when", "learner_id=pupil", "goal_id=goal", "event=event")
    options = [part for name in named for part in ("--column", name)]
    dates = ("--date-format", "%m%d", "--year", "2026")
    code, said = _run("check", file, *options, "--word", "S=started", "--word", "M=met", *dates)
    assert (code, "2 learners, 1 goal, 2 events" in said) == (cli.READABLE, True), said


def test_check_takes_headers(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Datum,Kind,Ziel,Was\n2026-07-20,Aroha,Hook,started\n", "utf-8")
    named = ("Datum=date", "Kind=learner", "Ziel=goal", "Was=what happened")
    code, said = _run("check", file, *(part for name in named for part in ("--header", name)))
    assert (code, "1 learner, 1 goal, 1 event" in said) == (cli.READABLE, True), said


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", "empty"), (b"\x89PNG\r\n\x1a\n\x00\x00", ""), (b"a,b\n1,2\n", "")],
    ids=["empty", "a picture", "another table"],
)
def test_check_refuses_what_is_no_log_in_plain_words(log_file: Path, content: bytes, expected: str) -> None:
    log_file.write_bytes(content)
    code, said = _run("check", log_file)
    assert code == REFUSED
    assert expected in said
    assert "Traceback" not in said
    assert "class log.csv" in said


def test_check_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    code, said = _run("check", tmp_path / "none.csv")
    assert (code, "There is no file" in said, "none.csv" in said) == (REFUSED, True, True)


def test_check_refuses_half_a_pair(log_file: Path) -> None:
    log_file.write_text(GOOD, "utf-8")
    code, said = _run("check", log_file, "--column", "learner_id")
    assert (code, 'got "learner_id"' in said) == (REFUSED, True)


DAYS = "date,learner,goal,what happened\n03/04/2026,Aroha,Hook,{}\n{},Aroha,Hook,met\n"


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (DAYS.format("met", "05/06/2026"), [], "Say which: --dayfirst or --monthfirst."),
        (DAYS.format("achived", "25/06/2026"), [], 'Or say what it means: --word "achived=met".'),
        (DAYS.format("S", "25/06/2026"), ["--word", "S="], 'left out, as was said: --word "S=".'),
        (DAYS.format('"""M"""', "25/06/2026"), [], "Say what it means: --word '\"M\"=...'"),
        (DAYS.replace("learner", "leaner"), ["--dayfirst"], 'Or say so: --column "learner_id=leaner".'),
        ("what,ever\n1,2\n", [], '--column "learner_id=..." --column "goal_id=..."'),
        ("learner,Hook\nAroha,x\nBen,2026-07-20\n", [], 'say on which day ticks count: --as-of "2026-07-20".'),
        ("date,learner,goal,what happened\n46223,Aroha,Hook,met\n", [], 'say so: --date-format "excel".'),
        ("date,learner,goal,what happened\n20 Jul,Aroha,Hook,met\n", [], "Say which it is: --year 2026."),
    ],
)
def test_what_to_do_is_said_in_the_options_of_the_command(
    log_file: Path, content: str, options: list[str], expected: str
) -> None:
    log_file.write_text(content, "utf-8")
    _, said = _run("check", log_file, *options)
    assert expected in said
    assert "load(" not in said


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (["--word", "S=mett"], 'nothing that "S" can mean. Did you mean "met"? It is one of: set,'),
        (["--column", "leaner_id=Pupil"], 'no column of a log. Did you mean "learner_id"? It is one of: time,'),
        (["--as-of", "May"], "--as-of must be a date such as 2026-07-20"),
        (["--format", "sheets"], "'openedx'; got 'sheets'. Did you mean \"sheet\"?"),
    ],
)
def test_an_option_that_is_not_allowed_is_called_by_its_name(log_file: Path, option: list[str], expected: str) -> None:
    log_file.write_text(GOOD, "utf-8")
    code, said = _run("check", log_file, *option)
    assert (code, expected in said, "`" in said) == (REFUSED, True, False), said


def test_the_command_takes_what_load_takes() -> None:
    taken = {field.name for field in dataclasses.fields(Options)} - {"say"}
    assert taken == set(inspect.signature(reflectlab.load).parameters) - {"path", "strict"}
    _, said = _run("check", "--help")
    values = {"terms": [("x", "y")]}
    assert [name for name in taken if in_options(**{name: values.get(name, "x")}).split()[0] not in said] == []


def test_no_reader_writes_python_by_itself() -> None:
    """What to do is said by `Options.say`, so that each place says it in its own words."""
    readers = Path(reflectlab.__file__).parent / "load"
    with_python = {file.name for file in readers.rglob("*.py") if "load(..." in file.read_text("utf-8")}
    assert with_python == {"__init__.py", "headers.py", "options.py", "vocabulary.py"}, (
        "only in examples, and `in_python`"
    )


def test_nothing_of_a_file_steers_the_terminal(log_file: Path) -> None:
    log_file.write_text(GOOD.replace("[red]odd[/red]", "\x1b[31mred\x07"), "utf-8")
    _, said = _run("check", log_file)
    assert not {"\x1b", "\x07"} & set(said)


def test_check_says_a_kind_of_problem_once_with_its_first_places_and_all_says_each(log_file: Path) -> None:
    log_file.write_text(GOOD + "2026-07-27,Ben,Hook,achived,,,,\n" * 30 + "soon,Ben,Hook,met,,,,\n" * 2, "utf-8")
    _, said = _run("check", log_file)
    assert "Left out of the log (32):" in said
    first = '30 times: class log.csv, row 6, column what happened "achived"; class log.csv, row 7, column what happened'
    assert first in said
    assert said.count("row 8") == 1
    assert "row 9" not in said
    assert said.count('--word "achived=met"') == 1
    assert '2 times: class log.csv, row 36, column date "soon"; class log.csv, row 37' in said
    assert "--all lists each of them." in said
    _, said = _run("check", log_file, "--all")
    assert [f"class log.csv, row {row}, column" in said for row in range(6, 38)] == [True] * 32
    assert said.count('--word "achived=met"') == 30


def test_a_log_with_thousands_of_problems_is_a_screen(log_file: Path) -> None:
    rows = "".join(f"2026-07-27,Ben,Hook,word {number},,,,\n" for number in range(5000))
    log_file.write_text(GOOD + rows, "utf-8")
    _, said = _run("check", log_file)
    assert len(said.splitlines()) < 80
    assert "Left out of the log (5,000):" in said


def test_check_lists_children_and_goals_with_their_counts(log_file: Path) -> None:
    chance = random.Random(7)
    children = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=9)).capitalize() for _ in range(50)]
    rows = "".join(f"2026-07-27,{child},Hook,met,,,,\n" for child in children)
    log_file.write_text(GOOD + rows + "2026-07-28,Arohaa,Hooks,met,,,,\n" + rows, "utf-8")
    _, said = _run("check", log_file)
    assert "The children, with the rows of each (53): Arohaa (1, another one written otherwise?), " in said
    assert ", and 13 more (--all lists them)." in said
    assert "The goals, with the rows of each (3): Hooks (1, another one written otherwise?), Hook (100), " in said
    _, said = _run("check", log_file, "--all")
    assert "more (--all" not in said
    assert [child for child in children if f"{child} (2" not in said] == []


STEERING = "\x1b]0;owned\x07\x9b31m\u202eneB\u2066"
"""What would name the window, colour the rest, and turn the line round."""


@pytest.mark.parametrize(
    "content",
    [
        f"date,learner,goal,what happened\n2026-07-20,{STEERING},Hook,met\n2026-07-21,Ben,Hook,{STEERING}\n",
        f"date,learner,goal,what happened,{STEERING}\n2026-07-20,Ben,{STEERING},met,x\nsoon{STEERING},Ben,Hook,met,x\n",
        f"{STEERING},pupil,{STEERING} x\n1,{STEERING},2\n",
    ],
    ids=["words", "headers", "no log"],
)
@pytest.mark.parametrize("every", [[], ["--all"]])
def test_nothing_of_a_file_its_headers_and_its_name_steers_the_terminal(
    tmp_path: Path, content: str, every: list[str]
) -> None:
    file = tmp_path / f"log {STEERING}.csv"
    file.write_text(content, "utf-8")
    _, said = _run("check", file, *every)
    assert not {sign for sign in said if sign != "\n" and not sign.isprintable()}
    _, said = _run("check", tmp_path / f"none {STEERING}.csv")
    assert not {sign for sign in said if sign != "\n" and not sign.isprintable()}


@pytest.mark.skipif(sys.platform == "win32", reason="asks a shell of POSIX")
@pytest.mark.parametrize(
    "word", ["S", "a b", '"M"', "it's", "$HOME", "`id`", "back\\slash", "end\\", "done!", "100%", "a;b|c"]
)
def test_what_is_quoted_comes_out_of_the_shell_as_it_was(word: str) -> None:
    said = in_options(words={word: "met"})
    out = subprocess.run(["sh", "-c", f"printf '%s\\n' {said}"], capture_output=True, check=True, encoding="utf-8")
    assert out.stdout == f"--word\n{word}=met\n"


def test_a_word_is_quoted_for_windows_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert in_options(words={'"M" x': "met", "S": "met"}) == r'--word "\"M\" x=met" --word "S=met"'


def test_help_and_version() -> None:
    assert _run("--version") == (0, f"reflectlab {reflectlab.__version__}\n")
    code, said = _run("--help")
    assert code == 0
    assert "lab" in said
    assert "check" in said


def test_lab_opens_the_teachers_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyterlab.labapp import LabApp

    asked: list[str] = []
    monkeypatch.setattr(LabApp, "launch_instance", asked.extend)
    monkeypatch.setattr("os.umask", lambda _: None)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    (tmp_path / cli.NOTEBOOK).write_text("{}", "utf-8")
    code, said = _run("lab", tmp_path)
    assert code == 0
    assert str(tmp_path) in said.replace("\n", "")
    assert f"--ServerApp.root_dir={tmp_path}" in asked
    assert f"--LabApp.default_url=/lab/tree/{cli.NOTEBOOK}" in asked
    assert {"--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"} <= set(asked)
    assert ("--no-browser" in asked) == (sys.platform == "linux")


def test_lab_says_where_the_notebooks_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "__file__", str(tmp_path / "site-packages" / "reflectlab" / "cli.py"))
    code, said = _run("lab")
    assert code == REFUSED
    assert "clone of reflectlab" in said


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "reflectlab", "lab", "--no-browser", "--port", str(port)]
    environment = {**os.environ, "HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path)}
    output = tmp_path / "said"
    with output.open("w") as said, subprocess.Popen(command, env=environment, stdout=said, stderr=said) as process:
        yield process, port
        process.terminate()
        process.wait(30)


def test_lab_runs(lab: tuple[subprocess.Popen[str], int], tmp_path: Path) -> None:
    process, port = lab
    answer = _answer(f"http://127.0.0.1:{port}/api", process, seconds=180)
    said = (tmp_path / "said").read_text("utf-8")
    assert "version" in answer, said
    assert f"127.0.0.1:{port}/lab/tree/{cli.NOTEBOOK}?token=" in said


def _answer(address: str, process: subprocess.Popen[str], seconds: float) -> dict[str, str]:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                return dict(json.load(response))
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    return {}


def test_names_of_ten_thousand_letters_are_read_said_short_and_drawn(tmp_path: Path) -> None:
    long = {"learner": "Aroha " + "x" * 10_000, "goal": "Open with " + "a very long hook " * 600}
    rows = [f"2026-07-{day:02},{long['learner']},{long['goal']},worked,Ben" for day in range(1, 20)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["date,learner,goal,what happened,with", *rows]), encoding="utf-8")
    log = reflectlab.load(path)
    assert log.learners["name"].str.len().max() == len(long["learner"]), "the log keeps it whole"
    code, said = _run("check", path)
    assert code == cli.READABLE
    assert len(said) < 60_000
    assert "x" * 200 not in said
    board = TeacherBoard(log)
    assert max(len(mark["text"]) for mark in board.class_board.marks) < 2_000
    assert max(len(row["cells"][0]) for row in board.digest.content["rows"]) < 2_000
    assert save_report(log, tmp_path / "report.html").stat().st_size < 3_000_000
