"""Whatever is checked, a verdict comes of it: no crash, and no time that grows without bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import MAX_CLAIM_CHARS, check_claim, check_quote
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.passages import read_passage
from navis_api.generation.grounding.verdicts import ReasonKind

PASSAGE = "Sorafenib may be used for advanced liver cancer."
WORDS = st.lists(
    st.sampled_from(
        ["not", "may", "1", "in", "5", "%", "stage", "iv", ",", ".", "and", "than", "after",
         "HER2+", "sorafenib", "liver", "cancer", "most", "according", "to", "should",
         "you", "-", "(",
         "“", "é", "½", "\u200b", "ﬁ", "٣", "before", "no", "because", "risk", "factor", "\n- "]
    ),
    max_size=60,
).map(" ".join)  # fmt: skip


@given(claim=st.text(max_size=300) | WORDS, passage=st.text(max_size=300) | WORDS)
@settings(max_examples=150, deadline=None)
def test_any_text_gets_a_verdict(claim: str, passage: str) -> None:
    catalogue = Catalogue()
    verdict = check_claim(claim, [Evidence(passage)], cancer=None, catalogue=catalogue)
    assert verdict.supported is not bool(verdict.reasons)
    check_quote(claim, Evidence(passage), cancer=None, catalogue=catalogue)


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ("", ReasonKind.EMPTY),
        (" \n\t", ReasonKind.EMPTY),
        ("… —", ReasonKind.EMPTY),
        ("liver\0cancer", ReasonKind.UNREADABLE),
        ("liver \ud800 cancer", ReasonKind.UNREADABLE),
        ("liver cancer " * 8_000, ReasonKind.UNREADABLE),
    ],
    ids=["empty", "blank", "signs", "nul", "surrogate", "100 KB"],
)
def test_what_is_no_claim_is_refused_by_its_kind(
    claim: str, kind: ReasonKind, catalogue: Catalogue
) -> None:
    verdict = check_claim(claim, [Evidence(PASSAGE)], cancer=None, catalogue=catalogue)
    assert [reason.kind for reason in verdict.reasons] == [kind]


@pytest.mark.parametrize(
    "evidence", [[], [Evidence("")], [Evidence(" \n")], [Evidence("x" * 10**6)]]
)
def test_a_claim_without_readable_evidence_is_refused(
    evidence: list[Evidence], catalogue: Catalogue
) -> None:
    verdict = check_claim(PASSAGE, evidence, cancer=None, catalogue=catalogue)
    assert [reason.kind for reason in verdict.reasons] == [ReasonKind.NO_EVIDENCE]


def test_an_unreadable_passage_hides_none_of_the_others(catalogue: Catalogue) -> None:
    evidence = [Evidence("x" * 10**6), Evidence("\0 \ud800"), Evidence(PASSAGE)]
    verdict = check_claim(PASSAGE, evidence, cancer=None, catalogue=catalogue)
    assert verdict.supported


@pytest.mark.parametrize(
    "unit",
    ["It may be used. ", "- surgery\n", "not ", "1 in 5 ", "(", "liver cancer and ", "stage I, "],
)
def test_windows_grow_with_the_passage_and_no_faster(unit: str) -> None:
    """What a long passage is read as is a measure of the time that reading it takes."""

    def size(times: int) -> int:
        passage = read_passage(unit * times)
        return sum(len(window.reading.tokens) for window in passage.windows)

    assert size(2_000) <= 2 * size(1_000) + 100


def test_a_claim_as_long_as_allowed_is_read(catalogue: Catalogue) -> None:
    claim = ("Sorafenib may be used, and " * 100)[:MAX_CLAIM_CHARS]
    verdict = check_claim(claim, [Evidence(PASSAGE)], cancer=None, catalogue=catalogue)
    assert ReasonKind.UNREADABLE not in {reason.kind for reason in verdict.reasons}
