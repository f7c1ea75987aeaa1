"""The pictures of who works with whom, and who could: artist by artist, number by number."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection

import reflectlab
from reflectlab.errors import ArgumentError, MissingColumnError
from reflectlab.show import (
    alt_text,
    marks,
    plot_collaboration,
    plot_network,
    plot_network_matrix,
    plot_opportunities,
)
from reflectlab.show.parts.layout import places, separate
from tests.show import frames
from tests.show.cases import CALLED, IDS, TITLES
from tests.show.looking import said

EDGES = pd.DataFrame(
    [
        ("l00", "l01", "support", 4),
        ("l01", "l00", "support", 1),
        ("l01", "l02", "shared_goal", 2),
        ("l00", "l02", "other", 1),
    ],
    columns=["source", "target", "kind", "episodes"],
)


def lines(ax: Axes) -> dict[str, LineCollection]:
    """Return the ties of each kind."""
    return {str(one.get_label()): one for one in ax.collections if isinstance(one, LineCollection)}


def dots(ax: Axes) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return where each learner's dot is in pixels, and how it is filled."""
    by_url = {mark["url"]: mark["learner_id"] for mark in marks(ax) if mark["what"] == "learner"}
    found = {}
    for one in ax.collections:
        if isinstance(one, PathCollection) and one.get_urls()[0] in by_url:
            place = one.get_offset_transform().transform(one.get_offsets())
            fills = np.broadcast_to(one.get_facecolor(), (len(place), 4))
            found |= {by_url[url]: (xy, fill) for url, xy, fill in zip(one.get_urls(), place, fills, strict=True)}
    return found


def test_every_tie_is_a_line_as_thick_as_it_was_often() -> None:
    ax = plot_network(EDGES)
    support = lines(ax)["supported (from helper to seeker)"]
    assert np.allclose(support.get_linewidths(), [2, 1])
    assert [len(one.get_paths()) for one in lines(ax).values()] == [1, 1, 2]


def test_an_arrow_runs_from_the_helper_to_the_seeker() -> None:
    ax = plot_network(EDGES.head(1))
    (line,) = lines(ax)["supported (from helper to seeker)"].get_paths()
    (head,) = next(one for one in ax.collections if one.get_label() == "arrow heads").get_paths()
    where = {learner: ax.transData.inverted().transform(xy) for learner, (xy, _) in dots(ax).items()}
    begin, end = line.vertices[0], line.vertices[-1]
    assert np.hypot(*(begin - where["l00"])) < 0.4
    assert np.hypot(*(end - where["l01"])) < 0.4
    assert np.allclose(head.vertices[0], end)


