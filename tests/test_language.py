"""Other languages: every word that people read is in the catalogues, each message whole, and none written past them."""

import io
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from typer.testing import CliRunner

import reflectlab
from reflectlab import Journal, ProgressLog, use_language
from reflectlab.cli import app
from reflectlab.errors import ArgumentError, NotALogError
from reflectlab.explore import TeacherBoard, report_page
from reflectlab.explore.paper import Paper, Wanted
from reflectlab.language import (
    day_in_words,
    gettext,
    language,
    languages,
    listed,
    ngettext,
    number_in_words,
    same_names,
)
from tests.bracketed import (
    english_phrases,
    past_the_catalogue,
    said_past_the_catalogue,
    shown_by,
    written_in,
)

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.usefixtures("english_again")

OTHERS = [code for code in languages() if code != "en"]


@pytest.fixture(scope="module")
def class_log(root: Path) -> ProgressLog:
    log = reflectlab.load(root / "data" / "sample")
    return log.select(class_id=log.learners["class_id"].iloc[0])


def _data(log: ProgressLog) -> set[str]:
    """Return what a log holds: names, titles and notes are read as they were written."""
    tables = (log.learners, log.goals, log.terms, log.events[["note"]], log.collaborations[["note"]])
    return {str(value) for table in tables for column in table for value in table[column].dropna().unique()}


def _board(log: ProgressLog, folder: Path) -> TeacherBoard:
    board = TeacherBoard(log, journal=Journal(folder / "journal.sqlite"))
    board.journal.journal.write(
        "Asked", day=log.first_day, learner_id=board.choice.learner_id, log_key=board.journal.log_key
    )
    board.choice.noted += 1
    board.goals.fold.unfolded = board.company.fold.unfolded = True
    return board


def _told(board: TeacherBoard) -> Iterator[str]:
    """Yield what is read of a board: on the screen, on hovering, in the journal, and on each kind of page."""
    yield from shown_by(board)
    told = board.journal._look({"show": "class"})
    yield from (told["caption"], *(option["label"] for each in ("about", "shows") for option in told[each]))
    paper = Paper(board._pictures, board._tables, board.journal)
    for others in ("named", "classmate", "nobody"):
        for page in paper.pages(Wanted(one=True, others=others, step=True)):
            yield from (page["title"], page["heading"], page["description"], page["step"], *page["columns"])
            yield from (*written_in(page["svg"]), *(cell for row in page["rows"] for cell in row))
    for what in ("board", "invitations", "notes"):
        for page in paper.pages(Wanted(what=what)):
            yield from (page["title"], page["heading"], page.get("description", ""))
            yield from written_in(page["svg"]) if what == "board" else ()  # invitations are cut to fit


def _reports(log: ProgressLog) -> Iterator[str]:
    yield from written_in(report_page(log))
    yield from written_in(report_page(log, audience="family", learner_id=log.learners["learner_id"].iloc[0]))


def test_the_catalogues_have_the_messages_of_today() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_catalogues.py"))
    for file, content in made["catalogues"]().items():
        assert file.read_bytes() == content, f"{file}: run `make words`"


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated_with_the_same_names_and_no_mark_of_doubt(code: str) -> None:
    file = ROOT / "reflectlab" / "locale" / code / "LC_MESSAGES" / "reflectlab.po"
    catalogue = read_po(io.BytesIO(file.read_bytes()), locale=code)
    assert len(catalogue) > 400
    for message in catalogue:
        told = [message.string] if isinstance(message.string, str) else list(message.string)
        assert not message.fuzzy, message.id
        assert all(told), message.id
        assert same_names(message), message.id
        one = message.id if isinstance(message.id, str) else message.id[0]
        for text in told if one else []:
            assert sorted(re.findall("<.*?>", text)) == sorted(re.findall("<.*?>", one)), one
            assert text.count("\n") == one.count("\n"), one
            assert text[:1].isspace() == one[:1].isspace(), one
            assert text[-1:].isspace() == one[-1:].isspace(), one


def test_nothing_on_a_board_is_written_past_the_catalogue(
    brackets: str, class_log: ProgressLog, tmp_path: Path
) -> None:
    use_language(brackets)
    for log in (class_log, reflectlab.example()):
        texts = list(_told(_board(log, tmp_path)))
        assert len(texts) > 300
        assert past_the_catalogue(texts, _data(log) | {"Asked"}) == []


