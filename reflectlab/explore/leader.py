"""`LeaderReview`: what a school leader asks of a term, read from a bundle and from nothing else."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages

from .. import show
from ..errors import ArgumentError
from ..language import gettext, language, translatable
from ..share import Bundle, read_bundle, review
from ..share.groups import CLASS, SCHOOL, STRAND
from ..share.rules import rules_in_words
from ..show import review as pictures

_STYLE = """
.reflectlab-review { max-width: 62rem; margin: 0 auto; font: 16px/1.5 system-ui, sans-serif; color: #222 }
.reflectlab-review h1 { font-size: 1.7rem } .reflectlab-review h2 { font-size: 1.25rem; margin-top: 2.2rem }
.reflectlab-review svg { max-width: 100%; height: auto; display: block; margin: .6rem 0 }
.reflectlab-review small, .reflectlab-review .place { color: #595959 }
@media print { .reflectlab-review section { break-inside: avoid } }
"""

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title><style>body {{ margin: 1rem }}{style}</style></head><body>{body}</body></html>
"""


@dataclass(frozen=True, repr=False, eq=False)
class Answered:
    """Questions and answers, as they are read in a notebook and on a page."""

    answers: pd.DataFrame

    def __repr__(self) -> str:
        return "\n".join(f"{row.question} {row.answer} ({_see(row.section)})" for row in self.answers.itertuples())

    def _repr_html_(self) -> str:
        rows = (
            f"<p><b>{escape(str(row.question))}</b><br>{escape(str(row.answer)).replace(' %', '&nbsp;%')} "
            f"<small class='place'>{escape(_see(row.section))}</small></p>"
            for row in self.answers.itertuples()
        )
        return f"<div>{''.join(rows)}</div>"  # a list of terms is laid out by Jupyter, and by it in columns


def _see(section: object) -> str:
    return gettext("See: {section}.", section=section)


class LeaderReview:
    """Six questions of a school leader, answered from a bundle; the pictures and tables that answer them.

    Parameters
    ----------
    bundle : Bundle, str or Path
        What `share.publish` made, or its folder. No log is read, so nothing that is not in it can be shown.

    Attributes
    ----------
    bundle : Bundle

    Examples
    --------
    >>> import tempfile
    >>> import reflectlab
    >>> from reflectlab.share import publish
    >>> review = LeaderReview(publish(reflectlab.simulate(classes=3, seed=1), tempfile.mkdtemp()))
    >>> review.answers["question"].tolist()[:2]
    ['Which strand lags?', 'Which strand takes long?']
    """

    def __init__(self, bundle: Bundle | str | Path) -> None:
        self.bundle = bundle if isinstance(bundle, Bundle) else read_bundle(bundle)

    def __repr__(self) -> str:
        return f"LeaderReview of {self.bundle!r}"

    @cached_property
    def answers(self) -> pd.DataFrame:
        """The six questions: `question, answer, section`."""
        found = review.answers(self.bundle)
        rows = {"question": [each.question for each in found], "answer": [each.text for each in found]}
        return pd.DataFrame({**rows, "section": [each.section for each in found]})

    @property
    def six_questions(self) -> "Answered":
        """The six questions with their answers, to be read."""
        return Answered(self.answers)

    def classes(self) -> Axes:
        """Draw the classes in a funnel about the school's rate: no league table."""
        table, limits = review.funnel(self.bundle)
        title = self._of_term(gettext("Own goals met, class by class"))
        return pictures.plot_funnel(table, limits, title=title, sentence=self._answer(4))

    def strands(self) -> Axes:
        """Draw which share of the goals of each strand are met."""
        table = review.bands(self.bundle, "met", [SCHOOL, STRAND])
        return self._bands(table, gettext("Own goals met, strand by strand"), self._answer(0))

    def days(self) -> Axes:
        """Draw how many school days the goals of each strand take."""
        title = self._of_term(gettext("How long a goal takes"))
        return pictures.plot_days(review.days(self.bundle), title=title, sentence=self._answer(1))

    def goals_set(self) -> Axes:
        """Draw which share of the goals the learners set themselves."""
        table = review.bands(self.bundle, "set_by", [SCHOOL, *review.levels(self.bundle), CLASS, STRAND])
        return self._bands(table, gettext("Goals that learners set themselves"), self._answer(2))

    def company_chosen(self) -> Axes:
        """Draw how often it was the learners who chose to work together."""
        table = review.bands(self.bundle, "chose", [SCHOOL, *review.levels(self.bundle), CLASS])
        return self._bands(
            table, gettext("Working together that learners chose"), gettext("Of the times noted as chosen by somebody.")
        )

    def terms(self) -> Axes:
        """Draw this term beside the last: own goals met in the school, what is above its classes, and its classes."""
        table = review.bands(self.bundle, "met", [SCHOOL, *review.levels(self.bundle), CLASS])
        return self._bands(table, gettext("Own goals met, this term beside the last"), self._answer(3))

    def together(self) -> Axes:
        """Draw in which way learners worked together."""
        said = gettext(
            "Of all times that a learner took part: what each was follows from where everybody stood on the goal."
        )
        return self._bands(review.kinds(self.bundle), gettext("How learners worked together"), said)

    def weeks(self) -> Axes:
        """Draw in which way learners worked together, week by week."""
        said = gettext(
            "Shares of the times that a learner took part. The bands are 95 % intervals; a gap is a week of too few."
        )
        title = self._of_term(gettext("How learners worked together, week by week"))
        return pictures.plot_weeks(review.weeks(self.bundle), title=title, sentence=said)

    def groups(self) -> Axes:
        """Draw which share of their own goals the learners of each group met."""
        table = review.bands(self.bundle, "met", self.bundle.manifest["attributes"])
        named = table["by"].map(review.readable).astype("str") + ": " + table["label"]
        return self._bands(table.assign(label=named), gettext("Own goals met, group by group"), self._answer(5))

    def steps(self) -> Axes:
        """Write from which goal to which most learners went on."""
        said = gettext("Only what ten learners or more did is told; how many went through a goal is not.")
        title = self._of_term(gettext("From goal to goal"))
        return pictures.plot_words(review.step_words(self.bundle), title=title, sentence=said)

    def picture(self, name: str) -> Axes:
        """Draw one of the pictures by its name: `classes`, `strands`, `days`, `goals_set`, ..."""
        drawn = dict(self._pictures())
        if name not in drawn:
            raise ArgumentError(f"must be one of {', '.join(drawn)}; got {name!r}.", "picture")
        return drawn[name]()

    def to_html(self) -> str:
        """Return the whole review as a page of its own: no network, no script, prints well."""
        title = gettext("{term}: classes side by side", term=self._term)
        return _PAGE.format(language=language(), title=escape(title), style=_STYLE, body=self._body(title))

    def to_pdf(self) -> bytes:
        """Return the review as PDF, a page for the answers and one for each picture."""
        target = io.BytesIO()
        with PdfPages(target, metadata={"CreationDate": None, "Producer": None, "Creator": "reflectlab"}) as pages:
            for name in ("answers", *dict(self._pictures())):
                axes = self._answers_drawn() if name == "answers" else self.picture(name)
                pages.savefig(axes.get_figure(root=True))
        return target.getvalue()

    def to_png(self, picture: str = "classes") -> bytes:
        """Return one picture as PNG, for a slide."""
        return show.to_png(self.picture(picture), dpi=192)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": f"<style>{_STYLE}</style>{self._body(self._term)}", "text/plain": repr(self)}

    @property
    def _term(self) -> str:
        return str(review.this_term(self.bundle)["title"])

    def _of_term(self, title: str) -> str:
        return f"{title}: {self._term}"

    def _answer(self, number: int) -> str:
        return str(self.answers["answer"].iloc[number])

    def _bands(self, table: pd.DataFrame, title: str, sentence: str) -> Axes:
        before = review.last_term(self.bundle)
        word = str(before["title"]) if before else ""
        return pictures.plot_bands(table, title=self._of_term(title), sentence=sentence, before=word)

    def _pictures(self) -> list[tuple[str, Callable[[], Axes]]]:
        names = ("classes", "strands", "days", "goals_set", "company_chosen", "terms", "groups", "together", "weeks",
                 "steps")  # fmt: skip
        return [(name, partial(getattr(self, name))) for name in names]

    def _answers_drawn(self) -> Axes:
        """Draw the answers as text, for the first page of a PDF."""
        lines = [f"{row.question} {row.answer}" for row in self.answers.itertuples()]
        title = gettext("{term}: six questions", term=self._term)
        return pictures.plot_words(lines, title=title, sentence=self._until)

    @property
    def _until(self) -> str:
        day = gettext("As of {day}.", day=self.bundle.manifest["until"])
        return " ".join([day, *rules_in_words(self.bundle.manifest)])

    def _body(self, title: str) -> str:
        asked = self.six_questions._repr_html_()
        sections = "".join(self._section(name, words, drawn) for name, words, drawn in self._sections())
        private = gettext("Nobody is named, and no count of few children can be worked out of this page.")
        return (
            f"<div class='reflectlab-review'><h1>{escape(title)}</h1><p>{escape(private)}</p>"
            f"<h2>{escape(gettext('Six questions'))}</h2>{asked}{sections}"
            f"<p><small>{escape(self._until)}</small></p></div>"
        )

    def _sections(self) -> list[tuple[str, str, list[str]]]:
        return [
            (gettext("Classes"), gettext(_ABOUT_CLASSES), ["classes"]),
            (gettext("Strands"), gettext(_ABOUT_STRANDS), ["strands", "days"]),
            (gettext("Who chose"), "", ["goals_set", "company_chosen"]),
            (gettext("This term beside the last"), gettext(_ABOUT_TERMS), ["terms"]),
            (gettext("Groups"), gettext(_ABOUT_GROUPS), ["groups"]),
            (gettext("Working together"), review.landmark_words(self.bundle), ["together", "weeks"]),
            (gettext("From goal to goal"), "", ["steps"]),
        ]

    def _section(self, name: str, words: str, drawn: list[str]) -> str:
        figures = "".join(show.to_svg(self.picture(each)) for each in drawn)
        said = f"<p>{escape(words)}</p>" if words else ""
        return f"<section><h2>{escape(name)}</h2>{said}{figures}</section>"


_ABOUT_CLASSES = translatable(
    "Each child's goals are their own, so a class with harder goals is not a worse class. Small classes scatter more: "
    "what lies inside the funnel is no ground for putting one class before another."
)

_ABOUT_STRANDS = translatable("A strand may lag because its goals were agreed late: read both pictures together.")

_ABOUT_TERMS = translatable(
    "Each term counts the goals that learners had in it. In the first weeks of a term few can be met yet."
)

_ABOUT_GROUPS = translatable(
    "By any column of the roster with few values. Groups of fewer than ten learners are not named."
)
