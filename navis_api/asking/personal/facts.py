"""A patient's facts as an answer is written for them, and the cancer that they tell."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from navis_api.asking.personal.sealed import AskedFact, WrittenAnswer
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.contract import PatientFact, Unknown
from navis_api.questions.subject import cancers_of_question
from navis_api.records.extraction.findings import Assertion, FindingKind, Temporality
from navis_api.records.profile.facts import ProfileFact


def asked_facts(facts: Iterable[ProfileFact]) -> tuple[AskedFact, ...]:
    """Return a profile's facts, in the stripped form, numbered from 1."""
    return tuple(
        AskedFact(_patient_fact(number, fact), fact.finding_ids)
        for number, fact in enumerate(facts, start=1)
    )


def _patient_fact(number: int, fact: ProfileFact) -> PatientFact:
    return PatientFact(
        number=number,
        kind=fact.kind,
        name=fact.name,
        key=fact.key,
        value=fact.value,
        unit=fact.unit,
        assertion=fact.assertion,
        temporality=fact.temporality,
        treatment_status=fact.treatment_status,
        line=fact.line,
        disputed=fact.disputed,
    )


def cancers_of_facts(facts: Iterable[AskedFact], catalogue: Catalogue) -> Sequence[CatalogueEntry]:
    """Return the cancers that the facts say the patient has, as narrow as they say it.

    A cancer of earlier counts only where none is of now.
    """
    diagnoses = [
        asked.fact
        for asked in facts
        if asked.fact.kind is FindingKind.PRIMARY_CANCER
        and asked.fact.assertion is Assertion.PRESENT
        and not asked.fact.disputed
    ]
    of_now = [fact for fact in diagnoses if fact.temporality is Temporality.CURRENT]
    found: list[CatalogueEntry] = []
    for fact in of_now or diagnoses:
        named = cancers_of_question(fact.name, catalogue)
        found.extend(entry for entry in named if entry not in found)
    return catalogue.most_specific(found)


def have_changed(
    asked: Sequence[AskedFact], unknowns: Sequence[Unknown], now: Sequence[AskedFact]
) -> bool:
    """Whether facts that an answer rests on are no longer so, or an unknown is known by now."""
    known = {_said(each.fact) for each in now}
    if any(_said(each.fact) not in known for each in asked):
        return True
    sure = {(each.fact.kind, each.fact.key) for each in now if not each.fact.disputed}
    return any((unknown.kind, unknown.key) in sure for unknown in unknowns)


def rests_on(written: WrittenAnswer, asked: Sequence[AskedFact]) -> list[str]:
    """Return, for each section that rests on facts, its heading with what they say."""
    facts = {each.fact.number: each.fact for each in asked}
    told: list[str] = []
    for section, claims in zip(written.content["sections"], written.claim_facts, strict=True):
        numbers = sorted({number for claim in claims for number in claim})
        if numbers:
            said = "; ".join(_in_words(facts[number]) for number in numbers)
            told.append(f"{section['heading']}: {said}.")
    return told


def _in_words(fact: PatientFact) -> str:
    if fact.assertion is Assertion.ABSENT:
        return f"no {fact.name}"
    value = " ".join(part for part in (fact.value, fact.unit) if part)
    return f"{fact.name}: {value}" if value and value != fact.name else fact.name


def _said(fact: PatientFact) -> PatientFact:
    """Return a fact without its number: the same fact may have another one by now."""
    return replace(fact, number=0)
