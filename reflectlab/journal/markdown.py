"""Notes as Markdown in which every word stays as it was written."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..language import gettext

if TYPE_CHECKING:
    import pandas as pd


def as_markdown(notes: "pd.DataFrame") -> str:
    """Return notes under a heading for each day."""
    parts = [f"# {gettext('Journal')}"]
    for day, of_day in notes.groupby("day", sort=False, dropna=False):
        parts.append(f"## {gettext('Without a day') if day != day else str(day)[:10]}")
        parts += (part for note in of_day.itertuples() for part in _of_note(note))
    return "\n\n".join(parts) + "\n"


def _of_note(note: Any) -> Iterator[str]:
    ids = (note.learner_id, note.goal_id, note.class_id)
    about = note.about or " · ".join(each for each in ids if isinstance(each, str))
    if about:
        yield f"### {_escaped(' '.join(about.split()))}"
    for heading, text in ((gettext("I noticed"), note.noticed), (gettext("I will try"), note.will_try)):
        if text:
            yield f"**{heading}:** {_escaped(text)}"


def _escaped(text: str) -> str:
    """Return a text whose signs mean nothing in Markdown, with its lines and paragraphs kept."""
    lines = (re.sub(r"([\\`*_\[\]<>$|~&])", r"\\\1", line.strip()) for line in text.split("\n"))
    started = (re.sub(r"^(\d*)([#+=.)-])", r"\1\\\2", line) for line in lines)
    return re.sub(r"(?<!\n)\n(?!\n)", "  \n", "\n".join(started))
