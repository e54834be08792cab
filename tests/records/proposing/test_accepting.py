"""What is left of proposals: only what the record's own words carry, as our reader takes them."""

from dataclasses import replace
from datetime import date

import pytest

from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    FindingOrigin,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.extraction.text.passages import Passage
from navis_api.records.extraction.text.placed import UNCERTAIN_CONFIDENCE
from navis_api.records.extraction.text.reading import findings_of_text
from navis_api.records.proposing.accepting import accepted
from navis_api.records.proposing.places import MAX_PLACES, quoted_places
from navis_api.records.proposing.proposal import MAX_PROPOSALS, Proposal

K = FindingKind
RECEIVED = TreatmentStatus.RECEIVED

PAGE = """FINAL DIAGNOSIS:
Liver: the growth is hepatocellular carcinoma. It is now at IIIB by AJCC criteria.
She got folfox for six cycles, and the disease then turned up as deposits in the lung.
Her mother had ovarian cancer. No evidence of spread to the bone.
MRI: T2-weighted lesion. Chronic kidney disease, stage 3. Wound, stage 3 ulcer.
ECOG was put down on 03/04/2021 as 1 today.
EGFR showed, on sequencing, L858R. ER 90%, PR 0%. Allergic to carboplatin.
Cannot exclude deposits in the brain.
SOCIAL HISTORY: Came by himself. Karnofsky, he says, is now 80.
"""

STAGE = Proposal(K.STAGE_GROUP, "stage", 1, "now at IIIB by AJCC", value="IIIB")
REGIMEN = Proposal(K.MEDICATION, "FOLFOX", 1, "She got folfox", treatment_status=RECEIVED)
SPREAD = Proposal(K.METASTATIC_SITE, "lung", 1, "deposits in the lung")
NO_SPREAD = Proposal(K.METASTATIC_SITE, "bone", 1, "spread to the bone", assertion=Assertion.ABSENT)
OPEN = Proposal(
    K.METASTATIC_SITE, "brain", 1, "deposits in the brain", assertion=Assertion.UNCERTAIN
)
ECOG = Proposal(K.PERFORMANCE_STATUS, "ECOG", 1, "ECOG was put down on 03/04/2021 as 1", value="1")
GENE = Proposal(K.GENOMIC_VARIANT, "EGFR", 1, "EGFR showed, on sequencing, L858R", value="L858R")
BORNE_OUT = (STAGE, REGIMEN, SPREAD, NO_SPREAD, OPEN, ECOG, GENE)


def left_of(*proposals: Proposal, page: str = PAGE) -> list[Finding]:
    return accepted([page], findings_of_text([page]), proposals)


@pytest.mark.parametrize("proposal", BORNE_OUT, ids=lambda each: f"{each.kind} {each.name}")
def test_what_the_record_says_and_our_reader_missed_is_added(proposal: Proposal) -> None:
    (found,) = left_of(proposal)
    assert found.origin is FindingOrigin.MODEL
    assert found.confidence < UNCERTAIN_CONFIDENCE
    assert found.quote == proposal.quote == PAGE[found.start : found.end]
    assert (found.kind, found.page, found.value) == (proposal.kind, 1, proposal.value)
    assert found.assertion is proposal.assertion
    assert found.treatment_status is proposal.treatment_status
    assert not [each for each in findings_of_text([PAGE]) if each.key == found.key]


def test_names_are_the_vocabularys_and_days_are_the_records() -> None:
    found = left_of(*BORNE_OUT)
    assert [each.key for each in found] == [
        "group", "folfox", "lung", "bone", "brain", "ecog", "egfr",
    ]  # fmt: skip
    assert {each.key: each.observed_on for each in found if each.observed_on} == {
        "ecog": date(2021, 3, 4)
    }
    (dated,) = left_of(replace(ECOG, observed_on=date(2021, 3, 4)))
    assert dated.observed_on == date(2021, 3, 4)


