"""The leader's page, the wizard and the desk in other languages: nothing of them is written past the catalogue."""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import reflectlab
from reflectlab import use_language
from reflectlab.explore import LeaderReview
from reflectlab.language import languages
from reflectlab.share import Bundle, publish, read_bundle
from reflectlab.show import to_svg
from tests.bracketed import bracketed, english_phrases, past_the_catalogue, written_in

OTHERS = [code for code in languages() if code != "en"]


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    with use_language("en"):
        yield


@pytest.fixture
def brackets(tmp_path: Path) -> str:
    return bracketed(tmp_path)


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
