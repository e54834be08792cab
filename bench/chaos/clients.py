"""People who go on whatever happens: askers, patients, reviewers, and partners who read."""

import asyncio
import hashlib
import random
import uuid
from http import HTTPStatus
from typing import Any

from bench.chaos.calls import Caller, GaveUp, TryAgain
from bench.chaos.following import FOLLOWED, follow_to_the_end
from bench.chaos.ledger import Asked, Decided, Ledger, Uploaded

_ASK = """
mutation Ask($text: String!, $key: String!) {
  askQuestion(input: {text: $text, idempotencyKey: $key, cancer: "liver-cancer"}) {
    outcome generation { id } errors { __typename ... on UserError { message } }
  }
}
"""
_ASK_PERSONALLY = """
mutation AskPersonally($text: String!, $key: String!) {
  askQuestion(input: {text: $text, personal: true, idempotencyKey: $key}) {
    question { id } errors { __typename ... on UserError { message } }
  }
}
"""
_CREATE = """
mutation Create($input: CreateRecordUploadInput!) { createRecordUpload(input: $input) {
  record { id } upload { uploadUrl } errors { __typename ... on UserError { message } } } }
"""
_COMPLETE = """
mutation Complete($id: ID!) { completeRecordUpload(input: {recordId: $id}) {
  record { state } errors { __typename ... on UserError { message } } } }
"""
_RECORD = """
query Record($id: ID!) { node(id: $id) {
  ... on Record { state failureCode findings { id status } } } }
"""
_CONFIRM = """
mutation Confirm($decisions: [FindingDecisionInput!]!) {
  confirmFindings(input: {findings: $decisions}) { errors { __typename } } }
"""
_CONSENTS = "query Consents { viewer { consents { purpose version } } }"
_GRANT = """
mutation Grant($version: Int!) {
  grantConsent(input: {purpose: PERSONAL_ANSWERS, version: $version}) { errors { __typename } } }
"""
_QUEUE = """
query Queue { reviewQueue(state: IN_REVIEW, first: 20) { nodes { id revision version } } }
"""
_DECIDE = """
mutation Decide($input: ReviewAnswerInput!) { reviewAnswer(input: $input) {
  errors { __typename ... on UserError { message } } } }
"""
_READ = """
query Read { answer(slug: "liver-cancer-came-back-options") { title sections { markdown } } }
"""

_WHAT = (
    "What treatments are there for liver cancer that cannot be removed?",
    "What is oligometastatic liver cancer and can it be cured",
    "What treatments are there for liver cancer that has spread?",
)
_REPORT = b"""MOLECULAR PATHOLOGY REPORT
Specimen: lung, biopsy.
FINAL DIAGNOSIS: Non-small cell lung cancer, adenocarcinoma. Stage IV.
EGFR: L858R mutation detected.
"""
_PERSONAL = "What are the treatment options for advanced non-small cell lung cancer?"
_PIECE = 30_000
_LOOK_AGAIN_S = 0.5
_BETWEEN_PIECES_S = 0.1
_READING_PATIENCE = 360


