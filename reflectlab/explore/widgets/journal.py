"""`JournalView`: the teacher's journal beside what is being looked at."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import anywidget
import traitlets

from ...errors import ReflectLabError
from ...journal import Journal
from ..choice import Choice, day_text
from . import STYLE, script
from .figure import opaque

_MOST = 200
"""How many notes are listed at once; a search finds the others."""

_FORM = ("noticed", "will_try", "day")

_IDS = ("class_id", "learner_id", "goal_id")

Message = dict[str, Any]


class JournalView(anywidget.AnyWidget):
    """Write down what you noticed and what you will try; find again what you wrote before.

    What is written goes to the disk and is acknowledged only then. The notes are sent to the page when it asks, and
    are never stored in the notebook. While names are hidden (`choice.hidden`), the page holds neither notes nor names.

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
        """Answer the page, which asks to `look`, to `keep` a note, or to `export` what is listed."""
        asked = message if isinstance(message, dict) else {}
        acts: dict[str, Callable[[Message], Message]] = {"look": self._look, "keep": self._keep, "export": self._export}
        act = acts.get(_text(asked, "do"))
        if act is None:
            return
        try:
            answer = act(asked)
        except ReflectLabError as error:
            answer = {"is": "refused", "draft": asked.get("draft"), "said": str(error)}
        self.send(answer)
        if answer["is"] == "kept":
            self._tell()

    def _tell(self, _: Any = None) -> None:
        self._on_message(self, {"do": "look", "search": self._search, "show": self._show}, None)

    def _look(self, asked: Message) -> Message:
        self._search, self._show = _text(asked, "search"), _text(asked, "show")
        if self.choice.hidden:
            return {"is": "hidden"}
        form = {"about": self._about_options(), "goals": self._goal_options(), "shows": self._shows()}
        now = {"now": self._about, "goal": _key("goal", self.goal_id), "day": self.choice.day.isoformat()}
        return {"is": "told", **form, **now, **self._listed()}

    def _keep(self, asked: Message) -> Message:
        """Write a note; the same draft sent twice is one note."""
        draft = _text(asked, "draft")
        if draft and draft == self._answered.get("draft"):
            return self._answered
        told = {name: _text(asked, name) for name in _FORM}
        meant = [self._meant.get(_text(asked, name), {}) for name in ("about", "goal")]
        ids = {name: value for each in meant for name, value in each.items() if name in _IDS}
        about = " · ".join(str(each["label"]) for each in meant if each.get("label"))
        self.journal.write(**told, **ids, about=about)
        self._answered = {"is": "kept", "draft": draft, "said": f"Kept{f': {about}' if about else ''}."}
        return self._answered

    def _export(self, asked: Message) -> Message:
        self._search, self._show = _text(asked, "search"), _text(asked, "show")
        if self.choice.hidden:
            return {"is": "hidden"}
        return {"is": "markdown", "text": self.journal.to_markdown(search=self._search, **self._narrowed())}

    def _listed(self) -> Message:
        try:
            notes = self.journal.notes(search=self._search, **self._narrowed())
        except ReflectLabError as error:
            return {"notes": [], "caption": "", "trouble": str(error)}
        listed = [_for_page(note) for note in notes.head(_MOST).to_dict("records")]
        return {"notes": listed, "caption": _caption(len(notes)), "trouble": self.journal.mended}

    def _narrowed(self) -> dict[str, str | None]:
        choice = self.choice
        narrow = {"class": {"class_id": choice.class_id}, "learner": {"learner_id": choice.learner_id}}
        return narrow.get(self._show, {})

    def _about_options(self) -> list[Message]:
        """Return what a note can be about: the class, and each of its learners."""
        choice = self.choice
        room = {"class_id": choice.class_id}
        options = [self._option("class", choice.class_id, choice.class_id or "the class", room)]
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
        of = {"class": class_id or "the class", "learner": learner, "all": "all"}
        return [{"key": key, "label": label} for key, label in of.items() if label]


def _key(what: str, key: str | None) -> str:
    """Return what stands in the page for a class, a learner or a goal."""
    return "" if key is None and what != "class" else str(opaque(f"{what} {key}"))


def _text(asked: Message, name: str) -> str:
    value = asked.get(name)
    return value if isinstance(value, str) else ""


def _for_page(note: Mapping[Hashable, Any]) -> Message:
    ids = [note[name] for name in _IDS if isinstance(note[name], str)]
    told = {name: str(note[name]) for name in ("noticed", "will_try")}
    day = "Without a day" if note["day"] != note["day"] else day_text(note["day"])
    return {"day": day, "about": note["about"] or " · ".join(ids), **told}


def _caption(count: int) -> str:
    if count > _MOST:
        return f"The latest {_MOST} of {count:,} notes: search to find the others."
    return {0: "No notes yet.", 1: "1 note"}.get(count, f"{count} notes")
