"""Lay words for symptoms, side effects, things, devices and people, and what only sounds alike.

`lay_words.json` is in our own words: questions with other ways to ask them ("same"), groups of
neighbours of which no two are the same ("apart"), and what can be asked of any symptom and of any
thing, in groups that ask for different things.
"""

import json
from functools import cache
from itertools import combinations, permutations
from pathlib import Path
from typing import TypedDict

import pytest

from navis_api.questions.sameness.decision import decide, settle
from navis_api.questions.sameness.phrasing import phrasing
from navis_api.questions.sameness.reading import read_by_rules, read_slots
from navis_api.questions.sameness.slots import Slot, Slots
from navis_api.questions.sameness.spoken import spoken_words
from navis_api.questions.sameness.written import effects, things, ways_to_say
from tests.questions.sample_catalogue import sample_catalogue

LayWords = TypedDict(
    "LayWords",
    {
        "same": dict[str, list[str]],
        "apart": list[list[str]],
        "asked of effects": list[list[str]],
        "asked of things": list[list[str]],
    },
)


@cache
def lay_words() -> LayWords:
    return json.loads((Path(__file__).parent / "lay_words.json").read_text(encoding="utf-8"))


@cache
def read(text: str) -> Slots:
    return read_slots(text, None, sample_catalogue())


def is_served(asked: str, known: str) -> bool:
    return settle(decide(read(asked), read(known)), 1.0).same


def test_lay_words_are_served() -> None:
    missed = [
        (asked, known)
        for known, ways in lay_words()["same"].items()
        for asked in ways
        if not decide(read(asked), read(known)).same
    ]
    assert missed == []


def test_no_neighbour_is_served() -> None:
    groups = lay_words()["apart"]
    assert sum(len(list(combinations(group, 2))) for group in groups) >= 2_500
    assert [pair for group in groups for pair in permutations(group, 2) if is_served(*pair)] == []


@pytest.mark.parametrize(
    ("frames", "named"),
    [
        ("asked of effects", "anemia"),
        ("asked of effects", "hand-foot syndrome"),
        ("asked of effects", "night sweats"),
        ("asked of effects", "high blood pressure"),
        ("asked of effects", "infections"),
        ("asked of effects", "tumor lysis syndrome"),
        ("asked of effects", "a second cancer"),
        ("asked of things", "sauna"),
        ("asked of things", "grapefruit"),
        ("asked of things", "blood donation"),
        ("asked of things", "a tattoo"),
    ],
)
def test_what_is_asked_of_anything_stays_apart(frames: str, named: str) -> None:
    groups = [
        [each.format(effect=named, thing=named, care="chemo", cancer="lymphoma") for each in group]
        for group in lay_words()[frames]
    ]
    served = [
        (asked, known)
        for group, other in permutations(groups, 2)
        for asked in group
        for known in other
        if is_served(asked, known)
    ]
    assert served == []


@pytest.mark.parametrize("name", effects())
def test_the_name_of_an_effect_is_read_as_that(name: str) -> None:
    """The learned reader puts it in the place of what was said."""
    slots, _ = read_by_rules(f"Does it cause {name}?", None, sample_catalogue())
    assert slots.of(Slot.EFFECT) == {name}
    assert not slots.of(Slot.WORDING) | slots.of(Slot.TREATMENT) | slots.of(Slot.TEST)


@pytest.mark.parametrize("name", things())
def test_the_name_of_a_thing_is_read_as_that(name: str) -> None:
    slots, _ = read_by_rules(f"Is {name} safe?", None, sample_catalogue())
    assert slots.of(Slot.WORDING) == {name}
    assert not slots.of(Slot.EFFECT) | slots.of(Slot.TREATMENT) | slots.of(Slot.TEST)


def test_nothing_is_said_for_two_effects_or_things() -> None:
    meant: dict[str, set[str]] = {}
    for listed in (effects(), things()):
        for name, written in listed.items():
            for each in written:
                for phrase in ways_to_say(each):
                    words = " ".join(word.word for word in spoken_words(phrase))
                    meant.setdefault(words, set()).add(name)
    assert {said: names for said, names in meant.items() if len(names) > 1} == {}


def test_alternatives_are_written_out() -> None:
    assert list(ways_to_say("(lose|losing) (my |)hair")) == [
        "lose my hair",
        "lose hair",
        "losing my hair",
        "losing hair",
    ]


@pytest.mark.parametrize("word", ["fasting", "washing", "meditation", "additive", "resection"])
def test_no_word_of_its_own_is_a_typing_error(word: str) -> None:
    assert phrasing().corrected(word) == word


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        # What one has beside care isn't what care causes.
        ("Can I have chemo with anemia?", "Can chemo cause anemia?"),
        ("Is chemo safe if I have anemia?", "Does chemo cause anemia?"),
        ("Can people with hot flashes have tamoxifen?", "Can tamoxifen cause hot flashes?"),
        ("Does chemo work if I have neuropathy?", "Does chemo help neuropathy?"),
        ("Does chemo work with nausea?", "Does chemo help with nausea?"),
        ("How is lymphoma treated if I have anemia?", "How is anemia from lymphoma treated?"),
        (
            "How can lymphoma be prevented in people with fatigue?",
            "How can fatigue be prevented in lymphoma?",
        ),
        ("Why is radiotherapy used for fatigue?", "Why does radiotherapy cause fatigue?"),
        # What several people asked a usual question in may still ask for something else.
        ("What did my CT scan show?", "What is the purpose of a CT scan?"),
        ("Does Medicare pay for surgery?", "How much does surgery cost?"),
        ("Is it safe to be around someone having immunotherapy?", "Is immunotherapy safe?"),
        (
            "How do I stop being so scared that melanoma will come back?",
            "How can I lower the risk of melanoma coming back?",
        ),
        (
            "What check-ups does my sister need because I had melanoma?",
            "What follow-up is there for melanoma?",
        ),
        ("if I had chemo, could I have children later?", "Can I have children after chemo?"),
        ("What does partial remission mean in lymphoma?", "What does remission mean in lymphoma?"),
        # Care that prevents an effect isn't care that has it.
        ("Can letrozole prevent osteoporosis?", "Can osteoporosis from letrozole be prevented?"),
        (
            "Can hair loss be prevented with scalp cooling?",
            "Can hair loss from scalp cooling be prevented?",
        ),
    ],
)
def test_who_has_an_effect_before_care_asks_for_something_else(asked: str, known: str) -> None:
    assert not is_served(asked, known)
    assert not is_served(known, asked)
