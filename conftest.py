"""What every test and every example in a docstring may rely on: no screen, and no figure left open."""

from collections.abc import Iterator

import matplotlib as mpl
import pytest

mpl.use("Agg")


@pytest.fixture(autouse=True)
def _no_figure_left_open() -> Iterator[None]:
    yield
    from matplotlib import pyplot as plt

    plt.close("all")
