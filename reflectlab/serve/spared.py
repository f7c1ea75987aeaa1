"""What Jupyter's parts would import and a board has no use for."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def spared(name: str) -> Iterator[None]:
    """Let nobody import a module as long as this lasts, if nobody has.

    >>> with spared("reflectlab_unheard_of"):
    ...     import reflectlab_unheard_of
    Traceback (most recent call last):
    ModuleNotFoundError: import of reflectlab_unheard_of halted; None in sys.modules
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # how Python is told not to
    try:
        yield
    finally:
        del sys.modules[name]
