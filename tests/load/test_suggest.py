"""What is said of a table that no reader knows: followed word for word, it loads the table."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

import reflectlab
from reflectlab import cli
from reflectlab.cli_options import REFUSED
from reflectlab.errors import NotALogError


def _check(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, ["check", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def _whole_command(said: str) -> list[str]:
    [command] = re.findall("The whole command: reflectlab check (.*)", said)
    return shlex.split(command)


GERMAN = "Wann,Kind,Ziel,Mit wem,Stand\n20.07.2026,Aroha,Open with a hook,Ben,started\n"
UNKNOWN = {
    "other headers": (GERMAN + "21.07.2026,Ben,Use two voices,,met\n22.07.2026,Ben,Use two voices,Aroha,worked\n", 3),
    "no column tells what happened": (
        "date,learner,goal\n2026-07-20,Ben,Open with a hook\n2026-07-21,Zoe,Endings\n",
        2,
    ),
    "dates are numbers without a year": ("Wann,Kind,Ziel\n0720,Aroha,Open with a hook\n0721,Ben,Use two voices\n", 2),
    "dates of a spreadsheet": ("Wann,Kind,Ziel\n46223,Aroha,Open with a hook\n46224,Ben,Use two voices\n", 2),
    "dates without a year": ("Wann,Kind,Ziel\n20 Jul,Aroha,Open with a hook\n21 Jul,Ben,Use two voices\n", 2),
    "the day or the month first": (
        "Wann,Kind,Ziel\n03/04/2026,Aroha,Open with a hook\n05/06/2026,Ben,End it well\n",
        2,
    ),
    "a gradebook": ("Kind,Hook (10),Facts (10)\nAroha,7,8\nBen,3,5\n", 2),
    "a grid": ("Kind,Hook,Facts\nAroha,2026-07-20,2026-07-22\nBen,2026-07-21,2026-07-23\n", 2),
    "quotation marks in headers": ('"Wann ""x""",Kind$HOME,it\'s `Ziel`\n2026-07-20,Ben,Open with a hook\n', 1),
    "numbers for names": (
        "day of it,code,what for,done?\n2026-07-20,P01,Open with a hook,met\n2026-07-21,P02,End it,set\n",
        2,
    ),
}


