"""Colours, fonts, and the way out of a picture."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from reflectlab.errors import ArgumentError
from reflectlab.show import alt_text, marks, plot_completion, to_svg
from reflectlab.show.parts import drawing
from reflectlab.show.parts.drawing import _outlines, cut, text_size, wrap
from reflectlab.show.parts.lanes import space_out
from reflectlab.show.parts.style import BRIGHT, MUTED, strand_looks
from reflectlab.show.parts.words import plain
from tests.show import frames
from tests.show.cases import CASES, ROOMS


def test_strands_have_the_same_look_whenever_they_are_the_same() -> None:
    assert strand_looks(["a", "b", "a"]) == strand_looks(["a", "b"])


@pytest.mark.parametrize(("number", "palette"), [(6, BRIGHT), (9, MUTED)])
def test_the_palette_is_chosen_by_how_many_strands_there_are(number: int, palette: tuple[str, ...]) -> None:
    looks = strand_looks([f"s{n}" for n in range(number)])
    assert [look.color for look in looks.values()] == list(palette)
    assert len({look.hatch for look in looks.values()}) == number


def test_more_strands_than_colours_differ_in_their_hatch() -> None:
    looks = list(strand_looks([f"s{n}" for n in range(18)]).values())
    assert len({(look.color, look.hatch) for look in looks}) == 18


def test_names_that_turn_the_text_round_or_break_the_page_are_made_plain() -> None:
    assert plain("a\u202eb\u0000c\nd") == "ab c d"
    assert plain("مریم\u200cها") == "مریم\u200cها"


def test_wrapping_keeps_every_sign_that_fits() -> None:
    for name in [*frames.HARD_NAMES, frames.LONG]:
        rows = wrap(name, 1.5, 9, lines=99)
        assert "".join("".join(rows).split()) == "".join(name.split())
        assert all(text_size(row, 9)[0] <= 1.5 for row in rows)
    assert wrap("", 1, 9) == [""]


def test_cutting_ends_in_an_ellipsis() -> None:
    assert cut("short", 3, 9) == "short"
    assert cut(frames.LONG, 1, 9).endswith("…")
    assert text_size(cut(frames.LONG, 1, 9), 9)[0] <= 1


@pytest.mark.parametrize("name", ["W" * 10_000, "ab " * 5_000, "字" * 10_000, "e\u0301" * 5_000, f"Ben {'x' * 10_000}"])
def test_what_a_long_name_costs_grows_as_it_does(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []

    def counted(text: str, *font: Any) -> tuple[float, float]:
        measured.append(len(text))
        return text_size(text, *font)

    monkeypatch.setattr(drawing, "text_size", counted)
    assert text_size(cut(name, 1, 9), 9)[0] <= 1
    assert len(wrap(name, 1, 9)) == 3
    assert sum(measured) < 10 * len(name)


def test_marks_too_close_move_apart_evenly_and_not_too_far() -> None:
    assert space_out([5.0, 5.0, 5.0], 1, 5, 0, 10) == [4.0, 5.0, 6.0]
    assert space_out([5.0, 5.25, 9.0], 1, 0.25, 0, 10) == [4.75, 5.5, 9.0]


def test_marks_at_the_ends_move_inwards() -> None:
    assert space_out([0.0, 0.0, 5.0], 1, 1, 0.5, 10) == [0.5, 1.5, 5.0]
    assert space_out([5.0, 9.0, 10.0, 10.0], 1, 1, 0, 9.5) == [5.0, 7.5, 8.5, 9.5]
    assert space_out([0.0], 1, 1, 0.5, 0.25) == [0.5]
    assert space_out([], 1, 1, 0, 1) == []


def test_drawing_leaves_the_settings_of_matplotlib_alone() -> None:
    before = dict(mpl.rcParams)
    to_svg(plot_completion(frames.completion(ROOMS)))
    assert dict(mpl.rcParams) == before


def test_words_that_were_measured_for_one_svg_are_not_measured_for_the_next() -> None:
    to_svg(CASES["board_2"]())
    before = _outlines.cache_info()
    to_svg(CASES["board_2"]())
    after = _outlines.cache_info()
    assert after.misses == before.misses
    assert after.hits > before.hits + 50


def test_a_cell_that_ends_with_a_picture_shows_it() -> None:
    ax = plot_completion(frames.completion(ROOMS))
    bundle = ax._repr_mimebundle_()  # type: ignore[attr-defined]
    assert bundle["image/svg+xml"].startswith("<svg role=")
    assert bundle["text/plain"] == alt_text(ax)


def test_what_no_plot_drew_has_no_alt_text_and_no_marks() -> None:
    figure = Figure()
    assert alt_text(figure.subplots()) == alt_text(figure) == ""
    assert marks(figure) == []
    with pytest.raises(ArgumentError, match="A picture is an Axes or a Figure; got int"):
        to_svg(3)  # type: ignore[arg-type]


def test_another_process_draws_the_same_svg_and_needs_no_pyplot(root: Path) -> None:
    code = (
        "import sys; from tests.show.cases import CASES; from reflectlab.show import to_svg;"
        "sys.stdout.reconfigure(encoding='utf-8'); print(to_svg(CASES['board_2']()), end='');"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, cwd=root)
    assert done.stdout == to_svg(CASES["board_2"]())
