"""`export`: a log for researchers, without a name, a note or a time."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ArgumentError, ExistsError, need_columns
from ..language import gettext
from ..load.formulas import guarded
from ..log import ProgressLog
from ..log.frames import collected
from ..writing import write_folder
from .anonymity import LEAST_K, LEAST_L, k_anonymity, l_diversity, made_alike
from .pseudonyms import pseudonyms

MINUTES = 5
"""To what multiple minutes are rounded."""

PACKAGE, REPORT = "datapackage.json", "release.md"

FIELDS = {
    "learner": ("string", "Pseudonym of the learner (HMAC-SHA-256, 128 bits), the same in all tables of this export."),
    "class": ("string", "Pseudonym of the class; empty where it would single out few learners."),
    "goal": ("string", "Pseudonym of the goal."),
    "episode": ("string", "Pseudonym of the time of working together."),
    "week": ("integer", "School week, counted on over the terms from the first week of the log."),
    "event": ("string", "What happened: set, started, worked, stuck, met, reopened, dropped."),
    "chosen_by": ("string", "Who chose: learner, teacher, or empty."),
    "role": ("string", "The part that was written down: helper, seeker, peer, or empty."),
    "minutes": ("integer", f"How long it took, rounded to {MINUTES} minutes."),
    "strand": ("string", "The strand of the goal."),
    "level": ("string", "The level of the goal."),
}


def export(
    log: ProgressLog,
    folder: str | Path,
    *,
    key: str | Path,
    identifying: Sequence[str] = (),
    sensitive: Sequence[str] = (),
) -> str:
    """Write a log for researchers into a folder: pseudonyms, school weeks, shuffled rows, a codebook and a report.

    Parameters
    ----------
    log : ProgressLog
    folder : str or Path
        A new or an empty one.
    key : str or Path
        The file of the project's key (see `new_key`), of mode 600 and outside the folder. Another key gives other
        pseudonyms: two projects' exports cannot be joined.
    identifying : sequence of str
        Columns of the learners that are needed and could tell who somebody is. With the class they are blanked where
        fewer than 5 learners are alike in them. Columns that are neither named here nor in `sensitive` are left out.
    sensitive : sequence of str
        Columns of the learners that nobody should learn of somebody they know: each group that is alike in the
        identifying columns has at least 2 values of them, or its identifying columns are blanked.

    Returns
    -------
    str
        A sentence on what was written; the whole report is in `release.md`.

    Raises
    ------
    ArgumentError
        If the key is missing, short, readable by others or in the folder, or a column would name somebody.
    ExistsError
        If the folder holds something.

    Examples
    --------
    >>> import tempfile
    >>> import reflectlab
    >>> from reflectlab.share import export, new_key
    >>> home = tempfile.mkdtemp()
    >>> export(reflectlab.simulate(seed=1), f"{home}/out", key=new_key(f"{home}/project.key"))
    '4 tables of 104 learners, no names, notes or times; see release.md.'
    """
    place = Path(folder)
    pseudonym = pseudonyms(key, place)
    _refuse(log, place, identifying, sensitive)
    learners, blanked = made_alike(
        _learners(log, pseudonym, [*identifying, *sensitive]), ["class", *identifying], sensitive
    )
    tables = {"learners": learners, "goals": _goals(log, pseudonym), **_rows(log, pseudonym)}
    shuffled = {name: _shuffled(table, name, pseudonym) for name, table in tables.items()}
    files = {f"{name}.csv": _csv(table) for name, table in shuffled.items()}
    resources = [_resource(name, files[f"{name}.csv"], table) for name, table in shuffled.items()]
    package = {"name": "class-log", "profile": "tabular-data-package", "resources": resources}
    files[PACKAGE] = f"{json.dumps(package, indent=1, ensure_ascii=False)}\n".encode()
    files[REPORT] = _report(log, tables, identifying, sensitive, blanked).encode()
    write_folder(place, files)
    return gettext(
        "{tables} tables of {learners} learners, no names, notes or times; see {file}.",
        tables=len(tables),
        learners=len(learners),
        file=REPORT,
    )


def _refuse(log: ProgressLog, folder: Path, identifying: Sequence[str], sensitive: Sequence[str]) -> None:
    need_columns("the learners", log.learners.columns, [*identifying, *sensitive])
    for name in (*identifying, *sensitive):
        if name in ("learner_id", "name", "class_id", "row", "joined", "left"):
            raise ArgumentError(
                f"must not name {name!r}: it would tell who somebody is or when they came.", "identifying"
            )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExistsError(
            gettext(
                "{folder} holds something already, which would be handed on as well. Name a new folder.", folder=folder
            )
        )


def _learners(log: ProgressLog, pseudonym: Callable[[str, object], str], kept: Iterable[str]) -> pd.DataFrame:
    table = log.learners
    rooms = [None if pd.isna(room) else pseudonym("class", room) for room in table["class_id"]]
    own = {"learner": [pseudonym("learner", each) for each in table["learner_id"]], "class": rooms}
    return pd.DataFrame(
        {**own, **{name: table[name].astype("object").where(table[name].notna(), None) for name in kept}}
    )


def _goals(log: ProgressLog, pseudonym: Callable[[str, object], str]) -> pd.DataFrame:
    kept = [name for name in ("strand", "level") if name in log.goals]
    return pd.DataFrame({"goal": [pseudonym("goal", each) for each in log.goals["goal_id"]], **log.goals[kept]})


def _rows(log: ProgressLog, pseudonym: Callable[[str, object], str]) -> dict[str, pd.DataFrame]:
    """Return events and collaborations, each with its week instead of its time."""
    weeks = log.calendar.weeks.reset_index(names="number")
    calendar = collected(log.frame("calendar").select("school_day", "term_id", "week"))
    numbered = calendar.merge(weeks[["term_id", "week", "number"]], on=["term_id", "week"])
    number = dict(zip(numbered["school_day"], numbered["number"] + 1, strict=True))
    found = {}
    for name, kept in (("events", ["event", "chosen_by"]), ("collaborations", ["role", "chosen_by", "minutes"])):
        table = getattr(log, name)
        days = [log.calendar.school_day(time.date()) for time in table["time"]]
        made: dict[str, Any] = {"week": pd.Series([number.get(day) for day in days], dtype="Int64")}
        for column, kind in (("episode_id", "episode"), ("learner_id", "learner"), ("goal_id", "goal")):
            if column in table:
                made[kind] = [None if pd.isna(word) else pseudonym(kind, word) for word in table[column]]
        rows = pd.DataFrame({**made, **table[kept].reset_index(drop=True)})
        if "minutes" in rows:
            rows["minutes"] = (MINUTES * (rows["minutes"].astype("Float64") / MINUTES).round()).astype("Int64")
        found[name] = rows
    return {name: table for name, table in found.items() if len(table)}


def _shuffled(table: pd.DataFrame, name: str, pseudonym: Callable[[str, object], str]) -> pd.DataFrame:
    """Return the rows in an order that only the key could make: that of a register tells who is who."""
    order = sorted(range(len(table)), key=lambda place: pseudonym(f"order of {name}", place))
    return table.iloc[order].reset_index(drop=True)


def _csv(table: pd.DataFrame) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([guarded(str(name)) for name in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.itertuples(index=False, name=None))
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    return "" if pd.isna(value) else guarded(" ".join(str(value).split()))


def _resource(name: str, data: bytes, table: pd.DataFrame) -> dict[str, Any]:
    fields = [
        {"name": str(column), "type": kind, "description": told}
        for column in table.columns
        for kind, told in [FIELDS.get(str(column), ("string", "A column of the roster, as the school has it."))]
    ]
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{sha256(data).hexdigest()}",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _report(
    log: ProgressLog,
    tables: dict[str, pd.DataFrame],
    identifying: Sequence[str],
    sensitive: Sequence[str],
    blanked: int,
) -> str:
    learners = tables["learners"]
    alike = ["class", *identifying]
    told = (*identifying, *sensitive, "row", "learner_id", "class_id")
    gone = [name for name in log.learners.columns if name not in told]
    lines = [
        "# What was released, and what was not",
        "",
        *(f"- {name}: {len(table):,} rows, {', '.join(map(str, table.columns))}" for name, table in tables.items()),
        "",
        "Left out, and why:",
        "",
        f"- Of the learners: {', '.join(gone) or 'nothing'}. Names tell who it is; what nobody needs is not given.",
        "- Notes and the titles of goals: free text, in which a child can be named.",
        "- Dates and times: school weeks instead, for a time can be looked up elsewhere.",
        "- The order of the rows: that of a register tells who is who.",
        "- Ids: pseudonyms instead, made with the key of this project (HMAC-SHA-256, 128 bits), which is not here.",
        "",
        f"Alike in {', '.join(alike)}: at least {k_anonymity(learners, alike)} learners (k; {LEAST_K} are asked for).",
        *(
            f"Values of {name} among those: at least {l_diversity(learners, alike, name)} (l; {LEAST_L} are asked for)."
            for name in sensitive
        ),
        f"Of {blanked} learners these columns are blank, since too few were like them.",
        "",
        "What a learner did, week by week, can still tell who it is to somebody who was there: do not publish this.",
    ]
    return "\n".join(lines) + "\n"
