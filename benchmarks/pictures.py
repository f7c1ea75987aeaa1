"""The pictures of one class, from frame to SVG; the board also with an artist for each block, as it is not drawn."""

from collections.abc import Callable
from unittest.mock import patch

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

import reflectlab as rl
from benchmarks.timing import milliseconds
from reflectlab.show import to_svg
from reflectlab.show.parts import lanes as blocks


def main() -> None:
    log = rl.simulate(classes=1, learners=30, seed=4)
    goals = log.goals.set_index("goal_id")
    frames = (rl.stretches(log), rl.episodes(log))
    called = {
        "names": log.learners.set_index("learner_id")["name"],
        "titles": goals["title"],
        "strands": goals["strand"],
        "calendar": log.calendar.days,
    }
    weeks, curve, steps = rl.collaboration(log, by=(), every="week"), rl.time_to_goal(log), rl.transitions(log)
    rates = rl.completion(log, every="week")
    pictures: dict[str, Callable[[], Axes]] = {
        "board": lambda: rl.plot_board(*frames, **called),
        "pathway": lambda: rl.plot_pathway(*frames, learner=log.learners["learner_id"].iloc[0], **called),
        "completion": lambda: rl.plot_completion(rates),
        "time_to_goal": lambda: rl.plot_time_to_goal(curve),
        "transitions": lambda: rl.plot_transitions(steps, names=called["titles"]),
        "collaboration": lambda: rl.plot_collaboration(weeks),
    }
    times = {name: milliseconds(lambda draw=draw: to_svg(draw())) for name, draw in pictures.items()}
    for name, time in times.items():
        print(f"{name:>16}{time:>10.0f} ms")
    with patch.object(blocks, "boxes", _Rectangles):
        one_by_one = milliseconds(lambda: to_svg(pictures["board"]()))
    print(f"a board of 30 with an artist for each block takes {one_by_one / times['board']:.1f} times as long")


class _Rectangles:
    """Blocks as one artist each, in the place of a collection."""

    def __init__(self, ax: Axes, edges: list[tuple[float, float, float, float]], **options: object) -> None:
        options = {{"linewidths": "linewidth"}.get(key, key): value for key, value in options.items()}
        options.pop("hatch_linewidth", None)
        self.made = [Rectangle((x0, y0), x1 - x0, y1 - y0, **options) for x0, x1, y0, y1 in edges]
        for each in self.made:
            ax.add_patch(each)

    def set_urls(self, urls: list[str]) -> None:
        for each, url in zip(self.made, urls, strict=True):
            each.set_url(url)
