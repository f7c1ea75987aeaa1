"""`ResearchDesk`: what is compared is picked, and how sure one can be stands beside it."""

from functools import lru_cache
from typing import Any

import ipywidgets as widgets
import pandas as pd
import traitlets
from matplotlib.axes import Axes

from .. import measure, show
from ..errors import ArgumentError
from ..language import gettext, translatable
from ..log import ProgressLog
from ..share.disclosure.suppression import THRESHOLD
from ..share.rates import FEWEST_TOLD
from ..show.review import plot_words
from .pickers import Redraw
from .widgets.figure import FigureView
from .widgets.still import Still
from .widgets.table import TableView
from .widgets.text import TextView

_OWN = ("row", "name", "learner_id", "joined", "left", "from_day", "to_day")

_UNITS = translatable({"school_days": "school days", "days": "days"})

_RATIO = translatable({
    "estimator": "Estimator", "kind": "Kind", "chosen_by": "Chosen by", "hazard_ratio": "Hazard ratio", "low": "Low",
    "high": "High", "p_value": "p", "goals": "Goals", "met": "Met", "informative": "Informative",
    "learners": "Learners",
})  # fmt: skip

_DIVERSITY = translatable({
    "learners": "Learners", "distinct_pathways": "Distinct pathways", "mean_distance": "Mean distance",
    "shared_open": "Classmates on the same goal",
})  # fmt: skip

_TOGETHER = translatable({
    "episodes": "Episodes", "shared_goal": "Shared goal", "gave_support": "Gave support",
    "sought_support": "Sought support", "other": "Other", "per_week": "Per learner and week",
})  # fmt: skip


class ComparisonSettings(traitlets.HasTraits):
    """What is compared, as `compare` takes it, for each group of `by`; for all where it is empty.

    `kinds` and `chosen` split by what the first time of working together was, and by who chose it.
    """

    by = traitlets.Unicode("")
    adjust = traitlets.Tuple()
    kinds = traitlets.Bool(False)
    chosen = traitlets.Bool(False)
    unit = traitlets.Enum(["school_days", "days"], "school_days")


