"""What tests rely on: the same random numbers in every run, and data that may not be here."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent

# A machine that stalls is no failure: neither a deadline nor slow drawing of examples is one.
_PATIENT = {"deadline": None, "database": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("default", derandomize=True, max_examples=50, **_PATIENT)
hypothesis.settings.register_profile("long", max_examples=2000, print_blob=True, **_PATIENT)
hypothesis.settings.load_profile("default")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name the bytes of an archive by their argument: they tell the second in which a worker made them."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def _nothing_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let no test find what whoever runs it keeps for logs of their own."""
    os.environ["REFLECTLAB_DATA"] = str(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def missing() -> Callable[[str], NoReturn]:
    """Skip the test for want of something; in continuous integration, where nothing may be missing, fail."""

    def say(what: str) -> NoReturn:
        if os.environ.get("REFLECTLAB_STRICT"):
            pytest.fail(f"{what} (and REFLECTLAB_STRICT is set)", pytrace=False)
        pytest.skip(what)

    return say


@pytest.fixture(scope="session")
def realdata(missing: Callable[[str], NoReturn]) -> Path:
    """The folder of real logs, no part of the project: `REFLECTLAB_REALDATA`, else `../shared/realdata`."""
    folder = Path(os.environ.get("REFLECTLAB_REALDATA", ROOT.parent / "shared" / "realdata"))
    if not folder.is_dir():
        missing("the real logs are not here: set REFLECTLAB_REALDATA to their folder")
    return folder


@pytest.fixture(scope="session")
def cases(realdata: Path, missing: Callable[[str], NoReturn]) -> Path:
    """The folder of small inputs that were misread, no part of the project: it stands beside the real logs."""
    folder = realdata.parent / "cases"
    if not folder.is_dir():
        missing(f"the small inputs are not here: {folder.name} beside the real logs")
    return folder


@pytest.fixture
def english_again() -> Iterator[None]:
    """Speak English again, whatever language a test takes up."""
    from reflectlab import use_language

    with use_language("en"):
        yield


@pytest.fixture
def brackets(tmp_path: Path) -> str:
    """A catalogue in which every message stands in brackets: what does not was written past it."""
    from tests.bracketed import bracketed

    return bracketed(tmp_path)
