"""The models that write answers, as the settings name them."""

import pytest

from navis_api.generation.llm.errors import NoModelNamed
from navis_api.generation.llm.model_settings import models_of
from navis_api.language_models.errors import ModelUnusable
from navis_api.settings import Settings


def test_models_are_asked_in_the_order_of_their_names() -> None:
    settings = Settings(
        llm_models="openai:first, ,openai:second", llm_base_url="http://model.invalid/v1"
    )
    assert [model.name for model in models_of(settings)] == [
        "openai:first",
        "openai:second",
    ]


@pytest.mark.parametrize("names", ["", " , "])
def test_the_engine_needs_a_model(names: str) -> None:
    with pytest.raises(NoModelNamed):
        models_of(Settings(llm_models=names))


def test_one_that_cannot_be_asked_is_enough_to_refuse_the_start() -> None:
    with pytest.raises(ModelUnusable):
        models_of(Settings(llm_models="openai:first,nobody:model", llm_api_key=None))
