"""Names written almost alike: named where it is likely that they are one child, and never made one."""

import itertools
import random
import string
from pathlib import Path

import pytest

import reflectlab
from reflectlab.load import learners
from reflectlab.load.learners import _is_rare as is_rare
from reflectlab.load.learners import _words, alike
from tests.load.conftest import Load, remarks

HEADER = "date,learner,goal,what happened,with\n"


@pytest.mark.parametrize(
    ("other", "usual"),
    [
        ("Zoe", "Zoë"),
        ("ben", "Ben"),
        ("Anna-Maria", "Anna Maria"),
        ("O’Neill", "O'Neill"),
        ("Hemi", "Hēmi"),
        ("Anna Smit", "Anna Smith"),
        ("Anna Smithh", "Anna Smith"),
        ("Anna Smiht", "Anna Smith"),
        ("Aroha Ngatx", "Aroha Ngata"),
        ("анна иванова", "Анна Иванова"),
        ("Bea", "Ben"),
        ("مريا", "مريم"),
        ("Jo Miller", "Jon Miller"),
        ("AnnaMaria", "Anna Maria"),
        ("Smith, Anna", "Anna Smith"),
    ],
)
def test_a_name_that_is_probably_another(other: str, usual: str) -> None:
    assert alike({usual: 10, other: 1, "Mereana Pōtiki": 10}) == {other: usual}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Student A", "Student B"),
        ("Anna S", "Anna T"),
        ("Learner 101", "Learner 102"),
        ("कि", "कु"),
        ("かな", "がな"),
        ("B", "C"),
        ("L01x", "L01y"),
        ("Year 5: commas", "Year 6: commas"),
        ("Anna Smith", "Anna Smits Jones"),
        ("abcdefgh", "bacdefhg"),
    ],
)
def test_a_name_that_may_well_be_its_own(one: str, other: str) -> None:
    assert alike({one: 20, other: 1}) == {}


def test_two_that_stand_often_are_two_children() -> None:
    assert alike({"Maria Lopez": 20, "Mario Lopez": 9}) == {}


def test_it_is_as_if_all_were_compared() -> None:
    """Every rare name one slip from the other is found, and no name further from it."""
    usual, letters = "abcdefghi", "abcdefghij"
    swaps = {usual[:n] + usual[n + 1] + usual[n] + usual[n + 2 :] for n in range(8)}
    slips = {usual[:n] + usual[n + 1 :] for n in range(9)} | swaps
    slips |= {usual[:n] + one + usual[n + 1 :] for n, one in itertools.product(range(9), letters)}
    slips |= {usual[:n] + one + usual[n:] for n, one in itertools.product(range(10), letters)}
    random.seed(3)
    further = {"".join(random.sample(letters, size)) for size in (8, 9, 10) for _ in range(300)}
    for name in slips | further:
        assert (name in alike({usual: 10, name: 1})) == (name in slips - {usual}), name


def test_both_are_in_the_log_and_both_are_named(load: Load) -> None:
    rows = "2026-07-20,Zoë,hook,started,\n" * 3 + "2026-07-20,Ben,hook,started,\n2026-07-21,Ben,hook,worked with,Zoe\n"
    log = load(HEADER + rows)
    assert remarks(log) == [(6, "similar_names")]
    assert set(log.learners["learner_id"]) == {"Zoë", "Zoe", "Ben"}
    assert log.problems["message"].tolist() == [
        '"Zoe" (once) and "Zoë" (3 times) may be one and the same child; they are two in the log.'
    ]


def test_what_a_roster_tells_apart_is_two_children(tmp_path: Path, load: Load) -> None:

    log = load(HEADER + "2026-07-20,Zoë,hook,started,\n2026-07-20,Zoe,hook,started,\n")
    (place := tmp_path / "roster.csv").write_text("name,class\nZoë,5\nZoe,5\n", "utf-8")
    assert len(log.problems) == 1
    assert reflectlab.load([place.parent / "log.csv", place]).problems.empty


def test_of_two_thousand_names_few_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    random.seed(5)
    first, last = (["".join(random.choices("aeioulmnrst", k=7)) for _ in range(60)] for _ in range(2))
    names = [f"{one} {other}" for one, other in itertools.product(first, last)][:2000]
    compared: list[tuple[int, int]] = []
    monkeypatch.setattr(learners, "_is_rare", lambda *pair: bool(compared.append(pair)) or is_rare(*pair))
    assert learners.alike(dict.fromkeys(names, 10) | {f"{names[7]}x": 1}) == {f"{names[7]}x": names[7]}
    assert 0 < len(compared) < len(names), "of two million pairs"


@pytest.mark.parametrize("sign", string.printable)
def test_a_plain_name_is_read_as_one_with_other_letters_is(sign: str) -> None:
    assert [*_words(f"A{sign}b"), "e"] == _words(f"A{sign}b é")
