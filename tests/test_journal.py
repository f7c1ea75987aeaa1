"""The teacher's journal."""

import errno
import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
import warnings
from contextlib import closing
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from reflectlab.errors import ArgumentError, ReflectLabError
from reflectlab.journal import Journal, data_folder
from reflectlab.journal.file import transact
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
    def how(kept: sqlite3.Connection) -> tuple:
        asked = ("journal_mode", "synchronous", "secure_delete")
        return (*(kept.execute(f"PRAGMA {name}").fetchone()[0] for name in asked), kept.in_transaction)

    assert transact(journal.path, how)[0] == ("wal", 2, 1, True)


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


def _as_they_are(folder: Path) -> dict[str, tuple[bytes, int]]:
    there = (file for file in folder.iterdir() if not file.name.endswith("-shm"))
    return {file.name: (file.read_bytes(), file.stat().st_mode) for file in there}


@pytest.mark.parametrize("version", [0, 1, 99])
@pytest.mark.parametrize("wal", [False, True])
def test_nothing_changes_in_a_database_of_another_program(tmp_path, version, wal):
    """Neither its bytes nor its rights, nor are there new files; and what was interrupted there stays so."""
    path = tmp_path / "places.sqlite"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
    other.execute("CREATE TABLE places (x)")
    other.execute(f"PRAGMA user_version = {version}")
    path.chmod(0o644)
    before = _as_they_are(tmp_path)
    for act in (Journal(path).notes, lambda: Journal(path).write("x")):
        with pytest.raises(ReflectLabError, match="database of another program"):
            act()
    assert _as_they_are(tmp_path) == before
    other.close()


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(ReflectLabError, match="a folder or a device and no journal"):
            Journal(path).write("x")


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
def test_rights_are_put_right_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        journal = Journal(tmp_path / "a" / "b" / "journal.sqlite")
        journal.write("x")
        made = [journal.path, journal.path.parent, journal.path.parent.parent]
        assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o600, 0o700, 0o700]
        journal.path.chmod(0o666)
        journal.notes()
        assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_a_journal_of_a_newer_version_is_left_alone(journal):
    journal.write("x")
    with closing(sqlite3.connect(journal.path)) as kept:
        kept.execute("PRAGMA user_version = 99")
    before = journal.path.read_bytes()
    with pytest.raises(ReflectLabError, match="newer"):
        journal.write("y")
    assert journal.path.read_bytes() == before


def _write_many(journal: Journal, count: int = 60) -> list[str]:
    texts = [f"{number} {'words ' * (7 * number % 900)}".strip() for number in range(count)]
    for text in texts:
        journal.write(text, day="2026-08-07")
    return texts


def _pages_damaged(path: Path, *numbers: int) -> bytes:
    """Write noise over pages of a file, and return what the file holds then."""
    data = bytearray(path.read_bytes())
    noise = random.Random(0)
    for number in numbers:
        data[(number - 1) * 4096 : number * 4096] = noise.randbytes(4096)
    path.write_bytes(data)
    return bytes(data)


@pytest.mark.parametrize("pages", [[1], [2], [6], [1, 2, 3, 4], [9, 11, 20]])
def test_a_damaged_journal_is_set_aside_and_what_can_be_read_is_there(journal, pages):
    texts = _write_many(journal)
    damaged = _pages_damaged(journal.path, *pages)
    with pytest.warns(UserWarning, match=r"was damaged\. .* of its notes could be read") as said:
        found = journal.notes()["noticed"].tolist()
    assert set(found) <= set(texts)
    assert len(found) > 25
    assert f"{len(found)} of its notes" in str(said[0].message)
    assert journal.mended == str(said[0].message)
    (aside,) = journal.path.parent.glob("journal damaged *.sqlite")
    assert aside.read_bytes() == damaged
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    journal.write("one more")
    assert sorted(Journal(journal.path).notes()["noticed"]) == sorted([*found, "one more"])
    assert sorted(file.name for file in journal.path.parent.iterdir()) == [
        aside.name,
        "journal.sqlite",
        "journal.sqlite-mending",
    ]


def test_notes_of_a_damaged_journal_come_in_the_order_in_which_they_were_written(journal):
    texts = _write_many(journal)
    _pages_damaged(journal.path, 1)
    with pytest.warns(UserWarning, match="was damaged"):
        journal.write("the last", day="2026-08-07")
    assert journal.notes()["noticed"].tolist() == ["the last", *reversed(texts)]


