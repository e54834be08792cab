"""Letters that a pattern needs: without them it isn't tried, so none may be too many."""

import re

import pytest

from navis_api.questions.sameness import retelling
from navis_api.questions.sameness.needles import needles
from navis_api.questions.sameness.retelling import retold
from tests.questions.sameness.test_everyday import everyday


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("how likely is it", ("how likely is it",)),
        ("(?:scans?|biopsies) of", ("biopsies", "scan")),
        # What may be missing isn't needed, nor what only stands beside.
        ("(?:really )?tired", ("tired",)),
        ("(?<=so )tired(?= after)", ("tired",)),
        ("tired(?:ness){0,2}", ("tired",)),
        # One is in the other.
        ("chemo|chemotherapy", ("chemo",)),
        (r"[\w' -]{3,40} come back", (" come back",)),
        (r"\w+", ("",)),
        ("op(?:tic|tion)s?", ("tic", "tion")),
    ],
)
def test_it_is_what_every_fitting_text_has(pattern: str, needed: tuple[str, ...]) -> None:
    assert set(needles(pattern)) == set(needed)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"what(?: is|'s) (?:the )?(?:best|right) ways? to", "what's the best way to"),
        (r"(?:a|b(?:c|d)+)e?", "bcdcd"),
        (r"x{2}y{0,1}z", "xxz"),
        (r"does [^?.!]{1,9} (?:hurt|ache)", "does it ACHE".lower()),
        (r"\(a\)|[)|]b", "|b"),
    ],
)
def test_a_fitting_text_has_one_of_them(pattern: str, text: str) -> None:
    assert re.fullmatch(pattern, text)
    assert any(needle in text for needle in needles(pattern))


def test_no_everyday_question_loses_a_rule_by_its_needles(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [text for ways in everyday()["same"].values() for text in ways]
    quickly = [retold(text) for text in asked]
    retold.cache_clear()
    monkeypatch.setattr(retelling, "_may_fit", lambda _rule, _lowered: True)
    assert [retold(text) for text in asked] == quickly
    retold.cache_clear()