def test_direction_and_kind_are_told_without_colour() -> None:
    ax = plot_network(EDGES)
    assert len({str(one.get_linestyles()) for one in lines(ax).values()}) == 3
    there_and_back = [path.vertices for path in lines(ax)["supported (from helper to seeker)"].get_paths()]
    assert (
        np.abs(there_and_back[0][len(there_and_back[0]) // 2] - there_and_back[1][len(there_and_back[1]) // 2]).max()
        > 0.05
    )


def test_who_supported_somebody_is_filled_and_who_did_nothing_is_drawn_too() -> None:
    ax = plot_network(EDGES, learners=["l00", "l01", "l02", "l03"], names=CALLED)
    dark = {learner for learner, (_, fill) in dots(ax).items() if fill[:3].mean() < 0.5}
    assert set(dots(ax)) == {"l00", "l01", "l02", "l03"}
    assert dark == {"l00", "l01"}
    assert {"Daniel", "worked with nobody"} <= set(said(ax))


def test_weeks_have_everybody_in_the_same_place() -> None:
    whole = frames.network()
    weeks = [plot_network(whole[part::5], whole=whole, learners=IDS[:26], names=CALLED) for part in range(3)]
    first, *others = (
        {learner: xy - ax.transData.transform((0, 0)) for learner, (xy, _) in dots(ax).items()} for ax in weeks
    )
    for other in others:
        assert set(first) == set(other) == set(IDS[:26])
        tied = set(whole["source"]) | set(whole["target"])
        assert all(np.allclose(first[learner], other[learner]) for learner in tied)


def test_alt_text_is_made_of_the_numbers() -> None:
    told = alt_text(plot_network(EDGES, learners=IDS[:4], names=CALLED))
    assert told == (
        "Who works with whom. 4 learners; 3 pairs worked together. 2 learners supported somebody, 5 times in "
        "all. Most often: Aroha supported Ben 4 times. 1 learner worked with nobody."
    )
    assert alt_text(plot_network_matrix(EDGES, learners=IDS[:4], names=CALLED)) == told


def test_a_week_in_which_nobody_worked_together_says_so() -> None:
    ax = plot_network(EDGES.head(0), whole=EDGES, names=CALLED)
    assert alt_text(ax) == "Who works with whom. 3 learners; nobody worked with anybody."
    assert len(dots(ax)) == 3


def test_marks_say_what_a_tie_and_a_learner_did() -> None:
    told = {mark["text"] for mark in marks(plot_network(EDGES, names=CALLED))}
    assert {"Aroha supported Ben 4 times", "Ben worked on a shared goal with Chloë 2 times"} <= told
    assert {"Aroha: worked with 2 others; supported somebody 4 times", "Chloë: worked with 2 others"} <= told


def test_many_learners_are_named_in_part_and_their_dots_tell_their_partners() -> None:
    ties = pd.DataFrame({"source": "hub", "target": [f"l{n}" for n in range(60)], "kind": "other", "episodes": 1})
    ax = plot_network(ties)
    (areas,) = [
        one.get_sizes() for one in ax.collections if isinstance(one, PathCollection) and len(one.get_urls()) > 1
    ]
    assert (areas == areas.max()).sum() == 1
    assert "hub" in said(ax)
    assert len([word for word in said(ax) if re.fullmatch(r"l\d+", word)]) < 20
    assert "Named are those with the most partners" in alt_text(ax)


def test_places_are_in_the_room_and_the_same_for_the_same_ties() -> None:
    ties = {(f"a{n}", f"a{(n * 7 + 1) % 20}"): 1.0 + n % 3 for n in range(20) if n != (n * 7 + 1) % 20}
    people = [f"a{n}" for n in range(20)]
    once, again = places(people, ties, 9, 6), places(people, ties, 9, 6)
    assert np.array_equal(once, again)
    assert (once >= 0).all()
    assert (once <= (9, 6)).all()
    assert places([], {}, 9, 6).shape == (0, 2)


def test_boxes_are_moved_apart_within_the_room() -> None:
    rng = np.random.default_rng(3)
    sizes = rng.uniform(0.2, 0.9, (40, 2))
    found = separate(rng.uniform(2, 5, (40, 2)), sizes, 9, 7)
    one, other = np.triu_indices(40, 1)
    lacking = (sizes[one] + sizes[other]) / 2 - np.abs(found[one] - found[other])
    assert not (lacking > 1e-6).all(axis=1).any()
    assert (found - sizes / 2 >= -1e-9).all()
    assert (found + sizes / 2 <= np.array([9, 7]) + 1e-9).all()


def test_the_matrix_has_each_support_once_and_each_shared_goal_twice() -> None:
    ax = plot_network_matrix(EDGES, learners=IDS[:3], names=CALLED)
    parts = {one.get_label(): one.get_paths() for one in ax.collections if isinstance(one, PolyCollection)}
    middles = {
        label: sorted(tuple(np.floor(path.vertices[:4].mean(axis=0)).astype(int)) for path in paths)
        for label, paths in parts.items()
    }
    assert middles["supported: row supported column"] == [(0, 1), (1, 0)]
    assert middles["shared goal"] == [(1, 2), (2, 1)]
    assert middles["no open goal in common noted"] == [(0, 2), (2, 0)]
    cells = sorted(text.get_text() for text in ax.texts if text.get_text().isdigit())
    assert cells == ["1", "1", "1", "2", "2", "4"]


def test_a_frame_stands_in_the_row_of_who_only_ever_works_with_one() -> None:
    ax = plot_network_matrix(EDGES, learners=IDS[:4], names=CALLED, only=pd.Series({"l02": "l01", "gone": "l01"}))
    (frame,) = [each for each in ax.collections if each.get_label() == "only ever with"]
    (path,) = frame.get_paths()
    assert (path.vertices[:, 0].min(), path.vertices[:, 1].min()) == (1, 2)
    (said,) = [mark["text"] for mark in marks(ax) if mark["what"] == "only"]
    assert said == f"{CALLED['l02']} has only ever worked with {CALLED['l01']}"
    assert f"Only ever with one other: {CALLED['l02']} with {CALLED['l01']}." in alt_text(ax)
    assert "Only ever" not in alt_text(plot_network_matrix(EDGES, learners=IDS[:4], names=CALLED, only={}))


def test_a_large_matrix_shows_those_with_the_most_partners_and_says_so() -> None:
    ties = pd.DataFrame({"source": "hub", "target": [f"l{n}" for n in range(60)], "kind": "other", "episodes": 1})
    ax = plot_network_matrix(ties, most=5)
    assert "hub" in said(ax)
    assert "Shown are the 5 learners with the most partners." in alt_text(ax)
    with pytest.raises(ArgumentError, match="`most` must be at least 1; got 0"):
        plot_network_matrix(ties, most=0)


def test_invitations_have_a_cell_each_with_reason_and_goal() -> None:
    table = frames.opportunities(8)
    ax = plot_opportunities(table, names=CALLED, titles=TITLES)
    told = marks(ax)
    assert [(mark["learner_id"], mark["goal_id"], mark["what"]) for mark in told] == list(
        zip(table["learner_id"], table["goal_id"], table["suggestion"], strict=True)
    )
    first = table.iloc[0]
    assert {f"stuck: {TITLES[first['goal_id']]}", "Aroha"} <= set(said(ax))
    assert first["reason"].split(":")[0] in said(ax)


def test_invitations_for_thirty_learners_print_on_one_page(tmp_path: Path) -> None:
    ax = plot_opportunities(frames.opportunities(30), names=CALLED, titles=TITLES)
    ax.get_figure(root=True).savefig(tmp_path / "page.pdf")  # type: ignore[union-attr]
    page = (tmp_path / "page.pdf").read_bytes()
    assert page.count(b"/Type /Page ") == 1
    wide, tall = map(float, re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", page).groups())  # type: ignore[union-attr]
    assert wide <= 596
    assert tall <= 842


def test_invitations_alt_text_counts_them() -> None:
    assert alt_text(plot_opportunities(frames.opportunities(10))) == (
        "Invitations. 10 learners with an open goal, of whom 2 are stuck. 30 invitations to choose from: 10 to ask "
        "somebody who met the goal lately, 10 to work with somebody on the same goal, 10 to talk with the teacher."
    )


def test_availability_stands_beside_each_learner() -> None:
    table = frames.collaboration(IDS[:3])
    days = pd.DataFrame({"learner_id": ["l02", "l00", "l01"], "days_on_goal": [9, 8, 0], "days_with_anyone": [0, 7, 0]})
    ax = plot_collaboration(table, availability=days, names=CALLED)
    rows = {text.get_text(): text.get_position()[1] for text in ax.texts if text.get_text() in ("7 of 8", "0 of 9")}
    assert rows == {"7 of 8": 0, "0 of 9": 2}
    assert "On 7 of 17 learners' days with an open goal a classmate had it too or had met it." in alt_text(ax)
    assert "days with somebody" not in said(plot_collaboration(table))


def test_availability_stands_below_each_week() -> None:
    table = frames.collaboration(weeks=3)
    days = table[["term_id", "week"]].assign(days_on_goal=[10, 0, 4], days_with_anyone=[5, 0, 4])
    words = said(plot_collaboration(table, availability=days))
    assert {"days with somebody", "50 %", "100 %", "–"} <= set(words)


def test_availability_needs_the_same_groups() -> None:
    with pytest.raises(MissingColumnError, match='has no column "learner_id"'):
        plot_collaboration(
            frames.collaboration(IDS[:3]), availability=frames.availability(frames.collaboration(weeks=3))
        )


@pytest.mark.parametrize("plot", [plot_network, plot_network_matrix])
def test_networks_are_of_one_group(plot: Any) -> None:
    two = pd.concat([EDGES.assign(class_id="Room 2"), EDGES.assign(class_id="Room 5")])
    with pytest.raises(ArgumentError, match="must be of one group; class_id holds 2"):
        plot(two)
    with pytest.raises(ArgumentError, match="`learners` must be a sequence of learners"):
        plot(EDGES, learners="l00")
    with pytest.raises(MissingColumnError, match='has no column "kind"'):
        plot(EDGES.drop(columns="kind"))


@pytest.mark.parametrize(
    ("plot", "table"),
    [(plot_network, EDGES), (plot_network_matrix, EDGES), (plot_opportunities, frames.opportunities(4))],
)
def test_frames_are_left_as_they_were(plot: Any, table: pd.DataFrame) -> None:
    before = table.copy()
    plot(table)
    pd.testing.assert_frame_equal(table, before)


PAIR = pd.DataFrame({"episode_id": "e1", "time": "2026-07-22", "learner_id": ["aroha", "ben"], "goal_id": "hook"})
BEGUN = pd.DataFrame({"time": "2026-07-20", "learner_id": ["aroha", "ben"], "goal_id": "hook", "event": "started"})


def pictures(log: reflectlab.ProgressLog) -> dict[str, str]:
    """Return the alt text of every picture of working together."""
    edges, available = reflectlab.network(log), reflectlab.availability_summary(log)
    return {
        "network": alt_text(plot_network(edges)),
        "matrix": alt_text(plot_network_matrix(edges)),
        "invitations": alt_text(plot_opportunities(reflectlab.opportunities(log))),
        "collaboration": alt_text(plot_collaboration(reflectlab.collaboration(log), availability=available)),
    }


def test_pictures_of_collaborations_alone_say_what_they_cannot_tell() -> None:
    told = pictures(reflectlab.ProgressLog.from_tables(collaborations=PAIR))
    assert all("This log has no events, so it cannot tell" in each for each in told.values()), told
    assert "1 pair worked together" in told["network"]


def test_pictures_of_events_alone_say_what_they_cannot_tell() -> None:
    told = pictures(reflectlab.ProgressLog.from_tables(events=BEGUN))
    invitations = told.pop("invitations")
    assert all("This log has no collaborations, so it cannot tell" in each for each in told.values()), told
    assert "2 to work with somebody on the same goal" in invitations
