"""The class board, artist by artist."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import Collection, LineCollection, PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.path import Path

from reflectlab.errors import ArgumentError, MissingColumnError
from reflectlab.show import alt_text, marks, plot_board, to_svg
from reflectlab.show.parts.style import MARKERS
from tests.show import frames
from tests.show.cases import board, corner, narrow, no_episodes
from tests.show.looking import said

CALENDAR = frames.calendar(weeks=3, closed=("2026-07-24",))


def stretches(*rows: tuple[str, str, str, str, str | None]) -> pd.DataFrame:
    """Return stretches of (learner, goal, status, start, stop)."""
    frame = pd.DataFrame(rows, columns=["learner_id", "goal_id", "status", "start", "stop"])
    frame["start"], frame["stop"] = pd.to_datetime(frame["start"]), pd.to_datetime(frame["stop"])
    frame["start_day"] = CALENDAR["date"].searchsorted(frame["start"].dt.normalize()) + 1
    return frame.assign(class_id="Room 5", stop_day=frame["start_day"])


def episode(learner: str, time: str, kind: str = "shared_goal", goal: str = "hook", episode_id: str = "e1"):
    return {
        "episode_id": episode_id,
        "time": pd.Timestamp(time),
        "week": 1,
        "learner_id": learner,
        "goal_id": goal,
        "kind": kind,
        "chosen_by": "learner",
    }


def draw(table: pd.DataFrame, *taking: dict[str, object], **options: object) -> Axes:
    episodes = pd.DataFrame(taking) if taking else no_episodes()
    return plot_board(table, episodes, **{"calendar": CALENDAR, **options})


def blocks(ax: Axes) -> list[PolyCollection]:
    """Return what carries urls and is filled: the blocks of the lanes, by style; not what lies over the names."""
    names = {mark["url"] for mark in marks(ax) if mark["what"] == "learner"}
    filled = [one for one in ax.collections if isinstance(one, PolyCollection) and _urls(one)]
    return [one for one in filled if names.isdisjoint(_urls(one))]


def spans(ax: Axes) -> dict[str, tuple[float, float]]:
    """Return from where to where each block goes, by its url."""
    found = {}
    for collection in blocks(ax):
        for url, path in zip(collection.get_urls(), collection.get_paths(), strict=True):
            found[url] = (path.vertices[:, 0].min(), path.vertices[:, 0].max())
    return found


def heights(ax: Axes) -> dict[str, tuple[float, float]]:
    found = {}
    for collection in blocks(ax):
        for url, path in zip(collection.get_urls(), collection.get_paths(), strict=True):
            found[url] = (path.vertices[:, 1].min(), path.vertices[:, 1].max())
    return found


def names(ax: Axes) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in ax.texts if text.get_label() == "learner"]


def met_bars(ax: Axes) -> int:
    return len(parts(ax, "met"))


def parts(ax: Axes, label: str) -> list[np.ndarray]:
    """Return the corners of each part of what is drawn as one."""
    drawn = [patch.get_path() for patch in ax.patches if patch.get_label() == label]
    return [part for path in drawn for part in np.split(path.vertices, np.flatnonzero(path.codes == Path.MOVETO)[1:])]


def beside(ax: Axes, label: str) -> list[str]:
    """Return the words that stand beside what is drawn as one."""
    return [text.get_text() for text in ax.texts if text.get_label() == label]


def shapes(ax: Axes) -> dict[str, int]:
    """Return how many marks of each kind there are on the lanes."""
    told = {mark["url"]: mark["what"] for mark in marks(ax)}
    drawn = [told[url] for one in ax.collections if isinstance(one, PathCollection) for url in _urls(one)]
    return {kind: drawn.count(kind) for kind in MARKERS if kind in drawn}


def _urls(one: Collection) -> list[str]:
    return [url for url in one.get_urls() or [] if url]


def test_x_is_in_school_days_and_the_clock_gives_the_share_of_the_day() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-20 12:00", "2026-07-23 16:00"),
        ("a", "hook", "met", "2026-07-23 16:00", None),
        ("a", "verbs", "working", "2026-07-27 10:00", "2026-07-28 07:00"),
        ("a", "verbs", "met", "2026-07-28 07:00", None),
    )
    found = list(spans(draw(table)).values())
    assert found == [(0.5, 4.0), (4.25, 5.0)]  # Friday is closed, the weekend takes no room, 7:00 counts as 8:00


def test_what_is_on_a_weekend_or_a_closed_day_stands_at_the_next_school_day() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-24 11:00", "2026-07-29 16:00"), ("a", "hook", "met", "2026-07-29 16:00", None)
    )
    assert list(spans(draw(table)).values()) == [(4.0, 7.0)]


def test_dates_without_clock_times_stand_in_the_middle_of_their_day() -> None:
    table = stretches(("a", "hook", "working", "2026-07-20", "2026-07-22"), ("a", "hook", "met", "2026-07-22", None))
    assert list(spans(draw(table)).values()) == [(0.5, 2.5)]


def test_every_weekday_is_a_school_day_without_a_calendar() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-22 08:00", "2026-07-27 16:00"), ("a", "hook", "met", "2026-07-27 16:00", None)
    )
    ax = draw(table, calendar=None)
    assert list(spans(ax).values()) == [(2.0, 6.0)]
    assert [text.get_text() for text in ax.texts if text.get_label() == "week"] == ["Week 1", "Week 2"]


def test_a_block_is_pale_while_open_solid_once_met_and_outlined_while_it_waits() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-20 08:00", "2026-07-21 08:00"),
        ("a", "hook", "met", "2026-07-21 08:00", None),
        ("b", "hook", "working", "2026-07-20 08:00", None),
        ("c", "hook", "set", "2026-07-20 08:00", None),
    )
    fills = {one.get_urls()[0]: one.get_facecolor()[0] for one in blocks(draw(table))}
    told = {mark["learner_id"]: mark["url"] for mark in marks(draw(table)) if mark["what"] == "goal"}
    luminance = {learner: fills[url][:3].mean() for learner, url in told.items()}
    assert luminance["a"] < luminance["b"] < luminance["c"] == 1.0
    assert met_bars(draw(table)) == 1


def test_stuck_is_hatched_and_lies_where_it_was() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-20 08:00", "2026-07-21 08:00"),
        ("a", "hook", "stuck", "2026-07-21 08:00", "2026-07-22 08:00"),
        ("a", "hook", "working", "2026-07-22 08:00", None),
    )
    ax = draw(table, today="2026-07-23")
    stuck = next(mark["url"] for mark in marks(ax) if mark["what"] == "stuck")
    assert spans(ax)[stuck] == (1.0, 2.0)
    assert next(one for one in blocks(ax) if stuck in one.get_urls()).get_hatch()


def test_goals_open_at_the_same_time_share_the_lane_in_thinner_rows() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-20 08:00", "2026-07-22 08:00"),
        ("a", "hook", "met", "2026-07-22 08:00", None),
        ("a", "verbs", "working", "2026-07-21 08:00", "2026-07-23 08:00"),
        ("a", "verbs", "met", "2026-07-23 08:00", None),
        ("a", "para", "working", "2026-07-27 08:00", "2026-07-28 08:00"),
        ("a", "para", "met", "2026-07-28 08:00", None),
    )
    (low_1, high_1), (low_2, high_2), (low_3, high_3) = heights(draw(table)).values()
    assert high_1 <= low_2
    assert high_1 - low_1 == pytest.approx(high_2 - low_2)
    assert high_1 - low_1 < (high_3 - low_3) / 2
    assert low_3 < 0 < high_3


def test_a_goal_set_and_not_started_waits_in_a_slim_row_and_leaves_room_for_work() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-20 08:00", None), ("a", "verbs", "set", "2026-07-20 08:00", None)
    )
    ax = draw(table, today="2026-07-24")
    by_goal = {mark["goal_id"]: heights(ax)[mark["url"]] for mark in marks(ax) if mark["goal_id"]}
    tall = {goal: high - low for goal, (low, high) in by_goal.items()}
    assert tall["verbs"] < tall["hook"] / 2


def test_a_goal_that_waits_while_there_is_no_work_leaves_the_work_its_full_height() -> None:
    work = (
        ("a", "hook", "working", "2026-07-20 08:00", "2026-07-22 08:00"),
        ("a", "hook", "met", "2026-07-22 08:00", None),
    )
    alone = draw(stretches(*work), today="2026-07-30")
    waits = draw(stretches(*work, ("a", "verbs", "set", "2026-07-23 08:00", None)), today="2026-07-30")
    assert heights(waits)["#m0"] == heights(alone)["#m0"]


def test_a_reopened_goal_has_two_blocks_and_counts_as_open() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-20 08:00", "2026-07-21 08:00"),
        ("a", "hook", "met", "2026-07-21 08:00", "2026-07-22 08:00"),
        ("a", "hook", "working", "2026-07-22 08:00", None),
    )
    ax = draw(table, today="2026-07-23")
    assert len(spans(ax)) == 2
    assert met_bars(ax) == 1
    assert "0 of 1 own goal met so far" in alt_text(ax)


def test_as_of_an_earlier_day_what_came_later_is_not_known() -> None:
    room = frames.room(12)
    early = board(room, today="2026-08-05")
    cut = room.stretches[room.stretches["start"] < "2026-08-06"]
    assert len([m for m in marks(early) if m["what"] == "goal"]) <= cut.groupby(["learner_id", "goal_id"]).ngroups
    taken = (room.episodes["time"] < "2026-08-06").sum()
    assert sum(shapes(early).values()) == taken
    today = np.searchsorted(room.calendar["date"], pd.Timestamp("2026-08-05")) + 1
    assert max(stop for _, stop in spans(early).values()) <= today + 1e-9


def test_today_is_one_line_at_the_end_of_the_day() -> None:
    ax = draw(stretches(("a", "hook", "working", "2026-07-20 08:00", None)), today="2026-07-22")
    line = next(one for one in ax.collections if isinstance(one, LineCollection) and one.zorder == 6)
    assert [path.vertices[0, 0] for path in line.get_paths()] == [3.0]
    assert said(ax).count("today") == 1


def test_learners_stand_in_the_order_of_the_class_list_and_everybody_on_it_has_a_lane() -> None:
    table = stretches(
        ("b", "hook", "working", "2026-07-20 08:00", None), ("z", "hook", "working", "2026-07-20 08:00", None)
    )
    ax = draw(table, names={"c": "Cara", "a": "Āta", "b": "Ben"})
    assert names(ax) == ["Cara", "Āta", "Ben", "z"]
    assert ax.get_ylim() == (3.5, -0.5)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name", ["Āta", "Ben", "Cara"]),
        ("longest_stuck", ["Cara", "Ben", "Āta"]),
        (["b", "c"], ["Ben", "Cara", "Āta"]),
        (None, ["Ben", "Āta", "Cara"]),
    ],
)
def test_order(order: object, expected: list[str]) -> None:
    table = stretches(
        ("b", "hook", "stuck", "2026-07-21 08:00", None),
        ("c", "hook", "stuck", "2026-07-20 08:00", None),
        ("a", "hook", "working", "2026-07-20 08:00", None),
    )
    assert names(draw(table, names={"b": "Ben", "a": "Āta", "c": "Cara"}, order=order)) == expected


def test_by_name_where_there_is_no_list() -> None:
    table = stretches(("b", "hook", "set", "2026-07-20", None), ("a", "hook", "set", "2026-07-20", None))
    assert names(draw(table)) == ["a", "b"]


def test_marks_stand_on_the_row_of_their_goal_and_have_a_shape_for_each_kind() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-20 08:00", None), ("a", "verbs", "working", "2026-07-20 08:00", None)
    )
    taking = [
        episode("a", "2026-07-20 12:00", "shared_goal", "hook", "e1"),
        episode("a", "2026-07-22 12:00", "sought_support", "verbs", "e2"),
        episode("a", "2026-07-28 12:00", "gave_support", "para", "e3"),
        episode("b", "2026-07-28 12:00", "something else", "para", "e3"),
    ]
    ax = draw(table, *taking, today="2026-07-29")
    assert shapes(ax) == {"shared_goal": 1, "gave_support": 1, "sought_support": 1, "other": 1}
    points = {
        url: one.get_offsets()[place]
        for one in ax.collections
        if isinstance(one, PathCollection)
        for place, url in enumerate(_urls(one))
    }
    at = {
        mark["episode_id"]: points[mark["url"]]
        for mark in marks(ax)
        if mark["learner_id"] == "a" and mark["episode_id"]
    }
    rows = {mark["goal_id"]: heights(ax)[mark["url"]] for mark in marks(ax) if mark["what"] == "goal"}
    assert at["e1"][0] == pytest.approx(0.5)
    assert at["e1"][1] == pytest.approx(sum(rows["hook"]) / 2)
    assert at["e2"][1] == pytest.approx(sum(rows["verbs"]) / 2)
    assert at["e3"][1] == 0


def test_marks_of_one_moment_stand_beside_one_another() -> None:
    table = stretches(("a", "hook", "working", "2026-07-20 08:00", None))
    taking = [episode("a", "2026-07-22 10:00", episode_id=f"e{n}") for n in range(3)]
    ax = draw(table, *taking, today="2026-07-29")
    (points,) = [one.get_offsets() for one in ax.collections if isinstance(one, PathCollection) and _urls(one)]
    pixels = ax.transData.transform(points)[:, 0]
    assert np.diff(np.sort(pixels)).min() > 7


def test_the_bars_above_count_who_took_part_in_each_week() -> None:
    room = frames.room(20)
    ax = board(room)
    assert sum(np.ptp(part[:4, 1]) for part in parts(ax, "taking part")) == len(room.episodes)
    weeks = room.episodes["time"].map(lambda time: room.calendar.set_index("date")["week"].asof(time.normalize()))
    shown = set(map(int, beside(ax, "taking part")))
    assert shown == set(weeks.value_counts())


def test_own_goals_are_squares_and_dropped_ones_do_not_count() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-20 08:00", "2026-07-21 08:00"),
        ("a", "hook", "met", "2026-07-21 08:00", None),
        ("a", "verbs", "working", "2026-07-21 08:00", "2026-07-22 08:00"),
        ("a", "verbs", "dropped", "2026-07-22 08:00", None),
        ("a", "para", "set", "2026-07-22 08:00", None),
    )
    ax = draw(table, names={"a": "Aroha", "b": "Ben"})
    assert len(parts(ax, "own goals")) == len([each for each in ax.patches if each.get_label() == "own goals"]) == 2
    assert beside(ax, "own goals") == ["1/2", "–"]
    assert "1 of 2 own goals met so far. Nobody is stuck today." in alt_text(ax)


def test_without_collaboration_there_are_no_bars_and_the_sentence_says_so() -> None:
    ax = draw(stretches(("a", "hook", "set", "2026-07-20", None)))
    assert not parts(ax, "taking part") + beside(ax, "taking part")
    assert alt_text(ax).endswith("No collaboration noted yet.")


def test_the_sentence_tells_who_took_part_and_what_was_noted_of_the_choice() -> None:
    table = stretches(("a", "hook", "working", "2026-07-20 08:00", None))
    taking = [episode("a", "2026-07-21 12:00"), {**episode("b", "2026-07-21 12:00"), "chosen_by": None}]
    told = "2 learners. 0 of 1 own goal met so far. Nobody is stuck today. 1 collaboration; learners took part 2 times"
    assert alt_text(draw(table, *taking, title="Us")) == f"Us. {told}, by their own choice 1 of the 1 time noted."
    unknown = [{**each, "chosen_by": None} for each in taking]
    assert alt_text(draw(table, *unknown, title="Us")) == f"Us. {told}."


def test_without_goals_there_is_no_share_of_them() -> None:
    ax = draw(stretches().assign(start_day=[]), episode("a", "2026-07-21 12:00"), title="Us")
    assert alt_text(ax).startswith("Us. 1 learner. No own goal noted yet. 1 collaboration; learners took part 1 time,")
    assert "own goals met" not in said(ax)


def test_a_narrow_board_has_the_figures_of_own_goals_and_smaller_marks() -> None:
    wide, small = board(frames.room(4)), board(frames.room(4), ax=narrow(5))
    assert "own goals met" in said(small)
    assert [bool(parts(ax, "own goals")) for ax in (wide, small)] == [True, False]
    assert beside(wide, "own goals") == beside(small, "own goals")
    sizes = [
        next(one for one in ax.collections if _urls(one) and isinstance(one, PathCollection)) for ax in (wide, small)
    ]
    assert sizes[1].get_sizes()[0] < sizes[0].get_sizes()[0]


def test_a_long_year_has_a_wider_board() -> None:
    room = frames.room(3)
    term, year = (board(room, calendar=frames.calendar(weeks=weeks)) for weeks in (10, 40))
    assert year.get_figure().get_figwidth() > 1.3 * term.get_figure().get_figwidth()


def test_one_collection_for_each_style_however_many_learners() -> None:
    few, many = (len(board(frames.room(learners)).collections) for learners in (15, 30))
    assert many <= few + 3 <= 45


def test_the_key_tells_only_what_is_to_be_seen() -> None:
    ax = draw(
        stretches(("a", "hook", "working", "2026-07-20 08:00", None)), strands={"hook": "Ideas", "verbs": "Words"}
    )
    assert "Ideas" in said(ax)
    assert not {"Words", "stuck", "met", "dropped", "shared goal"} & set(said(ax))


def test_strands_have_a_hatch_beside_their_colour() -> None:
    looks = {(one.get_facecolor()[0].tobytes(), one.get_hatch()) for one in blocks(board(frames.room(26)))}
    plain = [hatch for _, hatch in looks if hatch != "//////"]
    assert len(set(plain)) == 5


def test_marks_say_what_they_stand_for() -> None:
    table = stretches(
        ("a", "hook", "working", "2026-07-20 08:00", "2026-07-22 08:00"), ("a", "hook", "met", "2026-07-22 08:00", None)
    )
    taking = [episode("a", "2026-07-21 12:00"), episode("b", "2026-07-21 12:00")]
    told = marks(
        draw(
            table,
            *taking,
            names={"a": "Aroha", "b": "Ben"},
            titles={"hook": "Open with a hook"},
            strands={"hook": "Ideas"},
        )
    )
    assert [mark["url"] for mark in told] == ["#m0", "#m1", "#m2", "#m3", "#m4"]
    assert told[0] == {
        "url": "#m0",
        "what": "goal",
        "text": "Aroha: Open with a hook (Ideas), met · 3 days",
        "learner_id": "a",
        "goal_id": "hook",
        "episode_id": None,
    }
    assert told[1]["text"] == "Aroha: shared goal with Ben, Open with a hook, 2026-07-21; chosen by the learner"
    assert told[1]["episode_id"] == "e1"
    assert [(mark["what"], mark["text"], mark["learner_id"]) for mark in told[3:]] == [
        ("learner", "Aroha: 1 of 1 own goal met", "a"),
        ("learner", "Ben: no own goal yet", "b"),
    ]


def test_marks_of_two_pictures_in_a_figure_are_counted_on() -> None:
    axes = Figure(figsize=(24, 12)).subplots(1, 2)
    for ax in axes:
        draw(stretches(("a", "hook", "set", "2026-07-20", None)), ax=ax)
    assert [mark["url"] for mark in marks(axes[0].figure)] == ["#m0", "#m1", "#m2", "#m3"]


def test_stays_in_the_place_of_a_given_ax() -> None:
    ax = corner()
    room = ax.get_position()
    assert board(frames.room(8), ax=ax) is ax
    figure = ax.get_figure(root=True)
    extent = ax.get_tightbbox().transformed(figure.transFigure.inverted())
    assert room.x0 - 0.01 <= extent.x0
    assert extent.x1 <= room.x1 + 0.01
    assert room.y0 - 0.01 <= extent.y0
    assert extent.y1 <= room.y1 + 0.01


def test_the_frames_are_left_as_they_were() -> None:
    room = frames.room(5)
    before = room.stretches.copy(), room.episodes.copy()
    board(room)
    pd.testing.assert_frame_equal(room.stretches, before[0])
    pd.testing.assert_frame_equal(room.episodes, before[1])


def test_names_are_neither_mathematics_nor_markup() -> None:
    svg = to_svg(board(frames.room(10, names=frames.HARD_NAMES)))
    assert "$x_1$" in svg
    assert "&lt;img src=x&gt;" in svg
    assert "<img" not in svg
    assert "山田 はな" in svg


def test_wrong_input_is_told() -> None:
    room = frames.room(3)
    with pytest.raises(MissingColumnError, match='stretches has no column "status"'):
        plot_board(room.stretches.drop(columns="status"), room.episodes)
    with pytest.raises(MissingColumnError, match='episodes has no column "kind"'):
        plot_board(room.stretches, room.episodes.drop(columns="kind"))
    with pytest.raises(ArgumentError, match="`stretches` must be a pandas DataFrame; got dict"):
        plot_board({}, room.episodes)
    with pytest.raises(ArgumentError, match="`order` must be one of 'name', 'longest_stuck'"):
        board(room, order="nmae")
    with pytest.raises(ArgumentError, match="`order` lists learners who are not in the frames or `names`: l99"):
        board(room, order=["l99"])
    with pytest.raises(ArgumentError, match=r"`calendar` must be a .*, such as `log\.calendar\.days`; got list"):
        board(room, calendar=[])
    with pytest.raises(ArgumentError, match="`today` must be a date"):
        board(room, today="soon")
    with pytest.raises(ArgumentError, match="`ax` must be a matplotlib Axes or None"):
        board(room, ax=3)
    with pytest.raises(ArgumentError, match="`names` must be a mapping or a pandas Series; got list"):
        board(room, names=["Aroha"])
