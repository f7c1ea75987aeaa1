"""A widget on a page that answers its messages, as it does where there is a kernel."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any


class Answering:
    """Put a widget on a stage, and let it hear what the page sends and the page what it answers."""

    def __init__(self, stage: Any, widget: Any, place: str) -> None:
        self.page, self.widget, self.place = stage.page, widget, place
        self.waiting: list[Any] = []
        widget.send = self._from_python
        stage.page.expose_function("toPython", self._to_python)
        stage.show(widget, place)

    def tell(self) -> None:
        """Bring to the page what Python has said meanwhile."""
        self.page.evaluate("([place, told]) => window.models[place].tell(told)", [self.place, self._told()])

    def sync(self, *names: str) -> None:
        """Bring to the page what these traits have become."""
        for name in names:
            told = [self.place, name, getattr(self.widget, name)]
            self.page.evaluate("([place, name, value]) => window.models[place].set(name, value)", told)

    def _from_python(self, content: Any, buffers: Sequence[bytes] = ()) -> None:
        in_bytes = [b64encode(each).decode() for each in buffers]
        self.waiting.append({**content, "inBytes": in_bytes} if in_bytes else content)

    def _to_python(self, _: str, content: Any, buffers: list[str]) -> list[Any]:
        self.widget._handle_custom_msg(content, [b64decode(each) for each in buffers])
        return self._told()

    def _told(self) -> list[Any]:
        told, self.waiting[:] = list(self.waiting), []
        return told
