"""How a call is timed: warm, the median of some runs."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any


def milliseconds(call: Callable[[], Any], runs: int = 9) -> float:
    """Return the median time of a call that has been made once before."""
    call()
    times = []
    for _ in range(runs):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return 1000 * median(times)
