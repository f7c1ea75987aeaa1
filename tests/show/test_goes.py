"""A second go at a goal stands on the lane as a block of its own, with its own days: those of `spells(goes="all")`."""

import re
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.text import Text

import reflectlab
from reflectlab import ProgressLog, episodes, plot_board, plot_pathway, spells, stretches
from reflectlab.show import marks


@pytest.fixture(scope="module")
def log(root: Path) -> ProgressLog:
    """The sample's first class, in which every third goal that was met is taken up again, and half of these are met."""
    sample = reflectlab.load(root / "data" / "sample")
    sample = sample.select(class_id=sample.learners["class_id"].iloc[0])
    met = sample.events[sample.events["event"] == "met"].drop_duplicates(["learner_id", "goal_id"]).iloc[::3]
    again = met.assign(event="reopened", time=met["time"] + pd.Timedelta(days=7))
    once_more = met.iloc[::2].assign(time=met["time"] + pd.Timedelta(days=11))
    late = met.assign(event="started", time=met["time"] + pd.Timedelta(hours=1))
    events = pd.concat([sample.events, again, once_more, late], ignore_index=True).drop(columns="row")
    events = events[events["time"] <= sample.events["time"].max()]
    return ProgressLog.from_tables(events=events, learners=sample.learners, goals=sample.goals, terms=sample.terms)


def shown(text: str) -> tuple[str, int | None]:
    """How a go stands, and its school days where it was met."""
    days = re.search(r"met(?: again)? · (\d+) day", text)
    return ("met", int(days.group(1))) if days else ("open" if "dropped" not in text else "dropped", None)


def told(row: pd.Series) -> tuple[str, int | None]:
    status = row["status"] if row["status"] in ("met", "dropped") else "open"
    return status, int(row["days_to_met"]) if status == "met" else None


def test_the_class_board_has_a_block_for_every_go(log: ProgressLog) -> None:
    goes = spells(log, goes="all")
    assert goes["go"].max() == 2
    ax = plot_board(stretches(log), episodes(log), calendar=log.calendar.days)
    blocks = [mark for mark in marks(ax) if mark["what"] == "goal"]
    expected = [(row["learner_id"], row["goal_id"], *told(row)) for _, row in goes.iterrows()]
    found = [(mark["learner_id"], mark["goal_id"], *shown(str(mark["text"]))) for mark in blocks]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_pathway_has_a_block_for_every_go(log: ProgressLog) -> None:
    goes = spells(log, goes="all")
    learner = goes.loc[goes["go"] == 2, "learner_id"].iloc[0]
    mine = goes[goes["learner_id"] == learner]
    ax = plot_pathway(stretches(log), episodes(log), learner=learner, calendar=log.calendar.days)
    blocks = [mark for mark in marks(ax) if mark["what"] == "goal"]
    expected = [(row["goal_id"], *told(row)) for _, row in mine.iterrows()]
    assert sorted(((mark["goal_id"], *shown(str(mark["text"]))) for mark in blocks), key=str) == sorted(
        expected, key=str
    )
    assert any("again" in str(mark["text"]) for mark in blocks)


def test_where_a_goal_was_taken_up_again_a_dashed_line_stands(log: ProgressLog) -> None:
    ax = plot_board(stretches(log), episodes(log), calendar=log.calendar.days)
    (line,) = [made for made in ax.artists + ax.patches if made.get_label() == "taken up again"]
    begun = [x for x, _ in line.get_path().vertices[::2]]
    again = spells(log, goes="all").query("go > 1")
    assert len(begun) == len(again)
    assert sum("again" in str(mark["text"]) for mark in marks(ax) if mark["what"] == "goal") == len(again)
    assert any(text.get_text() == "taken up again" for text in ax.figure.findobj(Text))
