"""Interactive pictures for notebooks: they answer a pointer or a key, and what is picked comes back to Python.

Nothing is measured or drawn here: that is done by `reflectlab.measure` and `reflectlab.show`. Every name is shown as
the text that it is, and nothing is fetched from the network.
"""

from .board import TeacherBoard
from .choice import Choice
from .desk import ResearchDesk
from .leader import LeaderReview
from .pickers import PickedPicture, class_board, collaboration, completion, learner_pathway, partners
from .report import report_page, save_report
from .take_away import workbook_button
from .widgets.day_slider import DayPicker
from .widgets.figure import FigureView
from .widgets.journal import JournalView
from .widgets.table import TableView
from .widgets.text import TextView
from .wizard import LogWizard

__all__ = [
    "Choice",
    "DayPicker",
    "FigureView",
    "JournalView",
    "LeaderReview",
    "LogWizard",
    "PickedPicture",
    "ResearchDesk",
    "TableView",
    "TeacherBoard",
    "TextView",
    "class_board",
    "collaboration",
    "completion",
    "learner_pathway",
    "partners",
    "report_page",
    "save_report",
    "workbook_button",
]
