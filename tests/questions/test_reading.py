"""What is read from a question: its slots, and how it is asked."""

import pytest

from navis_api.questions.sameness.phrasing import NOTHING, phrasing
from navis_api.questions.sameness.reading import read_slots
from navis_api.questions.sameness.slots import Form, Slot, Slots, slot_lexemes
from tests.questions.sample_catalogue import sample_catalogue


def read(text: str) -> Slots:
    return read_slots(text, None, sample_catalogue())


@pytest.mark.parametrize(
    ("text", "slot", "values"),
    [
        ("My dad has stage 3B colon cancer, what now?", Slot.STAGE, {"iiib"}),
        ("HER2- breast cancer", Slot.MARKER, {"her2 negative"}),
        ("HER2-positive breast cancer", Slot.CANCER, {"breast-cancer"}),
        ("HER2 -ve breast cancer", Slot.MARKER, {"her2 negative"}),
        ("childhood acute myeloid leukemia", Slot.CANCER, {"acute-myeloid-leukemia"}),
        ("childhood acute myeloid leukemia", Slot.POPULATION, {"child"}),
        ("my 4 year old has leukemia", Slot.POPULATION, {"child"}),
        ("leukemia at 72 years old", Slot.POPULATION, {"age 72"}),
        ("leukemia in boys", Slot.POPULATION, {"boys"}),
        ("leukemia in a boy", Slot.POPULATION, {"boys"}),
        ("can a girl get melanoma", Slot.POPULATION, {"girls"}),
        ("my mum has breast cancer", Slot.POPULATION, set[str]()),
        ("my dad has breast cancer", Slot.POPULATION, {"male"}),
        ("my dad has colon cancer", Slot.POPULATION, set[str]()),
        ("should I be screened if my aunt had colon cancer", Slot.WORDING, {"aunt"}),
        ("Keytruda for melanoma", Slot.DRUG, {"pembrolizumab"}),
        ("an operation for melanoma", Slot.TREATMENT, {"surgery"}),
        ("radical prostatectomy", Slot.TREATMENT, {"radical prostatectomy"}),
        ("Can melanoma be treated without surgery?", Slot.NEGATION, {"without surgery"}),
        ("I don't know how melanoma is treated", Slot.NEGATION, set[str]()),
        ("when to stop tamoxifen", Slot.TIMING, {"stop tamoxifen"}),
        ("exercise after chemo is finished", Slot.TIMING, {"after chemotherapy"}),
        (
            "switch from tamoxifen to letrozole",
            Slot.DIRECTION,
            {"switch > tamoxifen > letrozole"},
        ),
        ("Does talc cause ovarian cancer?", Slot.DIRECTION, {"talc > cause > ovarian-cancer"}),
        ("Does ovarian cancer cause cramps?", Slot.ASKED, {"symptoms"}),
        ("What causes ovarian cancer?", Slot.ASKED, {"causes"}),
        ("how long can people with melanoma live", Slot.ASKED, {"survival"}),
        ("how long does chemo for melanoma last", Slot.ASKED, {"duration"}),
        ("What is melanoma?", Slot.ASKED, {"definition"}),
        ("What are the types of melanoma?", Slot.ASKED, {"types"}),
        ("melanoma 5-year survival", Slot.NUMBER, {"5 year"}),
        ("high-risk prostate cancer", Slot.CANCER, {"prostate-cancer"}),
    ],
)
def test_a_slot_is_read(text: str, slot: Slot, values: set[str]) -> None:
    assert read(text).of(slot) == values


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Can melanoma be cured?", Form.YES_NO),
        ("Could you tell me how melanoma is treated?", Form.OPEN),
        ("I'd like to know whether melanoma can be cured", Form.YES_NO),
        ("I have melanoma. What are my options?", Form.OPEN),
        ("melanoma treatment", Form.NONE),
        ("Is there a cure for melanoma?", Form.NONE),
    ],
)
def test_how_it_is_asked(text: str, form: Form) -> None:
    assert read(text).form is form


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("symtpoms", "symptoms"), ("tretment", "treatment"), ("diagnosd", "diagnosed")],
)
def test_a_mistyped_word_of_asking_is_put_right(typed: str, meant: str) -> None:
    assert phrasing().corrected(typed) == meant


@pytest.mark.parametrize("word", ["generic", "caring", "serous", "presented", "diet", "gemcitabin"])
def test_a_word_that_may_be_meant_stays(word: str) -> None:
    assert phrasing().corrected(word) == word


def test_a_capital_in_the_middle_may_be_a_name() -> None:
    assert read("Is Treatmend safe with melanoma?").of(Slot.WORDING) == {"treatmend"}


def test_every_phrase_of_padding_says_nothing() -> None:
    # A word that is silent and one that is a topic can't both be meant.
    lexicon = phrasing()
    for begun in lexicon.by_first_words.values():
        for each in begun.get(NOTHING, ()):
            assert not (each.phrase[0] in lexicon.silent and each.meaning.value)


def test_slots_are_marks_of_the_index() -> None:
    assert slot_lexemes(read("stage 2 melanoma treatment")) == [
        "slot:asked:treatment",
        "slot:cancer:melanoma",
        "slot:stage:ii",
    ]


@pytest.mark.parametrize("text", ["", "?!", "\u202e", "+" * 50, "\U0001f600", "a" * 2_000, "if or"])
def test_no_text_fails(text: str) -> None:
    assert not read(text).of(Slot.CANCER)
