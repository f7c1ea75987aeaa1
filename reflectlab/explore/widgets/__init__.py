"""The scripts and styles of the widgets, each beside its module."""

from pathlib import Path

_HERE = Path(__file__).parent


def source(*names: str) -> str:
    """Return files of this folder, one after the other, as one text.

    Examples
    --------
    >>> source("page.js").startswith("//")
    True
    """
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)
