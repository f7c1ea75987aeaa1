"""A tiny log, the same every time, that the examples in the documentation run on."""

import pandas as pd

from .log import ProgressLog

_LEARNERS = [("aroha", "Aroha"), ("ben", "Ben"), ("chloe", "Chloë"), ("hemi", "Hēmi")]

_GOALS = [
    ("hook", "Open with a hook", "Ideas", "2"),
    ("paragraphs", "Give each idea its own paragraph", "Structure", "3"),
    ("starts", "Vary how my sentences start", "Sentences", "3"),
    ("verbs", "Choose strong verbs", "Vocabulary", "2"),
]

_EVENTS = [
    ("2026-07-20", "aroha", "hook", "set", "learner"),
    ("2026-07-20", "aroha", "hook", "started", None),
    ("2026-07-20", "ben", "hook", "set", "teacher"),
    ("2026-07-21", "ben", "hook", "started", None),
    ("2026-07-21", "chloe", "verbs", "started", None),
    ("2026-07-22", "hemi", "starts", "set", "teacher"),
    ("2026-07-23", "aroha", "hook", "met", None),
    ("2026-07-24", "ben", "hook", "stuck", None),
    ("2026-07-27", "aroha", "paragraphs", "started", None),
    ("2026-07-28", "ben", "hook", "met", None),
    ("2026-07-28", "hemi", "starts", "dropped", None),
    ("2026-07-29", "hemi", "paragraphs", "set", "learner"),
    ("2026-07-29", "hemi", "paragraphs", "started", None),
    ("2026-07-30", "chloe", "verbs", "met", None),
    ("2026-08-03", "ben", "starts", "set", "learner"),
    ("2026-08-04", "hemi", "paragraphs", "stuck", None),
    ("2026-08-05", "aroha", "paragraphs", "met", None),
    ("2026-08-06", "chloe", "verbs", "reopened", None),
]

_COLLABORATIONS = [
    ("e1", "2026-07-22", 20, "aroha", "hook", "peer", "learner"),
    ("e1", "2026-07-22", 20, "ben", "hook", "peer", "learner"),
    ("e2", "2026-07-27", 15, "aroha", "hook", "helper", "learner"),
    ("e2", "2026-07-27", 15, "ben", "hook", "seeker", "learner"),
    ("e3", "2026-07-31", 30, "aroha", "paragraphs", None, "teacher"),
    ("e3", "2026-07-31", 30, "hemi", "paragraphs", None, "teacher"),
    ("e4", "2026-08-04", None, "ben", None, "peer", "learner"),
    ("e4", "2026-08-04", None, "chloe", None, "peer", "learner"),
    ("e5", "2026-08-07", 10, "aroha", None, "helper", None),
    ("e5", "2026-08-07", 10, "hemi", "paragraphs", "seeker", None),
]


def example() -> ProgressLog:
    """Return a tiny log, the same every time: four children, four writing goals, three weeks.

    Returns
    -------
    ProgressLog
        Dates only. Aroha met two goals; Ben was stuck and met one after she helped him; Chloë's was
        reopened; Hēmi dropped one and is stuck on another. Of the five episodes two are about a goal that
        both have open (`shared_goal`), two are support by someone who had met the goal (`gave_support`,
        `sought_support`; in the last the helper's goal was not written down), and one is about no goal of
        theirs (`other`).

    Examples
    --------
    >>> example()
    ProgressLog: 4 learners, 4 goals, 18 events, 5 collaborations, 2026-07-20 to 2026-08-07
    >>> log = example()
    >>> log.dates_only
    True
    """
    return ProgressLog.from_tables(
        events=pd.DataFrame(_EVENTS, columns=["time", "learner_id", "goal_id", "event", "chosen_by"]),
        collaborations=pd.DataFrame(
            _COLLABORATIONS,
            columns=["episode_id", "time", "minutes", "learner_id", "goal_id", "role", "chosen_by"],
        ),
        learners=pd.DataFrame(_LEARNERS, columns=["learner_id", "name"]).assign(class_id="Room 5"),
        goals=pd.DataFrame(_GOALS, columns=["goal_id", "title", "strand", "level"]),
        terms=pd.DataFrame(
            [("t3", "Term 3 2026", "2026-07-20", "2026-08-07")], columns=["term_id", "title", "start", "end"]
        ),
    )
