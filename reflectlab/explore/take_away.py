"""Files to take away: a class's term on a page, a child's for the family, and a workbook to keep a log in."""

import re
from typing import Literal

from ..errors import ArgumentError
from ..language import gettext
from ..workbook.build import build
from .choice import Choice
from .report import report_page
from .widgets.save import SaveButton, SavedFile

PAGES: dict[str, Literal["teacher", "family"]] = {"page": "teacher", "family": "family"}
"""What a board calls the page of its class, and of the child who is shown, and for whom each is."""

_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page_to_take(choice: Choice, kind: str) -> SavedFile:
    """Return the page of what is chosen, as `reflectlab report` writes it; none where names are hidden.

    >>> import reflectlab
    >>> page_to_take(Choice(reflectlab.example(), learner_id="ben"), "family").name
    'Ben 2026-08-07.html'
    """
    if choice.hidden:
        raise ArgumentError(gettext("The page names children: take away the tick at Hide names, then save it."))
    called = choice.names.get(choice.learner_id or "", "") if kind == "family" else choice.class_id or ""
    text = report_page(
        choice.period, class_id=choice.class_id, audience=PAGES[kind], learner_id=choice.learner_id, day=choice.day
    )
    stem = " ".join(re.findall(r"[\w-]+", called)) or gettext("class")
    return SavedFile(f"{stem} {choice.day}.html", "text/html", text.encode("utf-8", "surrogatepass"))


def workbook_button(class_id: str = "") -> SaveButton:
    """Return a button that saves a workbook to keep a log in, as `new_workbook` writes it, its lists still empty.

    Parameters
    ----------
    class_id : str
        The class of learners for whom none is said.

    Returns
    -------
    SaveButton

    Examples
    --------
    >>> workbook_button().label
    'Save a workbook to keep a log in'
    """
    return SaveButton(
        gettext("Save a workbook to keep a log in"),
        lambda: SavedFile(gettext("my class log.xlsx"), _SHEETS, build([], [], class_id=class_id)),
    )
