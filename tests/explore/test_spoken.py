"""The leader's page, the wizard and the desk in other languages: nothing of them is written past the catalogue."""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import reflectlab
from reflectlab import ProgressLog, compare, sensitivity, time_to_goal, use_language
from reflectlab.explore import LeaderReview, LogWizard, ResearchDesk
from reflectlab.language import languages
from reflectlab.share import Bundle, publish, read_bundle
from reflectlab.show import to_svg
from tests.bracketed import english_phrases, past_the_catalogue, shown_by, written_in
from tests.explore.wizard.messy import HEADER, ROWS, TITLES, messy_workbook

pytestmark = pytest.mark.usefixtures("english_again")

OTHERS = [code for code in languages() if code != "en"]


def _english_in(texts: Iterable[str], names: Iterable[str], code: str) -> list[str]:
    """Return the English of the messages that is read in these texts, beside the names."""
    whole = "\n".join(texts)
    for name in sorted(names, key=len, reverse=True):
        whole = whole.replace(name, " ")
    return [phrase for phrase in english_phrases(code) if re.search(rf"\b{re.escape(phrase)}\b", whole)]


@pytest.fixture(scope="module")
def bundles(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Bundle]:
    """Bundles of two terms and of one, of classes that are alike and unlike, told of little, and with groups."""
    published = read_bundle(root / "data" / "sample_bundle")
    small = publish(reflectlab.simulate(classes=1, learners=26, weeks=4, seed=4), tmp_path_factory.mktemp("b") / "b")
    few = dataclasses.replace(published, rates=published.rates.assign(rate=None), times=published.times.head(0))
    return [published, _unlike(published), _grouped(published), few, small]


def _unlike(bundle: Bundle) -> Bundle:
    """One class meets few of its goals, one writes little down, one is told by a name that nobody gave."""
    rates = bundle.rates.copy()
    rooms = rates.loc[rates["by"] == "class_id", "label"].unique()
    low = (rates["question"] == "met") & (rates["label"] == rooms[0])
    rates.loc[low, ["rate_low", "rate_high", "rate", "low", "high"]] = [0.0, 0.05, 0.025, 0.0, 0.1]
    seldom = (rates["question"] == "recorded") & (rates["label"] == rooms[1])
    rates.loc[seldom, ["rate_low", "rate_high"]] = [0.1, 0.2]
    rates.loc[(rates["question"] == "met") & (rates["label"] == rooms[2]), ["rate", "rate_low"]] = None
    rates = rates.replace({"label": {rooms[3]: "not known"}}) if len(rooms) > 3 else rates
    last = bundle.manifest["terms"][-1]
    terms = [{**last, "term_id": "before", "title": "Term 2 2026"}, last]
    told = {
        "rates": pd.concat([bundle.rates.assign(term_id="before"), rates]),
        "manifest": {**bundle.manifest, "terms": terms},
    }
    return dataclasses.replace(bundle, **told)


def _grouped(bundle: Bundle) -> Bundle:
    """The classes are groups as well, and no class is told of."""
    rooms = bundle.rates[bundle.rates["by"] == "class_id"]
    rates = pd.concat([bundle.rates[bundle.rates["by"] != "class_id"], rooms.assign(by="house")])
    return dataclasses.replace(bundle, rates=rates, manifest={**bundle.manifest, "attributes": ["house"]})


def _read_of(bundle: Bundle) -> Iterator[str]:
    review = LeaderReview(bundle)
    yield from (*written_in(review.to_html()), *repr(review.six_questions).split("\n"))
    for axes in (review.picture("classes"), review._answers_drawn()):
        yield from written_in(to_svg(axes))


def _names_in(bundle: Bundle) -> set[str]:
    """Return what a bundle holds of the log: names of classes, strands, goals, terms, and of columns."""
    labels = {*bundle.rates["label"], *bundle.times["label"], *bundle.steps["source"], *bundle.steps["target"]}
    columns = [*bundle.manifest["levels"], *bundle.manifest["attributes"]]
    terms = {word for term in bundle.manifest["terms"] for word in (term["title"], *term["title"].split())}
    return (labels | terms | {*columns, *map(str.capitalize, columns)}) - {"not known", ""}


