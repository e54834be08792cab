"""Profiles: what becomes a fact, what doesn't, and where records disagree."""

from dataclasses import replace
from datetime import date

import pytest

from navis_api.kit.ids import new_id
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    FindingOrigin,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.models import FindingStatus
from navis_api.records.findings.views import FindingView
from navis_api.records.profile.assembling import assemble
from navis_api.records.profile.facts import MAX_FOR_GENERATION, ContradictionReason, ProfileFact
from tests.records.profile.findings import read, seen

K, S = FindingKind, FindingStatus
R = ContradictionReason
CANCER = read(K.PRIMARY_CANCER, "breast-cancer", name="breast cancer")
STAGE = read(K.STAGE_GROUP, "group", "IIIC", name="stage group")
ER = read(K.TUMOR_MARKER, "er", "positive, 95%", name="ER")
KRAS = read(K.GENOMIC_VARIANT, "kras", "mutated", name="KRAS G12D")


def psa(value: str, on: date | None = None) -> Finding:
    return read(K.TUMOR_MARKER, "psa", value, name="PSA", unit="ng/mL", on=on)


def stripped(*views: FindingView) -> list[tuple[str, str | None, bool]]:
    """What reaches a generator, in short."""
    return [(fact.name, fact.value, fact.disputed) for fact in assemble(views).for_generation()]


def reasons(*views: FindingView) -> list[tuple[R, int]]:
    """The contradictions, and how many findings stand in each."""
    return [(each.reason, len(each.finding_ids)) for each in assemble(views).contradictions]


def test_only_what_the_patient_confirmed_or_corrected_is_a_fact() -> None:
    corrected = seen(STAGE, correction=Correction(value="stage 3b"))
    profile = assemble([seen(CANCER), corrected, seen(ER, S.EXTRACTED), seen(KRAS, S.REJECTED)])
    assert [(fact.name, fact.value) for fact in profile.facts] == [
        ("breast cancer", None),
        ("stage group", "stage 3b"),
    ]
    # The generator's part is in the vocabulary's words.
    assert [(fact.name, fact.value) for fact in profile.for_generation()] == [
        ("breast cancer", None),
        ("stage group", "IIIB"),
    ]
    assert set(profile.findings) == {id_ for fact in profile.facts for id_ in fact.finding_ids}


def test_what_a_model_proposed_counts_only_once_it_is_confirmed() -> None:
    proposed = replace(STAGE, value="IV", origin=FindingOrigin.MODEL)
    profile = assemble([seen(STAGE), seen(proposed, S.EXTRACTED)])
    assert [(fact.value, fact.disputed) for fact in profile.facts] == [("IIIC", False)]
    assert profile.contradictions == ()
    # From our own reader it would be one, and so it is once the patient has confirmed it.
    assert reasons(seen(STAGE), seen(replace(STAGE, value="IV"), S.EXTRACTED)) == [(R.DIFFERENT, 2)]
    assert reasons(seen(STAGE), seen(proposed)) == [(R.DIFFERENT, 2)]


def test_findings_that_nobody_confirmed_change_nothing_for_the_generator() -> None:
    own = [seen(CANCER), seen(STAGE), seen(ER), seen(psa("4.2", date(2024, 1, 1)))]
    before = assemble(own).for_generation()
    others = [
        read(K.STAGE_GROUP, "group", "I", name="stage group"),
        read(K.TUMOR_MARKER, "er", "negative", name="ER"),
        read(K.PRIMARY_CANCER, "breast-cancer", assertion=Assertion.ABSENT),
        psa("90", date(2025, 1, 1)),
        KRAS,
    ]
    for status in (S.EXTRACTED, S.REJECTED):
        assert assemble([*own, *(seen(each, status) for each in others)]).for_generation() == before
    # The patient sees those that they haven't rejected.
    shown = assemble([*own, *(seen(each, S.EXTRACTED) for each in others)])
    assert {fact.name for fact in shown.facts if fact.disputed} == {
        "breast cancer",
        "stage group",
        "ER",
    }
    assert not assemble([*own, *(seen(each, S.REJECTED) for each in others)]).contradictions


