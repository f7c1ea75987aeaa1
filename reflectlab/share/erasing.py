"""`erase`: the right to be forgotten."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from ..errors import ArgumentError, NotALogError
from ..journal import Journal
from ..language import gettext
from ..writing import write_file

SOMEBODY = "(a learner)"

_PEOPLE = ("learner_id", "with_learner_id")


def erase(folder: str | Path, learner: str, *, journal: Journal | str | Path | None = None) -> str:
    """Take everything about a learner out of a folder of tables and out of the journal.

    Rows of the learner go; in the notes of others, and in journal notes about others, the name and the id are replaced.

    Parameters
    ----------
    folder : str or Path
        Tables as CSV or Parquet, as `save_tables` writes them. Workbooks are refused: there it has to be done by hand.
    learner : str
        The learner's id.
    journal : Journal, str or Path, optional
        The journal or its file; your own by default.

    Returns
    -------
    str
        What was taken out, and where to look yourself.

    Raises
    ------
    NotALogError
        If the folder holds no tables, or workbooks.
    ArgumentError
        If no table knows the learner.

    Examples
    --------
    >>> import tempfile
    >>> import reflectlab
    >>> folder = tempfile.mkdtemp()
    >>> written = reflectlab.save_tables(reflectlab.example(), f"{folder}/log")
    >>> erase(f"{folder}/log", "aroha", journal=f"{folder}/journal.sqlite")[:28]
    '10 rows of 3 tables were tak'
    """
    place = Path(folder)
    files = sorted(path for path in place.glob("*") if path.suffix in (".csv", ".parquet"))
    books = [path.name for path in place.glob("*") if path.suffix.lower() in (".xlsx", ".xls", ".ods")]
    if books or not files:
        if books:
            told = {"place": place, "files": ", ".join(books)}
            raise NotALogError(gettext("{place} holds {files}: take the learner out by hand there.", **told))
        raise NotALogError(gettext("{place} holds no CSV or Parquet tables.", place=place))
    tables = {path: _read(path) for path in files}
    names = _names(tables.values(), learner)
    gone, changed = 0, []
    for path, table in tables.items():
        kept = _without(table, learner)
        cleaned = _unnamed(kept, [learner, *names])
        if not cleaned.equals(table):
            changed.append(path.name)
            gone += table.height - kept.height
            _write(path, cleaned)
    notes = _forget(journal if isinstance(journal, Journal) else Journal(journal), learner, names)
    if not changed and not notes:
        raise ArgumentError(f"must be the id of a learner in {place}; got {learner!r}.", "learner")
    return gettext(
        "{rows} rows of {tables} tables were taken out or changed ({names}), and {notes} notes of the journal. Look "
        "yourself at backups, exports and notebooks; nicknames in notes cannot be found.",
        rows=gone,
        tables=len(changed),
        names=", ".join(changed),
        notes=notes,
    )


def _read(path: Path) -> pl.DataFrame:
    if path.suffix == ".parquet":
        return pl.read_parquet(path)
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    head, *body = rows or [[]]
    return pl.DataFrame(body, dict.fromkeys(head, pl.String), orient="row") if head else pl.DataFrame()


def _write(path: Path, table: pl.DataFrame) -> None:
    if path.suffix == ".parquet":
        packed = io.BytesIO()
        table.write_parquet(packed)
        write_file(path, packed.getvalue())
        return
    out = io.StringIO(newline="")
    broken = any("\r" in str(cell) for row in table.rows() for cell in row)  # csv would leave it unquoted
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if broken else csv.QUOTE_MINIMAL)
    writer.writerow(table.columns)
    writer.writerows(table.rows())
    write_file(path, out.getvalue().encode("utf-8-sig"))


def _names(tables: Iterable[pl.DataFrame], learner: str) -> list[str]:
    found = [
        table.filter(pl.col("learner_id") == learner)["name"].drop_nulls().to_list()
        for table in tables
        if {"learner_id", "name"} <= {*table.columns}
    ]
    return sorted({str(name) for names in found for name in names if name}, key=len, reverse=True)


def _without(table: pl.DataFrame, learner: str) -> pl.DataFrame:
    for name in _PEOPLE:
        if name in table.columns:
            table = table.filter(pl.col(name).is_null() | (pl.col(name) != learner))
    return table


def _unnamed(table: pl.DataFrame, words: Iterable[str]) -> pl.DataFrame:
    if "note" not in table.columns:
        return table
    return table.with_columns(pl.col("note").map_elements(lambda note: _replaced(note, words), return_dtype=pl.String))


def _replaced(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", SOMEBODY, text, flags=re.IGNORECASE)
    return text


def _forget(journal: Journal, learner: str, names: list[str]) -> int:
    """Remove the notes about a learner, and write those that name one anew without."""
    if not journal.path.exists():
        return 0
    touched = 0
    for note in journal.notes().to_dict("records"):
        texts = {name: str(note[name] or "") for name in ("noticed", "will_try", "about")}
        cleaned = {name: _replaced(text, [learner, *names]) for name, text in texts.items()}
        own = note["learner_id"] == learner
        if own or cleaned != texts:
            journal.remove(note["note_id"])
            touched += 1
        if not own and cleaned != texts:
            kept = {name: note[name] for name in ("class_id", "learner_id", "goal_id") if isinstance(note[name], str)}
            journal.write(
                cleaned["noticed"], cleaned["will_try"], about=cleaned["about"], day=str(note["day"])[:10], **kept
            )
    return touched
