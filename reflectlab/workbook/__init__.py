"""A workbook to keep a class log in: lists to choose from, the date carried down, and every sheet that `load` reads.

`entries` reads who and what is to stand in its lists, `guide` is what the first sheet tells, `sheets` says what
each sheet holds, and `build` writes it.
"""

import os
from pathlib import Path

from ..errors import ArgumentError, ExistsError
from ..writing import write_file
from .entries import Entries, entries

__all__ = ["new_workbook"]


def new_workbook(
    path: str | os.PathLike[str],
    *,
    learners: Entries = (),
    goals: Entries = (),
    class_id: str = "",
    overwrite: bool = False,
) -> Path:
    """Write an empty workbook to keep a class log in, for Excel, LibreOffice and Google Sheets.

    One row of its log is one thing that happened. Learners, goals, words and who chose are chosen from lists, which
    grow with the sheets of learners and goals; a date is written once a day and carried down. `load` takes the
    workbook as it is.

    Parameters
    ----------
    path : path
        Its name ends in `.xlsx`.
    learners : iterable of str, or path of a text file
        One learner a line: the name, and behind a tab, if you like, the class, the day of joining, the day of leaving
        and other names, as it comes when cells of a spreadsheet are copied.
    goals : iterable of str, or path of a text file
        One goal a line, and behind a tab, if you like, its strand, its level and the day on which it is due.
    class_id : str
        The class of learners for whom none is said.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, readable for you only.

    Raises
    ------
    ExistsError
        If the file is there and `overwrite` was not given.
    ArgumentError
        If the name does not end in `.xlsx`, or a learner or a goal stands twice.

    Examples
    --------
    >>> import tempfile, pathlib, openpyxl
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "room5.xlsx"
    >>> _ = new_workbook(file, learners=["Aroha", "Ben"], goals=["Open with a hook"], class_id="Room 5")
    >>> openpyxl.load_workbook(file).sheetnames
    ['Start here', 'Log', 'Learners', 'Goals', 'Terms', 'Absences']
    """
    from .build import build

    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise ArgumentError(f"{target} must end in .xlsx.")
    if target.exists() and not overwrite:
        raise ExistsError(f"{target} is there already. Choose another name, or say overwrite=True.")
    listed = entries("learners", learners), entries("goals", goals)
    write_file(target, build(*listed, class_id=class_id))
    return target
