"""What an embed's address may ask of its look, and that nothing else gets into the page."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from navis_api.kit.languages import Language
from navis_api.web.embed.errors import LookInvalid
from navis_api.web.embed.look import PARAMETERS, Font, Scheme, read_look

# What style sheets of ours are made of, whatever was sent.
OURS = re.compile(r"[@a-z0-9#{}:;(),.%/ \"A-Z-]*", re.ASCII)


def test_without_parameters_nothing_differs() -> None:
    look = read_look({"key": "…", "utm_source": "letter"})

    assert (look.scheme, look.language, look.style) == (Scheme.AUTO, Language.ENGLISH, "")


def test_all_of_it_together() -> None:
    look = read_look(
        {
            "theme": "auto",
            "locale": "es-US",
            "font": "serif",
            "size": "120",
            "accent": "#7a004b",
            "dark-background": "000",
        }
    )

    assert look.language is Language.SPANISH
    assert "@media screen and (prefers-color-scheme: light){:root{" in look.style
    assert "--accent:#7a004b;" in look.style
    assert "@media screen and (prefers-color-scheme: dark){:root{" in look.style
    assert "--paper:#000000;" in look.style
    assert "Georgia" in look.style
    assert "html{font-size:120%}" in look.style


def test_a_dark_theme_takes_colours_by_either_name() -> None:
    either = read_look({"theme": "dark", "accent": "#99ddee"})
    named = read_look({"theme": "dark", "accent": "#ff0000", "dark-accent": "#99ddee"})

    assert "--accent:#99ddee;" in either.style
    assert either.style == named.style
    assert "prefers-color-scheme" not in either.style


def test_colours_of_the_other_theme_are_left_out() -> None:
    assert read_look({"theme": "light", "dark-accent": "#99ddee"}).style == ""


@pytest.mark.parametrize(
    ("parameters", "name", "says"),
    [
        ({"theme": "Dark"}, "theme", "auto, light, dark"),
        ({"theme": "dark}body{display:none"}, "theme", "auto, light, dark"),
        ({"font": "Comic Sans"}, "font", "system, serif"),
        ({"font": "serif;}"}, "font", "system, serif"),
        ({"size": "79"}, "size", "80 to 200"),
        ({"size": "201"}, "size", "80 to 200"),
        ({"size": "-100"}, "size", "80 to 200"),
        ({"size": "1e2"}, "size", "80 to 200"),
        ({"size": "١٠٠"}, "size", "80 to 200"),
        ({"size": "9" * 5000}, "size", "80 to 200"),
        ({"locale": "es;"}, "locale", "language tag"),
        ({"locale": "\0"}, "locale", "language tag"),
        ({"accent": "teal"}, "accent", "#075a66"),
        ({"accent": "#fff}*{display:none"}, "accent", "#075a66"),
        ({"accent": "url(https://elsewhere.example)"}, "accent", "#075a66"),
        ({"accent": "#00ff00"}, "accent", "4.5 to 1 is needed"),
        ({"text": "#777777"}, "text", "7 to 1 is needed"),
        ({"background": "#000000"}, "text", "7 to 1 is needed"),
        ({"dark-accent": "#333333"}, "dark-accent", "4.5 to 1 is needed"),
        ({"theme": "dark", "accent": "#333333"}, "accent", "4.5 to 1 is needed"),
    ],
)
def test_what_is_not_one_of_them_is_refused(
    parameters: dict[str, str], name: str, says: str
) -> None:
    with pytest.raises(LookInvalid) as refused:
        read_look(parameters)

    assert refused.value.path == (name,)
    assert says in refused.value.message


def test_a_refusal_repeats_nothing_that_was_sent() -> None:
    for name in PARAMETERS:
        with pytest.raises(LookInvalid) as refused:
            read_look({name: "<script>secret"})
        assert "secret" not in refused.value.message


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(PARAMETERS),
        st.one_of(
            st.text(max_size=12),
            st.sampled_from([*Font, *Scheme, "#000", "#ffffff", "100", "en", "}", "</style>"]),
        ),
    )
)
def test_whatever_is_sent_the_style_is_of_our_making(parameters: dict[str, str]) -> None:
    try:
        style = read_look(parameters).style
    except LookInvalid:
        return
    assert OURS.fullmatch(style)
    assert style.count("{") == style.count("}")
