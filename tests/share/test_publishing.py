"""What is published tells of groups: attacked with nothing but the bundle, by programs of these tests' own."""

import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

import reflectlab
from reflectlab.errors import ArgumentError, NotALogError
from reflectlab.explore import LeaderReview
from reflectlab.share import publish, read_bundle


def school(seed=1, left_out=(), **options):
    """A log, and the same without some learners."""
    log = reflectlab.simulate(**{"classes": 3, "learners": 22, "seed": seed, **options})
    tables = {name: getattr(log, name) for name in ("events", "collaborations", "learners", "goals", "terms")}
    for name in ("events", "collaborations", "learners"):
        tables[name] = tables[name][~tables[name]["learner_id"].isin(left_out)]
    return reflectlab.ProgressLog.from_tables(**tables)


def with_a_small_class(seed=1):
    """Three classes, of one of which eight children are left."""
    log = school(seed)
    small = log.learners.loc[log.learners["class_id"] == log.learners["class_id"].unique()[1], "learner_id"]
    return school(seed, left_out=small.iloc[8:])


def programme(rates, question, term, hidden=()):
    """The unknown met and other counts of each group, and all that the rows of a bundle tell of them."""
    rows = rates[(rates["question"] == question) & (rates["term_id"] == term)]
    labels = list(dict.fromkeys(zip(rows["by"], rows["label"], strict=True)))
    number = {label: 2 * place for place, label in enumerate(labels)}
    upper, right, equal = [], [], []
    size = 2 * len(labels)
    for row in rows.dropna(subset=["rate"]).itertuples():
        hit = number[row.by, row.label]
        for signs, most in (
            ({hit: 1, hit + 1: 1}, row.size + 5),
            ({hit: -1, hit + 1: -1}, 5 - row.size),
            ({hit: 1 - row.rate_high, hit + 1: -row.rate_high}, 0),
            ({hit: row.rate_low - 1, hit + 1: row.rate_low}, 0),
        ):
            line = np.zeros(size)
            line[list(signs)] = list(signs.values())
            upper.append(line)
            right.append(most)
    for by in set(rows["by"]) - {"school"}:
        for part in (0, 1):
            line = np.zeros(size)
            line[number["school", ""] + part] = -1
            for label in labels:
                line[number[label] + part] += label[0] == by
            equal.append(line)
    return number, np.array(upper), np.array(right), np.array(equal)


def widths(rates, question, term):
    """How wide an interval every count behind the rates of a bundle is left, shown or not."""
    number, upper, right, equal = programme(rates, question, term)
    found = {}
    for label, first in number.items():
        for place in (first, first + 1):
            ends = []
            for sign in (1, -1):
                aim = np.zeros(upper.shape[1])
                aim[place] = sign
                answer = linprog(aim, A_ub=upper, b_ub=right, A_eq=equal, b_eq=np.zeros(len(equal)), bounds=(0, 10**5))
                assert answer.status == 0
                ends.append(sign * answer.fun)
            found[(*label, place - first)] = ends[1] - ends[0]
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    log = with_a_small_class()
    return log, publish(log, tmp_path_factory.mktemp("small"))


def test_strand_totals_less_class_totals_do_not_give_the_hidden_class(small):
    log, bundle = small
    hidden = log.learners["class_id"].value_counts().idxmin()
    row = bundle.rates[(bundle.rates["question"] == "met") & (bundle.rates["label"] == hidden)]
    assert row[["rate", "size", "learners", "band", "low", "high"]].isna().all(axis=None)
    assert min(widths(bundle.rates, "met", "t1").values()) >= 5 - 1e-6
    assert min(widths(bundle.rates, "set_by", "t1").values()) >= 5 - 1e-6


def test_a_child_without_a_class_is_nowhere(tmp_path):
    log = school()
    learners = log.learners.assign(class_id=log.learners["class_id"].mask(log.learners.index == 3))
    alone = reflectlab.ProgressLog.from_tables(
        events=log.events, collaborations=log.collaborations, learners=learners, goals=log.goals, terms=log.terms
    )
    bundle = publish(alone, tmp_path / "b")
    assert "not known" not in set(bundle.rates["label"])
    assert min(widths(bundle.rates, "met", "t1").values()) >= 5 - 1e-6


def test_counts_of_few_children_have_no_column(small):
    _, bundle = small
    assert not {"left_open", "dropped", "met", "goals", "count"} & set(bundle.rates.columns)
    assert (bundle.rates["size"].dropna() % 10 == 0).all()


def test_nothing_is_shown_whole(tmp_path):
    log = school()
    events = log.events[log.events["event"] != "dropped"]
    met = events.drop_duplicates(["learner_id", "goal_id"]).assign(event="met", time=events["time"].max())
    whole = reflectlab.ProgressLog.from_tables(
        events=pd.concat([events, met]), collaborations=log.collaborations, learners=log.learners, goals=log.goals
    )
    bundle = publish(whole, tmp_path / "b")
    rows = bundle.rates.query("question == 'met'").dropna(subset=["rate"])
    assert rows["band"].str.startswith("≥").all()
    assert (rows["rate"] < 1).all()


