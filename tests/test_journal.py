"""The teacher's journal."""

import errno
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from reflectlab.errors import ArgumentError, ReflectLabError
from reflectlab.journal import Journal, data_folder
from tests.killing import lost_in_rounds

HARD_WORDS = [
    "<img src=x onerror=alert(1)>",
    "מרים לוי",
    "Zoë 🦊",
    "$x_1$",
    "_name",
    "# not a heading",
    "1. not a list",
    "- nor this",
    "a | b ~~c~~ &amp; [d](e) `f` *g* \\h",
    "===",
    "first\nsecond\n\n    third",
]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "kept" / "journal.sqlite")


def test_a_note_is_found_again_by_another_notebook(journal):
    written = journal.write(
        "She explained hooks to Ben.",
        "Ask her to show the class.",
        day="2026-08-07",
        class_id="Room 5",
        learner_id="aroha",
        goal_id="hook",
        about="Aroha",
    )
    found = Journal(journal.path).notes()
    assert found.loc[0].drop("written").to_dict() == {
        "note_id": written,
        "day": pd.Timestamp("2026-08-07"),
        "class_id": "Room 5",
        "learner_id": "aroha",
        "goal_id": "hook",
        "about": "Aroha",
        "noticed": "She explained hooks to Ben.",
        "will_try": "Ask her to show the class.",
    }


def test_what_is_not_given_is_missing_and_the_day_is_today(journal):
    journal.write(will_try="Talk less.")
    [note] = journal.notes().to_dict("records")
    assert note["day"].date() == date.today()
    assert note["noticed"] == ""
    assert all(pd.isna(note[name]) for name in ("class_id", "learner_id", "goal_id"))


def test_notes_come_by_day_the_latest_first_and_then_as_written(journal):
    for day, text in [("2026-08-06", "a"), ("2026-08-07", "b"), ("2026-08-06", "c")]:
        journal.write(text, day=day)
    assert journal.notes()["noticed"].tolist() == ["b", "c", "a"]


def test_an_empty_journal_has_the_columns_of_a_full_one(journal):
    empty = journal.notes()
    journal.write("x")
    full = journal.notes()
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


@pytest.mark.parametrize("words", ["HEMI", "hēmi", "asked hemi", "himself", "try pairs"])
def test_search_looks_for_every_word_whatever_its_case_and_accents(journal, words):
    journal.write("Asked for help himself.", "Try pairs.", about="Hēmi")
    journal.write("Another.")
    assert len(journal.notes(search=words)) == 1
    assert journal.notes(search=words + " nowhere").empty


def test_notes_are_narrowed_by_what_they_are_about_and_when(journal):
    journal.write("a", learner_id="aroha", class_id="5", day="2026-08-01")
    journal.write("b", learner_id="ben", class_id="5", day="2026-08-02")
    journal.write("c", goal_id="hook", day="2026-08-03")
    assert journal.notes(learner_id="ben")["noticed"].tolist() == ["b"]
    assert journal.notes(class_id="5")["noticed"].tolist() == ["b", "a"]
    assert journal.notes(goal_id="hook", end="2026-08-02").empty
    assert journal.notes(start=date(2026, 8, 2))["noticed"].tolist() == ["c", "b"]


def test_nothing_to_keep_is_an_error(journal):
    with pytest.raises(ArgumentError, match="`noticed` or `will_try`"):
        journal.write("  ", "\n")
    with pytest.raises(ArgumentError, match="2026-07-20"):
        journal.write("x", day="yesterday")
    assert journal.notes().empty


def test_a_removed_note_is_gone_from_the_file_too(journal):
    note = journal.write("a secret of somebody")
    journal.write("kept")
    journal.remove(note)
    assert journal.notes()["noticed"].tolist() == ["kept"]
    assert not any(b"secret" in path.read_bytes() for path in journal.path.parent.iterdir())
    with pytest.raises(ArgumentError, match="no note"):
        journal.remove(note)


def test_half_a_sign_and_other_line_ends_are_no_trouble(journal):
    journal.write("a\ud83e b\0c\r\nd")
    assert journal.notes()["noticed"].tolist() == ["a? bc\nd"]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("words", HARD_WORDS)
def test_markdown_shows_every_word_as_it_was_written(journal, words):
    journal.write(f"{words}", about=words.split("\n")[0], day="2026-08-07")
    page = _Text()
    page.feed(MarkdownIt("gfm-like", {"linkify": False}).render(journal.to_markdown()))
    read = " ".join("".join(page.texts).split())
    assert read == " ".join(f"Journal 2026-08-07 {words.split(chr(10))[0]} I noticed: {words}".split())
    assert page.tags <= {"h1", "h2", "h3", "p", "strong", "br"}


