"""A bar for what takes longer than a few seconds: on a terminal or in a notebook, and never in the way of output."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

PATIENCE = 3.0
"""How many seconds pass before a bar is shown."""


@contextmanager
def waiting(task: str) -> Iterator[None]:
    """Show a bar on standard error while the body, a `task`, runs, if it runs for longer than `PATIENCE`.

    >>> with waiting("Loading log.csv"):
    ...     pass
    """
    over, shown = threading.Event(), ExitStack()
    clock = threading.Timer(PATIENCE, _show, (task, shown, over))
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        over.set()
        clock.cancel()
        clock.join()
        shown.close()


def _show(task: str, shown: ExitStack, over: threading.Event) -> None:
    from rich.console import Console  # here, as few files take this long
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not over.is_set() and (console.is_terminal or console.is_jupyter):
        columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
        bar = shown.enter_context(Progress(*columns, console=console, transient=True))
        bar.add_task(task, total=None)
