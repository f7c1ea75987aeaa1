"""What a change makes old is drawn again, the most looked at first, and whatever changes meanwhile comes in between."""

import asyncio
from collections.abc import Callable, Sequence

import traitlets


class Redraw:
    """Calls again what draws from traits of a model, once they have changed.

    Where an event loop runs, as in a notebook, each call leaves the loop free for what the reader does next: several
    quick changes are drawn once, and what a cell changes is drawn when the cell has ended. Without a loop all is drawn
    at once.

    >>> from ipywidgets import IntText
    >>> model, seen = IntText(1), []
    >>> redraw = Redraw(model)
    >>> redraw.add(lambda: seen.append(model.value), ["value"])
    >>> model.value = 2
    >>> seen
    [1, 2]
    """

    def __init__(self, model: traitlets.HasTraits) -> None:
        self._model = model
        self._draws: list[Callable[[], None]] = []
        self._stale: set[int] = set()
        self._waiting = False

    def add(self, draw: Callable[[], None], needs: Sequence[str]) -> None:
        """Draw, and again whenever one of the traits it needs has changed; what is added first is drawn first."""
        place = len(self._draws)
        self._draws.append(draw)
        self._model.observe(lambda _: self._mark(place), list(needs))
        draw()

    def finish(self) -> None:
        """Draw all that is old."""
        while self._stale:
            self._draw_next()

    def _mark(self, place: int) -> None:
        self._stale.add(place)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.finish()
            return
        if not self._waiting:
            self._waiting = True
            loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        self._waiting = False
        if self._stale:
            self._draw_next()
        if self._stale:
            self._waiting = True
            asyncio.get_running_loop().call_soon(self._go_on)

    def _draw_next(self) -> None:
        place = min(self._stale)
        self._stale.discard(place)
        self._draws[place]()
