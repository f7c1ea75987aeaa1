"""Rows sifted: each is kept, or listed with the reason; none is lost on the way."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

import narwhals as nw
import polars as pl

from ...log.checks import MISSING_TIME, Rule
from ...log.frames import by_value
from ...problems import Advice, Problem
from ..files.raw import ROW, RawTable
from ..options import Options
from .dates import Where, read_dates

TIME = pl.Datetime("us")

LARGEST_REMARKS = 20
"""How many remarks on spelling one column may have; the last of them says how many more there are."""


class Screen:
    """A raw table on its way into the log.

    Columns are renamed to what the log calls them with `take`; rows are then rejected one rule after the other, and
    each is listed for the first rule that it breaks.

    Parameters
    ----------
    raw : RawTable
    options : Options
    headers : mapping of str to str
        The header in the file of each column that is taken; a value that starts with an equals sign and is no header
        stands in every row.
    """

    def __init__(self, raw: RawTable, options: Options, headers: Mapping[str, str]) -> None:
        self.raw, self.options, self.headers = raw, options, headers
        self.problems: list[Problem] = list(raw.problems)
        self.rows_read = raw.rows_read
        columns = [self._taken(name, header) for name, header in headers.items()]
        self.frame = raw.frame.select(ROW, *columns)

    def _taken(self, name: str, header: str) -> pl.Expr:
        if header in self.raw.header:
            return pl.col(header).alias(name)
        return pl.lit(header.removeprefix("=")).alias(name)

    def has(self, name: str) -> bool:
        """Tell whether the table has this column."""
        return name in self.frame.columns

    def problem(
        self, code: str, message: str, advice: Advice | str, row: int | None, name: str, value: str | None
    ) -> Problem:
        """Return a problem of this table; `name` is the column as the log calls it."""
        file, sheet = self.raw.place
        column = self.headers.get(name, name)
        said = advice if isinstance(advice, Advice) else Advice(advice)
        return Problem(code, message, said.hint, file, sheet, row, column, value or None, said.suggestion)

    def reject(
        self,
        broken: pl.Expr | pl.Series,
        code: str,
        name: str,
        say: Callable[[str], str],
        hint: Callable[[str], Advice | str] | str,
    ) -> None:
        """List the rows that break a rule, and go on without them.

        Parameters
        ----------
        broken : polars.Expr or polars.Series
            True for the rows that break it.
        code : str
        name : str
            The column that the rule is about.
        say : callable
            The message for a value.
        hint : str or callable
            What to do, or what to do about a value.
        """
        marked = self.frame.with_columns(_broken=broken)
        if not marked["_broken"].any():
            return
        bad = marked.filter(pl.col("_broken"))
        values = bad[name].cast(pl.String).fill_null("").to_list() if name in bad.columns else [""] * bad.height
        advice = {value: hint if isinstance(hint, str) else hint(value) for value in dict.fromkeys(values)}
        for row, value in zip(bad[ROW].to_list(), values, strict=True):
            self.problems.append(self.problem(code, say(value), advice[value], row, name, value))
        self.frame = marked.filter(~pl.col("_broken").fill_null(value=False)).drop("_broken")

    def remark(self, where: pl.Expr, code: str, name: str, say: Callable[[str], str], hint: str) -> None:
        """Remark on rows that stay; the arguments are those of `reject`."""
        for row, value in self.frame.filter(where).select(ROW, name).iter_rows():
            self.problems.append(self.problem(code, say(value), hint, row, name, value))

    def times(self, name: str, others: Callable[[], Iterable[pl.Series]], *, required: bool = True) -> None:
        """Read a column of dates; list what is none, and where it is required what is missing."""
        texts = self.frame[name]
        read = read_dates(texts, self.options, Where(str(self.raw), self.headers[name], others))
        self.frame = self.frame.with_columns(_time=read["time"], _why=read["why"])
        for row, value, remark in _remarked(self.frame[ROW], texts, read["remark"]):
            hint = "Correct it if that is not what was meant."
            self.problems.append(self.problem("normalised", remark, hint, row, name, value.strip()))
        if read["time"].null_count():  # what is no date is named without the blanks around it
            self.frame = self.frame.with_columns(texts.str.strip_chars())
        why = dict(self.frame.filter(pl.col("_why").is_not_null()).select(name, "_why").unique().iter_rows())
        self.reject(pl.col("_why").is_not_null(), "bad_time", name, lambda value: why[value], MISSING_TIME.hint)
        if required:
            self.reject(pl.col("_time").is_null(), "missing_time", name, MISSING_TIME.say, MISSING_TIME.hint)
        self.frame = self.frame.with_columns(pl.col("_time").alias(name)).drop("_time", "_why")

    def names(self, *columns: str) -> None:
        """Bring ids and names into one form, so that two spellings of one child are one child."""
        for name in columns:
            if not self.has(name):
                continue
            written = self.frame[name]
            tidy = tidied(written)
            if tidy is not written:
                self._remark_spelling(name, written, tidy)
                self.frame = self.frame.with_columns(tidy.alias(name))

    def _remark_spelling(self, name: str, written: pl.Series, tidy: pl.Series) -> None:
        changed = self.frame.select(ROW, written=written, tidy=tidy).filter(pl.col("written") != pl.col("tidy"))
        first = changed.unique("written", keep="first", maintain_order=True)
        for row, value, read in first.head(LARGEST_REMARKS).iter_rows():
            more = f" So it was in {first.height:,} spellings of this column." if first.height > LARGEST_REMARKS else ""
            text = f'"{value}" was read as "{read}": blanks around it, or letters composed in another way.{more}'
            self.problems.append(self.problem("normalised", text, "Nothing needs to be done.", row, name, value))

    def check(self, rule: Rule) -> None:
        """List the rows that break a rule of the log about a text, under the header that the file has for it."""
        cells = nw.from_native(nothing_if_empty(self.frame, [rule.column]))
        broken = cells.select(_broken=rule.broken).to_native()["_broken"]
        self.reject(broken, rule.code, rule.column, rule.say, rule.hint)

    def missing(self, name: str, code: str, message: str, hint: str) -> None:
        """List the rows in which a column is empty."""
        self.reject(pl.col(name) == "", code, name, lambda _: message, hint)

    def placed(self) -> pl.DataFrame:
        """Return the rows that are left, with `row, file, sheet`."""
        return place(self.frame, self.raw)


def place(frame: pl.DataFrame, raw: RawTable) -> pl.DataFrame:
    """Say of each row where it stood."""
    file, sheet = raw.place
    placed = frame.with_columns(pl.lit(file).alias("file"), pl.lit(sheet, pl.String).alias("sheet"))
    return placed.rename({ROW: "row"})


def tidied(texts: pl.Series) -> pl.Series:
    """Take blanks off the ends of names, and compose their letters (NFC).

    Examples
    --------
    >>> tidied(pl.Series(["Ben ", "007"])).to_list()
    ['Ben', '007']
    """
    return by_value(texts, _tidied)


def _tidied(texts: pl.Series) -> pl.Series:
    stripped = texts.str.strip_chars()
    if (stripped.str.len_bytes() == stripped.str.len_chars()).all():
        return stripped
    return pl.Series([tidy_name(text) for text in stripped], dtype=pl.String)


def tidy_name(text: str) -> str:
    """Return a name without blanks around it, its letters composed."""
    return unicodedata.normalize("NFC", text.strip().strip("\u200b\ufeff"))


def nothing_if_empty(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Make empty texts missing."""
    present = [column for column in columns if column in frame.columns]
    return frame.with_columns(pl.when(pl.col(column) != "").then(pl.col(column)).alias(column) for column in present)


def _remarked(rows: pl.Series, texts: pl.Series, remarks: pl.Series) -> list[tuple[int, str, str]]:
    at = remarks.is_not_null()
    return list(zip(rows.filter(at), texts.filter(at), remarks.filter(at), strict=True)) if at.any() else []
