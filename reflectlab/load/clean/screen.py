"""Rows sifted: each is kept, or listed with the reason; none is lost on the way."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Self

import polars as pl

from ...language import gettext, ngettext, number_in_words
from ...log.calendar import odd_span
from ...log.checks import BAD_DUE, MISSING_TIME, Rule
from ...log.frames import by_value
from ...problems import Advice, Problem
from ..files.raw import ROW, RawTable
from ..options import Options
from .dates.clocks import no_clocks, with_clocks
from .dates.columns import Where, carried_down, read_dates, zoned_in
from .dates.new_year import refuse_new_year
from .dates.numbers import NUMBER, forms_of

TIME = pl.Datetime("us")

LARGEST_REMARKS = 20
"""How many remarks on spelling one column may have; the last of them says how many more there are."""


_WITHOUT = "The row is in the log without it."


class Screen:
    """A raw table on its way into the log.

    It begins with the columns that are named, called as the log calls them; rows are then rejected one rule after the
    other, and each is listed for the first rule that it breaks. What it holds is changed by its methods only. `headers`
    has the header of each column that is taken; a value that starts with an equals sign and is no header stands in
    every row.
    """

    def __init__(self, raw: RawTable, options: Options, headers: Mapping[str, str]) -> None:
        self.raw, self.options = raw, options
        self._headers = dict(headers)
        self._problems = list(raw.problems)
        self.values: dict[str, pl.Series] = {}
        self._frame = raw.frame.select(ROW, *(self._taken(name, header) for name, header in headers.items()))

    def _taken(self, name: str, header: str) -> pl.Expr:
        if header in self.raw.header:
            return pl.col(header).alias(name)
        return pl.lit(header.removeprefix("=")).alias(name)

    @property
    def frame(self) -> pl.DataFrame:
        """The rows that are left, with `ROW`."""
        return self._frame

    @property
    def headers(self) -> Mapping[str, str]:
        """What each column is called in the file."""
        return self._headers

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with the rows that are left out, and remarks on others."""
        return self._problems

    def has(self, name: str) -> bool:
        """Tell whether the table has this column."""
        return name in self._frame.columns

    def put(self, *columns: pl.Expr | pl.Series, **named: pl.Expr | pl.Series | str) -> None:
        """Add columns, or put others in their place, as `with_columns` of Polars does."""
        self._frame = self._frame.with_columns(*columns, **named)

    def put_empty(self, headers: Mapping[str, str]) -> None:
        """Add the columns among these that the table lacks, empty, each with what it would be called in the file."""
        lacking = {name: header for name, header in headers.items() if not self.has(name)}
        self._headers |= lacking
        self.put(*(pl.lit("").alias(name) for name in lacking))

    def select(self, *columns: str) -> None:
        """Go on with these columns only."""
        self._frame = self._frame.select(ROW, *columns)

    def part(self, rows: pl.DataFrame, headers: Mapping[str, str]) -> Self:
        """Return a screen on other rows of the same table and what they are called; its problems are those of this."""
        other = copy(self)
        other._frame, other._headers = rows, {**self._headers, **headers}
        return other

    def note(self, *problems: Problem) -> None:
        """Add problems that no rule of a row tells."""
        self._problems += problems

    def problem(
        self, code: str, message: str, advice: Advice | str, row: int | None, name: str, value: str | None
    ) -> Problem:
        """Return a problem of this table; `name` is the column as the log calls it."""
        file, sheet = self.raw.place
        column = self._headers.get(name, name)
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
        """List the rows that break a rule, and go on without them; `say` gives the message for a value of a column."""
        marked = self._frame.with_columns(_broken=broken)
        if not marked["_broken"].any():
            return
        bad = marked.filter(pl.col("_broken"))
        values = bad[name].cast(pl.String).fill_null("").to_list() if name in bad.columns else [""] * bad.height
        advice = {value: hint if isinstance(hint, str) else hint(value) for value in dict.fromkeys(values)}
        for row, value in zip(bad[ROW].to_list(), values, strict=True):
            self.note(self.problem(code, say(value), advice[value], row, name, value))
        self._frame = marked.filter(~pl.col("_broken").fill_null(value=False)).drop("_broken")

    def remark(
        self,
        where: pl.Expr,
        code: str,
        name: str,
        say: Callable[[str], str],
        hint: Callable[[str], Advice | str] | str,
    ) -> None:
        """Remark on rows that stay; the arguments are those of `reject`."""
        found = self._frame.filter(where).select(ROW, name)
        advice = {value: hint if isinstance(hint, str) else hint(value) for value in found[name].unique().to_list()}
        for row, value in found.iter_rows():
            self.note(self.problem(code, say(value), advice[value], row, name, value))

    def times(
        self,
        name: str,
        others: Callable[[], Iterable[pl.Series]],
        *,
        required: bool = True,
        carried: bool = False,
        in_order: bool = False,
        costs_row: bool = True,
    ) -> None:
        """Read a column of dates; list what is none, and where it is required what is missing.

        Parameters
        ----------
        name : str
        others : callable
            The other columns of the file, for evidence on how dates are written there.
        required : bool
        carried : bool
            Whether a date may be written once for a day, with blank cells below: of a log that is kept by hand.
        in_order : bool
            Whether the rows stand in order of time, so that dates without a year may not run over New Year.
        costs_row : bool
            Whether a row with what is no date is left out; else it goes on without, and that is remarked on.
        """
        texts = self._frame[name]
        if not required and not carried and (texts == "").all():  # a column that nobody filled in
            self.put(pl.lit(None, pl.Datetime("us")).alias(name))
            return
        read = read_dates(texts, self.options, Where(str(self.raw), self._headers[name], others))
        self._remark_zone(name, texts, read["iso"])
        time = self._carried(name, read["time"]) if carried and self.options.fill_dates else read["time"]
        if carried and self.has("clock"):
            time = with_clocks(time, self._frame["clock"])
            none = pl.col("clock").is_in(no_clocks(self._frame["clock"]))
            self.remark(none, "normalised", "clock", _no_clock, gettext("Write it as 09:30."))
        self._frame = pl.concat([self._frame, time.to_frame("_time"), read.select(_why="why")], how="horizontal")
        for row, value, remark in _remarked(self._frame[ROW], texts, read["remark"]):
            hint = gettext("Correct it if that is not what was meant.")
            self.note(self.problem("normalised", remark, hint, row, name, value.strip()))
        if read["time"].null_count():  # what is no date is named without the blanks around it
            self.put(self._frame[name].str.strip_chars())
        why = dict(self._frame.select(name, "_why").filter(pl.col("_why").is_not_null()).unique().iter_rows())
        broken = pl.col("_why").is_not_null()
        if costs_row:
            self.reject(broken, "bad_time", name, lambda value: why[value], MISSING_TIME.hint)
        else:
            self.remark(broken, BAD_DUE.code, name, lambda value: f"{why[value]} {_WITHOUT}", BAD_DUE.hint)
        if required:
            self.reject(pl.col("_time").is_null(), "missing_time", name, MISSING_TIME.say, MISSING_TIME.hint)
            self._remark_oddness(name, time, texts)
        if in_order and self.options.year is not None:
            dated = self._frame.select(ROW, time="_time", written=pl.col(name).str.strip_chars())
            refuse_new_year(dated, str(self.raw), by_hand=carried)
        self._frame = self._frame.with_columns(pl.col("_time").alias(name)).drop("_time", "_why")

    def _remark_zone(self, name: str, texts: pl.Series, iso: pl.Series) -> None:
        """Say that times are shown in UTC and not as the clock of the school had them."""
        if self.options.tz != "UTC" or not (zoned := zoned_in(texts, iso, self.options)).any():
            return
        for row, value in self._frame.select(ROW, name).filter(zoned).head(1).iter_rows():
            text = gettext(
                'The times carry a zone ("{value}"), or count from a moment that does: they are shown in UTC.',
                value=value,
            )
            hint = gettext(
                "Say the zone of the school; of one in Auckland: {option}.",
                option=self.options.say(tz="Pacific/Auckland"),
            )
            self.note(self.problem("zone", text, hint, row, name, value))

    def _carried(self, name: str, times: pl.Series) -> pl.Series:
        """Carry dates down that are written once for a day, and say so once."""
        header = self._headers[name]
        errors = [
            problem.row for problem in self.raw.problems if problem.code == "error_cell" and problem.column == header
        ]
        texts = self._frame[name]  # a cell with an error is read as empty, and is none that was left blank
        times, carried = carried_down(times, texts.set(self._frame[ROW].is_in(errors), "?") if errors else texts)
        if carried.any():
            rows = self._frame[ROW].filter(carried)
            text = ngettext(
                "This row has no date; it was read with the date above it.",
                "{number} rows without a date were read with the date above them, this one's first.",
                len(rows),
                number=number_in_words(len(rows)),
            )
            hint = gettext(
                "If it is not known when they were, have them listed: {option}.",
                option=self.options.say(fill_dates=False),
            )
            self.note(self.problem("carried_date", text, hint, rows[0], name, None))
        return times

    def _remark_oddness(self, name: str, times: pl.Series, texts: pl.Series) -> None:
        if odd := oddness(times, texts, self.options):
            self.note(self.problem("odd_span", *odd, None, name, None))

    def names(self, *columns: str) -> None:
        """Bring ids and names into one form, so that two spellings of one child are one child."""
        for name in columns:
            if not self.has(name):
                continue
            written = self._frame[name]
            values = written.unique()
            self.values[name] = tidied(values)
            if self.values[name] is not values:
                tidy = written.replace(values, self.values[name])
                self._remark_spelling(name, written, tidy)
                self.put(tidy.alias(name))

    def _remark_spelling(self, name: str, written: pl.Series, tidy: pl.Series) -> None:
        changed = self._frame.select(ROW, written=written, tidy=tidy).filter(pl.col("written") != pl.col("tidy"))
        first = changed.unique("written", keep="first", maintain_order=True)
        for row, value, read in first.head(LARGEST_REMARKS).iter_rows():
            more = (
                " " + gettext("So it was in {number} spellings of this column.", number=number_in_words(first.height))
                if first.height > LARGEST_REMARKS
                else ""
            )
            text = gettext(
                '"{value}" was read as "{read}": blanks around it, or letters composed in another way.{more}',
                value=value,
                read=read,
                more=more,
            )
            self.note(self.problem("normalised", text, gettext("Nothing needs to be done."), row, name, value))

    def require(self, rule: Rule) -> None:
        """List the rows in which the column of a rule of the log is empty."""
        self.missing(rule.column, rule.code, rule.message, rule.hint)

    def missing(self, name: str, code: str, message: str, hint: str) -> None:
        """List the rows in which a column is empty."""
        self.reject(pl.col(name) == "", code, name, lambda _: message, hint)

    def placed(self) -> pl.DataFrame:
        """Return the rows that are left, with `row, file, sheet`."""
        return place(self._frame, self.raw)


