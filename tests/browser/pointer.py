"""A real pointer: it goes to where a mark is on top of all else, as an eye would see it, and clicks there."""

from typing import Any

PLACE = """node => {
  const { left, right, top, bottom } = node.getBoundingClientRect();
  const seen = (x, y) => node.contains(document.elementFromPoint(x, y));
  for (const down of [0.5, 0.25, 0.75, 0.1, 0.9]) {
    for (let across = 1; across < 60; across += 1) {
      const [x, y] = [left + ((right - left) * across) / 60, top + (bottom - top) * down];
      if (seen(x, y)) return [x, y];
    }
  }
  return null;
}"""


def place_of(mark: Any) -> tuple[float, float] | None:
    """Return a place of the screen where a mark can be pointed at; none where others cover all of it."""
    mark.scroll_into_view_if_needed()
    found = mark.evaluate(PLACE)
    return None if found is None else (found[0], found[1])


def point(page: Any, mark: Any) -> None:
    """Move the pointer onto a mark."""
    place = place_of(mark)
    assert place is not None, "nobody can point at this mark"
    page.mouse.move(*place)


def click(page: Any, mark: Any) -> None:
    """Click on a mark."""
    place = place_of(mark)
    assert place is not None, "nobody can click on this mark"
    page.mouse.click(*place)
