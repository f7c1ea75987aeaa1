"""The board that the page shows: its kernel asks for it, told by the environment which log it is."""

import ctypes
import gc
import json
import os
import sys
from html import escape

import ipywidgets as widgets

from ..errors import ReflectLabError
from ..explore import TeacherBoard
from ..journal import Journal
from ..load import load
from .told import LOG, SAID


def board() -> TeacherBoard | widgets.HTML:
    """Return the board of the log that the environment names, with your journal; or why there is none."""
    try:
        log = load(os.environ[LOG], **json.loads(os.environ.get(SAID, "{}")))
    except ReflectLabError as error:
        return widgets.HTML(f"<p role='alert' style='white-space: pre-wrap'>{escape(str(error))}</p>")
    made = TeacherBoard(log, journal=Journal(), at_once=False)
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)  # what reading the log took and gave back goes back to the computer too
    gc.freeze()  # what is loaded by now stays: to search it for garbage again and again would hold up every redraw
    return made