def place(frame: pl.DataFrame, raw: RawTable) -> pl.DataFrame:
    """Say of each row where it stood."""
    file, sheet = raw.place
    placed = frame.with_columns(pl.lit(file).alias("file"), pl.lit(sheet, pl.String).alias("sheet"))
    return placed.rename({ROW: "row"})


def tidied(texts: pl.Series) -> pl.Series:
    """Take blanks off the ends of names, and compose their letters (NFC).

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


def nothing_if_empty(frame: pl.DataFrame, columns: Sequence[str]) -> list[pl.Expr]:
    """Return those of some columns that a frame has and that hold empty texts, these missing."""
    empty = [name for name in columns if name in frame.columns and (frame[name] == "").any()]
    return [pl.col(name).replace("", None) for name in empty]


def _remarked(rows: pl.Series, texts: pl.Series, remarks: pl.Series) -> list[tuple[int, str, str]]:
    at = remarks.is_not_null()
    return list(zip(rows.filter(at), texts.filter(at), remarks.filter(at), strict=True)) if at.any() else []


def _no_clock(value: str) -> str:
    return gettext('"{value}" is no time of day: the row is in the log with its date alone.', value=value)


def oddness(times: pl.Series, texts: pl.Series, options: Options) -> tuple[str, str] | None:
    """Say what is odd about the span of a column of dates, and what to do about it; None where nothing is.

    >>> times = pl.Series([datetime(1900, 7, 24), datetime(1901, 5, 31)])
    >>> oddness(times, pl.Series(["0206", "0517"]), Options())[0]
    'The dates run from 1900-07-24 to 1901-05-31: that is far from today.'
    """
    first, last = times.min(), times.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return None
    odd = odd_span(first.date(), last.date())
    if odd is None:
        return None
    text = gettext(
        "The dates run from {first} to {last}: that is {odd}.",
        first=f"{first:%Y-%m-%d}",
        last=f"{last:%Y-%m-%d}",
        odd=gettext(odd),
    )
    return text, _other_form(texts, options) or gettext(
        "Nothing needs to be done if they are right; a year may be a slip."
    )


def _other_form(texts: pl.Series, options: Options) -> str | None:
    values = [text for text in texts.unique(maintain_order=True).str.strip_chars().to_list() if text]
    if not all(NUMBER.fullmatch(text) for text in values):
        return None
    other = [form for form in forms_of(values, options.tz) if form.plausible and form.name != options.date_format]
    return (
        gettext(
            "They may be {said}; if so, say so: {option}.", said=other[0].said, option=options.say(**other[0].arguments)
        )
        if other
        else None
    )
