"""A class's term on one page to take away: one file, nothing fetched, its pictures answer without a kernel.

`contents` says what stands on it, for the teacher or for a child's family; `picture` brings a picture into the form
in which it stands there; `page` writes the whole; `paper` has it printed by a browser of this machine.
"""

import os
from pathlib import Path
from typing import Literal

from ...errors import ArgumentError, ExistsError, one_of
from ...log import Day, ProgressLog
from ...writing import write_file

__all__ = ["AUDIENCES", "report_page", "save_report"]

AUDIENCES = ("teacher", "family")

_FORMS = (".html", ".pdf")


def report_page(
    log: ProgressLog,
    *,
    class_id: str | None = None,
    audience: Literal["teacher", "family"] = "teacher",
    learner_id: str | None = None,
    day: Day | None = None,
) -> str:
    """Return the term of a class, or of one child for the family, as a page that needs nothing beside itself.

    Parameters
    ----------
    log : ProgressLog
    class_id : str, optional
        The class; the first one of the log by default.
    audience : {"teacher", "family"}
        For the teacher the class and each child, by name. For a family one child: others are "a classmate", and no
        note, no invitation and nothing else that tells of another child is on the page.
    learner_id : str, optional
        The child of a family's page; for the teacher, the one who is shown first.
    day : date or str, optional
        The day to look from; the last day of the log by default.

    Returns
    -------
    str
        HTML, which asks nobody for anything. Every text of the log is in it as text.

    Raises
    ------
    ArgumentError
        If the class or the child is not in the log, or a family's page has no child.

    Examples
    --------
    >>> import reflectlab
    >>> page = report_page(reflectlab.example(), audience="family", learner_id="ben")
    >>> "Ben" in page, "Aroha" in page, "a classmate" in page
    (True, False, True)
    """
    from .contents import for_family, for_teacher
    from .page import page

    one_of("audience", audience, AUDIENCES)
    _refuse_unknown(log, class_id, learner_id)
    if audience == "family":
        if learner_id is None:
            raise ArgumentError("must be named for a family's page.", "learner_id")
        return page(for_family(log, learner_id, day))
    return page(for_teacher(log, class_id, learner_id, day))


def save_report(
    log: ProgressLog,
    path: str | os.PathLike[str],
    *,
    class_id: str | None = None,
    audience: Literal["teacher", "family"] = "teacher",
    learner_id: str | None = None,
    day: Day | None = None,
    overwrite: bool = False,
) -> Path:
    """Write `report_page` to a file, readable for you only: `.html`, or `.pdf` where a Chromium or Chrome is installed.

    Parameters
    ----------
    log : ProgressLog
    path : path
    class_id, audience, learner_id, day
        As for `report_page`.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    ExistsError
        If the file is there and `overwrite` was not given.
    ArgumentError
        If the name ends in something else, or as `report_page` does.
    MissingDependencyError
        If a PDF is asked for and there is no browser to make it.

    Examples
    --------
    >>> import reflectlab, tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "term3.html"
    >>> save_report(reflectlab.example(), file).name
    'term3.html'
    """
    target = Path(path)
    if target.suffix.lower() not in _FORMS:
        raise ArgumentError(f"{target} must end in {' or '.join(_FORMS)}.")
    if target.exists() and not overwrite:
        raise ExistsError(f"{target} is there already. Choose another name, or say overwrite=True.")
    text = report_page(log, class_id=class_id, audience=audience, learner_id=learner_id, day=day)
    if target.suffix.lower() == ".pdf":
        from .paper import to_pdf

        write_file(target, to_pdf(text))
    else:
        write_file(target, text.encode("utf-8", "surrogatepass"))
    return target


def _refuse_unknown(log: ProgressLog, class_id: str | None, learner_id: str | None) -> None:
    learners = log.learners
    for name, value in (("class_id", class_id), ("learner_id", learner_id)):
        known = learners[name].dropna().unique().tolist()
        if value is not None and not known:
            raise ArgumentError(f"{value!r} is not in the log. No class is named in it: leave this out.", name)
        if value is not None and value not in known:
            raise ArgumentError(f"{value!r} is not in the log. They are: {', '.join(map(str, known[:40]))}.", name)
