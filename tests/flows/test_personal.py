"""From a patient's own papers to an answer for their own case, with real processes all along."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from navis_api.db.engine import asyncpg_address
from navis_api.identity.tokens import development_key, issue_development_token
from navis_api.kit.clock import utc_now
from tests.flows.processes import Running, navis
from tests.flows.test_asking import serving
from tests.flows.uploads import Site, site
from tests.records.clamd import fake_clamd
from tests.waiting import PATIENCE_S

CANARY = "Xq7Zebrafink"
QUESTION = "What are the treatment options for advanced non-small cell lung cancer?"
CHANGED = f"""MOLECULAR PATHOLOGY REPORT
Specimen: lung, biopsy. Seen by {CANARY}.
FINAL DIAGNOSIS: Non-small cell lung cancer, adenocarcinoma. Stage IV.
EGFR: L858R mutation detected.
"""
UNCHANGED = f"""MOLECULAR PATHOLOGY REPORT
Specimen: lung, biopsy. Seen by {CANARY}.
FINAL DIAGNOSIS: Non-small cell lung cancer, adenocarcinoma. Stage IV.
EGFR: no mutation detected.
"""

FINDINGS = "{ records { nodes { state findings { id kind name value status } } } }"
DECIDE = """mutation ($decisions: [FindingDecisionInput!]!) {
    confirmFindings(input: {findings: $decisions}) { errors { __typename } } }"""
ALLOW = """mutation ($purpose: ConsentPurpose!, $version: Int!) {
    grantConsent(input: {purpose: $purpose, version: $version}) {
        errors { __typename } } }"""
CONSENTS = "{ viewer { consents { purpose version } } }"
ASK = """mutation ($text: String!) {
    askQuestion(input: {text: $text, personal: true, idempotencyKey: $text}) {
        outcome question { id } generation { id } errors { __typename } } }"""
ANSWER = """query ($id: ID!) { node(id: $id) { ... on Question { id text status generation { status
    events { ... on AnswerTextAdded { text } } } answer { title body scope reviewed factsChanged
        disclaimer { id } unknowns { kind name question reason } doctorQuestions sections {
            heading claims { text citations { quote }
                facts { id kind name value status } } } } } } }"""


QUEUE = "{ personalReviewQueue { nodes { id question title } } }"
TAKE_BACK = """mutation ($id: ID!) {
    reviewPersonalAnswer(input: {id: $id, decision: REJECT, reason: NOT_SUPPORTED}) {
        review { question } errors { __typename } } }"""


@dataclass
class Patients:
    """A site with a server and a worker, and two patients who are signed in there."""

    first: Site
    second: Site
    server: Running
    worker: Running
    owner: asyncpg.Connection
    reviewer: str


@pytest.fixture
async def patients(tmp_path: Path, sample_database_url: str) -> AsyncIterator[Patients]:
    first = site(tmp_path, sample_database_url)
    token, reviewer = (
        issue_development_token(
            development_key(tmp_path),
            role=role,
            subject=subject,
            now=utc_now(),
            lifetime=timedelta(hours=1),
        )
        for role, subject in (("patient", "patient-2"), ("reviewer", "reviewer-1"))
    )
    owner = await asyncpg.connect(asyncpg_address(sample_database_url))
    async with fake_clamd() as clamd:
        env = {
            **first.env,
            "NAVIS_PUBLIC_URL": f"http://127.0.0.1:{first.port}",
            "NAVIS_LOG_LEVEL": "DEBUG",
            "NAVIS_CLAMD_ADDRESS": clamd.address,
        }
        with serving(env) as server, navis("worker", env=env) as worker:
            await asyncio.to_thread(server.wait_for, "api.started")
            yield Patients(first, replace(first, token=token), server, worker, owner, reviewer)
    await owner.close()


async def upload(patient: Site, report: str) -> list[dict[str, Any]]:
    """Send a report; return what was read out of it, once it was."""
    sent = report.encode()
    record_id, url = await patient.announce(sent, f"{CANARY}.txt")
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        assert (await client.put(url, content=sent)).status_code == 200
    await patient.complete(record_id)
    until = time.monotonic() + PATIENCE_S
    while True:
        (record,) = (await patient.ask(FINDINGS))["records"]["nodes"]
        if record["state"] == "READY":
            assert record["findings"]
            return record["findings"]
        assert time.monotonic() < until, record["state"]
        await asyncio.sleep(0.1)


async def decide(patient: Site, found: list[dict[str, Any]], decision: str) -> None:
    decisions = [{"id": each["id"], "decision": decision} for each in found]
    done = await patient.ask(DECIDE, decisions=decisions)
    assert done["confirmFindings"]["errors"] == []


async def allow(patient: Site, purpose: str = "PERSONAL_ANSWERS") -> None:
    consents = (await patient.ask(CONSENTS))["viewer"]["consents"]
    (version,) = [each["version"] for each in consents if each["purpose"] == purpose]
    granted = await patient.ask(ALLOW, purpose=purpose, version=version)
    assert granted["grantConsent"]["errors"] == []


async def answered(patient: Site, text: str = QUESTION) -> dict[str, Any]:
    """Ask personally; return the question with its answer."""
    asked = (await patient.ask(ASK, text=text))["askQuestion"]
    assert asked["errors"] == []
    assert asked["outcome"] == "GENERATING"
    until = time.monotonic() + PATIENCE_S
    while True:
        question = (await patient.ask(ANSWER, id=asked["question"]["id"]))["node"]
        if question["answer"] is not None:
            return question
        assert question["status"] == "GENERATING", question
        assert time.monotonic() < until
        await asyncio.sleep(0.1)


async def reviewed(patients: Patients, patient: Site) -> None:
    """Have the patient's one answer taken back by a reviewer, whom they allow to see it."""
    await allow(patient, "REVIEW")
    await patients.owner.execute(
        "INSERT INTO staff (id, subject, role, name, credentials, all_cancers)"
        " VALUES (gen_random_uuid(), 'reviewer-1', 'REVIEWER', 'Lea Ahmed', 'Oncologist', true)"
    )
    reviewer = replace(patient, token=patients.reviewer)
    (waiting,) = (await reviewer.ask(QUEUE))["personalReviewQueue"]["nodes"]
    assert CANARY in waiting["question"]
    done = (await reviewer.ask(TAKE_BACK, id=waiting["id"]))["reviewPersonalAnswer"]
    assert done["errors"] == []
    assert CANARY in done["review"]["question"]