def test_what_only_the_write_ahead_log_has_is_read_from_a_damaged_journal(journal):
    journal.write("first")
    with closing(sqlite3.connect(journal.path)) as other:
        other.execute("SELECT * FROM notes").fetchall()
        journal.write("second")
        copies = {path.name: path.read_bytes() for path in journal.path.parent.iterdir() if "shm" not in path.name}
    damaged = Journal(journal.path.parent / "copy" / "journal.sqlite")
    damaged.path.parent.mkdir()
    for name, data in copies.items():
        (damaged.path.parent / name).write_bytes(data)
    _pages_damaged(damaged.path, 1)
    with damaged.path.with_name("journal.sqlite-wal").open("r+b") as log:
        log.write(b"\0\0")  # so that SQLite does not take it
    with pytest.warns(UserWarning, match="was damaged"):
        assert damaged.notes()["noticed"].tolist() == ["second", "first"]


def test_two_notebooks_that_meet_one_damaged_journal_lose_nothing(journal):
    texts = _write_many(journal)
    _pages_damaged(journal.path, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        threads = [threading.Thread(target=Journal(journal.path).write, args=(f"new {n}",)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(journal.notes()["noticed"]) == sorted([*texts, *(f"new {n}" for n in range(6))])
    assert len(list(journal.path.parent.glob("journal damaged *"))) == 1


def test_a_full_disk_leaves_a_damaged_journal_as_it_is(journal, monkeypatch):
    texts = _write_many(journal)
    damaged = _pages_damaged(journal.path, 1)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as small:
        small.setattr("reflectlab.journal.file._fill", full)
        with pytest.raises(ReflectLabError, match="make room"):
            journal.notes()
    assert journal.path.read_bytes() == damaged
    with pytest.warns(UserWarning, match="was damaged"):
        assert len(journal.notes()) == len(texts)


ROWS = {
    "a full second": ("2026-08-07", "2026-08-07T09:30:00"),
    "no time": ("2026-08-07", "2026-08-07"),
    "a zone": ("2026-08-07", "2026-08-07T09:30:00+12:00"),
    "no date": ("soon", "then"),
    "nothing": ("", ""),
    "bytes": (b"\xff\xfe", b"\x00"),
    "a number": (7, 1.5),
    "a year far off": ("9999-12-31", "0000-00-00T00:00:00"),
}


@pytest.mark.parametrize(("day", "written"), ROWS.values(), ids=ROWS)
def test_one_odd_row_never_hides_the_others(journal, day, written):
    journal.write("good", day="2026-08-07")
    with closing(sqlite3.connect(journal.path)) as other:
        other.execute(
            "INSERT INTO notes (note_id, day, written, about, noticed, will_try) VALUES (?, ?, ?, ?, ?, ?)",
            ["odd", day, written, b"\xff", "odd one", "x"],
        )
        other.execute("UPDATE notes SET will_try = CAST(x'ff41' AS TEXT) WHERE note_id = 'odd'")
        other.commit()
    journal.write("after", day="2026-08-08")
    assert {"good", "odd one", "after"} == set(journal.notes()["noticed"])
    assert journal.notes().dtypes["written"] == "datetime64[us]"
    assert "odd one" in journal.to_markdown()
    assert "good" in journal.to_markdown()


def test_a_note_kept_on_a_full_second_is_read(journal, monkeypatch):
    class Noon(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 8, 7, 12)

    journal.write("before")
    monkeypatch.setattr("reflectlab.journal.journal.datetime", Noon)
    journal.write("on the second")
    assert len(journal.notes()) == 2
    assert journal.notes()["written"].notna().all()


def test_a_journal_that_another_program_keeps_locked_says_so(journal, monkeypatch):
    journal.write("x")
    monkeypatch.setattr("reflectlab.journal.file.LOCK_PATIENCE", 0.05)
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ReflectLabError, match=r"database is locked\. Nothing was kept.*close that program"):
            journal.write("y")
    journal.write("z")
    assert journal.notes()["noticed"].tolist() == ["z", "x"]


def test_a_full_disk_keeps_no_half_of_a_note(journal, monkeypatch):
    journal.write("x")
    with monkeypatch.context() as small:
        small.setattr("reflectlab.journal.file._make_table", lambda kept: kept.execute("PRAGMA max_page_count = 1"))
        with pytest.raises(ReflectLabError, match="disk is full: make room"):
            journal.write("much " * 10_000)
    assert journal.notes()["noticed"].tolist() == ["x"]


@pytest.mark.parametrize(("number", "advice"), [(errno.EACCES, "REFLECTLAB_DATA"), (errno.ENOSPC, "make room")])
def test_a_folder_that_cannot_be_written_to_says_what_to_do(journal, monkeypatch, number, advice):
    def refuse(*_):
        raise OSError(number, "refused")

    monkeypatch.setattr("reflectlab.journal.file.os.open", refuse)
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