def test_nothing_of_a_page_or_a_digest_is_written_past_the_catalogue(brackets: str, class_log: ProgressLog) -> None:
    use_language(brackets)
    texts = [*_reports(class_log), *reflectlab.digest(class_log)["sentence"]]
    assert past_the_catalogue(texts, _data(class_log)) == []


_KEPT_BADLY = """\
date,learner,goal,what happened,with,chosen by,minutes,note
2026-07-20,Aroha,Open with a hook,started,,learner,,
2026-07-21,Ben,Open with a hook,strted,,teacher,,
soon,Aroha,Open with a hook,worked with,Ben,learner,20,
2026-07-23,Aroha,Open with a hook,met,,,,
2026-07-27,Ben,Open with a hook,got help from,Aroha,,abc,
2026-07-28,,Open with a hook,met,,,,
2026-08-28,Ben,,met,,,,
2026-08-28,Ben,Open with a hok,worked,,nobody,,
2026-07-24,Aroha,Open with a hook,worked,,,,
"""

_GRID = "Child,Spelling,Verbs\nAroha,2026-07-20,x\nBen,,✓\nTotal,1,1\n"

_UNKNOWN = "when,whom,thing\n2026-07-20,Aroha,Spelling\n2026-07-21,Ben,Verbs\n"


def _checked(text: str, folder: Path, language: str) -> str:
    """Return what `check` says of a file."""
    file = folder / "room5.csv"
    file.write_text(text, "utf-8")
    return CliRunner().invoke(app, ["--language", language, "check", str(file)]).output


