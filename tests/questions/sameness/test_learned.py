"""The learned reader of what is asked is what its ways to ask make it, and knows its limits."""

from collections import Counter, defaultdict

import pytest

from navis_api.questions.sameness.decision import same_question
from navis_api.questions.sameness.learned.model import usual_questions, wording_model
from navis_api.questions.sameness.reading import read_by_rules, read_slots
from navis_api.questions.sameness.slots import Slot
from tests.questions.sample_catalogue import sample_catalogue

ways = pytest.importorskip(
    "bench.wording.ways", reason="bench/ is not part of a source distribution"
)
training = pytest.importorskip("bench.wording.training")
held_out = pytest.importorskip("bench.wording.held_out")

NAMES = {
    "cancer": "bladder cancer",
    "treatment": "chemotherapy",
    "test": "biopsy",
    "effect": "fatigue",
}


def usual(kind: str) -> str:
    return usual_questions()[kind].filled(NAMES)


def test_the_weights_are_of_these_ways() -> None:
    assert wording_model().file.learned_from == training.digest(ways.training_ways()), (
        "the ways have changed: run `python -m bench.wording`"
    )


def test_the_same_ways_make_the_same_weights() -> None:
    some = ways.training_ways()[::60]
    seen = training.shown(some, sample_catalogue())
    once, again = training.learn(some, seen), training.learn(some, seen)
    assert training.packed(once) == training.packed(again)
    assert len(once.file.names) > 100


def test_each_usual_question_is_read_as_no_other() -> None:
    catalogue = sample_catalogue()
    read = defaultdict(list)
    for kind in usual_questions():
        slots, _ = read_by_rules(usual(kind), None, catalogue)
        read[slots.form, frozenset(slots.values.items())].append(kind)
    assert [kinds for kinds in read.values() if len(kinds) > 1] == []


def test_a_usual_question_stays_what_it_is() -> None:
    catalogue = sample_catalogue()
    unlike = [
        kind
        for kind in usual_questions()
        if not same_question(usual(kind), usual(kind), catalogue).same
    ]
    assert unlike == []


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("which things must I not eat with bladder cancer", "foods to avoid"),
        ("is chemotherapy a drip or what, how do you have it", "how it is given"),
        ("can bladder cancer ever be got rid of for good", "cure"),
        ("could my kids get bladder cancer from me", "hereditary"),
        ("how old should I be when I start getting checked for bladder cancer", "screening age"),
        ("when will I hear back about the biopsy", "test results when"),
        ("what would happen if I did nothing about my bladder cancer", "untreated"),
    ],
)
def test_what_people_say_is_put_into_usual_words(asked: str, known: str) -> None:
    catalogue = sample_catalogue()
    assert same_question(asked, usual(known), catalogue).same


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("Can myeloma travel after chemotherapy?", "travel after"),
        ("What is bladder cancer a risk factor for?", "risk factors"),
        ("can bladder cancer be passed on to my husband", "hereditary"),
        ("is chemotherapy worse than I think", "pros and cons"),
        ("What are the symptoms of bladder cancer after chemotherapy?", "symptoms"),
        ("What are the side effects of chemotherapy and does it work?", "side effects"),
        ("how do zorgons treat bladder cancer", "treatment options"),
        ("Who should not have screening for bladder cancer?", "screening whom"),
    ],
)
def test_what_turns_a_question_into_another_is_kept(asked: str, known: str) -> None:
    assert not same_question(asked, usual(known), sample_catalogue()).same


def test_whose_question_it_is_stays_as_it_was_said() -> None:
    catalogue = sample_catalogue()
    said = read_slots(
        "nan's 80 and has stage 3 bladder cancer, how long has she got", None, catalogue
    )
    assert said.of(Slot.STAGE) == {"iii"}
    assert said.of(Slot.NUMBER) or said.of(Slot.POPULATION)


def test_ways_of_authors_who_were_not_learned_from_are_understood() -> None:
    learned_from = [way for way in ways.training_ways() if way.author[0] in "ab"][::9]
    read = held_out.held_out(learned_from, sample_catalogue(), folds=2)
    asking = [each for each in read if each.way.asks_it]
    near = [each for each in read if not each.way.asks_it]
    assert min(Counter(each.way.author for each in asking).values()) > 50
    assert sum(each.served for each in asking) / len(asking) > 0.15
    assert sum(each.by_rules for each in asking) < sum(each.served for each in asking)
    assert sum(each.served for each in near) / len(near) < 0.02
