"""What `python -m benchmarks house` counts, on a package of three modules."""

from pathlib import Path

import pytest

from benchmarks import house

ONE = '''"""One."""

from . import two


def told():
    """Tell."""
    # why
    return two.Other  # and why


def bare():
    return 1
'''

TWO = '''"""Two."""


class Other:
    """Another."""

    def told(self):
        from .one import told

        return told


told = MANY, _FEW = 1, 2
'''


@pytest.fixture
def modules(tmp_path: Path) -> list[house.Module]:
    package = tmp_path / "reflectlab"
    (package / "inner").mkdir(parents=True)
    for name, text in (("__init__.py", ""), ("one.py", ONE), ("two.py", TWO), ("inner/one.py", "")):
        (package / name).write_text(text, "utf-8")
    return house._modules(package)


def test_names_and_files_that_are_there_twice(modules: list[house.Module]) -> None:
    assert house._names_twice(modules) == {"told": ["reflectlab.one", "reflectlab.two"]}
    assert house._files_twice(modules) == {"one.py": ["reflectlab.inner.one", "reflectlab.one"]}


def test_a_circle_by_an_import_in_a_function_is_one(modules: list[house.Module]) -> None:
    assert house._circles(modules) == [["reflectlab.one", "reflectlab.two"]]


def test_lines_and_bodies_and_what_is_explained(modules: list[house.Module]) -> None:
    figures = dict(house._figures(modules[0].path.parent, modules))
    assert figures["lines"] == "26: 10 code, 4 docstrings, 1 comments, 11 blank"
    assert figures["lines of a body: median, 90 %, most"].startswith("1, 3, 3 of 3")
    assert figures["folder with the most modules"] == "3 in reflectlab"