@pytest.mark.parametrize("text", [_KEPT_BADLY, _GRID, _UNKNOWN], ids=["class log", "grid", "unknown"])
def test_nothing_that_check_says_is_written_past_the_catalogue(
    text: str, brackets: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFLECTLAB_LANGUAGE", "en")
    said = _checked(text, tmp_path, brackets)
    names = [*re.findall(r"[^,\n]+", text), *_NAMES]
    assert said.count("⟦") > 5
    assert past_the_catalogue([re.sub(r'--[\w-]+ "[^"]*"|--[\w-]+|[/\w.-]*room5\.csv|load\(', "", said)], names) == []


_NAMES = (
    "set",
    "met",
    "learner_id",
    "goal_id",
    "episode_id",
    "chosen_by",
    "event",
    "time",
    "role",
    "helper",
    "seeker",
    "column",
)
"""The names of columns and words of a log stay as they are."""


@pytest.mark.parametrize("code", OTHERS)
def test_what_check_says_has_no_english_left(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFLECTLAB_LANGUAGE", "en")
    for text in (_KEPT_BADLY, _GRID, _UNKNOWN):
        said = " ".join(_checked(text, tmp_path, code).replace("Open with a hook", "").split())
        assert [phrase for phrase in english_phrases(code) if phrase in said and phrase not in text] == []


def test_the_command_speaks_its_language_only_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFLECTLAB_LANGUAGE", "en")
    assert "Verstanden: 2 Kinder, 2 Ziele" in _checked(_KEPT_BADLY, tmp_path, "de")
    assert language() == "en"
    assert "--language must be one of de, en, es, mi" in _checked(_KEPT_BADLY, tmp_path, "tlh")


def test_a_catalogue_that_is_named_from_this_folder_is_told_to_those_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFLECTLAB_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    _written(tmp_path, ("Understood: {what}.", "Begriffen: {what}."))
    assert "Begriffen: 2" in _checked(_KEPT_BADLY, tmp_path, "own.po")
    assert os.environ["REFLECTLAB_LANGUAGE"] == str(tmp_path / "own.po")


def test_what_is_written_past_the_catalogue_is_found(brackets: str) -> None:
    use_language(brackets)
    said = gettext("{name}: away, {day}", name="Ben", day=day_in_words(date(2026, 8, 3), "EEE d MMM"))
    assert past_the_catalogue([said, "·  3", f"met {said}"], ["Ben"]) == ["met  "]


_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`([^`]*)`')

_NO_WORDS = re.compile(r'//.*|\bword\(\s*"(?:[^"\\]|\\.)*"|^import .*$|const PAPER = `[^`]*`', re.MULTILINE)
"""What is no text for people to read, and what is looked up."""

_READ = re.compile(r"^[A-Z][a-z]+ [a-z]|(?<![-\w])[a-z]{3,} [a-z]{3,}(?![-\w])")

_NOT_READ = re.compile(r"reflectlab-|tex2jax|[{}=\[\]$#;@]|^change:|^msg:")


@pytest.mark.parametrize("script", sorted((ROOT / "reflectlab").rglob("*.js")), ids=lambda path: path.name)
def test_no_script_says_two_words_but_through_word(script: Path) -> None:
    found = ["".join(each) for each in _STRING.findall(_NO_WORDS.sub("", script.read_text("utf-8")))]
    assert [text for text in found if _READ.search(text) and not _NOT_READ.search(text)] == []


_SPEAKS = (
    *("explore/**/*.py", "show/**/*.py", "serve/*.py", "measure/comparison/*.py", "measure/comparison/models/*.py"),
    *("share/review.py", "share/rules.py", "share/publishing.py", "share/bundle.py", "share/erasing.py"),
    *(
        "share/cleaning.py",
        "share/disclosure/suppression.py",
        "journal/file.py",
        "writing.py",
        "cli.py",
        "cli_new.py",
        "cli_report.py",
        "cli_share.py",
    ),
)
"""The modules that people read something of."""

_NO_SENTENCES = re.compile(r"[<;]|\{ |^ ?(reflectlab|row wrap|from reflectlab)|^pip install|=")

_CODES = {
    *("taking part", "own goals", "arrow heads", "the same", "only ever with", "due, still open", "not here"),
    *("within learners, adjusted for the goal", "within learners", "between learners", "not noted", "other program"),
    *("company rate", "begun squared", "collaborative lately", "each time together", "not known", "one class"),
    *("counted from the next day", "in the first hour", " since first together", "same ratio since first together"),
    *("noted more often when it worked", "how the log is filled in", "all goals", "getting unstuck", "unseen cause"),
    *("unseen cause, limit", "weighed for being stuck", "any class left out", "chosen by the learner"),
    *("also goals whose beginning is not noted", "those of no class", "hidden before"),
}
"""The names of marks, of columns, of checks and of what is counted."""

_OF_MEASURES = ("compare.py", "landmark.py", "plan.py")
"""What these say of themselves is read by who calls them in Python: it is English."""


@pytest.mark.parametrize(
    "module",
    [
        path
        for pattern in _SPEAKS
        for path in sorted((ROOT / "reflectlab").glob(pattern))
        if not (path.parent.name == "comparison" and path.name in _OF_MEASURES)
    ],
    ids=lambda path: path.relative_to(ROOT / "reflectlab").as_posix(),
)
def test_no_module_says_two_words_but_through_the_catalogue(module: Path) -> None:
    found = [text for text in said_past_the_catalogue(module) if not _NO_SENTENCES.search(text)]
    assert [text for text in found if text not in _CODES] == []


def test_a_text_that_is_not_looked_up_is_found(tmp_path: Path) -> None:
    """In a table, in a text put together, and as a default; not in documentation or where it is looked up."""
    module = tmp_path / "module.py"
    module.write_text(
        '"""Says two words."""\n_TOLD = {"met": "{name} has met it"}\n'
        'def say(name, when="last term here"):\n    """Say two words."""\n'
        '    return gettext("looked up here") + f"{name} is stuck here"\n',
        "utf-8",
    )
    found = said_past_the_catalogue(module)
    assert sorted(found) == [" is stuck here", "last term here", "{name} has met it"]


@pytest.mark.parametrize("code", OTHERS)
def test_a_class_worked_through_has_no_english_left(code: str, class_log: ProgressLog, tmp_path: Path) -> None:
    """Board, hover, print, page, digest: no part of a message's English is read anywhere."""
    phrases = english_phrases(code)
    use_language(code)
    texts = [*_told(_board(class_log, tmp_path)), *_reports(class_log), *reflectlab.digest(class_log)["sentence"]]
    whole = "\n".join(texts)
    for title in sorted(_data(class_log), key=len, reverse=True):
        whole = whole.replace(title, " ")
    assert len(phrases) > 250
    assert [phrase for phrase in phrases if re.search(rf"\b{re.escape(phrase)}\b", whole)] == []


def test_a_language_is_spoken_until_another_is_or_within_a_with() -> None:
    assert language() == "en"
    with use_language("de"):
        assert (language(), gettext("Goal")) == ("de", "Ziel")
        with use_language("mi_NZ"):
            assert (language(), gettext("Goal")) == ("mi", "Whāinga")
        assert gettext("Goal") == "Ziel"
    assert gettext("Goal") == "Goal"
    use_language("es-AR")
    assert gettext("Goal") == "Meta"


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"one of de, en, es, mi, or a file that ends in .po; got 'tlh'"):
        use_language("tlh")
    assert language() == "en"


