"""`JournalView`: the teacher's journal beside what is being looked at."""

import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd
import traitlets

from ...errors import ReflectLabError
from ...journal import Journal
from ...language import counted, gettext, number_in_words
from ..choice import Choice, day_text
from . import STYLE, Worded, script
from .figure import opaque

_MOST = 200
"""How many notes are listed at once; a search finds the others."""

_FORM = ("noticed", "will_try", "day")

_IDS = ("class_id", "learner_id", "goal_id")

Message = dict[str, Any]

_NOTE_ID = re.compile("[0-9a-f]{32}")


class JournalView(Worded):
    """Write down what you noticed and what you will try; find again what you wrote before.

    What is written goes to the disk and is acknowledged only then; until then the page keeps it, through a restart of
    Python and of the browser. Notes belong to the log they are written beside, and can be changed and deleted. They
    are sent to the page when it asks, and are never stored in the notebook. While names are hidden (`choice.hidden`),
    the page holds neither notes nor names.

    Parameters
    ----------
    choice : Choice
        What is being looked at: a note is about its class or its learner, at its day, unless you say otherwise.
    journal : Journal, optional
        Your journal in its usual place by default.

    Attributes
    ----------
    goal_id : str or None
        The goal that is being looked at; a note is about it too.

    Examples
    --------
    >>> import reflectlab, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> journal = reflectlab.Journal(f"{folder.name}/journal.sqlite")
    >>> view = JournalView(Choice(reflectlab.example()), journal)
    >>> view.goal_id = "hook"
    >>> folder.cleanup()
    """

    _esm = script("journal.js")
    _css = STYLE

    goal_id = traitlets.Unicode(None, allow_none=True)

    def __init__(self, choice: Choice, journal: Journal | None = None) -> None:
        self.choice = choice
        self.journal = journal if journal is not None else Journal()
        self._meant: dict[str, Message] = {}
        self._about = _key("class", choice.class_id)
        self._search, self._show = "", "class"
        self._answered: Message = {}
        self._log_key = ""
        super().__init__()
        self.on_msg(self._on_message)
        choice.observe(self._on_learner, "learner_id")
        choice.observe(self._on_class, "class_id")
        choice.observe(self._tell, ["day", "hidden"])
        self.observe(self._tell, "goal_id")

    def _on_learner(self, change: Any) -> None:
        self._about = _key("learner", change["new"]) or self._about
        self._tell()

    def _on_class(self, change: Any) -> None:
        self._about = _key("class", change["new"])
        self._tell()

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        """Answer the page: it asks to `look`, to `keep`, `change` or `remove` a note, or to `export` what is listed."""
        asked = message if isinstance(message, dict) else {}
        acts: dict[str, Callable[[Message], Message]] = {
            "look": self._look, "keep": self._keep, "change": self._change, "remove": self._remove,
            "export": self._export,
        }  # fmt: skip
        act = acts.get(_text(asked, "do"))
        if act is None:
            return
        try:
            answer = act(asked)
        except ReflectLabError as error:
            answer = {"is": "refused", "draft": asked.get("draft"), "said": str(error)}
        self.send(answer)
        if answer["is"] in ("kept", "removed"):
            self.choice.noted += 1
            self._tell()

    def _tell(self, _: Any = None) -> None:
        self._on_message(self, {"do": "look", "search": self._search, "show": self._show}, None)

    def _look(self, asked: Message) -> Message:
        self._search, self._show = _text(asked, "search"), _text(asked, "show")
        if self.choice.hidden:
            return {"is": "hidden"}
        form = {"about": self._about_options(), "goals": self._goal_options(), "shows": self._shows()}
        now = {"now": self._about, "goal": _key("goal", self.goal_id), "day": self.choice.day.isoformat()}
        listed = self._listed()
        return {"is": "told", **form, **now, "shown": self._show, "log": self._log_key, **listed}

    def _keep(self, asked: Message) -> Message:
        """Write a note; the same draft sent twice is one note."""
        draft = _text(asked, "draft")
        if draft and draft == self._answered.get("draft"):
            return self._answered
        told, note_id = self._note(asked), draft if _NOTE_ID.fullmatch(draft) else ""
        self.journal.write(**told, note_id=note_id)
        answer = {"is": "kept", "draft": draft, "said": _kept(told["about"])}
        self._answered = {} if note_id else answer
        return answer

    def _change(self, asked: Message) -> Message:
        """Put what is in the form in the place of a note; what it is about stays where that is not offered here."""
        told, note_id = self._note(asked), _text(asked, "note")
        if _text(asked, "about") not in self._meant:
            notes = self.journal.notes()
            for note in notes[notes["note_id"] == note_id].to_dict("records"):
                told |= {name: note[name] if isinstance(note[name], str) else None for name in _IDS}
                told["about"] = note["about"]
        self.journal.rewrite(note_id, **told)
        return {"is": "kept", "draft": note_id, "said": gettext("The change is kept.")}

    def _remove(self, asked: Message) -> Message:
        self.journal.remove(_text(asked, "note"))
        return {"is": "removed", "said": gettext("The note is deleted.")}

    def _note(self, asked: Message) -> Message:
        """Return a note as the journal takes it: its words, what it is about, and the log it belongs to."""
        meant = [self._meant.get(_text(asked, name), {}) for name in ("about", "goal")]
        ids = {name: value for each in meant for name, value in each.items() if name in _IDS}
        about = " · ".join(str(each["label"]) for each in meant if each.get("label"))
        told = {name: _text(asked, name) for name in _FORM}
        return {**dict.fromkeys(_IDS), **told, **ids, "about": about, "log_key": self.log_key}

    @property
    def log_key(self) -> str:
        """The key that the notes of this log have, made when it is opened beside a journal for the first time."""
        self._log_key = self._log_key or self.journal.key_of(self.choice.log)
        return self._log_key

    def days(self) -> pd.DataFrame:
        """Return of which days there are notes on which learner: `learner_id, day, notes`; none where names are hidden.

        Nothing of what they say: pictures are stored in a notebook.
        """
        try:
            found = self.journal.notes(log_key=self.log_key) if not self.choice.hidden else None
        except ReflectLabError:
            found = None
        if found is None or found.empty:
            return pd.DataFrame({"learner_id": [], "day": [], "notes": []})
        known = found.dropna(subset=["learner_id", "day"])
        return known.groupby(["learner_id", "day"], as_index=False).agg(notes=("note_id", "size"))

    def look_at_learner(self) -> None:
        """List the notes on the learner that is looked at."""
        self._show = "learner"
        self._tell()

    def _export(self, asked: Message) -> Message:
        self._search, self._show = _text(asked, "search"), _text(asked, "show")
        if self.choice.hidden:
            return {"is": "hidden"}
        return {
            "is": "markdown",
            "text": self.journal.to_markdown(search=self._search, **self._of_log(), **self._narrowed()),
        }

    def _listed(self) -> Message:
        try:
            notes = self.journal.notes(search=self._search, **self._of_log(), **self._narrowed())
        except ReflectLabError as error:
            return {"notes": [], "caption": "", "trouble": str(error)}
        listed = [_for_page(note) for note in notes.head(_MOST).to_dict("records")]
        return {"notes": listed, "caption": _caption(len(notes)), "trouble": self.journal.mended}

    def _of_log(self) -> dict[str, str]:
        return {"log_key": self.log_key} if self._show in ("class", "learner", "log") else {}

    def _narrowed(self) -> dict[str, str | None]:
        choice = self.choice
        narrow = {"class": {"class_id": choice.class_id}, "learner": {"learner_id": choice.learner_id}}
        return narrow.get(self._show, {})

    def _about_options(self) -> list[Message]:
        """Return what a note can be about: the class, and each of its learners."""
        choice = self.choice
        room = {"class_id": choice.class_id}
        options = [self._option("class", choice.class_id, choice.class_id or gettext("the class"), room)]
        told = [(label, key, room | {"learner_id": key}) for label, key in choice.learner_options]
        return options + [self._option("learner", key, label, ids) for label, key, ids in told]

    def _goal_options(self) -> list[Message]:
        titles = self.choice.titles.astype(str).to_dict()
        return [self._option("goal", str(key), title, {"goal_id": str(key)}) for key, title in titles.items()]

    def _option(self, what: str, key: str | None, label: str, ids: Message) -> Message:
        opaque_key = _key(what, key)
        self._meant[opaque_key] = {**ids, "label": label}
        return {"key": opaque_key, "label": label}

    def _shows(self) -> list[Message]:
        class_id, learner = self.choice.class_id, self.choice.names.get(self.choice.learner_id or "", "")
        of = {"class": class_id or gettext("the class"), "learner": learner}
        of |= {"log": gettext("all of this log"), "all": gettext("all notes")}
        return [{"key": key, "label": label} for key, label in of.items() if label]


