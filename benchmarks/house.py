"""The house in numbers: modules and lines, folders, bodies, docstrings, names and files that are there twice, circles,
and through how many modules some calls run.

`python -m benchmarks house --repo DIR` counts another checkout, so that before and after can be compared.
"""

import argparse
import ast
import io
import json
import os
import subprocess
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean, quantiles
from typing import NamedTuple

import networkx as nx

ROOT = Path(__file__).resolve().parent.parent
WALKS = Path(__file__).with_name("walks.py")

EACH_READER_HAS = {"recognise", "read", "READER"}
"""Names that say the same of every reader."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Module(NamedTuple):
    """A module: its dotted name, its file, its text, and what that says."""

    name: str
    path: Path
    text: str
    tree: ast.Module


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repo", type=Path, default=ROOT, help="the checkout to count; this one by default")
    repo = parser.parse_known_args()[0].repo.resolve()
    modules = _modules(repo / "reflectlab")
    for title, figure in _figures(repo / "reflectlab", modules):
        print(f"{title:>42}  {figure}")
    _print_twice("public names in two or more modules", _names_twice(modules))
    _print_twice("files of the same name", _files_twice(modules))
    walks = _walks(repo)
    print("modules that a call runs through:")
    for call, walked in walks.items():
        print(f"{call:>42}  {len(walked)}")
    print(f"{'mean':>42}  {mean(map(len, walks.values())):.1f}")


def _modules(package: Path) -> list[Module]:
    found = []
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text("utf-8")
        found.append(Module(name, path, text, ast.parse(text)))
    return found


def _figures(package: Path, modules: list[Module]) -> Iterator[tuple[str, str]]:
    yield "modules", f"{len(modules)}"
    lines = sum((_lines(module) for module in modules), Counter())
    told = ", ".join(f"{lines[kind]:,} {kind}" for kind in ("code", "docstrings", "comments", "blank"))
    yield "lines", f"{lines.total():,}: {told}"
    files = Counter(path.parent for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc")
    fullest, number = files.most_common(1)[0]
    yield "fullest folder", f"{number} files in {fullest.relative_to(package.parent)}"
    longest = max(modules, key=lambda module: module.text.count("\n"))
    yield "longest module", f"{longest.text.count(chr(10))} lines, {longest.name}"
    bodies = sorted(length for module in modules for length in _bodies(module.tree))
    tenths = quantiles(bodies, n=10, method="inclusive")
    yield "lines of a body: median, 90 %, most", f"{tenths[4]:.0f}, {tenths[8]:.0f}, {bodies[-1]} of {len(bodies):,}"
    public = [node for module in modules for node in _public(module.tree)]
    explained = sum(ast.get_docstring(node) is not None for node in public)
    yield "public names with a docstring", f"{explained:,} of {len(public):,}"
    circles = _circles(modules)
    yield "circles of imports", f"{len(circles)}" + "".join(f"\n{'':>44}{' '.join(circle)}" for circle in circles)


def _lines(module: Module) -> Counter[str]:
    """Count the lines of a module by what they are; a comment behind code is code."""
    strings = {
        line
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    tokens = tokenize.generate_tokens(io.StringIO(module.text).readline)
    comments = {each.start[0] for each in tokens if each.type == tokenize.COMMENT and each.line.lstrip()[0] == "#"}
    kinds: Counter[str] = Counter()
    for number, line in enumerate(module.text.splitlines(), 1):
        whole = "docstrings" if number in strings else "comments" if number in comments else "code"
        kinds[whole if number in strings or line.strip() else "blank"] += 1
    return kinds


def _bodies(tree: ast.Module) -> Iterator[int]:
    """Yield how many lines each function has below its docstring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body:
                yield (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def _public(tree: ast.Module) -> Iterator[ast.Module | Definition]:
    """Yield the module, its public functions and classes, and their public methods."""
    yield tree
    for node in _defined(tree.body):
        yield node
        if isinstance(node, ast.ClassDef):
            yield from _defined(node.body)


def _defined(body: list[ast.stmt]) -> Iterator[Definition]:
    for node in body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            marks = {ast.unparse(each) for each in node.decorator_list}
            if not marks & {"overload"} and not any(mark.endswith(".setter") for mark in marks):
                yield node


def _names_twice(modules: list[Module]) -> dict[str, list[str]]:
    """Return the public names that more than one module defines, and which modules."""
    homes: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        for name in sorted(set(_names(module.tree)) - EACH_READER_HAS):
            homes[name].append(module.name)
    return {name: where for name, where in sorted(homes.items()) if len(where) > 1}


def _names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, Definition):
            names: Iterable[str] = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
        else:
            names = []
        yield from (name for name in names if not name.startswith("_"))


def _files_twice(modules: list[Module]) -> dict[str, list[str]]:
    homes: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        if module.path.name != "__init__.py":
            homes[module.path.name].append(module.name)
    return {name: where for name, where in sorted(homes.items()) if len(where) > 1}


def _print_twice(title: str, found: dict[str, list[str]]) -> None:
    print(f"{title:>42}  {len(found)}")
    for name, where in found.items():
        print(f"{'':>44}{name}: {', '.join(each.removeprefix('reflectlab.') for each in where)}")


def _circles(modules: list[Module]) -> list[list[str]]:
    """Return the modules that import one another in a circle, imports within functions among them."""
    graph = nx.DiGraph()
    known = {module.name for module in modules}
    for module in modules:
        graph.add_edges_from((module.name, other) for other in _imports(module, known) if other != module.name)
    return [sorted(each) for each in nx.strongly_connected_components(graph) if len(each) > 1]


def _imports(module: Module, known: set[str]) -> Iterator[str]:
    package = module.name if module.path.name == "__init__.py" else module.name.rpartition(".")[0]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            whole = ".".join([*base, *([node.module] if node.module else [])])
            for each in node.names:
                inner = f"{whole}.{each.name}"
                yield from [inner] if inner in known else [whole] if whole in known else []


def _walks(repo: Path) -> dict[str, list[str]]:
    """Return the modules that each call runs through, in a process that has the checkout on its path."""
    environment = {**os.environ, "PYTHONPATH": str(repo)}
    command = [sys.executable, "-P", str(WALKS)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=repo)
    walked: dict[str, list[str]] = json.loads(run.stdout.splitlines()[-1])
    return walked


if __name__ == "__main__":
    main()
