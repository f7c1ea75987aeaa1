"""No part of a written text begins as a formula, however a spreadsheet cuts it, and every text comes back."""

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reflectlab
from reflectlab.load.formulas import guarded, unguarded

HARD = [
    "=1+1",
    "'=1",
    "''=1",
    "\n=1",
    "a\r=1",
    "a;=1",
    "a; =1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "−1",
    "a;\n'=1",
    "a\r\n+1",
    "\t1",
    "'\r",
]


@pytest.mark.parametrize("text", [*HARD, "O'Brien", "a - b", "x=y", "'quoted'", "", ";", "'"])
def test_a_text_comes_back(text):
    assert unguarded(guarded(text)) == text


@given(st.text(alphabet="'=＝-;\t\r\n a,\"", max_size=8))
def test_any_text_comes_back_and_no_part_begins_as_a_formula(text):
    kept = guarded(text)
    assert unguarded(kept) == text
    assert not [part for part in re.split(r"[;\t\r\n]", kept) if re.match(r"\s*[=＝-]", part)]


def test_a_spreadsheet_that_parts_by_semicolons_finds_no_formula_and_no_new_row(tmp_path):
    events = pd.DataFrame({"time": "2026-07-20", "learner_id": "a", "goal_id": "g", "event": "worked", "note": HARD})
    log = reflectlab.ProgressLog.from_tables(events=events)
    reflectlab.save_tables(log, tmp_path / "log")
    text = (tmp_path / "log" / "events.csv").read_bytes().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == len(HARD) + 1
    for cell in re.split(r"[;\r\n]", text):
        assert not re.match(r"[\s\"]*[=+@＝＋－＠−-]", cell), cell
    assert reflectlab.load(tmp_path / "log").events["note"].dropna().tolist() == log.events["note"].dropna().tolist()
