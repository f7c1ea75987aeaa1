"""Files that people keep, made into a `ProgressLog`; and the way back.

`files` opens a file and takes it apart: *raw tables*, the cells as they are written there, or *raw records*, the
objects of JSON. `readers` has a module for each format: its reader recognises the raw tables or records of its kind,
and makes tables of the log from them, with a problem for every row that it could not use. `clean` is what readers
share: words and dates understood, names found on a roster. `assemble` gives each raw table to its reader and puts
together what they found.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from os import PathLike
from typing import TYPE_CHECKING, Literal

from .export import to_eventlog, to_sequences, to_tna

if TYPE_CHECKING:
    from ..log import ProgressLog


__all__ = ["join", "load", "save_tables", "scan", "to_eventlog", "to_sequences", "to_tna"]

Path = str | PathLike[str]


def load(
    path: Path | Iterable[Path],
    *,
    format: str | None = None,  # noqa: A002 - the word that people look for
    columns: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    words: Mapping[str, str | None] | None = None,
    date_format: str | None = None,
    dayfirst: bool | None = None,
    year: int | None = None,
    as_of: date | str | None = None,
    tz: str = "UTC",
    class_from: Literal["sheet", "file"] | None = None,
    same: Mapping[str, str] | None = None,
    same_goals: Mapping[str, str] | None = None,
    leave_out: str | Iterable[str] | None = None,
    fill_dates: bool = True,
    hidden: bool = True,
    terms: Sequence[tuple[date | str, date | str]] | Mapping[str, tuple[date | str, date | str]] | None = None,
    blanks: Literal["set"] | None = None,
    met_at: float | str | None = None,
    mapping: bool | Path | None = None,
    raise_limits: float = 1,
    strict: bool = False,
) -> "ProgressLog":
    """Read a log from the files that a school keeps.

    What kind of log it is shows in its contents: tables of our own (a folder of CSV files or of Parquet files, or
    a workbook with a sheet for each), the one-sheet class log, a grid of learners and goals, what Moodle, Kolibri
    and Canvas export, xAPI statements, Caliper events, tracking logs of Open edX. Any other table is read with
    `columns`. A roster may stand beside any of them: a table of learners, or a school's OneRoster bundle.

    Parameters
    ----------
    path : path or iterable of paths
        A file (CSV, TSV, XLSX, XLS, XLSB, ODS, Parquet, JSON, JSON lines; compressed with gzip too), a folder or a
        zip archive of such files, or several of them, which become one log: a class log and a roster, say.
    format : str, optional
        The kind of log, where it is not to be found out: `"tables"`, `"sheet"`, `"grid"`, `"mapped"` (by `columns`),
        `"marks"` (a gradebook, with `met_at` and `as_of`);
        `"moodle"` (the log), `"moodle_completion"` (the report on activity completion), `"kolibri"` (summary and
        session logs), `"canvas"` (the learning mastery gradebook, outcome results, student competency),
        `"oneroster"` (a roster, with classes and terms; alone it is a log in which nothing has happened yet);
        `"datashop"` (transactions, student-steps), `"forms"` (responses to Google Forms),
        `"xapi"` (statements), `"caliper"` (events and envelopes, 1.1 and 1.2), `"openedx"` (tracking logs), all three
        as JSON or JSON lines. `docs/formats.md` says what becomes of the rows of each.
    columns : mapping of str to str, optional
        Which column holds what: the name that a log has for it, and the header in the file. The names are `time`,
        `learner_id`, `goal_id`, `event`, `with`, `role`, `chosen_by`, `minutes`, `note`, `class_id`. What is the
        same in every row is written with an equals sign: `{"event": "=worked"}`. With `with`, a row is also an
        episode of the learner and those named there; `event` and `goal_id` are then not needed.
    headers : mapping of str to str, optional
        What translated headers are in English, where a program writes its files in the language of its user:
        `{"Ereigniskontext": "Event context"}`.
    words : mapping of str to str or None, optional
        What the words of the file mean: an event, a role (`helper`, `seeker`, `peer`), who chose (`learner`,
        `teacher`) or `absent`. None leaves such rows out; they are listed. A verb of xAPI is its IRI or the last
        part of it.
    date_format : str, optional
        How dates are written, in the letters of `datetime.strptime`; or `"excel"`, `"excel1904"`, `"unix"`,
        `"unix_ms"` for numbers that count days, seconds or milliseconds; or `"swapped"` where a spreadsheet took the
        month for the day wherever it could.
    dayfirst : bool, optional
        Whether 03/04 is the third of April. Not needed where any date of the file tells.
    year : int, optional
        The year of dates that are written without one. It is the same for all of them: a log that runs over New
        Year needs its years written.
    as_of : date or str, optional
        The day on which what has no date counts: a tick in a grid, a completion, a gradebook.
    tz : str
        The time zone of the school: times with a zone become its wall clock.
    class_from : {"sheet", "file"}, optional
        Where no column says the class, the name of the sheet or of the file is the class. A learner is a name in a
        class: where one name stands in several, they are several learners, `Ben (Room 5)` and `Ben (Room 6)`.
    same : mapping of str to str, optional
        Spellings of one learner: what is written, and the name or id that it stands for, `{"Ben": "Benjamin Smith"}`.
    same_goals : mapping of str to str, optional
        Spellings of one goal, in the same way: `{"hok": "hook"}`.
    leave_out : str or iterable of str, optional
        Who is no learner, by name or id. `"staff"` is who edits the course, is in a staff role or acts by the command
        line of a program; what they do for a learner, a completion say, stays the learner's. Their rows are counted
        and listed.
    fill_dates : bool
        Whether a date that is written once for a day, with blank cells below it, counts for the rows below; False
        lists those rows.
    hidden : bool
        Whether hidden sheets of a workbook, and rows that are hidden or filtered out, are read; False leaves them out.
    terms : sequence of pairs of dates, or mapping of a title to such a pair, optional
        The first and the last day of each term, where no table of terms says so.
    blanks : {"set"}, optional
        What an empty cell of a grid says: with `"set"`, that the goal was set and is not met. Without it a grid in
        which no cell says "not met" does not know which goals were set, and rates are missing.
    met_at : float or str, optional
        With `format="marks"`: the share of the full mark from which a goal counts as met, as 0.5 or `"50%"`.
    mapping : bool or path, optional
        Whether what you kept in the wizard for files with the same headers is used: True looks in your data folder; a
        path is another folder of such files, or one of them. A year, terms and names count for the file with the name
        for which they were kept. What is said here counts more; a remark says what was used.
    raise_limits : float
        How many times the usual limits a file may reach, which are there so that no small file eats the memory of the
        machine: 10 million cells of a workbook, 5,000 columns, 256 MB unpacked, 100 times the size of what is packed.
    strict : bool
        Raise an error rather than leave a row out.

    Returns
    -------
    ProgressLog
        `log.problems` names each row that was left out, and why; `log.account` counts: rows read = rows loaded +
        rows listed.

    Raises
    ------
    NotALogError
        If a file cannot be read, is no log, or is of a kind that we do not know.
    MissingColumnError
        If a column is missing that such a log must have.
    AmbiguousDateError
        If nothing in the file tells whether 03/04 is in March or in April, which year a date is in, or on which
        day it was true what a gradebook without dates says.
    ArgumentError
        If an argument is not what it has to be.
    StrictError
        If `strict` and a row had to be left out.

    Examples
    --------
    >>> import reflectlab, tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "room5.csv"
    >>> _ = file.write_text('''date,learner,goal,what happened,with
    ... 20/07/2026,Aroha,hook,started,
    ... 22/07/2026,Aroha,hook,helped,Ben
    ... 23/07/2026,Ben,hook,achived,
    ... ''')
    >>> log = reflectlab.load(file)
    >>> log.events[["learner_id", "event"]].to_dict("list")
    {'learner_id': ['Aroha'], 'event': ['started']}
    >>> print(log.problems.loc[0, "row"], log.problems.loc[0, "hint"])
    4 Did you mean "achieved"? Or say what it means: load(..., words={"achived": "met"}).
    """
    from .assemble import assemble
    from .options import Options
    from .progress_bar import waiting

    options = Options.checked(
        format=format,
        columns=columns,
        headers=headers,
        words=words,
        date_format=date_format,
        dayfirst=dayfirst,
        year=year,
        as_of=as_of,
        tz=tz,
        class_from=class_from,
        same=same,
        same_goals=same_goals,
        leave_out=leave_out,
        fill_dates=fill_dates,
        hidden=hidden,
        terms=terms,
        blanks=blanks,
        met_at=met_at,
        mapping=mapping,
        raise_limits=raise_limits,
    )
    with waiting("Loading"):
        return assemble(path, options, strict=strict)


def scan(path: Path, *, engine: Literal["polars", "pyspark"] = "polars") -> "ProgressLog":
    """Open a log that `save_tables` wrote as Parquet, without reading it whole.

    Parameters
    ----------
    path : path
        A folder with `events.parquet`, `collaborations.parquet` and so on; each may be a folder of Parquet files, and
        these may lie in a folder for each class, as `save_tables(partition_by="class_id")` writes them.
    engine : {"polars", "pyspark"}
        What the measures run on: Polars on this machine, or the session of Spark that is active (else a new one on
        this machine), for what outgrows it. Tables that a session knows by name need no path:
        `ProgressLog.from_tables(events=session.table("events"), ...)`.

    Returns
    -------
    ProgressLog
        Its rows stay in the files until a measure asks for them. Up to 25 million events are then settled in memory,
        about 200 bytes each; of more every measure reads what it needs anew, and `parts` has them class by class.

    Raises
    ------
    NotALogError
        If the folder holds neither events nor collaborations.
    MissingDependencyError
        If the engine is not installed.

    Examples
    --------
    >>> import reflectlab, tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()) / "log.parquet"
    >>> _ = reflectlab.save_tables(reflectlab.example(), folder)
    >>> reflectlab.scan(folder).scanned
    True
    """
    from .scan import scan_tables

    return scan_tables(path, engine=engine)


def join(*logs: "ProgressLog") -> "ProgressLog":
    """Put logs together: those of several classes, or of one class in several terms.

    Parameters
    ----------
    *logs : ProgressLog
        Each whole, in memory, and in the same time zone.

    Returns
    -------
    ProgressLog
        A learner is an id in a class: where one id stands in several classes they are several learners, and the class
        becomes a part of their ids. What has the same id and another name is told apart by the name, goals as
        learners. Terms follow one another; those that overlap are one. Problems and the account of rows are kept; a
        file that stands in several logs is called by the number of the log too.

    Raises
    ------
    ArgumentError
        If a log is scanned or narrowed by `select`, if time zones differ, or if there is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab import ProgressLog
    >>> def of(room, goal):
    ...     events = {"time": ["2026-07-20"], "learner_id": ["Ben"], "goal_id": [goal], "event": ["met"]}
    ...     learners = {"learner_id": ["Ben"], "class_id": [room]}
    ...     return ProgressLog.from_tables(events=pd.DataFrame(events), learners=pd.DataFrame(learners))
    >>> join(of("Room 5", "hook"), of("Room 6", "hook")).learners["learner_id"].tolist()
    ['Ben (Room 5)', 'Ben (Room 6)']
    """
    from ..log.join import joined

    return joined(logs)


def save_tables(
    log: "ProgressLog",
    path: Path,
    *,
    format: Literal["csv", "xlsx", "parquet"] | None = None,  # noqa: A002 - as in load
    overwrite: bool = False,
    partition_by: Literal["class_id"] | None = None,
) -> list[str]:
    """Write a log as tables that `load` reads again, equal to the last cell.

    Parameters
    ----------
    log : ProgressLog
    path : path
        A folder to be, or a workbook to be where its name ends in `.xlsx`.
    format : {"csv", "xlsx", "parquet"}, optional
        Without it the name decides: `.xlsx` is a workbook, `.parquet` a folder of Parquet files, any other name a
        folder of CSV files.
    overwrite : bool
        Whether files that are there may be replaced.
    partition_by : {"class_id"}, optional
        With Parquet: what happened lies in a folder for each class, such as `events/class_id=Room 5/`, as Hive, Spark,
        DuckDB and Polars know it, so that a class can be taken on its own. `load` and `scan` read it as one log. What
        a name of a folder cannot hold is written as `%2F`; who is in no class is in `__HIVE_DEFAULT_PARTITION__`.

    Returns
    -------
    list of str
        The files that were written.

    Raises
    ------
    ExistsError
        If a file is there and `overwrite` was not given, or the folder holds something that is no table of a log.
    ReflectLabError
        If it cannot be written, as on a full disk.

    Notes
    -----
    A folder is written whole and put in its place at once: whatever happens meanwhile, what is there is all of the
    earlier log, or all of this one. What is written is readable for you only.

    A text that a spreadsheet would take for a formula is written with an apostrophe before it, which `load` takes
    off again; so is what follows a semicolon, or begins a line, within a text. Parquet keeps `row`, the place of each
    row in the file that it came from; in the other forms a row has the place at which it now stands. What
    `log.problems` holds is not written.

    Examples
    --------
    >>> import reflectlab, tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()) / "tables"
    >>> files = reflectlab.save_tables(reflectlab.example(), folder)
    >>> len(files), len(reflectlab.load(folder).events)
    (6, 18)
    """
    from .save import save

    return save(log, path, format=format, overwrite=overwrite, partition_by=partition_by)
