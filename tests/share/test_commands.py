"""The commands for what leaves the room, as they are typed."""

import json
import re

import pytest
from typer.testing import CliRunner

import reflectlab
from reflectlab import cli
from reflectlab.language import languages
from reflectlab.share import new_key
from tests.bracketed import bracketed, english_phrases, past_the_catalogue


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commands")
    reflectlab.save_tables(reflectlab.simulate(classes=3, learners=22, seed=1), folder / "log")
    return folder / "log"


def run(*words):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def test_a_bundle_and_the_review_of_it(log, tmp_path):
    done = run("publish", log, "-o", tmp_path / "bundle")
    assert done.exit_code == 0, done.output
    assert "rates told" in done.output
    for name, first in (("term.html", b"<!doctype"), ("term.pdf", b"%PDF"), ("slide.png", b"\x89PNG")):
        done = run("report", tmp_path / "bundle", "--audience", "leader", "-o", tmp_path / name)
        assert done.exit_code == 0, done.output
        assert (tmp_path / name).read_bytes().startswith(first)


@pytest.mark.parametrize(
    "words",
    [
        ("report", "{log}", "-o", "{tmp}/x.html", "--audience", "leader"),
        ("report", "{log}", "-o", "{tmp}/x.html", "--audience", "family"),
        ("leaders", "{log}"),
        ("export", "{log}", "--key", "{tmp}/none.key", "-o", "{tmp}/x"),
        ("erase", "{log}", "nobody", "--journal", "{tmp}/journal.sqlite"),
        ("clean", "{log}"),
    ],
)
def test_what_cannot_be_done_ends_in_one_sentence(log, tmp_path, words):
    done = run(*(word.format(log=log, tmp=tmp_path) for word in words))
    assert done.exit_code == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.output


def test_a_report_ends_in_what_it_is(log, tmp_path):
    run("publish", log, "-o", tmp_path / "bundle")
    assert run("report", tmp_path / "bundle", "-o", tmp_path / "x.docx").exit_code == 2


def test_an_export_an_erasure_and_a_cleaning(log, tmp_path):
    key = new_key(tmp_path / "project.key")
    done = run("export", log, "--key", key, "-o", tmp_path / "export")
    assert done.exit_code == 0, done.output
    reflectlab.save_tables(reflectlab.example(), tmp_path / "own")
    assert run("erase", tmp_path / "own", "aroha", "--journal", tmp_path / "journal.sqlite").exit_code == 0
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook))
    assert "0 cells" in run("clean", tmp_path / "a.ipynb").output


SPOKEN = [
    ("publish", "{log}", "-o", "{tmp}/bundle"),
    ("report", "{tmp}/bundle", "-o", "{tmp}/term.html"),
    ("report", "{tmp}/bundle", "-o", "{tmp}/term.html"),
    ("report", "{tmp}/bundle", "-o", "{tmp}/term.docx"),
    ("report", "{tmp}/bundle", "-o", "{tmp}/other.html", "--audience", "family"),
    ("report", "{log}", "-o", "{tmp}/x.html", "--audience", "nobody"),
    ("report", "{log}", "-o", "{tmp}/x.html", "--audience", "family"),
    ("leaders", "{log}"),
    ("export", "{log}", "--key", "{key}", "-o", "{tmp}/export"),
    ("export", "{log}", "--key", "{key}", "-o", "{tmp}/export"),
    ("erase", "{tmp}/own", "aroha", "--journal", "{tmp}/journal.sqlite"),
    ("erase", "{tmp}/bare", "aroha", "--journal", "{tmp}/journal.sqlite"),
    ("clean", "{tmp}/a.ipynb"),
    ("clean", "{tmp}/own/learners.csv"),
    ("new", "{tmp}/room.xlsx"),
    ("new", "{tmp}/room.xlsx"),
]
"""Commands, some of which are refused."""


def said_in(language, log, tmp_path):
    """What the commands say in a language, without paths and options."""
    reflectlab.save_tables(reflectlab.example(), tmp_path / "own")
    (tmp_path / "bare").mkdir()
    (tmp_path / "a.ipynb").write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}))
    places = {"log": log, "tmp": tmp_path, "key": new_key(tmp_path / "project.key")}
    said = [run("--language", language, *(word.format(**places) for word in words)).output for words in SPOKEN]
    assert all(said)
    texts = "\n".join(said).replace(str(tmp_path), "").replace(str(log), "")
    return re.sub(r"reflectlab [^⟦⟧\n]*|--[\w-]+( [A-Z]+)?|/[\w./]+|\w+(, \w+)*\.\w+", "", texts)


def test_what_the_commands_say_is_in_the_catalogue(log, tmp_path, monkeypatch):
    monkeypatch.setenv("REFLECTLAB_LANGUAGE", "en")
    said = said_in(bracketed(tmp_path), log, tmp_path)
    assert said.count("⟦") >= len(SPOKEN)
    assert past_the_catalogue([said], {"A simulated term", "teacher", "family", "nobody"}) == []


@pytest.mark.parametrize("code", [code for code in languages() if code != "en"])
def test_what_the_commands_say_has_no_english_left(log, tmp_path, monkeypatch, code):
    monkeypatch.setenv("REFLECTLAB_LANGUAGE", "en")
    said = said_in(code, log, tmp_path).replace("A simulated term", "")
    assert [phrase for phrase in english_phrases(code) if phrase in said] == []
