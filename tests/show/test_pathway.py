"""One learner's pathway, artist by artist."""

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from reflectlab.errors import ArgumentError
from reflectlab.show import alt_text, marks, plot_pathway
from reflectlab.show.pathway import LINE
from tests.show import frames
from tests.show.cases import no_episodes, pathway
from tests.show.looking import said
from tests.show.test_board import CALENDAR, episode, spans, stretches

TABLE = stretches(
    ("a", "verbs", "set", "2026-07-20 08:00", "2026-07-27 08:00"),
    ("a", "verbs", "working", "2026-07-27 08:00", None),
    ("a", "hook", "working", "2026-07-20 08:00", "2026-07-22 12:00"),
    ("a", "hook", "met", "2026-07-22 12:00", None),
    ("a", "para", "set", "2026-07-20 08:00", None),
    ("b", "ending", "working", "2026-07-20 08:00", None),
)
NAMES = {"a": "Aroha", "b": "Ben", "c": "Chloë", "d": "Daniel"}
TITLES = {"hook": "Open with a hook", "verbs": "Strong verbs", "para": "Paragraphs"}


def draw(*taking: dict[str, object], table: pd.DataFrame = TABLE, **options: object) -> Axes:
    episodes = pd.DataFrame(taking) if taking else no_episodes()
    given = {"calendar": CALENDAR, "names": NAMES, "titles": TITLES, "learner": "a", "today": "2026-07-30", **options}
    return plot_pathway(table, episodes, **given)


def goals(ax: Axes) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in ax.texts if text.get_label() == "goal"]


def test_goals_stand_in_the_order_taken_up_and_those_nobody_started_last() -> None:
    assert goals(draw()) == ["Open with a hook", "Strong verbs", "Paragraphs"]


def test_says_how_many_school_days_each_took() -> None:
    assert {"met · 3 days", "open · 4 days", "not started yet"} <= set(said(draw()))


def test_a_met_learner_of_another_class_is_left_out() -> None:
    assert {mark["learner_id"] for mark in marks(draw())} == {"a"}


def test_the_wait_before_work_is_an_outline_of_its_own() -> None:
    ax = draw()
    waiting = next(mark["url"] for mark in marks(ax) if mark["what"] == "waiting" and mark["goal_id"] == "verbs")
    assert spans(ax)[waiting] == (0.0, 4.0)


def test_who_was_there_stands_above_the_mark() -> None:
    taking = [episode(who, "2026-07-21 12:00") for who in "abcd"]
    assert "Ben, Chloë +1" in said(draw(*taking))


def test_support_given_after_meeting_a_goal_stands_on_its_dotted_line() -> None:
    ax = draw(episode("a", "2026-07-29 12:00", "gave_support"), episode("b", "2026-07-29 12:00", "sought_support"))
    dotted = [
        one for one in ax.collections if isinstance(one, LineCollection) and one.get_linestyle()[0][1] is not None
    ]
    assert len(dotted) == 1
    assert dotted[0].get_paths()[0].vertices[-1, 0] == 8.0


def test_what_was_done_beside_own_goals_has_its_own_lane() -> None:
    ax = draw(episode("a", "2026-07-29 12:00", "other", "speech"), episode("b", "2026-07-29 12:00", "other", "speech"))
    assert goals(ax)[-1] == "beside own goals"


def test_the_sentence_tells_the_numbers() -> None:
    taking = [
        episode("a", "2026-07-21 12:00"),
        episode("b", "2026-07-21 12:00"),
        episode("a", "2026-07-29 12:00", "gave_support", episode_id="e2"),
        episode("c", "2026-07-29 12:00", "sought_support", episode_id="e2"),
    ]
    told = "Aroha. 1 of 3 own goals met. Worked with others 2 times: 1 on a shared goal, 1 giving support."
    assert alt_text(draw(*taking)) == f"{told} Chose it 2 of 2 times."
    taking[0] = {**taking[0], "chosen_by": None}
    assert alt_text(draw(*taking)) == f"{told} Chose it 1 of the 1 time noted."


def test_the_sentence_where_there_is_no_goal() -> None:
    assert "Aroha. No own goal noted yet. Worked with" in alt_text(
        draw(episode("a", "2026-07-21 12:00"), table=TABLE.head(0))
    )
    dropped = stretches(
        ("a", "hook", "working", "2026-07-20 08:00", "2026-07-22 12:00"),
        ("a", "hook", "dropped", "2026-07-22 12:00", None),
    )
    assert "Aroha. Every own goal dropped. No collab" in alt_text(draw(table=dropped))


def test_how_two_short_runs_ended_is_written_on_two_lines() -> None:
    twice = stretches(
        ("a", "hook", "working", "2026-07-21 08:00", "2026-07-21 12:00"),
        ("a", "hook", "met", "2026-07-21 12:00", "2026-07-22 08:00"),
        ("a", "hook", "working", "2026-07-22 08:00", "2026-07-22 12:00"),
        ("a", "hook", "met", "2026-07-22 12:00", None),
    )
    ax = draw(episode("a", "2026-07-22 14:00", "gave_support"), table=twice)
    below = {text.get_text(): text.get_position()[1] for text in ax.texts if text.get_text().startswith("met ")}
    assert below["met again · 1 day"] - below["met · 1 day"] == pytest.approx(LINE)


def test_the_margin_for_words_is_smaller_where_much_of_the_term_is_left() -> None:
    early, late = (draw(today=day).get_position().x1 for day in ("2026-07-22", "2026-08-07"))
    assert early > late + 0.05


def test_every_participation_has_a_mark() -> None:
    room = frames.room(12, together=0.4)
    for learner in ("l00", "l07"):
        drawn = [mark for mark in marks(pathway(room, learner)) if mark["episode_id"]]
        assert len(drawn) == (room.episodes["learner_id"] == learner).sum()


def test_an_unknown_learner_is_told() -> None:
    with pytest.raises(ArgumentError, match=r"got 'z'\. They are: a, b, c, d\."):
        draw(learner="z")
