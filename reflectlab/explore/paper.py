"""What goes on paper or into a file: a page a learner, the class board, the invitations, your notes."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages

from .. import show
from ..errors import one_of
from ..language import gettext, translatable
from ..show.parts.drawing import scripts_without_font
from ..show.parts.words import isolated, short_day
from ..show.review import plot_words
from .choice import Choice
from .views import INVITATIONS, Pictures, Tables, spoken
from .widgets.journal import JournalView
from .widgets.print import Page
from .widgets.save import SavedFile
from .widgets.table import shown_text

PRINTED = ("learners", "board", "invitations", "notes")

OTHERS = ("named", "classmate", "nobody")

_ANYBODY = translatable(["a classmate", "A classmate"])
"""What others are called where they are not named: in a sentence, and at its beginning."""

_FILES = translatable({"learners": "pathways", "board": "class board", "invitations": "invitations", "notes": "notes"})

_TYPES = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml", "zip": "application/zip"}

_LINES = 34
"""How many lines of notes stand on a page of a PDF."""

_STEP = translatable("My next step:")

LOOK_AT_FIRST = translatable("What to look at first")


@dataclass(frozen=True)
class Wanted:
    """What is to be printed: of everybody or `one` learner, and what stands on the page.

    `others` says how classmates stand on a learner's page: `named`, as `classmate`, or `nobody` at all. `own` is true
    where the learner stands there by name, though names are hidden on the board.
    """

    what: str = "learners"
    one: bool = False
    others: str = "named"
    own: bool = False
    invitations: bool = True
    notes: bool = False
    step: bool = False

    @classmethod
    def of(cls, wants: Mapping[str, Any]) -> "Wanted":
        """Return what a page asks for; what it has no word for is as by default."""
        known = {each.name: type(each.default) for each in fields(cls)}
        told: dict[str, Any] = {name: wants[name] for name in known if isinstance(wants.get(name), known[name])}
        return cls(**told)

    def __post_init__(self) -> None:
        one_of("what", self.what, PRINTED)
        one_of("others", self.others, OTHERS)


@dataclass(frozen=True)
class Paper:
    """The pages and files of a board.

    >>> import reflectlab
    >>> from reflectlab.explore.choice import Choice
    >>> choice = Choice(reflectlab.example())
    >>> paper = Paper(Pictures(choice), Tables(choice))
    >>> [page["title"] for page in paper.pages()]
    ['Aroha', 'Ben', 'Chloë', 'Hēmi']
    >>> paper.pages(Wanted(others="classmate"))[3]["rows"][0][-1]
    'A classmate met this goal 2 school days ago: you could ask about it.'
    """

    pictures: Pictures
    tables: Tables
    journal: JournalView | None = None

    @property
    def choice(self) -> Choice:
        """What is chosen on the board."""
        return self.pictures.choice

    def pages(self, wanted: Wanted | None = None) -> list[Page]:
        """Return the pages that are wanted; by default one for each learner, with the invitations."""
        wanted = wanted or Wanted()
        if wanted.what == "learners":
            return [self._page(learner, wanted) for learner in self._learners(wanted)]
        if wanted.what == "notes":
            return [{"title": gettext("Notes"), "heading": self._heading, "notes": self._notes(None)}]
        ax = self._picture(wanted.what)
        told = {"said": self._said} if wanted.what == "board" else {}
        return [{"title": "", "heading": "", **told, "svg": show.to_svg(ax), "description": show.alt_text(ax)}]

    def file(self, wanted: Wanted, kind: str) -> SavedFile:
        """Return a file of what is wanted, as `pdf`, `png` or `svg`; several pictures come in a zip."""
        one_of("kind", kind, ("pdf", "png", "svg"))
        class_id = re.sub("[^0-9A-Za-z]+", " ", self.choice.class_id or gettext("class")).strip()
        stem = f"{class_id} {gettext(_FILES[wanted.what])} {self.choice.day}"
        drawn = list(self._drawn(wanted))
        if kind == "pdf":
            told = _written(gettext(LOOK_AT_FIRST), self._heading, self._said) if wanted.what == "board" else ()
            return SavedFile(f"{stem}.pdf", _TYPES["pdf"], _as_pdf([ax for _, ax in (*told, *drawn)]))
        each = [(f"{number:02} {name}.{kind}", _as_bytes(ax, kind)) for number, (name, ax) in enumerate(drawn, start=1)]
        if len(each) == 1:
            return SavedFile(f"{stem}.{kind}", _TYPES[kind], each[0][1])
        return SavedFile(f"{stem}.zip", _TYPES["zip"], _zipped(each))

    def left_out(self, wanted: Wanted) -> int:
        """Return how many notes do not stand on the pages, because they name another learner."""
        if not (wanted.notes and wanted.what == "learners" and wanted.others != "named"):
            return 0
        learners = self._learners(wanted)
        return sum(len(self._notes(each)) - len(self._notes_for(each, wanted)) for each in learners)

    def remark(self, kind: str) -> str:
        """Return what is to be said of a file of this kind: which scripts have no font here; empty where all have."""
        texts = [*self.choice.names.values(), *self.choice.titles.astype(str)]
        missing = scripts_without_font(texts) if kind != "svg" else []
        told = {"scripts": ", ".join(missing), "kind": kind.upper()}
        said = gettext(
            "No font for {scripts} is on this computer, so {kind} shows boxes: save as SVG, or print.", **told
        )
        return said if missing else ""

    @property
    def _said(self) -> list[str]:
        """What to look at first, in sentences."""
        return self.tables.digest()["sentence"].tolist()

    @property
    def _heading(self) -> str:
        choice = self.choice
        return " · ".join(part for part in (choice.class_id, choice.strand, choice.when) if part)

    def _learners(self, wanted: Wanted) -> list[str]:
        return [str(self.choice.learner_id)] if wanted.one and self.choice.learner_id else self.choice.members

    def _own_name(self, learner: str, wanted: Wanted) -> str:
        return (self.choice.true_names if wanted.own else self.choice.names)[learner]

    def _names(self, learner: str, wanted: Wanted) -> dict[str, str]:
        """Return what everybody is called on the page of a learner."""
        names = self.choice.names
        others = names if wanted.others == "named" else dict.fromkeys(names, gettext(_ANYBODY[0]))
        return {**others, learner: self._own_name(learner, wanted)}

    def _pathway(self, learner: str, wanted: Wanted) -> Axes:
        names = self._names(learner, wanted)
        return self.pictures.pathway(learner, names=names, others=wanted.others != "nobody", marked=False)

    def _page(self, learner: str, wanted: Wanted) -> Page:
        pathway = self._pathway(learner, wanted)
        columns = {name: title for name, title in spoken(INVITATIONS).items() if name != "learner"}
        return {
            "title": self._own_name(learner, wanted),
            "heading": self._heading,
            "svg": show.to_svg(pathway),
            "description": show.alt_text(pathway),
            "columns": list(columns.values()),
            "rows": self._invited(learner, wanted, list(columns)) if wanted.invitations else [],
            "notes": self._notes_for(learner, wanted) if wanted.notes else [],
            "step": gettext(_STEP) if wanted.step else "",
        }

    def _invited(self, learner: str, wanted: Wanted, columns: list[str]) -> list[list[str]]:
        called = None if wanted.others == "named" else dict.fromkeys(self.choice.names, gettext(_ANYBODY[1]))
        rows = self.tables.invitations(learner, called)
        if wanted.others == "nobody":
            rows = rows[rows["with_learner_id"].isna()]
        return [[shown_text(row[name]) for name in columns] for row in rows.to_dict("records")]

    def _notes(self, learner: str | None) -> list[dict[str, str]]:
        """Return your notes on a learner, or on the class and all in it, up to the day: none where names are hidden."""
        if self.journal is None or self.choice.hidden:
            return []
        which: dict[str, Any] = {"learner_id": learner} if learner else {"class_id": self.choice.class_id}
        notes = self.journal.journal.notes(
            log_key=self.journal.log_key, start=self.choice.begin, end=self.choice.day, **which
        )
        return [_note(row) for row in notes.to_dict("records")]

    def _notes_for(self, learner: str, wanted: Wanted) -> list[dict[str, str]]:
        """Return the notes that may stand on a page: where others are not named, none that names one."""
        notes = self._notes(learner)
        if wanted.others == "named":
            return notes
        others = [key for key in self.choice.true_names if key != learner]
        words = {word for key in others for word in (key, *_words(self.choice.true_names[key]))}
        return [note for note in notes if not words.intersection(_words(" ".join([note["noticed"], note["will_try"]])))]

    def _picture(self, what: str) -> Axes:
        if what == "board":
            return self.pictures.board()
        measured = self.pictures.measured
        title = gettext("Invitations · {what}", what=self._heading)
        return show.plot_opportunities(
            measured.invitations(),
            names=self._isolated(),
            titles=self.choice.titles,
            status=measured.status(),
            title=title,
        )

    def _isolated(self) -> Mapping[str, str]:
        return {key: isolated(name) for key, name in self.choice.names.items()}

    def _drawn(self, wanted: Wanted) -> Iterator[tuple[str, Axes]]:
        """Yield the pictures of a file, each with its name."""
        if wanted.what == "notes":
            yield from _written(gettext("Notes"), self._heading, _note_lines(self._notes(None)))
        elif wanted.what != "learners":
            yield gettext(_FILES[wanted.what]), self._picture(wanted.what)
        else:
            for learner in self._learners(wanted):
                name = self._own_name(learner, wanted)
                yield name, self._pathway(learner, wanted)
                page = self._page(learner, wanted)
                lines = [" · ".join(cell for cell in row if cell) for row in page["rows"]]
                lines += [*_note_lines(page["notes"]), *([page["step"]] if page["step"] else [])]
                yield from _written(name, self._heading, lines)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _note(row: Mapping[Any, Any]) -> dict[str, str]:
    day: Any = row["day"]
    told = {name: str(row[name]) for name in ("about", "noticed", "will_try")}
    return {"day": "" if pd.isna(day) else short_day(day), **told}


def _note_lines(notes: list[dict[str, str]]) -> list[str]:
    heads = {"noticed": gettext("I noticed"), "will_try": gettext("I will try")}
    return [
        f"{note['day']} · {note['about']} · {head}: {' '.join(note[name].split())}"
        for note in notes
        for name, head in heads.items()
        if note[name]
    ]


def _written(title: str, sentence: str, lines: list[str]) -> Iterator[tuple[str, Axes]]:
    for start in range(0, len(lines), _LINES):
        yield (
            gettext("{title} in words", title=title),
            plot_words(lines[start : start + _LINES], title=title, sentence=sentence),
        )


def _as_pdf(pictures: list[Axes]) -> bytes:
    target = io.BytesIO()
    with PdfPages(target, metadata={"CreationDate": None, "Producer": None, "Creator": "reflectlab"}) as pages:
        for ax in pictures:
            pages.savefig(ax.get_figure(root=True))
    return target.getvalue()


def _as_bytes(ax: Axes, kind: str) -> bytes:
    return show.to_png(ax, dpi=192) if kind == "png" else show.to_svg(ax).encode("utf-8")


def _zipped(files: list[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()