DROPPED = {
    "a quote that isn't there": replace(STAGE, quote="now at IIIC by AJCC", value="IIIC"),
    "a letter of the quote is another": replace(STAGE, quote="now at IIIb by AJCC"),
    "a quote of another page": replace(STAGE, page=2),
    "no such page": replace(STAGE, page=0),
    "a page that is no number of pages": replace(STAGE, page=-(10**30)),
    "an empty quote": replace(SPREAD, quote=""),
    "a quote of spaces": replace(SPREAD, quote=" "),
    "the whole record for a quote": replace(SPREAD, quote=PAGE),
    "a quote within a word": replace(SPREAD, quote="eposits in the lung"),
    "a value that the quote hasn't": replace(STAGE, value="IV"),
    "a value within the quote's value": replace(STAGE, value="III"),
    "no value": replace(STAGE, value=None),
    "a value that isn't one": replace(STAGE, value="now"),
    "a unit that the quote hasn't": replace(ECOG, unit="points"),
    "a name that the quote hasn't": replace(SPREAD, name="liver"),
    "a name that nobody knows": replace(SPREAD, name="soul"),
    "a name without end": replace(SPREAD, name="lung " * 10_000),
    "a name with half a letter": replace(SPREAD, name="\ud800\x00"),
    "another kind": replace(SPREAD, kind=K.PRIMARY_CANCER),
    "a day that the sentence hasn't": replace(ECOG, observed_on=date(2021, 3, 5)),
    "denied, told as present": replace(NO_SPREAD, assertion=Assertion.PRESENT),
    "left open, told as present": replace(OPEN, assertion=Assertion.PRESENT),
    "present, told as denied": replace(SPREAD, assertion=Assertion.ABSENT),
    "now, told as earlier": replace(SPREAD, temporality=Temporality.HISTORICAL),
    "received, told as planned": replace(REGIMEN, treatment_status=TreatmentStatus.PLANNED),
    "a treatment without a status": replace(REGIMEN, treatment_status=None),
    "a status of what is no treatment": replace(SPREAD, treatment_status=RECEIVED),
    "a relative's": Proposal(K.PRIMARY_CANCER, "ovarian cancer", 1, "ovarian cancer"),
    "an allergy": Proposal(
        K.MEDICATION, "carboplatin", 1, "Allergic to carboplatin", treatment_status=RECEIVED
    ),
    "a way to take pictures": Proposal(K.TNM_CATEGORY, "T", 1, "T2-weighted lesion", value="T2"),
    "a part of it": Proposal(K.TNM_CATEGORY, "T", 1, "T2", value="T2"),
    "an ulcer": Proposal(K.STAGE_GROUP, "stage", 1, "stage 3", value="3"),
    "what is said among social matters": Proposal(
        K.PERFORMANCE_STATUS, "Karnofsky", 1, "Karnofsky, he says, is now 80", value="80"
    ),
    "the next marker's value": Proposal(K.TUMOR_MARKER, "ER", 1, "ER 90%, PR 0%", value="0%"),
    "another marker's value": Proposal(K.TUMOR_MARKER, "PR", 1, "ER 90%, PR 0%", value="90%"),
}


@pytest.mark.parametrize("name", DROPPED)
def test_what_the_record_does_not_say_is_dropped(name: str) -> None:
    assert left_of(DROPPED[name]) == []
    # Not because something else was there already.
    assert accepted([PAGE], [], [DROPPED[name]]) == []


def test_a_word_between_that_denies_counts() -> None:
    page = "The biopsy is back. PD-L1 was not, in any of the cores, positive."
    proposal = Proposal(
        K.TUMOR_MARKER, "PD-L1", 1, "PD-L1 was not, in any of the cores, positive", value="positive"
    )
    assert accepted([page], [], [proposal]) == []
    affirmed = page.replace("was not", "was")
    told = replace(proposal, quote=proposal.quote.replace("was not", "was"))
    assert [each.value for each in accepted([affirmed], [], [told])] == ["positive"]


def test_what_a_report_takes_back_is_dropped() -> None:
    page = "Tumor board. The earlier report erroneously had it at IIIB by AJCC criteria."
    proposal = Proposal(K.STAGE_GROUP, "stage", 1, "had it at IIIB by AJCC", value="IIIB")
    assert accepted([page], [], [proposal]) == []


def read_again(page: str, finding: Finding, **changed: object) -> Proposal:
    """What our own reader read, proposed by somebody else."""
    return replace(
        Proposal(
            finding.kind, finding.name, finding.page or 1, page[finding.start : finding.end],
            value=finding.value, unit=finding.unit, assertion=finding.assertion,
            temporality=finding.temporality, treatment_status=finding.treatment_status,
        ),
        **changed,
    )  # fmt: skip


REPORT = """FINAL DIAGNOSIS:
Invasive ductal carcinoma of the left breast, stage IIB, pT2 pN1.
ER 95%, PR 10%, HER2 negative. CA 15-3: 41 U/mL.
She received paclitaxel and had a mastectomy. ECOG 1.
No liver metastases. Bone metastases are seen.
"""