@pytest.mark.parametrize("assertion", [Assertion.FAMILY, Assertion.UNCERTAIN])
def test_what_is_a_relatives_or_left_open_is_no_fact(assertion: Assertion) -> None:
    told = read(K.PRIMARY_CANCER, "ovarian-cancer", assertion=assertion)
    corrected = seen(CANCER, correction=Correction(assertion=assertion))
    profile = assemble([seen(told), corrected])
    assert (profile.facts, profile.contradictions, profile.for_generation()) == ((), (), ())


def test_a_correction_may_say_that_it_is_not_so() -> None:
    (fact,) = assemble([seen(CANCER, correction=Correction(assertion=Assertion.ABSENT))]).facts
    assert fact.assertion is Assertion.ABSENT


def test_a_correction_that_the_vocabulary_cannot_read_is_shown_and_not_handed_on() -> None:
    mine = "IIIC, says Dr. Zephyrine of St. Mary's, 14 March"
    profile = assemble([seen(CANCER), seen(STAGE, correction=Correction(value=mine))])
    (shown,) = [fact for fact in profile.facts if fact.kind is K.STAGE_GROUP]
    assert (shown.value, shown.is_readable) == (mine, False)
    # Neither it, nor what it takes the place of.
    assert [fact.kind for fact in profile.for_generation()] == [K.PRIMARY_CANCER]


def test_nothing_but_vocabulary_is_handed_on() -> None:
    drug = read(
        K.MEDICATION, "tamoxifen", name="Zephyrine's tamoxifen", status=TreatmentStatus.RECEIVED,
        on=date(2020, 5, 17), line="adjuvant", quote="Zephyrine",
    )  # fmt: skip
    odd = read(K.MEDICATION, "cisplatin", line="zephyrine", status=TreatmentStatus.CURRENT)
    profile = assemble([seen(drug), seen(odd)])
    assert profile.for_generation()[0].line is None
    (fact,) = [fact for fact in profile.for_generation() if fact.key == "tamoxifen"]
    assert fact == ProfileFact(
        finding_ids=fact.finding_ids, kind=K.MEDICATION, name="tamoxifen", key="tamoxifen",
        value=None, unit=None, assertion=Assertion.PRESENT, temporality=Temporality.CURRENT,
        treatment_status=TreatmentStatus.RECEIVED, line="adjuvant", observed_on=None,
        disputed=False,
    )  # fmt: skip
    assert "ephyrine" not in str(profile.for_generation())
    assert "2020" not in str([fact.observed_on for fact in profile.for_generation()])


SAME = [
    (STAGE, read(K.STAGE_GROUP, "group", "Stage 3C"), "IIIC"),
    (STAGE, read(K.STAGE_GROUP, "group", "III"), "IIIC"),
    (ER, read(K.TUMOR_MARKER, "er", "Positive"), "positive, 95%"),
    (psa("4.2", date(2024, 1, 1)), read(K.TUMOR_MARKER, "psa", "4.20"), "4.2"),
    (
        KRAS,
        read(K.GENOMIC_VARIANT, "kras", "Present, p.Gly12Asp", name="KRAS p.Gly12Asp"),
        "mutated",
    ),
    (
        read(K.TUMOR_MARKER, "gleason", "7", on=date(2024, 1, 1)),
        read(K.TUMOR_MARKER, "gleason", "3+4=7"),
        "7 (3+4)",
    ),
    (read(K.TNM_CATEGORY, "t", "pT1"), read(K.TNM_CATEGORY, "t", "pT1c"), "pT1c"),
]


@pytest.mark.parametrize(("one", "other", "value"), SAME)
def test_the_same_from_two_records_is_one_fact(one: Finding, other: Finding, value: str) -> None:
    for first, second in ((one, other), (other, one)):
        views = [seen(first), seen(second)]
        profile = assemble(views)
        (fact,) = profile.facts
        assert set(fact.finding_ids) == {view.id for view in views}
        assert not fact.disputed
        assert [each.value for each in profile.for_generation()] == [value]
        assert not profile.contradictions


def at(kind: FindingKind, key: str, *values: str, **more: object) -> list[Finding]:
    return [read(kind, key, value, **more) for value in values]  # pyright: ignore[reportArgumentType]


