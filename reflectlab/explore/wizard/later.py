"""What several quick answers ask for is done once."""

import asyncio
from collections.abc import Callable

QUIET = 0.4
"""For how many seconds nothing may be asked before it is done."""


class Later:
    """Does what was asked for, once nobody has asked for a moment; at once where no event loop runs.

    In a notebook each answer lies in a queue while a file is read, so that reading it after each would leave the page
    behind.

    >>> done = []
    >>> later = Later(lambda: done.append("read"))
    >>> later.ask()
    >>> done
    ['read']
    """

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._waiting: asyncio.TimerHandle | None = None

    def ask(self) -> None:
        """Ask for it."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._act()
            return
        self.forget()
        self._waiting = loop.call_later(QUIET, self.finish)

    def finish(self) -> None:
        """Do it now, if it was asked for."""
        if self._waiting is not None:
            self.forget()
            self._act()

    def forget(self) -> None:
        """Leave it, if it was asked for."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = None
