"""Print: one page a learner, made from the pictures of the board."""

from typing import Any

import anywidget

from ...show import alt_text, to_svg
from ..choice import day_text
from ..views import INVITATIONS, Pictures, Tables
from . import source
from .table import cell_text

_COLUMNS = {name: title for name, title in INVITATIONS.items() if name != "learner"}


class PrintButton(anywidget.AnyWidget):
    """A button that prints the class, one page a learner: the pathway so far, and this week's invitations.

    The pages are made when they are asked for and sent to the page once; they are not stored in the notebook.

    Parameters
    ----------
    pictures : Pictures
    tables : Tables

    Examples
    --------
    >>> import reflectlab
    >>> from reflectlab.explore.choice import Choice
    >>> choice = Choice(reflectlab.example())
    >>> button = PrintButton(Pictures(choice), Tables(choice))
    >>> [page["title"] for page in button.pages()]
    ['Aroha', 'Ben', 'Chloë', 'Hēmi']
    """

    _esm = source("safe.js", "page.js", "print.js")
    _css = source("plain.css")

    def __init__(self, pictures: Pictures, tables: Tables) -> None:
        self._pictures, self._tables = pictures, tables
        super().__init__()
        self.on_msg(self._on_message)

    def pages(self) -> list[dict[str, Any]]:
        """Return what is on the page of each learner of the class, in their order on the board.

        Returns
        -------
        list of dict
            `title`, the name; `heading`, the class and the day; `svg` and `description`, the pathway; `columns` and
            `rows`, the invitations in words.
        """
        return [self._page(learner_id) for learner_id in self._pictures.choice.members]

    def _page(self, learner_id: str) -> dict[str, Any]:
        choice = self._pictures.choice
        pathway = self._pictures.pathway(learner_id)
        invited = self._tables.invitations(learner_id)
        return {
            "title": choice.names[learner_id],
            "heading": " · ".join(part for part in (choice.class_id, choice.strand, day_text(choice.day)) if part),
            "svg": to_svg(pathway),
            "description": alt_text(pathway),
            "columns": list(_COLUMNS.values()),
            "rows": [[cell_text(row[name]) for name in _COLUMNS] for row in invited.to_dict("records")],
        }

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        if message == "print":
            self.send({"pages": self.pages()})
