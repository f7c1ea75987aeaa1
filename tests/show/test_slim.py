"""What is written with fewer bytes is the same drawing: read by a reader of paths and looks of its own."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from reflectlab.show import to_svg
from reflectlab.show.parts import picture
from reflectlab.show.parts.slim import slim
from tests.show.cases import CASES

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"

A_HUNDREDTH = 0.01 + 1e-9


def places(data: str) -> list[tuple[str, float, float]]:
    """Return the steps of a path, each with where it leads; a line back to the beginning before its end is none."""
    steps: list[tuple[str, float, float]] = []
    x = y = 0.0
    for sign, told in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        numbers = [float(each) for each in re.findall(r"-?[\d.]+", told)]
        if sign in "HV":
            (x, y), sign = (numbers[0], y) if sign == "H" else (x, numbers[0]), "L"
            steps.append((sign, x, y))
        for x, y in zip(numbers[::2], numbers[1::2], strict=True) if sign in "MCQ" or len(numbers) == 2 else []:
            steps.append((sign, x, y))
        if sign == "z":
            start = max(number for number, step in enumerate(steps) if step[0] == "M")
            x, y = steps[start][1:]
            if len(steps) - start > 2 and steps[-1] == ("L", x, y):
                steps.pop()
            steps.append(("z", x, y))
    return steps


def look(text: str | None) -> dict[str, str]:
    pairs = (each.split(":", 1) for each in (text or "").split(";") if each.strip())
    return {name.strip(): value.strip() for name, value in pairs}


def drawn(element: ET.Element, within: dict[str, str], about: tuple[Any, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield all that is drawn, with how it looks, what cuts it, and the mark that it is of."""
    kind = element.tag.removeprefix(SVG)
    own = within | look(element.get("style"))
    url, clip = about
    url, clip = element.get(XLINK) if kind == "a" else url, element.get("clip-path", clip)
    if kind in ("path", "use", "text", "rect", "image"):
        turned = element.get("transform")
        turned = None if turned and re.match(r"rotate\(-?0 ", turned) else turned
        where = [float(element.get(name, 0)) for name in ("x", "y", "width", "height")]
        used = element.get(XLINK) if kind == "use" else None
        yield (kind, own, clip, url, used, turned, element.text), where, places(element.get("d", ""))
    for child in element:
        yield from drawn(child, own if kind != "defs" else {}, (url, clip))


def both(figure: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[Any]]:
    less = to_svg(figure)
    with monkeypatch.context() as before:
        before.setattr(picture, "slim", lambda svg, fonts: svg.replace(f"{fonts[1]};", f"{fonts[0]};"))
        whole = to_svg(figure)
    assert len(less.encode()) < len(whole.encode())
    first, second = (list(drawn(ET.fromstring(each), {}, (None, None))) for each in (whole, less))
    return first, second


@pytest.mark.parametrize("name", CASES)
def test_the_drawing_is_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, less = both(CASES[name](), monkeypatch)
    assert [told for told, _, _ in less] == [told for told, _, _ in whole]
    for (told, where, path), (_, was, before) in zip(less, whole, strict=True):
        assert where == was if told[0] == "text" else np.allclose(where, was, rtol=0, atol=A_HUNDREDTH)
        assert [sign for sign, _, _ in path] == [sign for sign, _, _ in before]
        assert np.allclose([step[1:] for step in path], [step[1:] for step in before], rtol=0, atol=A_HUNDREDTH)


def test_any_figure_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = Figure()
    ax = figure.add_subplot()
    ax.plot([1, 2, 3], [1, 4, 2], "o--", alpha=0.5, label='a <b> "d" 3.14159')
    ax.scatter([1, 1, 2], [1, 1, 2], s=[900, 900, 900], alpha=0.4, color="red")
    ax.bar([1, 2], [3, 1], alpha=0.3, hatch="//")
    ax.set_title("two\nlines", family="monospace")
    ax.set_ylabel("turned")
    ax.legend()
    whole, less = both(figure, monkeypatch)
    assert [told for told, _, _ in less] == [told for told, _, _ in whole]
    assert 'a <b> "d" 3.14159' in [told[-1] for told, _, _ in less]


def test_what_shines_through_lies_over_its_neighbour_as_before() -> None:
    shapes = "".join(f'<path d="M {x} 0 \nL 5 5 \n" style="{{}}"/>' for x in (1, 2))
    for style, times in (("opacity: 0.4", 2), ("fill: none; opacity: 0.4", 2), ("stroke-opacity: 0.4", 1)):
        assert slim(f'<g id="a">{shapes.format(style, style)}</g>').count(style) == times