def test_nothing_of_a_leaders_page_is_written_past_the_catalogue(brackets: str, bundles: list[Bundle]) -> None:
    use_language(brackets)
    for bundle in bundles:
        texts = list(_read_of(bundle))
        assert sum(text.count("⟦") for text in texts) > 60
        assert past_the_catalogue(texts, {*_names_in(bundle), "NCES", "SLDS Technical Brief"}) == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_leaders_page_has_no_english_left(code: str, bundles: list[Bundle]) -> None:
    use_language(code)
    for bundle in bundles[1:3]:
        assert f'<html lang="{code}">' in LeaderReview(bundle).to_html()
        assert _english_in(_read_of(bundle), _names_in(bundle), code) == []


def test_a_leaders_page_answers_in_german(bundles: list[Bundle]) -> None:
    with use_language("de"):
        answers = LeaderReview(bundles[1]).answers
    assert answers["question"].iloc[0] == "Welcher Bereich liegt zurück?"
    room = bundles[1].rates.loc[bundles[1].rates["by"] == "class_id", "label"].iloc[0]
    assert answers["answer"].iloc[4].startswith(f"Ja: {room} (")


def test_a_bundle_is_the_same_in_every_language(tmp_path: Path) -> None:
    log = reflectlab.simulate(classes=3, learners=22, seed=1)
    for code in languages():
        with use_language(code):
            publish(log, tmp_path / code)
    for name in ("rates.parquet", "times.parquet", "steps.parquet", "manifest.json"):
        files = {(tmp_path / code / name).read_bytes() for code in languages()}
        assert len(files) == 1, name


_SAID: dict[str, dict[str, Any]] = {
    "nothing": {},
    "year": {"year": 2026},
    "words": {"year": 2026, "words": {"st": "started", "stk": "stuck", "w/o": None, "\u2713": "met"}},
    "children": {"year": 2026, "words": {"st": "started"}, "same": {"Bem": "Ben"}, "leave_out": ["Mia"]},
}

_FILES = {
    "grid": "Child,Spelling,Verbs\nAroha,2026-07-20,x\nBen,,\u2713\nTotal,1,1\n",
    "unknown": "when,whom,thing\n2026-07-20,Aroha,Spelling\n2026-07-21,Ben,Verbs\n",
    "doubtful": "date,learner,goal,what happened\n03/04/2026,Aroha,Hook,started\n05/04/2026,Ben,Hook,met\n",
    "numbers": "date,learner,goal,what happened\n0420,Aroha,Hook,started\n0421,Ben,Hook,met\n",
    "holiday": "date,learner,goal,what happened\n2026-07-20,Aroha,Hook,started\n2026-09-07,Zoe Hall,Hook,met\n"
    "2026-09-08,Zoe,Hook,started\n",
}


def _wizards(folder: Path) -> Iterator[LogWizard]:
    """Yield the wizard with files of any kind, and with a messy workbook of which more and more has been said."""
    yield LogWizard(mappings=folder)
    for name, text in _FILES.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
        yield LogWizard(folder / f"{name}.csv", mappings=folder)
    for said in _SAID.values():
        wizard = LogWizard(messy_workbook(folder / "messy.xlsx"), mappings=folder)
        wizard.arguments = said
        wizard._read()
        yield wizard


def _told(wizard: LogWizard) -> Iterator[str]:
    """Yield what is read of a wizard but for the line of code."""
    wizard.in_code.line.text = ""
    yield from shown_by(wizard)
    yield wizard.picker._told()["said"]
    wizard.keeping.offer({"words": {"stk": "stuck"}, "year": 2026, "same": {"Bem": "Ben"}})
    yield wizard.keeping.said.text
    if wizard.reading.log is not None:
        wizard.keeping._keep(replace=False)
        yield wizard.keeping.said.text
        wizard.keeping.offer({"words": {"stk": "met"}})
        wizard.keeping._keep(replace=False)
        yield wizard.keeping.said.text


def _written_in_files() -> set[str]:
    """Return what stands in the files of these tests, and the names of columns, events and arguments."""
    cells = {cell for row in (*ROWS, HEADER, TITLES) for cell in row} | {"Zoe Hall", "Term 3", "messy.xlsx"}
    cells |= {cell for text in _FILES.values() for cell in re.split(r"[,\n]", text)} | {
        f"{name}.csv" for name in _FILES
    }
    names = {
        "my_class.xlsx",
        "UTC",
        "CSV",
        "XLSX",
        "what happened",
        "started",
        "worked",
        "stuck",
        "met",
        "set",
        "log",
        "rl",
        "load",
    }
    return {each for each in cells | names if len(each) > 1} | {"learner", "seeker", "helper", "peer", "teacher"}


