"""Every picture in every case: nothing overlaps, nothing is clipped, and the words are words."""

import io
import xml.etree.ElementTree as ET
from functools import cache

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from reflectlab.show import alt_text, marks, to_png, to_svg
from tests.show.cases import CASES
from tests.show.looking import assert_tidy, words

MARKED = ("board", "pathway", "network", "opportunities")


@cache
def picture(name: str) -> Axes:
    """Return a picture that no test may write at another resolution: its words keep the renderer of the last one."""
    return CASES[name]()


@cache
def written(name: str) -> list[Text]:
    return words(picture(name))


@cache
def svg(name: str) -> str:
    return to_svg(picture(name))


def test_looking_sees_what_overlaps_and_what_is_clipped() -> None:
    figure = Figure()
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    figure.text(0.5, 0.5, "one word")
    other = figure.text(0.55, 0.5, "another")
    with pytest.raises(AssertionError, match="overlaps"):
        assert_tidy(ax)
    other.set_position((0.98, 0.2))
    with pytest.raises(AssertionError, match="clipped at the right"):
        assert_tidy(ax)
    other.set_position((0.1, 0.2))
    assert_tidy(ax)


@pytest.mark.parametrize("name", CASES)
def test_no_words_overlap_and_none_are_clipped(name: str) -> None:
    assert_tidy(picture(name), written(name))


@pytest.mark.parametrize("name", CASES)
def test_has_a_title_and_a_sentence_that_are_its_alt_text(name: str) -> None:
    ax = picture(name)
    title, told = ax.get_title(loc="left").replace("\n", " "), alt_text(ax)
    assert title
    assert told.startswith(title)
    assert len(told) > len(title) + 10
    assert alt_text(ax.get_figure(root=True)) == told
    assert ET.fromstring(svg(name)).attrib["aria-label"] == told


@pytest.mark.parametrize("name", CASES)
def test_text_is_text_in_svg(name: str) -> None:
    found = "".join(ET.fromstring(svg(name)).itertext())
    assert not [word for text in written(name) for word in text.get_text().split() if word not in found]
    assert "matplotlib.org" not in svg(name)


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith(MARKED)])
def test_every_mark_is_one_element_with_its_url(name: str) -> None:
    urls = [mark["url"] for mark in marks(picture(name))]
    assert len(set(urls)) == len(urls)
    assert [svg(name).count(f'"{url}"') for url in urls] == [1] * len(urls)


@pytest.mark.parametrize(
    "name",
    [
        "board_26",
        "pathway",
        "completion_weeks_5",
        "time_to_goal_3",
        "transitions",
        "collaboration_26",
        "network_26",
        "network_matrix_26",
        "opportunities_12",
    ],
)
def test_the_same_picture_is_the_same_svg(name: str) -> None:
    assert to_svg(CASES[name]()) == svg(name)


@pytest.mark.parametrize(
    "name", ["board_hard_names", "pathway_hard_names", "transitions_hard", "network_hard", "opportunities_hard"]
)
def test_goes_out_as_png_without_a_warning_in_any_script(name: str) -> None:
    assert to_png(CASES[name]())[:4] == b"\x89PNG"


@pytest.mark.parametrize("name", ["pathway", "comparison", "collaboration_26", "network_matrix_26"])
def test_saved_by_matplotlib_at_a_low_resolution_it_is_as_it_was_measured(name: str) -> None:
    saved = io.BytesIO()
    figure = CASES[name]().get_figure(root=True)
    figure.savefig(saved, format="png", dpi=80, metadata={"Software": None})
    assert saved.getvalue() == to_png(figure, dpi=80)
