"""A partner's colours: what is accepted can be read everywhere on the page."""

import re
from itertools import product

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from navis_api.web.assets import static_file
from navis_api.web.embed.colours import BLACK, WHITE, Colour
from navis_api.web.embed.palette import (
    DARK,
    LIGHT,
    READABLE,
    SEEN,
    Chosen,
    palette,
    too_faint,
)

PART = st.integers(0, 255)
COLOURS = st.builds(Colour, PART, PART, PART)
# Colours that are far apart, as people choose them: of any two, few are readable.
DARK_ONES = st.builds(Colour, st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
PALE_ONES = st.builds(Colour, st.integers(200, 255), st.integers(200, 255), st.integers(200, 255))

TINTS = ("paper", "tint", "good-tint", "warn-tint", "bad-tint")


def properties(sheet: str) -> dict[str, str]:
    """The colours of a style sheet's first rule."""
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", static_file(sheet).decode()))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        (BLACK, WHITE, 21.0),
        (WHITE, WHITE, 1.0),
        # https://webaim.org/resources/contrastchecker has the same for these.
        (Colour(0x77, 0x77, 0x77), WHITE, 4.48),
        (Colour(0x76, 0x76, 0x76), WHITE, 4.54),
        (Colour(0, 0, 255), WHITE, 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one: Colour, other: Colour, ratio: float) -> None:
    assert one.against(other) == other.against(one) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "red",
        "#12345",
        "#1234567",
        "12345g",
        "#fff;",
        "fff}",
        " fff",
        "fff\n",
        "#ｆｆｆ",
        "rgb(0)",
    ],
)
def test_what_is_no_colour_is_none(written: str) -> None:
    assert Colour.read(written) is None


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COLOURS)
def test_a_colour_is_read_as_it_is_written(colour: Colour) -> None:
    assert Colour.read(str(colour)) == Colour.read(str(colour)[1:].upper()) == colour


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.one_of(st.tuples(DARK_ONES, PALE_ONES), st.tuples(PALE_ONES, DARK_ONES)), COLOURS)
@example((BLACK, WHITE), Colour(0x07, 0x5A, 0x66))
def test_what_is_accepted_is_readable_throughout(
    text_and_ground: tuple[Colour, Colour], accent: Colour
) -> None:
    chosen = Chosen(text_and_ground[0], text_and_ground[1], accent)
    assume(too_faint(chosen) is None)
    found = palette(chosen)

    for text, ground in product(("ink", "quiet"), ("paper", "tint")):
        assert found[text].against(found[ground]) >= READABLE
    for ground in TINTS:
        assert found["ink"].against(found[ground]) >= READABLE, ground
    for name in ("good", "warn", "bad"):
        for ground in ("paper", "tint", f"{name}-tint"):
            assert found[name].against(found[ground]) >= READABLE, name
    assert found["accent"].against(found["paper"]) >= READABLE
    assert found["on-accent"].against(found["accent"]) >= READABLE
    assert found["edge"].against(found["paper"]) >= SEEN


def test_what_cannot_be_read_is_refused() -> None:
    grey = Colour(0x88, 0x88, 0x88)
    faint_text = too_faint(Chosen(grey, WHITE, LIGHT.accent))
    faint_link = too_faint(Chosen(BLACK, WHITE, grey))

    assert faint_text is not None
    assert faint_text.name == "text"
    assert faint_link is not None
    assert faint_link.name == "accent"


@pytest.mark.parametrize(("sheet", "chosen"), [("navis.css", LIGHT), ("dark.css", DARK)])
def test_our_own_colours_are_those_of_the_style_sheets(sheet: str, chosen: Chosen) -> None:
    written = properties(sheet)

    assert (written["ink"], written["paper"], written["accent"]) == (
        str(chosen.text),
        str(chosen.background),
        str(chosen.accent),
    )
    assert too_faint(chosen) is None
    assert set(palette(chosen)) == set(written)
