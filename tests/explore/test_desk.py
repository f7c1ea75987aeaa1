"""`ResearchDesk`, without a browser: what is picked is what is compared."""

import asyncio
import json

import ipywidgets as widgets
import pandas as pd
import pytest

import reflectlab
from reflectlab.explore import ResearchDesk


@pytest.fixture(scope="module")
def log():
    return reflectlab.simulate(classes=2, learners=12, seed=3)


@pytest.fixture
def desk(log):
    return ResearchDesk(log)


def picker(desk, label):
    (row, *_) = desk.children
    return next(each for each in row.children if each.description == label)


def cells(table):
    return [row["cells"] for row in table.content["rows"]]


def test_it_begins_with_one_comparison(log, desk):
    pd.testing.assert_frame_equal(desk.comparison.table, reflectlab.compare(log).table)
    assert [row[0] for row in cells(desk.ratios)] == desk.comparison.table["estimator"].tolist()
    assert desk.caveats.text.split("\n") == list(desk.comparison.caveats)
    assert desk.picture.title.startswith("Does working together")


@pytest.mark.parametrize(
    ("label", "value", "asked"),
    [
        ("Groups", "class_id", {"by": "class_id"}),
        ("Time in", "days", {"unit": "days"}),
        ("Split by kind", True, {"kinds": True}),
        ("Split by who chose", True, {"chosen": True}),
        ("Adjust for", ("strand",), {"adjust": ("strand",)}),
    ],
)
def test_what_is_picked_is_compared(log, desk, label, value, asked):
    drawn = desk.picture.picture["drawn"]
    picker(desk, label).value = value
    expected = reflectlab.compare(log, **asked)
    pd.testing.assert_frame_equal(desk.comparison.table, expected.table)
    assert desk.comparison.caveats == expected.caveats
    assert desk.picture.picture["drawn"] > drawn


def test_the_comparison_is_that_of_the_question_before_it_is_drawn(log):
    async def ask():
        desk = ResearchDesk(log)
        desk.question.unit = "days"
        return desk.comparison.table

    pd.testing.assert_frame_equal(asyncio.run(ask()), reflectlab.compare(log, unit="days").table)


def test_no_p_value_is_told_as_nothing(desk):
    place = desk.ratios.content["columns"].index("p")
    told = [row[place] for row in cells(desk.ratios)]
    for text, value in zip(told, desk.comparison.table["p_value"], strict=True):
        assert text == ("" if pd.isna(value) else "< 0.001" if value < 0.001 else f"{value:.3f}")
    assert "< 0.001" in told


def test_groups_are_the_groups_of_every_table(log, desk):
    desk.question.by = "class_id"
    classes = sorted(log.learners["class_id"].unique())
    assert sorted({row[0] for row in cells(desk.ratios)}) == classes
    assert [row[0] for row in cells(desk.diversity)] == classes == [row[0] for row in cells(desk.collaboration)]
    assert desk.diversity.content["columns"][:2] == ["class_id", "Learners"]


def test_nobody_is_named(log, desk):
    told = ""
    for view in (desk.picture, desk.ratios, desk.diversity, desk.collaboration, desk.transitions, desk.caveats):
        told += json.dumps(view.get_state(), default=str)
    assert not [name for name in log.learners["name"] if f'"{name}' in told]


def test_pickers_offer_what_describes_learners(desk):
    assert [value for _, value in picker(desk, "Groups").options] == ["", "class_id"]
    assert picker(desk, "Adjust for").options == ("class_id", "strand", "level")
    assert isinstance(picker(desk, "Adjust for"), widgets.SelectMultiple)


