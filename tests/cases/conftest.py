"""Files written for a test, as in the tests of `load`."""

from tests.load.conftest import load

__all__ = ["load"]