class People:
    """Clients of one site. They go on until `over` is set, and finish what they began."""

    def __init__(self, site: str, ledger: Ledger, dice: random.Random) -> None:
        self.site = site
        self.over = asyncio.Event()
        self._ledger = ledger
        self._dice = dice

    async def asking(self, name: str) -> None:
        """Ask and follow, over and over."""
        caller = Caller(self.site, self._ledger)
        count = 0
        while not self.over.is_set():
            count += 1
            text = f"Case {name}{count}: {self._dice.choice(_WHAT)}"
            given = {"text": text, "key": str(uuid.uuid4())}
            asked = (await caller.insist(_ASK, **given))["askQuestion"]
            if asked["errors"] or asked["generation"] is None:
                self._ledger.broken("a new question is refused", asked)
                continue
            known = Asked(text, asked["generation"]["id"])
            self._ledger.asked.append(known)
            await follow_to_the_end(self.site, known, self._dice.choice(FOLLOWED), self._ledger)
        await caller.close()

    async def being_patient(self, token: str) -> None:
        """Upload a record, confirm what was found in it, and ask for oneself; over and over."""
        caller = Caller(self.site, self._ledger, token=token)
        await self._consent(caller)
        while not self.over.is_set():
            try:
                await self._one_record(caller, token)
            except GaveUp:
                continue
            await self._ask_personally(caller, token)
        await caller.close()

    async def _consent(self, caller: Caller) -> None:
        consents = (await caller.insist(_CONSENTS))["viewer"]["consents"]
        (version,) = [each["version"] for each in consents if each["purpose"] == "PERSONAL_ANSWERS"]
        await caller.insist(_GRANT, version=version)

    async def _ask_personally(self, caller: Caller, token: str) -> None:
        key = str(uuid.uuid4())
        asked = await caller.insist(_ASK_PERSONALLY, text=f"{_PERSONAL} {key[:4]}", key=key)
        payload = asked["askQuestion"]
        if payload["errors"]:
            self._ledger.broken("a personal question is refused", payload["errors"])
        else:
            self._ledger.personal[payload["question"]["id"]] = token

    async def _one_record(self, caller: Caller, token: str) -> None:
        content = _REPORT + b"Nothing else of note was seen here.\n" * 3_000
        content += str(self._dice.random()).encode()
        given = {
            "filename": "report.txt",
            "mediaType": "text/plain",
            "sizeBytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "idempotencyKey": str(uuid.uuid4()),
        }
        made = (await caller.insist(_CREATE, input=given))["createRecordUpload"]
        if made["errors"]:
            self._ledger.broken("an upload could not begin", made["errors"])
            return
        record_id: str = made["record"]["id"]
        await self._send(caller, made["upload"]["uploadUrl"], content)
        done = (await caller.insist(_COMPLETE, id=record_id))["completeRecordUpload"]
        if done["errors"]:
            self._ledger.broken("an upload could not be completed", done["errors"])
            return
        known = Uploaded(record_id, token, content)
        self._ledger.uploaded.append(known)
        decisions = [
            {"id": each, "decision": "CONFIRM"} for each in await self._found(caller, record_id)
        ]
        if not decisions:
            return
        confirmed = (await caller.insist(_CONFIRM, decisions=decisions))["confirmFindings"]
        if confirmed["errors"]:
            self._ledger.broken("findings could not be confirmed", confirmed["errors"])
            return
        known.findings = {each["id"]: "CONFIRMED" for each in decisions}

    async def _found(self, caller: Caller, record_id: str) -> list[str]:
        """Return the ids of what was read out of a record, once it was."""
        record: dict[str, Any] = {}
        for _ in range(_READING_PATIENCE):
            record = (await caller.insist(_RECORD, id=record_id))["node"]
            if record["state"] == "READY" and record["findings"]:
                return [str(each["id"]) for each in record["findings"]]
            if record["state"] in {"READY", "FAILED", "QUARANTINED"}:
                break
            await asyncio.sleep(_LOOK_AGAIN_S)
        self._ledger.broken("nothing was found in a good record", record)
        return []

    async def _send(self, caller: Caller, url: str, content: bytes) -> None:
        """Send in pieces, and after each failure from where the server says that it stands."""
        acknowledged = 0

        async def piece() -> int:
            nonlocal acknowledged
            head = await caller.send("HEAD", url)
            at = int(head.headers["Upload-Offset"])
            if at < acknowledged:
                self._ledger.broken("acknowledged bytes are gone", (acknowledged, at))
            acknowledged = at
            some = content[at : at + _PIECE]
            if not some:
                return at
            headers = {
                "Content-Type": "application/partial-upload",
                "Upload-Offset": str(at),
                "Upload-Complete": "?1" if at + len(some) == len(content) else "?0",
            }
            reply = await caller.send("PATCH", url, content=some, headers=headers)
            if reply.status_code == HTTPStatus.CONFLICT:
                raise TryAgain
            if reply.is_error:
                self._ledger.broken(f"a piece got {reply.status_code}", reply.text[:200])
                raise TryAgain
            acknowledged = at + len(some)
            return acknowledged

        while await caller.persist(piece) < len(content):  # noqa: ASYNC110 - the pace of a network
            await asyncio.sleep(_BETWEEN_PIECES_S)

    async def reviewing(self, name: str, token: str) -> None:
        """Decide on what waits, over and over, beside others who do the same."""
        caller = Caller(self.site, self._ledger, token=token)
        while not self.over.is_set():
            await asyncio.sleep(_LOOK_AGAIN_S)
            waiting = (await caller.insist(_QUEUE))["reviewQueue"]["nodes"]
            if waiting:
                await self._decide(caller, self._dice.choice(waiting), name)
        await caller.close()

    async def _decide(self, caller: Caller, answer: dict[str, Any], name: str) -> None:
        decision = self._dice.choice(["APPROVE", "REQUEST_CHANGES", "REJECT"])
        meant = Decided(answer["id"], answer["revision"], decision, name)
        given = {
            "answerId": answer["id"],
            "revision": answer["revision"],
            "expectedVersion": answer["version"],
            "decision": decision,
            "comment": "Said by the chaos program.",
        }
        self._ledger.tried.add(meant)
        # Refused as old: somebody else decided, or we did and weren't told. That is no error.
        if not (await caller.insist(_DECIDE, input=given))["reviewAnswer"]["errors"]:
            self._ledger.decided.append(meant)

    async def reading(self, token: str | None) -> None:
        """Read what is published, as a partner or anybody; it never changes here."""
        caller = Caller(self.site, self._ledger, token=token)
        first = await caller.insist(_READ)
        while not self.over.is_set():
            await asyncio.sleep(0.1)
            if await caller.insist(_READ) != first:
                self._ledger.broken("a published answer read differently")
            page = await caller.persist(
                lambda: caller.send("GET", f"{self.site}/answers/liver-cancer-came-back-options")
            )
            if page.status_code != HTTPStatus.OK:
                self._ledger.broken("a page is not there", page.status_code)
            self._ledger.reads += 2
        await caller.close()