@pytest.mark.parametrize(
    ("code", "day", "moment", "number"),
    [
        ("en", "Mon 3 Aug", "Mon 3 Aug 2026, 09:05", "1,234.5"),
        ("de", "Mo. 3. Aug.", "Mo. 3. Aug. 2026, 09:05", "1.234,5"),
        ("es", "lun 3 ago", "lun 3 ago 2026, 09:05", "1.234,5"),
        ("mi", "Man 3 Āku", "Man 3 Āku 2026, 09:05", "1,234.5"),
    ],
)
def test_days_and_numbers_are_those_of_the_language(code: str, day: str, moment: str, number: str) -> None:
    use_language(code)
    assert day_in_words(date(2026, 8, 3), "EEE d MMM") == day
    assert day_in_words(datetime(2026, 8, 3, 9, 5), "EEE d MMM y, HH:mm") == moment
    assert number_in_words(1234.5, 1) == number


def _written(folder: Path, *messages: tuple[str, str]) -> str:
    file = folder / "own.po"
    head = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    file.write_text(head + "".join(f'\nmsgid "{one}"\nmsgstr "{other}"\n' for one, other in messages), "utf-8")
    return str(file)


def test_a_catalogue_of_ones_own_is_english_where_it_is_wrong_or_silent(tmp_path: Path) -> None:
    use_language(_written(tmp_path, ("Goal", "Zweck"), ("Left {day}", "Weg {date}"), ("Joined {day}", "{day.year}")))
    assert (gettext("Goal"), gettext("Strand")) == ("Zweck", "Strand")
    assert gettext("Left {day}", day="today") == "Left today"
    assert gettext("Joined {day}", day="today") == "Joined today"
    assert ngettext("{number} goal", "{number} goals", 2) == "2 goals"


@pytest.mark.parametrize(
    "slip", ["{names} und {last} {x", "{names} und } {last}", "{names} und {last!r}", "{names} und {}"]
)
def test_a_slip_in_the_braces_of_a_translation_is_english(tmp_path: Path, slip: str) -> None:
    use_language(_written(tmp_path, ("{names} and {last}", slip)))
    assert listed(["Aroha", "Ben"]) == "Aroha and Ben"


def test_a_catalogue_of_ones_own_is_read_again_after_a_correction(tmp_path: Path) -> None:
    for told in ("Zweck", "Ziel"):
        use_language(_written(tmp_path, ("Goal", told)))
        assert gettext("Goal") == told


def _spoilt(folder: Path, old: bytes, new: bytes) -> Path:
    file = Path(_written(folder, ("Goal", "Ziel für alle")))
    file.write_bytes(file.read_bytes().replace(old, new))
    return file


@pytest.mark.parametrize(("old", "new"), [(b"n != 1", b"__import__('os')"), ("ü".encode(), b"\xfc")])
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    for file in (tmp_path / "missing.po", _spoilt(tmp_path, old, new)):
        with pytest.raises(NotALogError, match="cannot be read as a catalogue"):
            use_language(str(file))


def test_a_translation_is_text_and_never_html(tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>"
    words = ("What the words mean", "Child", "There is none.", "The class", "Own goals", "Goal")
    use_language(_written(tmp_path, *((word, evil) for word in words)))
    log = reflectlab.example()
    page = report_page(log)
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page
    assert "<img src=x" not in reflectlab.show_table(reflectlab.status(log))._repr_html_()


def _said_by(code: str, **environment: str) -> Any:
    run = [sys.executable, "-c", code]
    env = {**os.environ, **environment}
    return subprocess.run(run, capture_output=True, text=True, check=True, env=env).stdout.strip()


def test_the_environment_says_which_language_is_spoken_first() -> None:
    told = "import reflectlab as rl; print(rl.language.language(), rl.digest(rl.example())['sentence'][0])"
    assert _said_by(told, REFLECTLAB_LANGUAGE="de").startswith("de Aroha hat „")


def test_english_reads_no_catalogue() -> None:
    told = "import sys, reflectlab.explore; print('babel.messages' in sys.modules, 'babel.dates' in sys.modules)"
    assert _said_by(f"{told}; reflectlab.digest(reflectlab.example())") == "False False"