@pytest.mark.parametrize(("content", "rows"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_the_command_that_is_offered_loads_every_row_at_the_first_try(tmp_path: Path, content: str, rows: int) -> None:
    file = tmp_path / "an odd log.csv"
    file.write_text(content, "utf-8")
    code, said = _check(str(file))
    assert code == REFUSED
    assert f"This loads {rows} of its {rows} rows: " in said
    code, then = _check(*_whole_command(said))
    assert (code, f"{rows} rows read = {rows} loaded" in then or "1 row read = 1 loaded" in then) == (0, True), then


@pytest.mark.parametrize(("content", "rows"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_the_line_of_python_that_is_offered_loads_it(tmp_path: Path, content: str, rows: int) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(content, "utf-8")
    with pytest.raises(NotALogError) as refused:
        reflectlab.load(file)
    [line] = re.findall(r"rows: load\(\.\.\., (.*)\)\.(?: Note|$)", str(refused.value), re.MULTILINE)
    log = eval(f"load(file, {line})", {"load": reflectlab.load, "file": file})
    assert int(log.account["loaded"].sum()) == rows
    assert refused.value.loads_with


def test_what_was_said_already_stays_in_the_command(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(
        "Wann,Kind,Ziel,Stand\n2026-07-20,Aroha,Open with a hook,S\n2026-07-21,Ben,End it well,M\n", "utf-8"
    )
    _, said = _check(str(file), "--word", "S=started", "--word", "M=met", "--tz", "Pacific/Auckland")
    code, then = _check(*_whole_command(said))
    assert (code, "Events: 1 started, 1 met" in then or "Events: 1 met, 1 started" in then) == (0, True), then
    assert "Pacific/Auckland" in said


def test_words_that_are_not_known_are_asked_about_and_never_taken_for_work(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(
        "Wann,Kind,Ziel,Stand\n2026-07-20,Aroha,Open with a hook,S\n2026-07-21,Ben,End it well,M\n", "utf-8"
    )
    _, said = _check(str(file))
    assert "This loads" not in said
    assert 'What the words of "Stand" mean is not known.' in said
    assert '--column "event=Stand"' in said
    assert '--word "S=..." --word "M=..."' in said


def test_three_tries_at_most_for_names_in_small_letters_marks_in_letters_and_days_in_numbers(tmp_path: Path) -> None:
    file = tmp_path / "grades.csv"
    file.write_text("date,assID,lname,grade\n0206,F1a,ngata,N\n0213,F1a,ngata,S\n0213,F1b,smith,S\n", "utf-8")
    _, said = _check(str(file))
    [options] = re.findall(r'a meaning for each "\.\.\.": (.*?)\. If no column', said)
    options = options.replace("N=...", "N=started").replace("S=...", "S=met")
    code, then = _check(str(file), *shlex.split(options))
    assert (code, "2 learners, 2 goals, 3 events" in then) == (0, True), then


def test_nothing_is_offered_that_loads_nothing(tmp_path: Path) -> None:
    file = tmp_path / "shoes.csv"
    file.write_text("shoe,size\n1,2\n3,4\n", "utf-8")
    _, said = _check(str(file))
    assert "This loads" not in said
    assert "No column looks like dates or learners or goals." in said


def test_the_first_rows_are_shown_cut_and_without_signs_that_steer(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Wann,Kind,Ziel\n" + f"2026-07-20,Be\u202en\x1b[31m,{'very ' * 20}long\n" * 9, "utf-8")
    with pytest.raises(NotALogError) as refused:
        reflectlab.load(file)
    said = str(refused.value)
    assert "  row 2: 2026-07-20 | Be n [31m | very very very very ver…" in said
    assert ("row 4:" in said, "row 5:" in said) == (True, False)
    assert not {"\x1b", "\u202e"} & {*said}
    assert '"Wann" dates' in said


def test_no_record_of_json_is_shown_whole(tmp_path: Path) -> None:
    file = tmp_path / "odd.json"
    records = [{"wann": "2026-07-20", "kind": "Aroha", "ziel": "Hook them first"}] * 5
    file.write_text(json.dumps(records), "utf-8")
    code, said = _check(str(file))
    assert (code, "Aroha" in said, "Hook" in said) == (REFUSED, False, False)
    code, _ = _check(*_whole_command(said))
    assert code == cli.READABLE


@pytest.mark.parametrize(
    "content",
    [
        'me": "Ben Secret", "goal": "Hook"}\nme": "Zoe", "goal": "Facts"}\n',
        '{"id": 1, "name": "Ben Secret\n{"id": 2, "name": "Zoe\n',
        'log: {"id": 1, "name": "Ben Secret\nlog: {"id": 2, "name": "Zoe\n',
        'Ben Secret", "a": 1\nZoe", "a": 2\n',
    ],
)
@pytest.mark.parametrize("name", ["log.csv", "log.txt", "log"])
@pytest.mark.parametrize("options", [[], ["--column", "learner_id=x"], ["--format", "sheet"]])
def test_lines_of_json_that_were_cut_are_never_shown(
    tmp_path: Path, content: str, name: str, options: list[str]
) -> None:
    file = tmp_path / name
    file.write_text(content, "utf-8")
    code, said = _check(str(file), *options)
    assert (code, "Secret" in said, "Zoe" in said) == (REFUSED, False, False), said


@pytest.mark.parametrize("headers", ["Date started,Date met", "Set on,Met on", "Started,Met"])
def test_a_row_for_each_goal_with_days_in_columns_is_no_grid_and_no_date_is_carried(
    tmp_path: Path, headers: str
) -> None:
    file = tmp_path / "days.csv"
    file.write_text(f"Name,Goal,{headers}\nAroha,hook,2026-07-20,2026-07-24\nBen,hook,2026-07-21,\n", "utf-8")
    code, said = _check(str(file))
    assert code == REFUSED
    assert "in columns of their own" in said
    assert "grid" not in said
    option = shlex.split(re.findall(r"alone: (--.*)\.", said.replace("\n", " "))[0])
    assert _check(str(file), *option)[0] != REFUSED
    met = reflectlab.load(file, columns={"time": headers.split(",")[1], "event": "=met"}, fill_dates=False)
    assert met.events["learner_id"].tolist() == ["Aroha"]
    assert met.problems["code"].tolist() == ["missing_time"]


def test_goals_down_and_learners_across_are_not_taken_for_each_other(tmp_path: Path) -> None:
    file = tmp_path / "turned.csv"
    file.write_text("Goal,Aroha,Ben\nhook,2026-07-20,2026-07-21\nverbs,,2026-07-22\n", "utf-8")
    code, said = _check(str(file))
    assert code == REFUSED
    assert "Turn it round: learners down." in said
    assert "--format" not in said
