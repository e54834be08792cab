"""What a text's wording tells of how it goes on."""

import pytest

from navis_api.generation.wording import introduces_a_list


@pytest.mark.parametrize("text", ["Symptoms may include", "Call if", "The following:"])
def test_an_open_end_introduces_a_list(text: str) -> None:
    assert introduces_a_list(text)


@pytest.mark.parametrize("text", ["The trial is held in Indianapolis, IN", "Treated by the WHO"])
def test_capitals_are_names_and_introduce_nothing(text: str) -> None:
    assert not introduces_a_list(text)