async def test_a_patients_words_are_nowhere_in_the_clear(patients: Patients) -> None:
    """A report and a question with a word that occurs nowhere else; then everything is read."""
    patient = patients.first
    found = await upload(patient, CHANGED)
    await decide(patient, found, "CONFIRM")
    refused = await patient.ask(ASK, text=f"{QUESTION} {CANARY}")
    assert refused["askQuestion"]["errors"] == [{"__typename": "ConsentRequired"}]
    await allow(patient)
    question = await answered(patient, f"{QUESTION} {CANARY}")
    answer = question["answer"]
    assert CANARY in question["text"]
    assert answer["scope"] == "PERSONAL"
    await reviewed(patients, patient)
    taken_back = (await patient.ask(ANSWER, id=question["id"]))["node"]
    assert taken_back["answer"] is None
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        metrics = (await client.get(f"http://127.0.0.1:{patient.port}/metrics")).text
    # What was told and found as well: a quote of a source stands there anyway, a heading doesn't.
    secrets = [CANARY, answer["title"], QUESTION, *(each["name"] for each in found)]
    for text in (metrics, patients.server.output, patients.worker.output):
        assert not [secret for secret in secrets if secret in text]
    tables = await patients.owner.fetch(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace = 'public'::regnamespace"
    )
    for (table,) in tables:
        rows = await patients.owner.fetch(f"SELECT t::text FROM {table} t")
        text = "\n".join(str(row[0]) for row in rows)
        for secret in (CANARY, QUESTION):
            assert secret not in text, table
            assert secret.encode().hex() not in text, table
    assert await patients.owner.fetchval("SELECT count(*) FROM personal_questions") == 1


async def test_the_same_question_gets_each_patient_their_own_answer(patients: Patients) -> None:
    questions: list[dict[str, Any]] = []
    for patient, report in ((patients.first, CHANGED), (patients.second, UNCHANGED)):
        found = await upload(patient, report)
        await decide(patient, found, "CONFIRM")
        await allow(patient)
        question = await answered(patient)
        confirmed = {each["id"] for each in found}
        sections = question["answer"]["sections"]
        facts = [
            fact for section in sections for claim in section["claims"] for fact in claim["facts"]
        ]
        assert facts
        assert {fact["id"] for fact in facts} <= confirmed
        assert {fact["status"] for fact in facts} == {"CONFIRMED"}
        assert [fact for fact in facts if fact["kind"] == "GENOMIC_VARIANT"]
        assert question["answer"]["factsChanged"] is False
        questions.append(question)
    first, second = (each["answer"]["body"] for each in questions)
    assert first != second
    assert "osimertinib" in first.lower()
    assert "osimertinib" not in second.lower()


async def test_what_is_not_confirmed_or_was_rejected_changes_nothing(patients: Patients) -> None:
    """The answer is that of a patient of whom only the diagnosis is known."""
    answers: list[dict[str, Any]] = []
    for patient, report in ((patients.first, CHANGED), (patients.second, UNCHANGED)):
        found = await upload(patient, report)
        known = [each for each in found if each["kind"] in {"PRIMARY_CANCER", "HISTOLOGY"}]
        others = [each for each in found if each not in known]
        await decide(patient, known, "CONFIRM")
        if patient is patients.first:
            await decide(patient, others, "REJECT")
        await allow(patient)
        answers.append((await answered(patient))["answer"])
    for answer in answers:
        for section in answer["sections"]:
            for claim in section["claims"]:
                claim["facts"] = [(fact["kind"], fact["name"]) for fact in claim["facts"]]
    assert json.dumps(answers[0], sort_keys=True) == json.dumps(answers[1], sort_keys=True)


async def test_an_answer_says_when_its_facts_have_changed(patients: Patients) -> None:
    patient = patients.first
    found = await upload(patient, CHANGED)
    await decide(patient, found, "CONFIRM")
    await allow(patient)
    before = await answered(patient)
    assert before["answer"]["factsChanged"] is False
    await decide(patient, [each for each in found if each["kind"] == "GENOMIC_VARIANT"], "REJECT")
    after = await answered(patient)
    # The same key: it is the answer of before, which now rests on what was rejected.
    assert after["answer"]["factsChanged"] is True
    assert after["answer"]["body"] == before["answer"]["body"]