def _key(what: str, key: str | None) -> str:
    """Return what stands in the page for a class, a learner or a goal."""
    return "" if key is None and what != "class" else str(opaque(f"{what} {key}"))


def _kept(about: str) -> str:
    return gettext("Kept: {about}.", about=about) if about else gettext("Kept.")


def _text(asked: Message, name: str) -> str:
    value = asked.get(name)
    return value if isinstance(value, str) else ""


def _for_page(note: Mapping[Hashable, Any]) -> Message:
    ids_of = {name: note[name] if isinstance(note[name], str) else None for name in _IDS}
    ids = [each for each in ids_of.values() if each]
    told = {name: str(note[name]) for name in ("noticed", "will_try")}
    day = gettext("Without a day") if note["day"] != note["day"] else day_text(note["day"])
    keys = {"on": _key("learner", ids_of["learner_id"]) or _key("class", ids_of["class_id"])}
    keys |= {"goal": _key("goal", ids_of["goal_id"]), "note": str(note["note_id"])}
    date = "" if note["day"] != note["day"] else note["day"].date().isoformat()
    return {"day": day, "date": date, "about": note["about"] or " · ".join(ids), **keys, **told}


def _caption(count: int) -> str:
    if count > _MOST:
        number = number_in_words(count)
        return gettext("The latest {most} of {number} notes: search to find the others.", most=_MOST, number=number)
    return counted(count, "note") if count else gettext("No notes yet.")
