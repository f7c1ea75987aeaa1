"""A little class whose names break what is careless: markup, another direction, an emoji, mathematics, a long one."""

import pandas as pd

import reflectlab

MARKUP = "<img src=x onerror=alert(1)>"
RIGHT_TO_LEFT = "מרים לוי"
EMOJI = "Zoë 🦊"
MATHEMATICS = "$x_1$"
UNDERSCORE = "_Mereana"
LONG = "Wilhelmina-Alexandrina Featherstonehaugh-Cholmondeley of Ōtāhuhu, the Younger One"[:80]
NAMES = {
    "aroha": MARKUP,
    "ben": RIGHT_TO_LEFT,
    "chloe": EMOJI,
    "hemi": MATHEMATICS,
    "mereana": UNDERSCORE,
    "mina": LONG,
}


def hard_log() -> reflectlab.ProgressLog:
    """Return the little log of the examples with two more children, and these names."""
    log = reflectlab.example()
    twins = {"ben": "mereana", "chloe": "mina"}
    events = log.events.drop(columns="row")
    more = [events[events["learner_id"] == old].assign(learner_id=new) for old, new in twins.items()]
    together = log.collaborations.drop(columns="row")
    seventh = together[together["episode_id"] == "e4"].assign(episode_id="e7", learner_id=["mereana", "mina"])
    return reflectlab.ProgressLog.from_tables(
        events=pd.concat([events, *more]),
        collaborations=pd.concat([together, seventh]),
        learners=pd.DataFrame({"learner_id": NAMES.keys(), "name": NAMES.values(), "class_id": "Room 5"}),
        goals=log.goals.drop(columns="row", errors="ignore"),
        terms=log.terms.drop(columns="row", errors="ignore"),
    )
