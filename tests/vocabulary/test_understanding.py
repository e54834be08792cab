"""The thesaurus: everyday and clinical words lead to the same concepts."""

from collections import Counter

import pytest

from navis_api.vocabulary.understanding import concepts, phrases, same_names, understand


def keys(text: str) -> frozenset[str]:
    return understand(text).keys


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("My liver cancer came back", "recurrence"),
        ("the tumor has grown again", "recurrence"),
        ("how did my dad get mesothelioma", "causes"),
        ("it has RELAPSED", "recurrence"),
        ("recurrent disease", "recurrence"),
        ("it spread to my lungs", "metastasis"),
        ("mets in the bone", "metastasis"),
        ("what are my options now", "treatment"),
        ("what can be done", "treatment"),
        ("Radiotherapy or not?", "radiation"),
        ("how long do I have", "prognosis"),
        ("can it be cured", "cure"),
        ("does it run in families", "genetics"),
        ("watch and wait", "watchful_waiting"),
        ("my daughter is ill", "child"),
        ("oligometastatic", "oligometastasis"),
        ("chemo brain", "memory"),
        ("anaemia", "anemia"),
        ("diarrhoea", "diarrhea"),
        ("short of breath", "breathing"),
        ("blood in my stool", "bleeding"),
        ("fear of reoccurrence", "recurrence"),
    ],
)
def test_everyday_and_clinical_words_lead_to_one_concept(text: str, concept: str) -> None:
    assert concept in keys(text)


def test_the_longest_phrase_wins() -> None:
    # "hormone therapy" is one kind of treatment, not treatment as such.
    assert keys("hormone therapy") == {"hormone_therapy"}
    assert keys("side effects of treatment") == {"side_effects", "treatment"}


def test_a_few_places_are_not_the_same_as_spread() -> None:
    assert "metastasis" not in keys("oligometastatic")
    assert "oligometastasis" not in keys("metastatic")


def test_words_that_mean_nothing_to_us_remain() -> None:
    understood = understand("Does wearing magnets cure cancer?")
    assert understood.keys == {"cure"}
    assert understood.remaining_words == ("wearing", "magnets")


def test_a_name_of_one_thing_leads_to_its_concept_and_remains() -> None:
    understood = understand("Can turmeric help?")
    assert "complementary" in understood.keys
    assert "turmeric" in understood.remaining_words


def test_the_words_that_a_concept_came_from_are_kept() -> None:
    (spoken,) = understand("it came back").concepts
    assert spoken.words == ("came", "back")
    assert spoken.first_word == 1


def test_no_phrase_belongs_to_two_concepts() -> None:
    owners = Counter(phrase for concept in concepts().values() for phrase in set(phrases(concept)))
    assert [phrase for phrase, count in owners.items() if count > 1] == []


def test_nothing_is_understood_in_nothing() -> None:
    assert understand("").concepts == ()
    assert understand("").remaining_words == ()


def test_brand_and_generic_names_stand_for_each_other() -> None:
    assert same_names("keytruda")[0] == "keytruda"
    assert "pembrolizumab" in same_names("keytruda")
    assert "keytruda" in same_names("pembrolizumab")
    assert same_names("trastuzumab") != same_names("trastuzumab emtansine")
    assert same_names("magnets") == ("magnets",)
