"""The pictures of completion, time to goal, transitions and collaboration, artist by artist."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection, PolyCollection

from reflectlab.errors import ArgumentError, MissingColumnError
from reflectlab.show import alt_text, plot_collaboration, plot_completion, plot_time_to_goal, plot_transitions
from tests.show import frames
from tests.show.cases import ROOMS, TITLES, hidden_rates
from tests.show.looking import said


def test_completion_draws_a_dot_on_its_interval_for_each_group() -> None:
    table = frames.completion(ROOMS)
    ax = plot_completion(table)
    (dots,) = [one for one in ax.collections if isinstance(one, PathCollection)]
    assert np.allclose(dots.get_offsets(), [[rate, row] for row, rate in enumerate(table["rate"])])
    lines = [one for one in ax.collections if isinstance(one, LineCollection) and one.zorder == 2]
    ends = [path.vertices[:, 0] for path in lines[0].get_paths()]
    assert np.allclose(ends, table[["low", "high"]])


def test_completion_draws_no_rate_that_is_not_told() -> None:
    ax = plot_completion(hidden_rates())
    (dots,) = [one for one in ax.collections if isinstance(one, PathCollection)]
    assert [y for _, y in dots.get_offsets()] == [0, 3]
    assert {"no goals yet", "no rate told"} <= set(said(ax))


def test_completion_over_weeks_has_a_line_and_a_band_for_each_group() -> None:
    table = frames.completion(ROOMS[:3], weeks=6)
    ax = plot_completion(table)
    assert len(ax.lines) == 3
    assert len([one for one in ax.collections if isinstance(one, PolyCollection)]) == 3
    assert np.allclose(ax.lines[1].get_ydata(), table.loc[table["class_id"] == "Room 5", "rate"])
    assert len({line.get_linestyle() for line in ax.lines}) == 3
    assert not ax.child_axes


def test_completion_of_many_groups_has_a_panel_each() -> None:
    ax = plot_completion(frames.completion([*ROOMS, "Room 10"], weeks=6))
    assert [len(panel.lines) for panel in ax.child_axes] == [1] * 5
    assert {"Room 2", "Room 10"} <= set(said(ax))


def test_time_to_goal_steps_up_from_nothing_and_counts_what_is_still_open() -> None:
    table = frames.time_to_goal()
    ax = plot_time_to_goal(table)
    (line,) = ax.lines
    assert line.get_drawstyle() == "steps-post"
    assert (line.get_xdata()[0], line.get_ydata()[0]) == (0, 0)
    assert np.allclose(line.get_ydata()[1:-1], table["share_met"])
    assert str(table.loc[table["days"] >= 5, "at_risk"].iloc[0]) in said(ax)
    half = table.loc[table["share_met"] >= 0.5, "days"].iloc[0]
    assert f"Half are met within {half} school days" in alt_text(ax)


def test_time_to_goal_says_where_half_is_not_reached() -> None:
    assert "14 % are met within 1 school day." in alt_text(plot_time_to_goal(frames.time_to_goal().head(1)))


def test_transitions_show_share_and_count_in_each_cell() -> None:
    steps = pd.DataFrame({"source": ["hook", "hook"], "target": ["verbs", "order"], "n": [3, 1], "p": [0.75, 0.25]})
    ax = plot_transitions(steps, names=TITLES)
    assert {"75 %", "3 of 4", "25 %", "1 of 4", "Open with a hook", "Strong verbs"} <= set(said(ax))
    (cells,) = [one for one in ax.collections if isinstance(one, PolyCollection)]
    light, dark = sorted(cells.get_facecolor()[:, 0])
    assert len(cells.get_paths()) == 2
    assert light < dark


def test_transitions_of_many_goals_show_the_busiest_and_say_so() -> None:
    table = frames.transitions([f"g{n}" for n in range(40)], start=False)
    ax = plot_transitions(table, most=5)
    assert ax.get_xlim()[1] <= 5
    assert "between 40 goals. Shown are the 5 with the most steps, and the " in alt_text(ax)


def test_transitions_start_stands_first_and_is_no_goal() -> None:
    ax = plot_transitions(frames.transitions(["hook", "verbs", "para"]))
    assert "between 3 goals, and" in alt_text(ax)
    rows = [text for text in ax.texts if text.get_text() == "start"]
    assert rows[0].get_position()[1] == 0.5


def test_transitions_take_one_group() -> None:
    table = frames.transitions(["hook", "verbs"], start=False)
    two = pd.concat([table.assign(class_id="Room 2"), table.assign(class_id="Room 5")])
    with pytest.raises(ArgumentError, match="must be of one group; class_id holds Room 2, Room 5"):
        plot_transitions(two)
    with pytest.raises(ArgumentError, match="`most` must be at least 1; got 0"):
        plot_transitions(table, most=0)


def bars(ax: Any) -> dict[str, list[float]]:
    """Return the length of every part of every bar, by kind."""
    side = 1 if ax.get_ylim()[0] == 0 else 0
    parts = [one for one in ax.collections if isinstance(one, PolyCollection)]
    return {
        one.get_label(): [np.ptp(path.vertices[:, side]) for path in one.get_paths()]
        for one in parts
        if len(one.get_paths())
    }


@pytest.mark.parametrize("table", [frames.collaboration(weeks=9), frames.collaboration(["l1", "l2", "l3"])])
def test_collaboration_stacks_the_kinds_to_the_participations(table: pd.DataFrame) -> None:
    found = bars(plot_collaboration(table))
    for kind, word in {"shared_goal": "shared goal", "gave_support": "gave support", "other": "other"}.items():
        assert sum(found.get(word, [])) == pytest.approx(table[kind].sum())


def test_collaboration_kinds_have_a_hatch_beside_their_colour() -> None:
    ax = plot_collaboration(frames.collaboration(weeks=9))
    hatches = [one.get_hatch() for one in ax.collections if isinstance(one, PolyCollection)]
    assert len(set(hatches)) == len(hatches) == 4


def test_collaboration_tells_rate_and_choice_where_known() -> None:
    table = frames.collaboration(["l1", "l2"])
    table.loc[1, ["choice_known", "self_chosen"]] = 0
    words = said(plot_collaboration(table, names={"l1": "Aroha"}))
    assert {"Aroha", "l2", f"{table['per_week'][0]:.1f}", "–"} <= set(words)


def test_collaboration_over_time_takes_one_group() -> None:
    weeks = frames.collaboration(weeks=3)
    table = pd.concat([weeks.assign(class_id="Room 2"), weeks.assign(class_id="Room 5")])
    with pytest.raises(ArgumentError, match=r"of one group; it holds 2 \(class_id\)"):
        plot_collaboration(table)


@pytest.mark.parametrize(
    ("plot", "table", "column"),
    [
        (plot_completion, frames.completion(ROOMS), "low"),
        (plot_time_to_goal, frames.time_to_goal(), "at_risk"),
        (plot_transitions, frames.transitions(["a", "b"]), "p"),
        (plot_collaboration, frames.collaboration(weeks=2), "per_week"),
    ],
)
def test_a_missing_column_is_told(plot: Any, table: pd.DataFrame, column: str) -> None:
    with pytest.raises(MissingColumnError, match=f'has no column "{column}"'):
        plot(table.drop(columns=column))
    with pytest.raises(ArgumentError, match="must be a pandas DataFrame"):
        plot([1])


@pytest.mark.parametrize(
    ("plot", "table"),
    [
        (plot_completion, frames.completion(ROOMS)),
        (plot_completion, frames.completion(ROOMS, weeks=3)),
        (plot_time_to_goal, frames.time_to_goal(["a", "b"])),
        (plot_transitions, frames.transitions(list(TITLES))),
        (plot_collaboration, frames.collaboration(weeks=3)),
    ],
)
def test_frames_are_left_as_they_were(plot: Any, table: pd.DataFrame) -> None:
    before = table.copy()
    plot(table)
    pd.testing.assert_frame_equal(table, before)
