"""A bar for what takes longer than a few seconds: on a terminal or in a notebook, and never in the way of output."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

PATIENCE = 3.0
"""How many seconds pass before a bar is shown."""


@contextmanager
def waiting(task: str) -> Iterator[Callable[[float], None]]:
    """Show a bar on standard error while the body, a `task`, runs, if it runs for longer than `PATIENCE`.

    What it gives may be told the share of the work that is done.

    Examples
    --------
    >>> with waiting("Loading log.csv"):
    ...     pass
    """
    over, shown, bar = threading.Event(), ExitStack(), _Bar()
    clock = threading.Timer(PATIENCE, _show, (task, shown, over, bar))
    clock.daemon = True
    clock.start()
    try:
        yield bar.tell
    finally:
        over.set()
        clock.cancel()
        clock.join()
        shown.close()


class _Bar:
    """How far the work is, and the bar that shows it once there is one."""

    def __init__(self) -> None:
        self.share: float | None = None
        self.drawn: Any = None

    def tell(self, share: float) -> None:
        self.share = share
        if self.drawn is not None:
            self.drawn.update(self.drawn.task_ids[0], total=1.0, completed=share)


def _show(task: str, shown: ExitStack, over: threading.Event, bar: _Bar) -> None:
    from rich.console import Console  # here, as few files take this long
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not over.is_set() and (console.is_terminal or console.is_jupyter):
        columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
        drawn = shown.enter_context(Progress(*columns, console=console, transient=True))
        drawn.add_task(task, total=None)
        bar.drawn = drawn
        if bar.share is not None:
            bar.tell(bar.share)