DISAGREE = [
    at(K.STAGE_GROUP, "group", "II", "IIIC"),
    at(K.STAGE_GROUP, "group", "I", "II"),
    at(K.TNM_CATEGORY, "t", "pT2", "pT3"),
    at(K.TNM_CATEGORY, "n", "N0", "N1mi"),
    at(K.TUMOR_MARKER, "er", "positive, 95%", "negative"),
    at(K.TUMOR_MARKER, "er", "<1%", "8/8"),
    at(K.TUMOR_MARKER, "her2", "3+", "negative"),
    at(K.TUMOR_MARKER, "her2", "negative") + at(K.TUMOR_MARKER, "her2_fish", "amplified"),
    at(K.GENOMIC_VARIANT, "msi", "MSS", "dMMR"),
    at(K.GENOMIC_VARIANT, "braf", "wild type")
    + at(K.GENOMIC_VARIANT, "braf", "mutated", name="BRAF V600E"),
    [KRAS, read(K.GENOMIC_VARIANT, "kras", "negative", name="KRAS G12D")],
]  # fmt: skip


@pytest.mark.parametrize("findings", DISAGREE)
def test_what_cannot_both_hold_is_shown_and_disputed(findings: list[Finding]) -> None:
    one, other = (seen(each) for each in findings)
    for views in ([one, other], [other, one]):
        profile = assemble(views)
        (contradiction,) = profile.contradictions
        assert set(contradiction.finding_ids) == {one.id, other.id}
        assert contradiction.reason is R.DIFFERENT
        # Both stay, and neither is chosen.
        assert len(profile.facts) == 2
        assert all(fact.disputed for fact in profile.facts)
        assert all(fact.disputed for fact in profile.for_generation())
    # Whether it was confirmed doesn't matter for showing it; once one is rejected, it is over.
    unseen = [FindingView(v.id, v.record_id, S.EXTRACTED, v.read, None) for v in (one, other)]
    assert len(assemble(unseen).contradictions) == 1
    rejected = FindingView(other.id, other.record_id, S.REJECTED, other.read, None)
    assert not assemble([one, rejected]).contradictions


AGREE = [
    at(K.TNM_CATEGORY, "t", "cT3", "pT2"),
    at(K.TNM_CATEGORY, "t", "pT2", "ypT0"),
    at(K.TNM_CATEGORY, "n", "NX", "N1"),
    [STAGE, read(K.STAGE_GROUP, "group", "I", temporality=Temporality.HISTORICAL)],
    [
        read(K.STAGE_GROUP, "group", "II", quote="clinical stage II"),
        read(K.STAGE_GROUP, "group", "IIIA", quote="Pathologic stage: IIIA"),
    ],
    at(K.TUMOR_MARKER, "er", "positive, 95%", "positive, 40%"),
    at(K.TUMOR_MARKER, "her2_ihc", "negative") + at(K.TUMOR_MARKER, "her2_fish", "amplified"),
    at(K.TUMOR_MARKER, "her2", "equivocal", "positive"),
    [
        read(K.GENOMIC_VARIANT, "egfr", "mutated", name="EGFR exon 19 deletion"),
        read(K.GENOMIC_VARIANT, "egfr", "negative", name="EGFR T790M"),
    ],
    [KRAS, read(K.GENOMIC_VARIANT, "kras", "mutated", name="KRAS G12C")],
    [CANCER, read(K.PRIMARY_CANCER, "colon-cancer")],
    [
        read(K.MEDICATION, "tamoxifen", status=TreatmentStatus.PLANNED),
        read(K.MEDICATION, "tamoxifen", status=TreatmentStatus.RECEIVED),
    ],
    at(K.STAGE_GROUP, "extent", "recurrent", "metastatic"),
    at(K.TUMOR_MARKER, "grade", "2", "moderately differentiated"),
    at(K.TUMOR_MARKER, "grade", "high", "3"),
]


@pytest.mark.parametrize("findings", AGREE)
def test_what_can_both_hold_is_two_facts(findings: list[Finding]) -> None:
    profile = assemble([seen(each) for each in findings])
    assert not profile.contradictions
    assert len(profile.facts) == 2
    assert not any(fact.disputed for fact in profile.facts)


def test_stages_of_two_cancers_do_not_contradict_each_other() -> None:
    first, second = new_id(), new_id()
    views = [
        seen(CANCER, record_id=first),
        seen(read(K.STAGE_GROUP, "group", "I"), record_id=first),
        seen(read(K.PRIMARY_CANCER, "colon-cancer"), record_id=second),
        seen(STAGE, record_id=second),
    ]
    assert reasons(*views) == []
    # Of a subtype and its cancer they do.
    subtype = read(K.PRIMARY_CANCER, "triple-negative-breast-cancer")
    assert reasons(*views[:2], seen(subtype, record_id=second), views[3]) == [(R.DIFFERENT, 2)]


