"""Goals that begin alike are told apart where they are cut."""

import pandas as pd

from reflectlab.show import plot_pathway
from reflectlab.show.parts.picture import label_column, no_wider
from tests.show.looking import assert_tidy, said

LONG = (
    "I can write a clear opening sentence that catches the attention of every reader in my class and beyond with a {}"
)


def test_goals_that_begin_alike_are_told_apart() -> None:
    texts, _, _ = label_column([LONG.format("question"), LONG.format("quote"), "Spell"], 1.6)
    assert len(set(texts)) == 3
    assert "question" in texts[0]
    assert "quote" in texts[1]


def test_they_are_in_the_picture() -> None:
    day = pd.Timestamp("2026-07-20 10:00")
    stretches = pd.DataFrame(
        {
            "learner_id": "a",
            "goal_id": ["q", "r"],
            "status": "working",
            "start": [day, day + pd.Timedelta(days=1)],
            "stop": pd.Series([pd.NaT, pd.NaT], dtype="datetime64[us]"),
            "start_day": [1, 2],
        }
    )
    episodes = pd.DataFrame(columns=["episode_id", "time", "learner_id", "goal_id", "kind", "chosen_by"])
    titles = {"q": LONG.format("question"), "r": LONG.format("quote")}
    with no_wider(9.4):
        ax = plot_pathway(stretches, episodes, learner="a", titles=titles)
    told = " ".join(said(ax))
    assert "question" in told
    assert "quote" in told
    assert_tidy(ax)
    assert ax.get_figure(root=True).get_figwidth() == 9.4