def test_markdown_has_a_heading_a_day_and_keeps_lines(journal):
    journal.write("one\ntwo", "three", day="2026-08-06", learner_id="ben")
    journal.write("four", day="2026-08-07")
    assert journal.to_markdown() == (
        "# Journal\n\n## 2026-08-07\n\n**I noticed:** four\n\n## 2026-08-06\n\n### ben\n\n"
        "**I noticed:** one  \ntwo\n\n**I will try:** three\n"
    )
    assert "four" not in journal.to_markdown(learner_id="ben")


def test_the_folder_is_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("REFLECTLAB_DATA", str(tmp_path / "mine"))
    journal = Journal()
    journal.write("x")
    assert journal.path == tmp_path / "mine" / "journal.sqlite"
    monkeypatch.delenv("REFLECTLAB_DATA")
    assert data_folder().name == "reflectlab"


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
def test_only_its_owner_may_read_it(journal):
    journal.write("x")
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_it_is_kept_with_care(journal):
    with journal._open() as kept:
        assert kept.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert kept.execute("PRAGMA synchronous").fetchone() == (2,)
        assert kept.in_transaction


def test_a_file_that_is_no_journal_is_left_alone(tmp_path):
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(ReflectLabError, match="is no journal: name another"):
        Journal(path).write("x")
    assert path.read_bytes() == b"something else entirely" * 100


def test_a_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE places (x)")
    before = path.read_bytes()
    with pytest.raises(ReflectLabError, match="database of another program"):
        Journal(path).write("x")
    assert path.read_bytes() == before


def test_a_journal_of_a_newer_version_is_left_alone(journal):
    journal.write("x")
    with closing(sqlite3.connect(journal.path)) as kept:
        kept.execute("PRAGMA user_version = 99")
    before = journal.path.read_bytes()
    with pytest.raises(ReflectLabError, match="newer"):
        journal.write("y")
    assert journal.path.read_bytes() == before


def test_a_damaged_journal_is_said_to_be_damaged_and_not_touched(journal):
    for _ in range(50):
        journal.write("words " * 100)
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    before = journal.path.read_bytes()
    with pytest.raises(ReflectLabError, match="damaged: put a copy of it aside"):
        journal.notes()
    assert journal.path.read_bytes() == before


def test_a_journal_that_another_program_keeps_locked_says_so(journal, monkeypatch):
    journal.write("x")
    monkeypatch.setattr("reflectlab.journal._PATIENCE", 0.05)
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ReflectLabError, match=r"database is locked\. Nothing was kept.*close that program"):
            journal.write("y")
    journal.write("z")
    assert journal.notes()["noticed"].tolist() == ["z", "x"]


def test_a_full_disk_keeps_no_half_of_a_note(journal, monkeypatch):
    journal.write("x")
    with monkeypatch.context() as small:
        small.setattr("reflectlab.journal._make_table", lambda kept: kept.execute("PRAGMA max_page_count = 1"))
        with pytest.raises(ReflectLabError, match="disk is full: make room"):
            journal.write("much " * 10_000)
    assert journal.notes()["noticed"].tolist() == ["x"]


@pytest.mark.parametrize(("number", "advice"), [(errno.EACCES, "REFLECTLAB_DATA"), (errno.ENOSPC, "make room")])
def test_a_folder_that_cannot_be_written_to_says_what_to_do(journal, monkeypatch, number, advice):
    def refuse(*_):
        raise OSError(number, "refused")

    monkeypatch.setattr("reflectlab.journal.os.open", refuse)
    with pytest.raises(ReflectLabError, match=advice):
        journal.write("x")


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ReflectLabError, match=r"cannot be used.*REFLECTLAB_DATA"):
        Journal(tmp_path / "file" / "journal.sqlite").write("x")


def test_many_threads_and_a_new_file(journal):
    def write(number: int) -> None:
        for place in range(5):
            Journal(journal.path).write(f"{number} {place}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(journal.notes()["noticed"]) == sorted(f"{n} {p}" for n in range(8) for p in range(5))


def test_no_note_is_lost_when_two_notebooks_are_killed(tmp_path):
    acknowledged, lost = lost_in_rounds(tmp_path / "journal.sqlite", rounds=20)
    assert acknowledged > 100
    assert lost == set()


def test_it_opens_without_the_rest_of_the_package():
    code = "import sys; sys.path.insert(0, '.'); from tests.killing import bare_journal; bare_journal()"
    subprocess.run([sys.executable, "-c", code + "; assert 'pandas' not in sys.modules"], check=True)