def test_of_a_series_the_newest_counts_and_the_others_stay() -> None:
    days = [date(2024, 1, 1), date(2025, 6, 1), date(2023, 1, 1)]
    views = [seen(psa(value, day)) for value, day in zip(("4.2", "10.5", "1"), days, strict=True)]
    profile = assemble(views)
    assert [(fact.value, fact.temporality.value) for fact in profile.facts] == [
        ("10.5", "CURRENT"),
        ("4.2", "HISTORICAL"),
        ("1", "HISTORICAL"),
    ]
    assert not profile.contradictions
    assert stripped(*views) == [("PSA", "10.5", False)]
    # A value of which nobody knows the day may be newer: nothing is chosen.
    unknown = seen(psa("90"))
    assert reasons(*views, unknown) == [(R.ORDER_UNKNOWN, 2)]
    assert set(stripped(*views, unknown)) == {("PSA", "10.5", True), ("PSA", "90", True)}
    dated = seen(psa("90"), correction=Correction(observed_on=date(2022, 1, 1)))
    assert stripped(*views, dated) == [("PSA", "10.5", False)]
    scores = at(K.TUMOR_MARKER, "gleason", "7 (3+4)", "7 (4+3)")
    assert reasons(*(seen(each) for each in scores)) == [(R.ORDER_UNKNOWN, 2)]
    # Two on one day can't both be the newest.
    assert reasons(*views, seen(psa("11", days[1]))) == [(R.DIFFERENT, 2)]


def test_what_is_affirmed_and_denied_goes_by_its_days() -> None:
    liver = read(K.METASTATIC_SITE, "liver", on=date(2024, 1, 1))
    none = read(K.METASTATIC_SITE, "liver", assertion=Assertion.ABSENT, on=date(2025, 1, 1))
    profile = assemble([seen(liver), seen(none)])
    assert [(fact.assertion, fact.temporality) for fact in profile.for_generation()] == [
        (Assertion.ABSENT, Temporality.CURRENT),
        (Assertion.PRESENT, Temporality.HISTORICAL),
    ]
    assert not profile.contradictions
    undated = read(K.METASTATIC_SITE, "liver", assertion=Assertion.ABSENT)
    assert reasons(seen(liver), seen(undated)) == [(R.DENIED, 2)]
    assert all(fact.disputed for fact in assemble([seen(liver), seen(undated)]).facts)


def test_a_denied_marker_is_held_against_one_that_is_there() -> None:
    denied = seen(ER, correction=Correction(assertion=Assertion.ABSENT))
    assert reasons(denied, seen(ER)) == [(R.DENIED, 2)]
    assert reasons(denied, seen(read(K.TUMOR_MARKER, "er", "negative"))) == []


def test_a_contradiction_holds_all_that_take_part_and_nothing_else() -> None:
    negative = read(K.TUMOR_MARKER, "er", "negative", name="ER")
    views = [seen(ER), seen(negative), seen(negative, S.EXTRACTED), seen(CANCER), seen(STAGE)]
    (contradiction,) = assemble(views).contradictions
    assert set(contradiction.finding_ids) == {view.id for view in views[:3]}
    assert (contradiction.kind, contradiction.name) == (K.TUMOR_MARKER, "ER")


def test_thousands_of_findings_are_assembled_and_cut() -> None:
    letters = "ACDEFGHIKLMNPQRSTVWY"
    genes = [
        seen(read(K.GENOMIC_VARIANT, "kras", "mutated", name=f"KRAS {one}{place}{other}"))
        for place in range(1, 12)
        for one in letters
        for other in letters[:10]
        if one != other
    ]
    series = [seen(psa(str(n / 10), date.fromordinal(700_000 + n))) for n in range(2000)]
    profile = assemble([*genes, *series, seen(CANCER)])
    assert len(profile.facts) > 4000
    generated = profile.for_generation()
    assert len(generated) == MAX_FOR_GENERATION
    # What matters most is never what is cut.
    assert [fact.key for fact in generated[:2]] == ["breast-cancer", "psa"]
