"""Who is told to be dying, and who may be in an emergency as anybody else."""

import pytest

from navis_api.vocabulary.dying import tells_of_dying


@pytest.mark.parametrize(
    "text",
    [
        "My aunt is dying of bowel cancer and her breath rattles",
        "dad's in the last days of his leukemia and won't drink",
        "She is on hospice at home and has not eaten since Monday",
        "My brother has only hours left and is gasping",
        "Our gran is in end-of-life care and so confused",
        "The hospice nurse has gone home and he is restless",
        "My dying father can't swallow any more",
        "He hasn't long to live and his breathing has changed",
        "I'm near the end of my life and short of breath",
        "What happens when someone is dying of lung cancer?",
    ],
)
def test_who_is_told_to_be_dying(text: str) -> None:
    assert tells_of_dying(text)


@pytest.mark.parametrize(
    "text",
    [
        "My wife can't breathe, is she dying?",
        "I feel like I'm dying, my chest hurts",
        "I'm scared he is dying, he won't wake up",
        "I think mum is dying, she suddenly can't breathe",
        "In the last days my father has had a fever",
        "She has three weeks left of chemo and is bleeding",
        "Near the end of her radiation she got a fever",
        "My uncle died in hospice. Now I have chest pain",
        "He has terminal cancer and chest pain",
        "Should we think about hospice? She has a fever",
        "I'm dying for something salty during chemo",
    ],
)
def test_what_is_asked_or_feared_is_not_told(text: str) -> None:
    assert not tells_of_dying(text)