def test_nothing_of_the_wizard_is_written_past_the_catalogue(brackets: str, tmp_path: Path) -> None:
    use_language(brackets)
    for wizard in _wizards(tmp_path):
        texts = [text.replace(str(tmp_path), "") for text in _told(wizard)]
        assert sum(text.count("⟦") for text in texts) > 50
        assert past_the_catalogue(texts, _written_in_files()) == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_wizard_has_no_english_left(code: str, tmp_path: Path) -> None:
    use_language(code)
    for wizard in _wizards(tmp_path):
        assert _english_in(_told(wizard), _written_in_files(), code) == []


def test_what_the_wizard_says_in_code_is_the_same_in_every_language(tmp_path: Path) -> None:
    told = {}
    for code in languages():
        with use_language(code):
            (tmp_path / code).mkdir()
            wizard = LogWizard(messy_workbook(tmp_path / "messy.xlsx"), mappings=tmp_path / code)
            wizard.dates.year.value = 2026
            wizard.words.answers = dict.fromkeys(wizard.words.answers, "met")
            wizard.keeping._keep(replace=False)
            told[code] = (wizard.code, wizard.arguments, *(f.read_text() for f in (tmp_path / code).iterdir()))
    assert [each == told["en"] for each in told.values()] == [True] * len(told)
    assert len(told["en"]) == 3


@pytest.fixture(scope="module")
def compared() -> list[ProgressLog]:
    """Logs that tell something, two that cannot tell, one of few children, and one of dates without a time."""
    sure = reflectlab.simulate(classes=2, learners=24, seed=3)
    weekly = sure.events.assign(time=sure.events["time"].dt.to_period("W").dt.start_time + pd.Timedelta(days=4))
    days = {name: getattr(sure, name) for name in ("learners", "goals", "terms", "collaborations")}
    dated = {**days, "events": sure.events.assign(time=sure.events["time"].dt.normalize())}
    written = ProgressLog.from_tables(**{**days, "events": weekly})
    return [sure, written, reflectlab.example(), ProgressLog.from_tables(**dated)]


def _asked(log: ProgressLog) -> Iterator[str]:
    """Yield what is read of a desk, whatever is picked, and of how long a goal takes."""
    desk = ResearchDesk(log)
    for question in ({}, {"by": "class_id"}, {"by": "", "kinds": True, "chosen": True}, {"unit": "days"}):
        for name, value in question.items():
            setattr(desk.question, name, value)
        yield from shown_by(desk)
    for by in ((), ("class_id",), ("strand",)):
        drawn = reflectlab.plot_time_to_goal(time_to_goal(log, by=by))
        yield from (reflectlab.alt_text(drawn), *written_in(to_svg(drawn)))


def _checked(log: ProgressLog) -> Iterator[str]:
    """Yield what is read of a comparison with all that may be asked of it, and of its checks."""
    for exposure in ("first", "recent", "dose"):
        yield from compare(log, exposure=exposure, adjust=["strand"]).caveats
    yield from sensitivity(log)["reading"]


_CODES = (
    "any",
    "learner",
    "teacher",
    "shared_goal",
    "gave_support",
    "sought_support",
    "other",
    "class_id",
    "strand",
    "level",
    "not noted",
)
"""What stands in a table of ratios, and the names of columns."""


def _names_of(log: ProgressLog) -> set[str]:
    goals = log.goals
    return {*map(str, log.learners["class_id"].dropna()), *goals["title"], *goals["strand"], *goals["goal_id"], *_CODES}


def test_nothing_of_the_desk_is_written_past_the_catalogue(brackets: str, compared: list[ProgressLog]) -> None:
    use_language(brackets)
    for log in compared:
        texts = [
            text for text in (*_asked(log), *_checked(log)) if not text.endswith("…")
        ]  # brackets make it too long for its place
        assert sum(text.count("⟦") for text in texts) > 100
        assert past_the_catalogue(texts, _names_of(log)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_desk_has_no_english_left(code: str, compared: list[ProgressLog]) -> None:
    use_language(code)
    log = compared[1]
    assert _english_in((*_asked(log), *_checked(log)), _names_of(log), code) == []


def test_the_numbers_of_a_comparison_are_the_same_in_every_language(compared: list[ProgressLog]) -> None:
    english = compare(compared[0], kinds=True)
    with use_language("de"):
        german = compare(compared[0], kinds=True)
    pd.testing.assert_frame_equal(german.table, english.table)
    assert len(german.caveats) == len(english.caveats)
    assert "0,62" in "".join(german.caveats)
    assert "0.62" in "".join(english.caveats)
