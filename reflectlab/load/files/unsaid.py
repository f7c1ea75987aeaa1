"""What a library says on standard error as it gives up, which is nothing to who asked."""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ERRORS = 2
"""The number of standard error for all that is written in this process, by libraries too."""

_TURN = threading.Lock()


@contextmanager
def unsaid() -> Iterator[None]:
    """Hold back what is written on standard error as long as this lasts: it is said later, or never after an error.

    >>> with unsaid():
    ...     _ = os.write(2, b"")
    """
    try:
        real = os.dup(_ERRORS)
    except OSError:  # there is none
        yield
        return
    with _TURN, tempfile.TemporaryFile() as held:  # of two at once, one would put back what the other had put there
        os.dup2(held.fileno(), _ERRORS)
        try:
            yield
        except BaseException:
            held.truncate(0)
            raise
        finally:
            os.dup2(real, _ERRORS)
            os.close(real)
            held.seek(0)
            if said := held.read():
                os.write(_ERRORS, said)
