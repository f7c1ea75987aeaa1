"""The picture of a comparison, artist by artist."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection

from reflectlab import compare, simulate
from reflectlab.errors import ArgumentError, MissingColumnError
from reflectlab.show import alt_text, plot_comparison
from tests.show import frames
from tests.show.cases import ROOMS, compared, no_ratios, wild_ratios
from tests.show.looking import said


def dots(ax):
    return np.vstack([np.asarray(one.get_offsets()) for one in ax.collections if isinstance(one, PathCollection)])


def test_every_estimator_has_a_dot_on_its_interval() -> None:
    table = frames.comparison()
    ax = compared(table)
    assert np.allclose(dots(ax), np.column_stack([table["hazard_ratio"], range(4)]))
    intervals = [one for one in ax.collections if isinstance(one, LineCollection) and one.zorder == 2]
    ends = [line.get_segments()[0][:, 0] for line in intervals]
    assert np.allclose(ends, table[["low", "high"]])
    assert ax.get_xscale() == "log"


def test_the_naive_ratio_is_marked_and_labelled_as_one_not_to_use() -> None:
    ax = compared(frames.comparison())
    words = said(ax)
    assert "goals with and goals without: do not use" in words
    assert "not corrected for differences between children" in words
    shapes = {len(one.get_paths()[0].vertices) for one in ax.collections if isinstance(one, PathCollection)}
    assert len(shapes) == 3  # a circle, a square, a cross: not by colour alone


def test_ratios_are_told_in_figures_and_in_the_sentence() -> None:
    table = frames.comparison().assign(hazard_ratio=1.5, low=1.2, high=1.9)
    ax = compared(table)
    ratio, low, high = table.loc[0, ["hazard_ratio", "low", "high"]]
    assert f"{ratio:.2f} ({low:.2f} to {high:.2f})" in said(ax)
    assert f"they are {ratio:.2f} times as likely ({low:.2f} to {high:.2f}) to meet it on a given day" in alt_text(ax)
    assert "An association, not proof" in alt_text(ax)
    assert "104 learners, 612 goals, 431 met." in alt_text(ax)
    assert "holds no difference" not in alt_text(ax)
    unsure = table.assign(low=0.9, hazard_ratio=1.0, high=1.1)
    assert "The interval holds no difference." in alt_text(compared(unsure))


def test_where_there_is_no_ratio_none_is_drawn_and_it_is_said() -> None:
    ax = compared(no_ratios())
    assert not [one for one in ax.collections if isinstance(one, PathCollection)]
    assert said(ax).count("no ratio: no goals can tell") == 4
    assert "No ratio within learners: none of 431 goals met can tell." in alt_text(ax)
    assert "in any of 4 groups" in alt_text(compared(no_ratios(ROOMS)))


def test_what_runs_beyond_the_scale_ends_in_an_arrow() -> None:
    ax = compared(wild_ratios())
    low, high = ax.get_xlim()
    assert dots(ax)[:, 0].min() == pytest.approx(low)
    assert dots(ax)[:, 0].max() == pytest.approx(high)
    assert {"0.60 (0.02 to 51.00)", "over 100 (over 100 to over 100)"} <= set(said(ax))


def test_groups_have_a_line_each_and_no_curves() -> None:
    table = frames.comparison(ROOMS, split=True)
    ax = plot_comparison(table, frames.comparison_curves(), names={"Room 5": "Kahurangi"})
    assert not ax.child_axes
    assert len(dots(ax)) == 3 * len(ROOMS)
    assert {"Room 2", "Kahurangi"} <= set(said(ax))
    assert said(ax).count("sought support") == len(ROOMS)
    headline = table["estimator"] == "within learners, adjusted for the goal"
    within = table.loc[headline & (table["kind"] == "any"), "hazard_ratio"]
    assert f"from {within.min():.2f} to {within.max():.2f} times" in alt_text(ax)


def test_curves_are_those_of_the_frame() -> None:
    curves = frames.comparison_curves()
    (panel,) = compared(frames.comparison()).child_axes
    for line, (_, rows) in zip(panel.lines, curves.groupby("exposure", sort=False), strict=True):
        assert np.allclose(line.get_ydata()[:-1], rows["share_met"])
    assert len({line.get_linestyle() for line in panel.lines}) == 2


def test_what_compare_gives_is_what_it_takes() -> None:
    found = compare(simulate(classes=2, seed=1), kinds=True, chosen=True)
    before = found.table.copy()
    words = said(plot_comparison(found.table, found.curves))
    assert {"shared goal", "chosen by the learner", "worked on together", "88 %"} & set(words)
    pd.testing.assert_frame_equal(found.table, before)


def test_a_frame_that_is_none_is_told() -> None:
    with pytest.raises(MissingColumnError, match='table has no column "low"'):
        plot_comparison(frames.comparison().drop(columns="low"), frames.comparison_curves())
    with pytest.raises(MissingColumnError, match='curves has no column "days"'):
        plot_comparison(frames.comparison(), frames.comparison_curves().drop(columns="days"))
    with pytest.raises(ArgumentError, match="must be a pandas DataFrame"):
        plot_comparison(compare(simulate(classes=1, seed=1)), frames.comparison_curves())
