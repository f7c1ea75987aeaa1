"""The pictures of completion, time to goal, transitions and collaboration, artist by artist."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection, PolyCollection

from reflectlab import plan
from reflectlab.errors import ArgumentError, MissingColumnError
from reflectlab.show import (
    alt_text,
    marks,
    plot_collaboration,
    plot_completion,
    plot_plan,
    plot_time_to_goal,
    plot_transitions,
)
from reflectlab.show.parts.words import KINDS
from tests.show import frames
from tests.show.cases import ROOMS, TITLES, hidden_rates, narrow
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
    lines = [line for line in ax.lines if line.get_label() != "sample"]
    samples = [line for line in ax.lines if line.get_label() == "sample"]
    assert len(lines) == 3
    assert len([one for one in ax.collections if isinstance(one, PolyCollection)]) == 3
    assert np.allclose(lines[1].get_ydata(), table.loc[table["class_id"] == "Room 5", "rate"])
    dashes = {line.get_linestyle() for line in lines}
    assert len(dashes) == 3
    assert {line.get_linestyle() for line in samples} == dashes
    assert not ax.child_axes


def test_completion_of_many_groups_has_a_panel_each() -> None:
    ax = plot_completion(frames.completion([*ROOMS, "Room 10"], weeks=6))
    own = [[line for line in panel.lines if line.get_label() != "other"] for panel in ax.child_axes]
    assert [len(lines) for lines in own] == [1] * 5
    assert [len(panel.lines) for panel in ax.child_axes] == [5] * 5
    assert np.allclose(ax.child_axes[0].lines[0].get_ydata(), own[1][0].get_ydata())
    assert {"Room 2", "Room 10"} <= set(said(ax))


def test_completion_of_many_more_groups_leaves_the_others_out() -> None:
    ax = plot_completion(frames.completion(frames.NAMES[:10], weeks=3))
    assert [len(panel.lines) for panel in ax.child_axes] == [1] * 10
    assert "in grey the others" not in " ".join(said(ax))


def test_completion_says_of_how_many_no_rate_is_told() -> None:
    table = hidden_rates()
    told = alt_text(plot_completion(table))
    low, high = (f"{100 * rate:.0f} %" for rate in (table["rate"].min(), table["rate"].max()))
    assert f"in 4 classes, from {low} to {high} (no rate is told of 2)." in told
    nothing = table.assign(goals=pd.NA, met=pd.NA, rate=np.nan, low=np.nan, high=np.nan)
    assert alt_text(plot_completion(nothing)) == "Own goals met. No rate is told."


def test_completion_over_weeks_says_no_share_of_all_groups_which_has_no_interval() -> None:
    table = frames.completion(ROOMS[:2], weeks=2)
    last = table[table["week"] == 2]
    sentence = f"{last['met'].sum()} of {last['goals'].sum()} own goals met by Week 2 in 2 classes. The bands are"
    assert alt_text(plot_completion(table)).startswith(f"Own goals met. {sentence}")


@pytest.mark.parametrize(
    ("halves", "words"),
    [
        ((1, 1), "within 1 school day, in"),
        ((1, 2), "within 1 to 2 school days"),
        ((2, None), "2 school days, in 2 strands (in 1 not"),
        ((None, None), "Nowhere are half"),
    ],
)
def test_time_to_goal_of_groups_says_where_half_are_met(halves: tuple[int | None, ...], words: str) -> None:
    groups = [
        pd.DataFrame({"strand": name, "days": [1, 2], "share_met": [0.5 if half == 1 else 0.1, 0.6 if half else 0.2]})
        for name, half in zip(["Ideas", "Spelling"], halves, strict=True)
    ]
    table = pd.concat(groups, ignore_index=True).assign(at_risk=9, met=1, dropped=0, low=0.0, high=1.0)
    assert words in alt_text(plot_time_to_goal(table))


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


def test_a_plan_says_from_when_on_it_is_likely_enough() -> None:
    planned = plan(classes=2)
    ax = plot_plan(planned.table)
    assert np.allclose(ax.lines[0].get_ydata()[1:], planned.table["power"])
    week = planned.table.loc[planned.table["power"] >= 0.8, "weeks"].iloc[0]
    assert f"in 80 from {week} weeks on" in alt_text(ax)
    assert "in no week in 80" in alt_text(plot_plan(plan(weeks=2).table))
    several = pd.concat([plan(classes=number).table.assign(classes=str(number)) for number in (1, 2, 4)])
    assert "from 7 to 13 weeks on, in 3 groups; in 1 never so far" in alt_text(plot_plan(several))


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


def test_transitions_in_a_narrow_place_show_as_many_goals_as_fit() -> None:
    ax = plot_transitions(frames.transitions(list(TITLES)), names=TITLES, ax=narrow(5))
    shown = int(ax.get_xlim()[1])
    assert 2 <= shown < 12
    assert f"Shown are the {shown} with the most steps" in alt_text(ax)


def test_transitions_quote_the_titles_in_the_sentence() -> None:
    steps = pd.DataFrame({"source": ["hook"], "target": ["verbs"], "n": [1], "p": [1.0]})
    told = "1 step between 2 goals. Most often: from “Open with a hook” to “Strong verbs”, 1 of 1 time."
    assert alt_text(plot_transitions(steps, names=TITLES)) == f"From goal to goal. {told}"


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


KIND_WORDS = {"shared_goal": "shared goal", "gave_support": "gave support", "other": "no open goal in common noted"}


def test_collaboration_over_weeks_stacks_the_kinds_to_the_participations() -> None:
    table = frames.collaboration(weeks=9)
    found = bars(plot_collaboration(table))
    for kind, word in KIND_WORDS.items():
        assert sum(found.get(word, [])) == pytest.approx(table[kind].sum())


def test_collaboration_by_group_is_as_long_as_the_times_for_each_learner_and_week() -> None:
    table = frames.collaboration(["Room 2", "Room 5", "Room 7"], column="class_id")
    table.loc[0, "per_week"] = 4 * table.loc[0, "per_week"]  # a class a quarter as large
    found = bars(plot_collaboration(table))
    for kind, word in KIND_WORDS.items():
        assert sum(found.get(word, [])) == pytest.approx(
            (table[kind] / table["participations"] * table["per_week"]).sum()
        )


def test_collaboration_kinds_have_a_hatch_beside_their_colour() -> None:
    ax = plot_collaboration(frames.collaboration(weeks=9))
    hatches = [one.get_hatch() for one in ax.collections if isinstance(one, PolyCollection)]
    assert len(set(hatches)) == len(hatches) == 4


def test_collaboration_parts_of_a_bar_stand_for_their_learner() -> None:
    table = frames.collaboration(["l1", "l2"])
    told = marks(plot_collaboration(table, names={"l1": "Aroha", "l2": "Ben"}))
    counts = {(row["learner_id"], kind): row[kind] for row in table.to_dict("records") for kind in KINDS if row[kind]}
    assert {(mark["learner_id"], mark["what"]) for mark in told} == {*counts, ("l1", "learner"), ("l2", "learner")}
    times = counts["l2", "shared_goal"]
    assert f"Ben: shared goal, {times} times" in [mark["text"] for mark in told]
    assert marks(plot_collaboration(frames.collaboration(["Room 2"], column="class_id"))) == []


def test_collaboration_says_what_was_noted_of_the_choice() -> None:
    table = frames.collaboration(["l1"]).assign(
        participations=5, shared_goal=4, gave_support=0, sought_support=1, other=0
    )
    half = alt_text(plot_collaboration(table.assign(choice_known=3, self_chosen=2)))
    kinds = "Learners took part 5 times: 4 on a shared goal, 1 seeking support."
    assert half == f"Working together. {kinds} By their own choice 2 of the 3 times noted."
    assert "By their own choice 2 of 5 times." in alt_text(
        plot_collaboration(table.assign(choice_known=5, self_chosen=2))
    )
    assert "Nobody noted who chose it." in alt_text(plot_collaboration(table.assign(choice_known=0, self_chosen=0)))


def test_collaboration_key_shows_the_marks_of_the_board() -> None:
    ax = plot_collaboration(frames.collaboration(weeks=9))
    marks = [one for one in ax.collections if isinstance(one, PathCollection)]
    assert len(marks) == len([one for one in ax.collections if isinstance(one, PolyCollection)])


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
        (plot_plan, plan().table, "power"),
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