class ResearchDesk(Still, widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Compare goals worked on alone and together: pick what is compared, see the ratios, and what to know about them.

    Below stand pathways, their diversity, and working together, by the same groups. No learner is named. Groups of
    fewer than ten learners are left out, and so are steps from goal to goal that fewer than five learners took.

    Parameters
    ----------
    log : ProgressLog

    Attributes
    ----------
    question : ComparisonSettings
        What is compared; its traits may be set and observed.
    picture : FigureView
    ratios, diversity, collaboration : TableView
    transitions : FigureView
    caveats : TextView

    Examples
    --------
    >>> import reflectlab
    >>> desk = ResearchDesk(reflectlab.simulate(classes=2, learners=12, seed=3))
    >>> desk.question.by = "class_id"
    >>> desk.comparison.table["class_id"].unique().tolist()
    ['Room 5', 'Room 6']
    """

    def __init__(self, log: ProgressLog) -> None:
        self._log = log
        self.question = ComparisonSettings()
        self.picture, self.transitions = FigureView(), FigureView()
        self.ratios, self.caveats = TableView(), TextView(live=True)
        self.diversity, self.collaboration = TableView(), TableView()
        self._compared = lru_cache(8)(self._compare)
        redraw = Redraw(self.question)
        redraw.add(self._draw, ["by", "adjust", "kinds", "chosen", "unit"])
        redraw.add(self._describe, ["by"])
        self.transitions.draw(_steps_drawn(log))
        super().__init__(self._laid_out(), layout=widgets.Layout(overflow="visible"))
        self.add_class("reflectlab-board")

    def __repr__(self) -> str:
        return "ResearchDesk()"

    @property
    def comparison(self) -> measure.Comparison:
        """What `reflectlab.compare` finds for the question as it stands."""
        asked = self.question
        return self._compared(asked.adjust, asked.by, asked.kinds, asked.chosen, asked.unit)

    def _compare(self, adjust: tuple[str, ...], by: str, kinds: bool, chosen: bool, unit: str) -> measure.Comparison:
        log = _of_many(self._log, by)
        if log is None:
            raise ArgumentError(gettext(_TOO_FEW))
        return measure.compare(log, adjust=adjust, by=by or None, kinds=kinds, chosen=chosen, unit=unit)

    def _draw(self) -> None:
        if _of_many(self._log, self.question.by) is None:
            none = pd.DataFrame(columns=["estimator"])
            self.ratios.show(none, columns={"estimator": gettext("Estimator")}, caption=gettext("Ratios"))
            asked = gettext("Does working together go with meeting goals sooner?")
            self.picture.draw(plot_words([], title=asked, sentence=gettext(_TOO_FEW)))
            self.caveats.text = gettext(_TOO_FEW)
            return
        found = self.comparison
        self.picture.draw(show.plot_comparison(found.table, found.curves))
        told = {"p_value": found.table["p_value"].map(_p_text), "estimator": found.table["estimator"].map(gettext)}
        ratios = found.table.round(2).assign(**told)
        self.ratios.show(ratios, columns=_named(found.table, _RATIO), caption=gettext("Ratios"))
        self.caveats.text = "\n".join(found.caveats)

    def _describe(self) -> None:
        by = (self.question.by or "class_id",)
        log = _of_many(self._log, by[0])
        paths = measure.diversity(log or self._log, by=by).round(2)
        together = measure.collaboration(log or self._log, by=by).round(2)
        if log is None:
            paths, together = paths.head(0), together.head(0)
        differing = gettext("Pathways: how much they differ")
        self.diversity.show(paths, columns=_named(paths, _DIVERSITY), caption=differing)
        self.collaboration.show(together, columns=_named(together, _TOGETHER), caption=gettext("Working together"))

    def _laid_out(self) -> list[widgets.Widget]:
        below = widgets.Box([widgets.VBox([self.diversity, self.collaboration]), self.transitions])
        below.add_class("reflectlab-pair")
        return [_pickers(self._log, self.question), self.picture, self.ratios, self.caveats, below]


_TOO_FEW = translatable("Nothing is shown of groups of fewer than ten learners: it would tell about each of them.")


def _of_many(log: ProgressLog, by: str) -> ProgressLog | None:
    """Return the log of the learners whose group is large enough to be told of; None where there are none.

    Where those left out are few together, the next smallest group goes with them: else all less the rest tells of them.
    """
    learners = log.learners
    groups = learners[by] if by and learners[by].notna().any() else pd.Series("all", index=learners.index)
    sizes = groups.value_counts().sort_values()
    large = sizes[sizes >= FEWEST_TOLD]
    if 0 < len(learners) - large.sum() < FEWEST_TOLD:
        large = large.iloc[1:]
    kept = groups.isin(large.index)
    if kept.all() and len(learners):
        return log
    return log.select(learner_id=learners.loc[kept, "learner_id"].tolist()) if kept.any() else None


def _steps_drawn(log: ProgressLog) -> Axes:
    """Draw the steps that several learners took; say so where there is none, for fewer may have taken some."""
    steps = _steps_of_many(log)
    none = gettext("No step from one goal to another was taken by {number} learners or more.", number=THRESHOLD)
    if steps.empty:
        return plot_words([], title=gettext("From goal to goal"), sentence=none)
    return show.plot_transitions(steps, names=_titles(log))


def _steps_of_many(log: ProgressLog) -> pd.DataFrame:
    """Return the steps from goal to goal that several learners took, and their shares of these."""
    each = measure.transitions(log, by=("learner_id",))
    steps = each.groupby(["source", "target"], as_index=False).agg(n=("n", "sum"), learners=("learner_id", "nunique"))
    kept = steps[steps["learners"] >= THRESHOLD].drop(columns="learners").reset_index(drop=True)
    return kept.assign(p=kept["n"] / kept.groupby("source")["n"].transform("sum"))


def _pickers(log: ProgressLog, question: ComparisonSettings) -> widgets.Box:
    attributes = [name for name in log.learners.columns if name not in _OWN]
    groups = [(gettext("one comparison"), ""), *((gettext("by {column}", column=name), name) for name in attributes)]
    style = {"style": {"description_width": "initial"}, "layout": widgets.Layout(width="auto")}
    by = widgets.Dropdown(options=groups, description=gettext("Groups"), **style)
    units = [(gettext(words), name) for name, words in _UNITS.items()]
    unit = widgets.Dropdown(options=units, description=gettext("Time in"), **style)
    made: list[Any] = [by, unit]
    widgets.link((question, "by"), (by, "value"))
    widgets.link((question, "unit"), (unit, "value"))
    for trait, words in (("kinds", gettext("Split by kind")), ("chosen", gettext("Split by who chose"))):
        box = widgets.Checkbox(description=words, indent=False, layout=widgets.Layout(width="auto"))
        widgets.link((question, trait), (box, "value"))
        made.append(box)
    adjust = [*attributes, *(name for name in ("strand", "level") if name in log.goals)]
    several = widgets.SelectMultiple(
        options=adjust, description=gettext("Adjust for"), rows=min(len(adjust), 4), **style
    )
    widgets.link((question, "adjust"), (several, "value"))
    row = widgets.Box([*made, several])
    row.add_class("reflectlab-pickers")
    return row


def _named(table: pd.DataFrame, measured: dict[str, str]) -> dict[str, str]:
    """Return the columns to show: what groups the rows, then what was measured."""
    groups = {name: name for name in table.columns if name in _columns_before(table, measured)}
    return groups | {name: gettext(title) for name, title in measured.items() if name in table}


def _columns_before(table: pd.DataFrame, measured: dict[str, str]) -> list[str]:
    first = min(place for place, name in enumerate(table.columns) if name in measured)
    return list(table.columns[:first])


def _p_text(value: Any) -> str:
    """Return a p-value as it is written: never as nothing."""
    if pd.isna(value):
        return ""
    return f"{value:.3f}" if value >= 0.001 else "< 0.001"


def _titles(log: ProgressLog) -> pd.Series:
    return log.goals.set_index("goal_id")["title"]
