"""The board that the page shows: its kernel asks for it, told by the environment which log it is."""

import asyncio
import contextlib
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

_EVERY = 20
"""After how many seconds a kernel gives back what it does not need: twenty of them are to fit 2 GB."""


def board() -> TeacherBoard | widgets.HTML:
    """Return the board of the log that the environment names, with your journal; or why there is none."""
    try:
        log = load(os.environ[LOG], **json.loads(os.environ.get(SAID, "{}")))
    except ReflectLabError as error:
        return widgets.HTML(f"<p role='alert' style='white-space: pre-wrap'>{escape(str(error))}</p>")
    made = TeacherBoard(log, journal=Journal(), at_once=False)
    _give_back()
    gc.freeze()  # what is loaded by now stays: to search it for garbage again and again would hold up every redraw
    with contextlib.suppress(RuntimeError):  # where no loop runs nothing is drawn anew
        _give_back_later(asyncio.get_running_loop())
    return made


def _give_back_later(loop: asyncio.AbstractEventLoop) -> None:
    def act() -> None:
        _give_back()
        _give_back_later(loop)

    loop.call_later(_EVERY, act)


def _give_back() -> None:
    """Give the computer back what reading, or drawing, took and no longer needs."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
