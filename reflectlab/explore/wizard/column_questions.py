"""`ColumnQuestions`: what each column of a file holds."""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from ...language import gettext, translatable
from ...schema import EVENTS
from .questions import Question, Questions
from .reading import Arguments, Column, arguments_for, held

HOLDS = translatable({
    "time": "the date", "learner_id": "the learner", "goal_id": "the goal", "event": "what happened",
    "with": "with whom", "role": "helper or helped", "chosen_by": "who chose", "minutes": "how many minutes",
    "note": "a note", "due": "when the goal is due", "class_id": "the class",
})  # fmt: skip
"""What a column can hold, in words."""

_NEEDED = {"time", "learner_id"}

_EVENTS = translatable(["set", "started", "worked", "stuck", "met", "reopened", "dropped"])


class ColumnQuestions(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Ask what each column holds.

    `arguments` are those of `load` that say so: `columns` or `headers`, or neither where the file says it by itself.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change, self._busy = on_change, False
        self._headers: list[str] = []
        self._given: Arguments = {}
        self.table = Questions(gettext("What each column holds"), list(map(gettext, _COLUMNS)))
        wide = {"style": {"description_width": "initial"}, "layout": {"width": "fit-content", "max_width": "100%"}}
        self.every = widgets.Dropdown(
            options=[(gettext("not said"), ""), *((gettext(each), each) for each in EVENTS)],
            description=gettext("What happened in every row"),
            **wide,
        )
        told = gettext("Children write the rows: two rows that tell of one moment count once")
        self.mirrored = widgets.Checkbox(value=True, description=told, indent=False, **wide)
        super().__init__([self.table, self.every, self.mirrored])
        self.table.observe(self._on_table, "answers")
        for control in (self.every, self.mirrored):
            control.observe(self._on_control, "value")

    @property
    def arguments(self) -> Arguments:
        """What was said, as arguments of `load`."""
        return dict(self._given)

    def show(self, columns: Sequence[Column], arguments: Arguments, *, understood: bool, of: str) -> None:
        """Show what each column of a file is taken for; ask nothing where it is understood and is no class log."""
        self._headers = [column.header for column in columns]
        self._given = {name: arguments[name] for name in ("columns", "headers") if name in arguments}
        holds = held(self._headers, arguments)
        asked = columns if self._given or not understood or set(holds.values()) >= _NEEDED else []
        constant = arguments.get("columns", {}).get("event", "")
        self._busy = True
        self.table.ask([_question(column, holds.get(column.header, "")) for column in asked], of=of)
        self.every.value = constant[1:] if constant.startswith("=") and constant[1:] in EVENTS else ""
        self._offer(self.every, shown=bool(asked) and "event" not in holds.values())
        self._offer(self.mirrored, shown=bool(self._given) and {"with", "event"} <= set(holds.values()))
        self._busy = False

    def _offer(self, control: widgets.DOMWidget, *, shown: bool) -> None:
        control.layout.display = None if shown else "none"

    def _on_table(self, change: Any) -> None:
        """Take what was answered; two columns cannot hold the same, so that what was said last counts."""
        if self._busy:
            return
        old, new = change["old"], change["new"]
        last = [header for header in new if new[header] != old.get(header)]
        answered = {new[header]: header for header in [*new, *last] if new[header]}
        self._busy = True
        self.table.answers = {header: name if answered.get(name) == header else "" for header, name in new.items()}
        self._busy = False
        self._say({name: header for name, header in answered.items() if header in self._headers})

    def _on_control(self, _: Any) -> None:
        if self._busy:
            return
        holds = held(self._headers, self._given)
        self._say({name: header for header, name in holds.items()})

    def _say(self, said: dict[str, str]) -> None:
        if self.every.value and "event" not in said:
            said["event"] = f"={self.every.value}"
        mirrored = self.mirrored.value and not said.get("event", "=").startswith("=")
        self._given = arguments_for(self._headers, said, mirrored=mirrored)
        self._on_change()


def _question(column: Column, holds: str) -> Question:
    cells = [column.header, " · ".join(column.cells)]
    options = [(gettext("nothing that is needed"), ""), *((gettext(label), name) for name, label in HOLDS.items())]
    return Question(column.header, cells, gettext("What {column} holds", column=column.header), options, holds)


_COLUMNS = translatable(["Column", "For example", "Holds"])