def test_two_releases_that_differ_by_one_child_do_not_tell_of_that_child(tmp_path):
    log = school()
    for number, child in enumerate(log.learners["learner_id"].iloc[[0, 25, 60]]):
        first = publish(log, tmp_path / f"first{number}")
        second = publish(school(left_out=[child]), tmp_path / f"second{number}", released=tmp_path / f"first{number}")
        keys = ["question", "term_id", "by", "label", "part"]
        both = first.rates.merge(second.rates, on=keys, suffixes=("", "_then")).dropna(subset=["rate", "rate_then"])
        assert len(both) > 40
        changed = both[(both["size"] != both["size_then"]) | (both["band"] != both["band_then"])]
        least = (changed["size"] - changed["size_then"]).abs() + 10 - 5  # both ends are rounded to ten
        assert (least >= 5).all()
        assert min(widths(second.rates, "met", "t1").values()) >= 5 - 1e-6
        assert len(changed) < len(both) / 2
        assert len(second.manifest["ledger"]) == 2


def test_the_same_log_again_is_the_same_release(tmp_path):
    first = publish(school(), tmp_path / "b")
    second = publish(school(), tmp_path / "b")
    assert first.rates.equals(second.rates)
    assert len(second.manifest["ledger"]) <= 2


def test_no_figure_of_several_classes_is_that_of_one(tmp_path):
    log = reflectlab.simulate(classes=2, learners=30, seed=2)
    small = log.learners.loc[log.learners["class_id"] == log.learners["class_id"].iloc[-1], "learner_id"]
    tables = {name: getattr(log, name) for name in ("events", "collaborations", "learners")}
    kept = {name: table[~table["learner_id"].isin(small.iloc[1:])] for name, table in tables.items()}
    bundle = publish(reflectlab.ProgressLog.from_tables(**kept, goals=log.goals, terms=log.terms), tmp_path / "b")
    told = bundle.rates.dropna(subset=["rate"])
    assert not {"school", "strand", "exposure"} & set(told["by"])
    assert bundle.times["half"].isna().all()


@pytest.mark.parametrize("classes", [1, 3, 19])
def test_a_bundle_names_no_child_and_holds_no_note(tmp_path, classes):
    log = reflectlab.simulate(classes=classes, learners=14 if classes > 3 else 25, seed=3)
    publish(log, tmp_path / "b")
    words = "\n".join(
        [
            (tmp_path / "b" / "manifest.json").read_text(),
            *(pd.read_parquet(path).to_csv() for path in (tmp_path / "b").glob("*.parquet")),
        ]
    )
    raw = b"".join(path.read_bytes() for path in (tmp_path / "b").glob("*"))
    for column in ("learner_id", "name"):
        for word in log.learners[column]:
            assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", words)
            assert word.encode() not in raw
    assert b"/tmp" not in raw
    assert b"/work" not in raw


def test_a_log_of_very_few_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match="Nothing of this log"):
        publish(reflectlab.example(), tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_what_is_no_bundle_is_refused(tmp_path):
    with pytest.raises(NotALogError, match="reflectlab publish"):
        read_bundle(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"format": "something"}))
    with pytest.raises(NotALogError):
        read_bundle(tmp_path)


def test_equity_groups_too_small_are_not_even_named(tmp_path):
    log = school(classes=3, learners=25)
    language = np.resize(["English", "English", "te reo Māori"], len(log.learners)).astype(object)
    language[5] = "Tongan"
    learners = log.learners.assign(language=language)
    bundle = publish(
        reflectlab.ProgressLog.from_tables(
            events=log.events, collaborations=log.collaborations, learners=learners, goals=log.goals, terms=log.terms
        ),
        tmp_path / "b",
    )
    assert set(bundle.rates.loc[bundle.rates["by"] == "language", "label"]) == {"English", "te reo Māori"}
    assert "Tongan" not in (tmp_path / "b" / "manifest.json").read_text()


def test_a_term_counts_the_goals_that_learners_had_in_it(tmp_path):
    """Goals that were met in the first of two terms are no part of the second."""
    first = reflectlab.simulate(classes=3, learners=22, seed=1, start=date(2026, 2, 2))
    then = reflectlab.simulate(classes=3, learners=22, seed=2, start=date(2026, 4, 20))
    tables = {}
    for name in ("events", "collaborations", "goals", "terms"):
        parts = []
        for number, log in enumerate((first, then)):
            table = getattr(log, name).drop(columns="row", errors="ignore")
            for column in {"goal_id", "episode_id", "term_id"} & {*table.columns}:
                table[column] = table[column] + f"-{number}"
            parts.append(table)
        tables[name] = pd.concat(parts, ignore_index=True)
    both = reflectlab.ProgressLog.from_tables(learners=first.learners.drop(columns="row", errors="ignore"), **tables)
    bundle = publish(both, tmp_path / "b")
    sizes = bundle.rates.query("question == 'met' and by == 'school'").set_index("term_id")["size"]
    alone = reflectlab.completion(then, by=())["goals"].item()
    still_open = reflectlab.completion(first, by=()).eval("goals - met").item()
    assert alone - 5 <= sizes.iloc[1] <= alone + still_open + 5
    review = LeaderReview(bundle)
    assert "then" in review.answers["answer"].iloc[3]
