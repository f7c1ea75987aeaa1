"""The words and columns of a log: its tables, and the words for events, statuses, roles, choices and kinds."""

EVENTS = ("set", "started", "worked", "stuck", "met", "reopened", "dropped")
"""What can happen to a learner on a goal, in the order in which events of one instant apply."""

STATUSES = ("set", "working", "stuck", "met", "dropped")
"""Where a learner can stand on a goal."""

OPEN = ("set", "working", "stuck")
"""The statuses of an open goal."""

ROLES = ("helper", "seeker", "peer")
"""What a learner may be recorded as in an episode."""

CHOOSERS = ("learner", "teacher")
"""Who may have chosen a goal, or to work together."""

ABSENT = "absent"
"""What a word of a class log may mean beside an event or a role: the learner was away."""

PARTS = ("am", "pm")
"""The part of a day on which a learner was away, where it was not all of it."""

WORDS = {"event": EVENTS, "chosen_by": CHOOSERS, "role": ROLES, "part": PARTS}
"""The columns that hold one of a few words, and the words of each."""

KINDS = ("gave_support", "sought_support", "shared_goal", "other")
"""What a participation is, from where the participants stand; the first that applies."""

TABLES: dict[str, dict[str, str]] = {
    "events": {
        "time": "time",
        "learner_id": "str",
        "goal_id": "str",
        "event": "word",
        "chosen_by": "word",
        "note": "str",
        "due": "day",
    },
    "collaborations": {
        "episode_id": "str",
        "time": "time",
        "minutes": "rate",
        "learner_id": "str",
        "goal_id": "str",
        "role": "word",
        "chosen_by": "word",
        "note": "str",
    },
    "learners": {"learner_id": "str", "name": "str", "class_id": "str", "joined": "time", "left": "time"},
    "goals": {"goal_id": "str", "title": "str", "strand": "str", "level": "str", "due": "day"},
    "terms": {"term_id": "str", "title": "str", "start": "time", "end": "time", "closed": "str"},
    "absences": {"learner_id": "str", "date": "time", "part": "word"},
}
"""The columns of each table and what they hold: `word` is one of a vocabulary, in lower case, `day` a time without
its clock."""

REQUIRED = {
    "events": ("time", "learner_id", "goal_id", "event"),
    "collaborations": ("episode_id", "time", "learner_id"),
    "learners": ("learner_id",),
    "goals": ("goal_id",),
    "terms": ("start", "end"),
    "absences": ("learner_id", "date"),
}
"""The columns that a table must have; the others are filled with nothing."""

PLACE = {"row": "count", "file": "str", "sheet": "str"}
"""Where a row stands."""

PRESENCE = ("from_day", "to_day", "left_day")
"""The school days that the learners of a log get: the first, the last, and the one on which they left."""

NTH = "_nth"
"""Which row of its frame a row was: several may have come from one row of a file, and joins do not keep their order."""

OPEN_TABLES = ("learners", "goals")
"""Tables that may have further columns of the user's own: attributes."""

HAPPENINGS = ("events", "collaborations")
"""The tables of what happened, of which a log has at least one."""

LISTS = ("learners", "goals", "terms")
"""The tables that stand beside a log."""

ABOUT = "about"
"""The table in which `save_tables` writes what no other column tells: the time zone, and the types of attributes."""
