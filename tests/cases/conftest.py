"""Files written for a test, as those of the readers are."""

from tests.load.conftest import load

__all__ = ["load"]
