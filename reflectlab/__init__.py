"""reflectlab: how children's own pathways and their working together fit.

Data takes one road::

    files --load--> ProgressLog --measure--> DataFrame --plot--> picture

Words
-----
log
    `ProgressLog`: five tables, and a sixth where it is known who was away. *events*, something that happened to one
    learner on one goal (`set`, `started`, `worked`, `stuck`, `met`, `reopened`, `dropped`); *collaborations*, one
    learner taking part in one episode; *learners*, *goals* and *terms*; *absences*. Source rows that could not be
    used are in `log.problems`.
spell
    A learner's way with one goal, from being set or started to now. A *stretch* is a part of it with one status:
    `set`, `working`, `stuck`, `met` or `dropped`; the first three are *open*.
pathway
    A learner's goals in the order in which they were taken up.
episode
    Some learners working together. What each participation *is* follows from where everyone stood on the goal at
    that moment: `shared_goal`, `gave_support`, `sought_support` or `other`.
available
    On a day, a classmate who had one of a learner's open goals open too, or had met it. Who has nobody available does
    not choose to be alone.
personalised, collaborative
    A goal is personalised until its learner first works on it with somebody, and collaborative from then on.
absent
    Away for a day or half of one: not present, not available and not invited. Durations stay school days, with
    `days_absent` beside them.
blind
    What nobody could have noted: a grid of ticks does not say which goals were set, so it has no share of goals met.
school day
    A day that counts: weekends and closed days do not, and what happens on one belongs to the next school day.

Measures take a log and return a DataFrame; pictures take such DataFrames and return Axes. What begins with `to_`
returns a log as other tools take it.
"""

from typing import TYPE_CHECKING, Any

from .errors import (
    AmbiguousDateError,
    ArgumentError,
    ExistsError,
    MissingColumnError,
    MissingDependencyError,
    NotALogError,
    ReflectLabError,
    StrictError,
    TooLargeError,
)
from .example import example
from .journal import Journal
from .language import languages, use_language
from .load import join, load, save_tables, scan, to_eventlog, to_sequences, to_tna
from .log import ProgressLog
from .measure import (
    Comparison,
    Invited,
    Landmark,
    agency,
    availability,
    availability_summary,
    changes,
    collaboration,
    compare,
    completion,
    digest,
    diversity,
    due_days,
    e_value,
    episodes,
    follow_through,
    goal_learners,
    goal_summary,
    invited,
    keep_draw,
    landmark,
    network,
    network_summary,
    opportunities,
    partner_choice,
    partner_diversity,
    pathways,
    plan,
    qap,
    role_differences,
    sensitivity,
    spells,
    status,
    stretches,
    time_to_goal,
    to_counting_process,
    to_dyads,
    transitions,
)
from .problems import Problem
from .simulate import simulate
from .workbook import new_workbook

if TYPE_CHECKING:
    from .show import (
        alt_text,
        plot_board,
        plot_collaboration,
        plot_comparison,
        plot_completion,
        plot_network,
        plot_network_matrix,
        plot_opportunities,
        plot_pathway,
        plot_plan,
        plot_time_to_goal,
        plot_transitions,
        show_table,
    )

__version__ = "0.1.0"

__all__ = [
    "AmbiguousDateError",
    "ArgumentError",
    "Comparison",
    "ExistsError",
    "Invited",
    "Journal",
    "Landmark",
    "MissingColumnError",
    "MissingDependencyError",
    "NotALogError",
    "Problem",
    "ProgressLog",
    "ReflectLabError",
    "StrictError",
    "TooLargeError",
    "agency",
    "alt_text",
    "availability",
    "availability_summary",
    "changes",
    "collaboration",
    "compare",
    "completion",
    "digest",
    "diversity",
    "due_days",
    "e_value",
    "episodes",
    "example",
    "follow_through",
    "goal_learners",
    "goal_summary",
    "invited",
    "join",
    "keep_draw",
    "landmark",
    "languages",
    "load",
    "network",
    "network_summary",
    "new_workbook",
    "opportunities",
    "partner_choice",
    "partner_diversity",
    "pathways",
    "plan",
    "plot_board",
    "plot_collaboration",
    "plot_comparison",
    "plot_completion",
    "plot_network",
    "plot_network_matrix",
    "plot_opportunities",
    "plot_pathway",
    "plot_plan",
    "plot_time_to_goal",
    "plot_transitions",
    "qap",
    "role_differences",
    "save_tables",
    "scan",
    "sensitivity",
    "show_table",
    "simulate",
    "spells",
    "status",
    "stretches",
    "time_to_goal",
    "to_counting_process",
    "to_dyads",
    "to_eventlog",
    "to_sequences",
    "to_tna",
    "transitions",
    "use_language",
]

_DRAWN = frozenset(name for name in __all__ if name.startswith("plot_") or name in ("alt_text", "show_table"))


def __getattr__(name: str) -> Any:
    """Import what draws when it is first asked for: matplotlib takes longer than all the rest."""
    if name not in _DRAWN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import show

    return getattr(show, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_DRAWN})