def test_a_group_of_few_is_nowhere(log):
    """Nor is the next smallest there: with it, what is left of all would be the one."""
    language = ["Tongan" if n == 3 else "English" if n < 14 else "te reo Māori" for n in range(len(log.learners))]
    tables = {name: getattr(log, name) for name in ("events", "collaborations", "goals", "terms")}
    with_languages = reflectlab.ProgressLog.from_tables(learners=log.learners.assign(language=language), **tables)
    desk = ResearchDesk(with_languages)
    desk.question.by = "language"
    told = "".join(
        json.dumps(table.content, default=str) for table in (desk.ratios, desk.diversity, desk.collaboration)
    )
    assert "English" in told
    assert "te reo" not in told
    assert "Tongan" not in told
    assert "Tongan" not in json.dumps(desk.picture.get_state(), default=str)


def test_of_a_log_of_few_nothing_is_shown():
    desk = ResearchDesk(reflectlab.example())
    assert desk.caveats.text.startswith("Nothing is shown")
    assert not any(cells(table) for table in (desk.ratios, desk.diversity, desk.collaboration))
    title = "Does working together go with meeting goals sooner?"
    assert desk.picture.picture["description"].startswith(f"{title} Nothing is shown of groups of fewer than ten")


def test_steps_of_few_learners_are_not_drawn(log, desk):
    steps = reflectlab.transitions(log, by=("learner_id",)).groupby(["source", "target"])["learner_id"].nunique()
    drawn = desk.transitions.title + desk.transitions.sentence if hasattr(desk.transitions, "sentence") else ""
    assert f"{steps.size} steps" not in drawn


def test_where_no_step_is_drawn_it_is_not_said_that_nobody_went_on():
    log = reflectlab.simulate(classes=1, learners=20, weeks=8, seed=3)
    steps = reflectlab.transitions(log, by=("learner_id",)).groupby(["source", "target"])["learner_id"].nunique()
    assert 0 < steps.max() < 5
    said = "From goal to goal. No step from one goal to another was taken by 5 learners or more."
    assert ResearchDesk(log).transitions.picture["description"] == said


def test_a_log_without_classes_is_one_group():
    log = reflectlab.simulate(classes=1, seed=1)
    tables = {name: getattr(log, name).drop(columns="row", errors="ignore") for name in ("events", "collaborations")}
    people = log.learners.drop(columns="class_id")
    desk = ResearchDesk(reflectlab.ProgressLog.from_tables(learners=people, goals=log.goals, terms=log.terms, **tables))
    of_the_class = ResearchDesk(log)
    for name in ("diversity", "collaboration"):
        assert [row[1:] for row in cells(getattr(desk, name))] == [
            row[1:] for row in cells(getattr(of_the_class, name))
        ]


@pytest.mark.parametrize(
    ("sizes", "told"),
    [((12, 12, 12), 3), ((20, 14, 4), 1), ((20, 14, 9, 9), 2), ((20, 4), 0), ((6, 3), 0)],
    ids=["large", "one small, and the next with it", "small ones are many together", "nothing is left", "all small"],
)
def test_small_groups_are_not_shown_nor_found_as_what_is_left(sizes, told):
    """A desk that tells of all, and of each group but one of four, tells of the four."""
    whole = reflectlab.simulate(classes=4, learners=20, seed=3)
    kept = []
    for room, size in zip(whole.learners["class_id"].unique(), sizes, strict=False):
        kept += whole.learners.loc[whole.learners["class_id"] == room, "learner_id"].tolist()[:size]
    tables = {name: getattr(whole, name) for name in ("events", "collaborations", "learners")}
    own = {name: table[table["learner_id"].isin(kept)] for name, table in tables.items()}
    desk = ResearchDesk(reflectlab.ProgressLog.from_tables(goals=whole.goals, terms=whole.terms, **own))
    desk.question.by = "class_id"
    rooms = {row[0] for row in cells(desk.diversity)}
    assert len(rooms) == told
    assert {row[0] for row in cells(desk.collaboration)} == rooms
    assert {row[0] for row in cells(desk.ratios)} <= rooms
    words = json.dumps([cells(desk.ratios), cells(desk.diversity), cells(desk.collaboration), desk.caveats.text])
    assert not [name for name in whole.learners["name"] if f'"{name}"' in words]
