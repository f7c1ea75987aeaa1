"""Logs of collaborations only, and of events only: every measure works, and says what it cannot tell."""

import inspect

import pandas as pd
import pytest

from reflectlab import ProgressLog, alt_text, measure, plot_board, plot_collaboration, plot_pathway

TOGETHER = pd.DataFrame(
    {
        "episode_id": ["e1", "e1", "e2", "e2", "e2"],
        "time": pd.to_datetime(["2026-07-22 10:00", "2026-07-22 10:00", *["2026-07-29 11:00"] * 3]),
        "minutes": [20.0, 20.0, None, None, None],
        "learner_id": ["aroha", "ben", "aroha", "ben", "chloe"],
        "goal_id": ["hook", None, "hook", "hook", "ending"],
        "role": ["helper", "seeker", None, "peer", "peer"],
        "chosen_by": ["learner", "learner", None, "teacher", None],
    }
)
HAPPENED = pd.DataFrame(
    [
        ("2026-07-20 09:00", "aroha", "hook", "started", "learner"),
        ("2026-07-21 09:00", "ben", "hook", "stuck", None),
        ("2026-07-24 10:00", "aroha", "hook", "met", None),
        ("2026-07-27 10:00", "chloe", "ending", "set", "teacher"),
    ],
    columns=["time", "learner_id", "goal_id", "event", "chosen_by"],
)
LOGS = {
    "collaborations": ProgressLog.from_tables(collaborations=TOGETHER),
    "events": ProgressLog.from_tables(events=HAPPENED),
}
EVERY = [
    name
    for name in measure.__all__
    if inspect.isfunction(function := getattr(measure, name))
    and [p.name for p in inspect.signature(function).parameters.values() if p.default is p.empty] == ["log"]
]
SAYS = {
    "collaborations": {
        *("agency", "availability", "availability_summary", "changes", "collaboration", "digest", "diversity"),
        *("episodes", "follow_through", "goal_learners", "goal_summary", "network", "network_summary"),
        *("opportunities", "partner_diversity", "role_differences"),
    },
    "events": {
        *("agency", "changes", "collaboration", "digest", "episodes", "follow_through", "goal_summary"),
        *("network", "network_summary", "partner_diversity", "role_differences"),
    },
}


@pytest.mark.parametrize("only", LOGS)
@pytest.mark.parametrize("name", EVERY)
def test_every_measure_works_and_says_what_it_cannot_tell(only: str, name: str) -> None:
    found = getattr(measure, name)(LOGS[only])
    missing = {"events": "no collaborations", "collaborations": "no events"}[only]
    told = found.attrs.get("cannot_tell", []) if isinstance(found, pd.DataFrame) else []
    assert [missing in sentence for sentence in told] == [True] * (name in SAYS[only])


def test_collaborations_alone_tell_who_with_whom_and_who_chose() -> None:
    log = LOGS["collaborations"]
    edges = measure.network(log)
    assert edges[["source", "target", "kind", "episodes"]].to_numpy().tolist() == [
        ["aroha", "ben", "other", 2],
        ["aroha", "chloe", "other", 1],
        ["ben", "chloe", "other", 1],
    ]
    summary = measure.network_summary(log, by=()).iloc[0]
    assert (summary["pairs"], summary["isolates"]) == (3, 0)
    assert pd.isna(summary["isolates_with_a_peer"])
    assert measure.agency(log, by=())[["goals", "participations_known", "participations_chosen"]].iloc[0].tolist() == [
        0,
        3,
        2,
    ]
    assert measure.availability(log)["anyone"].isna().all()


def test_events_alone_tell_who_could_and_call_nobody_alone() -> None:
    log = LOGS["events"]
    found = measure.opportunities(log).set_index("learner_id")
    assert found.loc["ben", ["suggestion", "with_learner_id"]].tolist() == ["supporter", "aroha"]
    assert found.loc["chloe", "suggestion"] == "teacher"
    summary = measure.network_summary(log, by=()).iloc[0]
    assert summary[["pairs", "isolates", "isolates_with_a_peer"]].isna().all()
    ben = measure.availability_summary(log).set_index("learner_id").loc["ben"]
    assert (ben["days_with_peer"], ben["days_with_supporter"]) == (4, 2)


@pytest.mark.parametrize(
    ("only", "words"), [("collaborations", "No own goal noted yet"), ("events", "No collaboration")]
)
def test_boards_and_pathways_say_what_is_not_there(only: str, words: str) -> None:
    log = LOGS[only]
    rows, together = measure.stretches(log), measure.episodes(log)
    assert words in alt_text(plot_board(rows, together))
    assert words in alt_text(plot_pathway(rows, together, learner="ben"))
    assert "This log has no" in alt_text(plot_collaboration(measure.collaboration(log)))
