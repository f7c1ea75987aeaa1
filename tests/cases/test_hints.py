"""Whatever is offered for an input is followed, as a user would who copies it into the command."""

import random
from pathlib import Path

import pytest

from tests.hints import LEAVES_OUT, TRIES, attempt, follow_all, offers
from tests.load.conftest import Load

OFFERED = {
    "edx_first_line_cut.log": {"tz": 1},
    "grid_cross.csv": {"as_of": 1},
    "hidden_sheet.xlsx": {"class_from": 1, "hidden": 1, "terms": 1},
    "marks_out_of.csv": {"format, met_at, as_of": 1},
    "moodle_es_completion.csv": {"headers": 1},
    "moodle_teacher.csv": {"leave_out": 1},
    "swapped_dates.xlsx": {"date_format": 1, "dayfirst": 1},
    "tab_per_class.xlsx": {"class_from": 1},
    "ticks_and_crosses.csv": {"as_of": 1},
    "true_false.csv": {"as_of": 1},
    "two_rooms_class": {"same": 1},
    "utc_auckland.json": {"tz": 1},
    "xapi_earned_failing.json": {"tz": 1},
}
"""What is offered whole for each of the small inputs, by its options, and in how many tries it leads to a log."""

LINES, LARGEST, SEED = 200, 200_000, 10


def of_options(tries: dict[str, int]) -> dict[str, int]:
    """The number of tries by the names of the options that an offer has."""
    return {", ".join(eval(offer)): number for offer, number in tries.items()}


def test_each_of_the_small_inputs(cases: Path) -> None:
    inputs = sorted(path for path in cases.iterdir() if path.suffix != ".md")
    found = {path.name: of_options(follow_all(path, {})) for path in inputs}
    assert OFFERED.items() <= found.items()
    assert all(number <= TRIES for tries in found.values() for number in tries.values())


@pytest.mark.parametrize(
    "folder",
    ["bupar_patients", "caliper", "mastery_gradebook", "mooc_dlt2", "moodle_edify", "messy/frictionless", "oneroster",
     "tna_group_regulation", "xapi_serious_games", "messy/csv-spectrum", "moodle_la_course"],
)  # fmt: skip
def test_each_of_the_real_files(realdata: Path, tmp_path: Path, folder: str) -> None:
    for path in sorted(one for one in (realdata / folder).rglob("*") if one.is_file()):
        file = _cut(path, tmp_path) if path.stat().st_size > LARGEST else path
        if file is not None:
            follow_all(file, {})


def test_some_of_the_many_small_workbooks(realdata: Path) -> None:
    files = sorted((realdata / "messy" / "calamine").iterdir())
    for path in random.Random(SEED).sample(files, 12):
        follow_all(path, {})


@pytest.mark.long
def test_each_of_the_real_files_whole(realdata: Path) -> None:
    for path in sorted(one for one in realdata.rglob("*") if one.is_file()):
        follow_all(path, {})


def _cut(path: Path, folder: Path) -> Path | None:
    """The header and some lines of a large file of text, in their order; None of any other."""
    if path.suffix != ".csv":
        return None
    first, *rest = path.read_bytes().splitlines(keepends=True)
    some = sorted(random.Random(SEED).sample(range(len(rest)), LINES))
    cut = folder / path.name
    cut.write_bytes(b"".join([first, *(rest[n] for n in some)]))
    return cut


HEAD = "date,learner,goal,what happened\n"


@pytest.mark.parametrize(
    ("text", "offered"),
    [(f"{HEAD}20/07,Aroha,hook,started\n25/12,Ben,hook,met\n", "year"),
     (f"{HEAD}Mon 20 July,Aroha,hook,started\n28 Feb,Ben,hook,met\n", "year"),
     (f"{HEAD}2026-07-20T09:00:00Z,Aroha,hook,started\n2026-07-20T21:00:00Z,Ben,hook,met\n", "tz"),
     (f"{HEAD}2026-07-20T09:00+12:00,Aroha,hook,started\n2026-07-21T09:00+12:00,Ben,hook,met\n", "tz"),
     ("learner,hook,essay\nAroha,✓,\nBen,,✓\n", "as_of"),
     ("learner,hook,essay\nAroha,✓,2026-07-20\nBen,,✓\n", "as_of")],
)  # fmt: skip
def test_what_a_date_lacks_is_one_try(tmp_path: Path, text: str, offered: str) -> None:
    file = tmp_path / "log.csv"
    file.write_text(text)
    assert of_options(follow_all(file, {})) == {offered: 1}


@pytest.mark.parametrize("word", ["not achived", "unfinshed", "almost met", "✗", "met?", "didnt finish"])
def test_no_denial_is_offered_a_meaning(load: Load, word: str) -> None:
    log = load(f"{HEAD}2026-07-20,Aroha,hook,started\n2026-07-21,Ben,hook,{word}\n")
    assert not list(offers(" ".join(log.problems["hint"])))


@pytest.mark.parametrize("word", ["achived", "strated", "workd on", "compleeted"])
def test_a_slip_is_and_it_is_one_try(load: Load, tmp_path: Path, word: str) -> None:
    log = load(f"{HEAD}2026-07-20,Aroha,hook,started\n2026-07-21,Ben,hook,{word}\n")
    (offer,) = offers(" ".join(log.problems["hint"]))
    assert set(follow_all(tmp_path / "log.csv", {}).values()) == {1}
    after = attempt(tmp_path / "log.csv", offer.arguments).log
    assert after is not None
    assert len(after.events) == 2


@pytest.mark.parametrize("header", ["datte,learner,goal,what happened", "date,lerner,goal,what happened,minuts"])
def test_slips_of_headers_lead_to_a_log(load: Load, tmp_path: Path, header: str) -> None:
    rows = "2026-07-20,Aroha,hook,started,5\n2026-07-21,Ben,hook,met,5\n"
    (tmp_path / "log.csv").write_text(f"{header}{'' if 'minuts' in header else ',note'}\n{rows}")
    assert set(follow_all(tmp_path / "log.csv", {}).values()) == {1}


def test_what_leaves_rows_out_on_purpose_says_so(cases: Path) -> None:
    for path, key in [("hidden_sheet.xlsx", "hidden"), ("moodle_teacher.csv", "leave_out")]:
        (offer,) = (one for one in attempt(cases / path, {}).offered if key in one.arguments)
        assert offer.arguments.keys() <= LEAVES_OUT
        assert "leave" in offer.text


def test_terms_of_a_weekend_are_not_offered(load: Load) -> None:
    log = load(f"{HEAD}2026-04-03,Aroha,hook,started\n2026-04-25,Ben,hook,met\n")
    (hint,) = log.problems.loc[log.problems["code"] == "likely_holiday", "hint"]
    assert not list(offers(hint))
