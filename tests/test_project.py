"""What is promised of the project as a whole: one list of versions, short modules, words for every public name."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "reflectlab").rglob("*.py"))
PIP_LINE = ["-c constraints.txt", "-e .[notebooks]"]

BODY, MODULE = 40, 500
"""The most lines that the body of a function and a module may have."""


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def tracked(missing: Callable[[str], NoReturn]) -> list[Path]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        missing("this is no clone: only git knows which files are part of the project")
    return [path for name in found.stdout.splitlines() if (path := ROOT / name).is_file()]


def _pins() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in pins}


def test_every_dependency_has_one_exact_version(project: dict) -> None:
    extras = project["optional-dependencies"].values()
    wanted = [Requirement(line) for line in [*project["dependencies"], *(line for extra in extras for line in extra)]]
    pins = _pins()
    for need in wanted:
        if need.name != "reflectlab":
            pin = pins[canonicalize_name(need.name)]
            (exact,) = pin.specifier
            assert exact.operator == "==", f"{pin} is no exact version"
            assert need.specifier.contains(exact.version), f"{pin} does not fit {need}"


def test_versions_have_no_address() -> None:
    assert not [str(pin) for pin in _pins().values() if pin.url]


def test_each_version_has_the_hash_of_its_file() -> None:
    """On the Python and system that continuous integration has; `make audit` asks pip to check them."""
    elsewhere = {"atheris", "py4j", "pyspark"}
    lines = (ROOT / "constraints-hashes.txt").read_text("utf-8").splitlines()
    found = [re.fullmatch(r"(\S+)==(\S+) --hash=sha256:[0-9a-f]{64}", line) for line in lines[1:]]
    hashed = {canonicalize_name(each[1]): each[2] for each in found if each}
    assert len(hashed) == len(lines) - 1
    pins = {name: pin for name, pin in _pins().items() if pin.marker is None and name not in elsewhere}
    assert hashed == {name: next(iter(pin.specifier)).version for name, pin in pins.items()}


def test_what_builds_the_package_has_one_exact_version() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    assert [next(iter(Requirement(each).specifier)).operator for each in wanted] == ["=="]


def test_conda_and_the_readme_give_the_same_pip_line() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    *plain, with_pip = environment["dependencies"]
    assert [re.split("[=<>]", name)[0] for name in plain] == ["python", "pip"]
    assert with_pip["pip"] == PIP_LINE
    written = (ROOT / "README.md").read_text("utf-8").replace('"', "")
    assert f"pip install {' '.join(PIP_LINE)}" in written


def test_no_file_names_a_place_of_one_machine(tracked: list[Path]) -> None:
    ours = re.escape(str(ROOT)) if len(ROOT.parts) > 2 else "(?!)"
    place = re.compile(rf"{ours}|/(?:home|Users)/\w+/|/root/|C:\\Users\\|/opt/(?:wheels|pypi)")
    address = re.compile(r"index-url|files\.pythonhosted|registry\.npmjs|\bfile:///|https?://\S+\.(?:whl|tar\.gz)\b")
    odd = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path, text in _texts(tracked)
        if path != Path(__file__).resolve() and (found := place.search(text) or address.search(text))
    ]
    assert odd == []


def _texts(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        try:
            yield path, path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a workbook


def test_modules_and_bodies_are_short() -> None:
    modules = [path.name for path in MODULES if len(path.read_text("utf-8").splitlines()) > MODULE]
    bodies = [name for path in MODULES for name, lines in _bodies(path) if lines > BODY]
    assert (modules, bodies) == ([], [])


def _bodies(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body:
                yield f"{path.name}: {node.name}", body[-1].end_lineno - body[0].lineno + 1


def test_every_public_name_is_explained() -> None:
    package = importlib.import_module("reflectlab")
    unexplained = [
        name for name in package.__all__ if not name.startswith("__") and not inspect.getdoc(getattr(package, name))
    ]
    assert unexplained == []
    assert sorted(set(package.__all__)) == sorted(package.__all__), "a name is listed twice"


def test_the_code_in_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    parts = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(parts) >= 3
    exec("\n".join(parts), {})


def test_pictures_in_the_readme_are_there() -> None:
    pictures = re.findall(r"!\[.+\]\((.+?)\)", (ROOT / "README.md").read_text("utf-8"))
    assert pictures
    assert [name for name in pictures if not (ROOT / name).is_file()] == []


def test_the_version_is_in_the_changelog() -> None:
    assert f"## {importlib.import_module('reflectlab').__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_what_is_heavy_is_imported_when_it_is_used() -> None:
    heavy = {
        "IPython",
        "ipywidgets",
        "matplotlib.pyplot",
        "networkx",
        "polars",
        "pyspark",
        "rapidfuzz",
        "scipy",
        "statsmodels",
    }
    asked = f"import sys, reflectlab; print(*sorted({heavy!r} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
