"""`clean`: a notebook without what it showed, before it is passed on."""

import json
import re
from pathlib import Path
from typing import Any

from ..errors import NotALogError, refuse_endless
from ..language import gettext, ngettext
from ..writing import write_file

_PATHS = re.compile(
    r"(?:file://)?(?:/(?:home|Users|mnt|media|Volumes|srv|data|root|tmp|var|work)|~|[A-Za-z]:\\|\\\\)[^\s\"'`<>|]*"
)


def clean(notebook: str | Path) -> str:
    """Take outputs, the state of widgets, attachments and paths of this machine out of a notebook, in its place.

    Parameters
    ----------
    notebook : str or Path

    Returns
    -------
    str
        What was taken out.

    Raises
    ------
    NotALogError
        If it is no notebook.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "a.ipynb"
    >>> cell = {"cell_type": "code", "source": "load('/srv/ana/5A.csv')", "outputs": [{}], "metadata": {},
    ...         "execution_count": 3}
    >>> _ = file.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]}))
    >>> clean(file)
    'outputs of 1 cell and 1 path were taken out.'
    >>> json.loads(file.read_text())["cells"][0]["source"]
    "load('5A.csv')"
    """
    file = Path(notebook)
    try:
        refuse_endless(file)
        told = json.loads(file.read_text(encoding="utf-8"))
        cells: list[dict[str, Any]] = told["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = gettext("{file} is no notebook, or an old one: open it in JupyterLab and save it.", file=file)
        raise NotALogError(why) from error
    shown = sum(bool(cell.get("outputs")) for cell in cells)
    paths = sum(_cleaned(cell) for cell in cells)
    kept = ("kernelspec", "language_info")
    told["metadata"] = {name: told.get("metadata", {})[name] for name in kept if name in told.get("metadata", {})}
    write_file(file, f"{json.dumps(told, indent=1, ensure_ascii=False)}\n".encode())
    return gettext(
        "outputs of {cells} and {paths} were taken out.",
        cells=ngettext("{number} cell", "{number} cells", shown),
        paths=ngettext("{number} path", "{number} paths", paths),
    )


def _cleaned(cell: dict[str, Any]) -> int:
    """Clean one cell, and return how many paths were in it."""
    lines = cell.get("source", "")
    source = lines if isinstance(lines, str) else "".join(lines)
    named, found = _PATHS.subn(lambda path: re.split(r"[/\\]", path.group().rstrip("/\\"))[-1], source)
    cell["source"] = named if isinstance(lines, str) else named.splitlines(keepends=True)
    cell.pop("attachments", None)
    cell["metadata"] = {name: value for name, value in cell.get("metadata", {}).items() if name == "tags"}
    if cell.get("cell_type") == "code":
        cell["outputs"], cell["execution_count"] = [], None
    return found
