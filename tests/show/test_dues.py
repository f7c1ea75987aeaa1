"""Due days on the board and the pathway: a flag where the day ends, which tells past and open from met."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from reflectlab.show import alt_text, marks, plot_board, plot_pathway
from reflectlab.show.parts.dues import _LOOKS

DAYS = pd.bdate_range("2026-02-02", periods=15)
CALENDAR = pd.DataFrame({"date": DAYS, "term_id": "t1", "week": np.repeat([1, 2, 3], 5)})
TODAY = DAYS[9]
ROWS = [
    ("a", "hook", "working", 0, None), ("a", "ends", "working", 1, None), ("a", "verbs", "met", 6, None),
    ("b", "hook", "met", 7, None), ("b", "verbs", "working", 2, None),
]  # fmt: skip
STRETCHES = pd.DataFrame(
    [(who, goal, status, DAYS[start], pd.NaT, start + 1) for who, goal, status, start, _ in ROWS],
    columns=["learner_id", "goal_id", "status", "start", "stop", "start_day"],
)
EPISODES = pd.DataFrame(columns=["episode_id", "time", "learner_id", "goal_id", "kind", "chosen_by"])
EPISODES["time"] = pd.to_datetime(EPISODES["time"])
DUE = pd.DataFrame(
    [
        ("a", "hook", DAYS[12], "open"),
        ("a", "ends", DAYS[4], "past"),
        ("a", "verbs", DAYS[7], "in_time"),
        ("b", "hook", DAYS[5], "late"),
        ("b", "verbs", DAYS[2], "dropped"),
    ],
    columns=["learner_id", "goal_id", "due", "outcome"],
)
NAMES, TITLES = {"a": "Aroha", "b": "<Ben>"}, {"hook": "Open with a hook", "ends": "End well"}


def board(due: pd.DataFrame | None, **options: object) -> Axes:
    told = {"names": NAMES, "titles": TITLES, "today": TODAY, "calendar": CALENDAR, **options}
    return plot_board(STRETCHES, EPISODES, due=due, **told)


def flags(ax: Axes) -> list[tuple[float, float, str]]:
    """Where each flag stands, and how it is filled."""
    found = [made for made in ax.collections if isinstance(made, PathCollection) and made.get_label() == "due"]
    points = [(made, place) for made in found for place in made.get_offsets().tolist()]
    return sorted((x, y, to_hex(made.get_facecolor()[0]).upper()) for made, (x, y) in points)


def filled(word: str) -> str:
    return to_hex(_LOOKS[word]["facecolor"]).upper()


def test_each_flag_stands_where_its_day_ends_and_in_its_lane() -> None:
    assert [(x, round(y), look) for x, y, look in flags(board(DUE))] == [
        (5.0, 0, filled("due, still open")),
        (6.0, 1, filled("due, met")),
        (8.0, 0, filled("due, met")),
        (13.0, 0, filled("due")),
    ]
    assert len({filled(word) for word in _LOOKS}) == 3


def test_what_is_read_on_hovering() -> None:
    said = [mark["text"] for mark in marks(board(DUE)) if mark["what"] == "due"]
    assert sorted(said) == [
        "<Ben>: Open with a hook, due Mon 9 Feb, met later",
        "Aroha: End well, due Fri 6 Feb, still open",
        "Aroha: Open with a hook, due Wed 18 Feb",
        "Aroha: verbs, due Wed 11 Feb, met by then",
    ]


def test_several_goals_of_one_day_are_one_flag_on_the_board_and_one_each_on_the_pathway() -> None:
    due = DUE.assign(due=DAYS[12], outcome="open").iloc[:2]
    assert len(flags(board(due))) == 1
    (mark,) = [mark for mark in marks(board(due)) if mark["what"] == "due"]
    assert mark["text"] == "Aroha: End well, due Wed 18 Feb; Open with a hook, due Wed 18 Feb"
    told = {"names": NAMES, "today": TODAY, "calendar": CALENDAR}
    path = plot_pathway(STRETCHES, EPISODES, learner="a", due=due, **told)
    assert len({y for _, y, _ in flags(path)}) == 2


def test_what_is_met_has_no_flag_to_come_and_other_days_none_outside_of_what_is_shown() -> None:
    ahead = DUE.assign(due=DAYS[13])
    assert [mark["goal_id"] for mark in marks(board(ahead)) if mark["what"] == "due"] == ["hook"]
    assert len(flags(board(ahead[ahead["outcome"].isin(["in_time", "late"])]))) == 0
    beyond = DUE.assign(due=pd.Timestamp("2026-05-01"))
    assert flags(board(beyond)) == flags(board(DUE.assign(due=pd.Timestamp("2026-01-05")))) == []
    assert [x for x, *_ in flags(board(DUE, start=DAYS[5]))] == [1.0, 3.0, 8.0]


@pytest.mark.parametrize("due", [None, DUE.head(0), DUE[DUE["outcome"] == "dropped"]])
def test_a_board_without_due_days_is_as_it_was(due: pd.DataFrame | None) -> None:
    without = board(None)
    assert flags(board(due)) == []
    assert [mark["text"] for mark in marks(board(due))] == [mark["text"] for mark in marks(without)]
    assert alt_text(board(due)) == alt_text(without)


def test_the_words_beside_a_block_stand_clear_of_a_flag() -> None:
    told = {"names": NAMES, "today": TODAY, "calendar": CALENDAR}
    one = DUE.iloc[:1].assign(due=DAYS[10])
    free, taken = (plot_pathway(STRETCHES, EPISODES, learner="a", due=due, **told) for due in (None, one))
    places = [next(text.get_va() for text in ax.texts if text.get_text() == "open · 10 days") for ax in (free, taken)]
    assert places == ["center", "top"], "below the block, where the flag stands beside it"
