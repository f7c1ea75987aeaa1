"""What a page is told of the marks of a picture, read as its script reads it."""

from collections.abc import Mapping
from typing import Any

NAMES = ("mark", "text", "what", "learner", "goal", "episode")


def told_marks(picture: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the marks of a picture, each with all that is told of it."""
    words, rows = picture["marks"]["words"], picture["marks"]["rows"]
    return [
        dict(zip(NAMES, [number, text, *(words[place] for place in places)], strict=True))
        for number, text, *places in rows
    ]