def test_what_our_reader_has_read_is_not_added_once_more() -> None:
    read = findings_of_text([REPORT])
    assert len({each.kind for each in read}) >= 9
    again = [read_again(REPORT, each) for each in read]
    assert accepted([REPORT], read, again) == []
    # Nor in other words, wider ones, or as something that it denied.
    other = [
        Proposal(K.PRIMARY_CANCER, "breast cancer", 1, REPORT.split("\n")[1]),
        Proposal(K.HISTOLOGY, "carcinoma", 1, "ductal carcinoma of the left breast"),
        Proposal(K.STAGE_GROUP, "stage", 1, "left breast, stage IIB, pT2", value="IIB"),
        Proposal(K.METASTATIC_SITE, "liver", 1, "liver metastases"),
        Proposal(K.METASTATIC_SITE, "liver", 1, "No liver metastases. Bone metastases"),
    ]
    assert accepted([REPORT], read, other) == []


WIDER = {
    "a wider cancer": (
        "Hepatocellular carcinoma. He knows of his liver cancer.",
        Proposal(K.PRIMARY_CANCER, "liver cancer", 1, "knows of his liver cancer"),
    ),
    "a wider histology": (
        "Colloid carcinoma of the colon. The adenocarcinoma was removed.",
        Proposal(K.HISTOLOGY, "adenocarcinoma", 1, "The adenocarcinoma was removed"),
    ),
    "a wider stage": (
        "Breast cancer, stage IIB. It was put at II by AJCC criteria.",
        Proposal(K.STAGE_GROUP, "stage", 1, "put at II by AJCC", value="II"),
    ),
    "a wider treatment": (
        "Breast cancer. She received paclitaxel. She received chemotherapy.",
        Proposal(
            K.MEDICATION, "chemotherapy", 1, "She received chemotherapy", treatment_status=RECEIVED
        ),
    ),
}


@pytest.mark.parametrize("name", WIDER)
def test_what_our_reader_has_read_is_not_added_in_a_wider_word(name: str) -> None:
    page, proposal = WIDER[name]
    assert accepted([page], findings_of_text([page]), [proposal]) == []
    assert [each.kind for each in accepted([page], [], [proposal])] == [proposal.kind]


def test_words_that_our_reader_has_read_are_not_read_otherwise() -> None:
    """The same words for the same marker, and another value."""
    page = "The tumor cells, when stained for HER2, were read by two people as 3+."
    proposal = Proposal(
        K.TUMOR_MARKER, "HER2", 1, "HER2, were read by two people as 3+", value="3+"
    )
    (known,) = accepted([page], [], [proposal])
    read = replace(known, value="negative", origin=FindingOrigin.READER)
    assert accepted([page], [read], [proposal]) == []
    # Said elsewhere, it is for the patient to see both.
    elsewhere = page + "\n" + page
    (found,) = accepted([elsewhere], [read], [proposal])
    assert found.start == elsewhere.rindex(proposal.quote)


def test_the_same_is_added_once_at_its_first_place() -> None:
    page = PAGE + "\nOnce more: deposits in the lung."
    (found,) = left_of(SPREAD, SPREAD, page=page)
    assert found.start == page.index(SPREAD.quote)


def test_a_place_that_does_not_bear_it_out_is_passed_over() -> None:
    page = "Her mother had deposits in the lung.\nThe scan has deposits in the lung."
    (found,) = left_of(SPREAD, page=page)
    assert found.start == page.rindex(SPREAD.quote)


def test_a_quote_that_stands_everywhere_costs_no_more_than_one_that_does_not() -> None:
    page = "lung " * 8_000 + "\n" + PAGE
    looked_at = list(quoted_places(Passage(page, 1), "lung"))
    assert looked_at == [(at, at + 4) for at in range(0, 5 * MAX_PLACES, 5)]
    assert left_of(replace(SPREAD, quote="lung"), page=page) == []


def test_no_more_are_looked_at_than_anybody_would_confirm() -> None:
    nothing = [DROPPED["a quote that isn't there"]] * MAX_PROPOSALS
    assert left_of(*nothing, SPREAD) == []
    assert len(left_of(*nothing[1:], SPREAD)) == 1


def test_findings_from_before_there_were_proposals_are_our_readers() -> None:
    (read, *_) = findings_of_text([PAGE])
    told = read.as_json()
    del told["origin"]
    assert Finding.from_json(told) == read
    (proposed,) = left_of(SPREAD)
    assert Finding.from_json(proposed.as_json()) == proposed
