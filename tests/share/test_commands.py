"""The commands for what leaves the room, as they are typed."""

import json

import pytest
from typer.testing import CliRunner

import reflectlab
from reflectlab import cli
from reflectlab.share import new_key


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
