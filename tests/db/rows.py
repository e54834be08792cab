"""Rows written by plain SQL, so that only the database's own rules stand between them and us."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from navis_api.db.engine import asyncpg_address
from navis_api.kit.ids import new_id

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOURCE_TEXT = (
    "Ablation destroys small tumors. Künftig auch größere. Surgery removes them \U0001f9e0."
)
QUOTE = "Ablation destroys small tumors."
APPROVAL: dict[str, Any] = {
    "approved_by": "A reviewer",
    "approver_credentials": "A sample",
    "approved_at": NOON,
    "next_review_on": date(2027, 11, 21),
}
PUBLICATION: dict[str, Any] = {"published_at": NOON}

# What is changed by each step on the way from a draft to a state.
_STEPS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "DRAFT": [],
    "IN_REVIEW": [("IN_REVIEW", {})],
    "CHANGES_REQUESTED": [("IN_REVIEW", {}), ("CHANGES_REQUESTED", {})],
    "REJECTED": [("REJECTED", {})],
    "SUPERSEDED": [("SUPERSEDED", {})],
    "APPROVED": [("IN_REVIEW", {}), ("APPROVED", APPROVAL)],
    "PUBLISHED": [("IN_REVIEW", {}), ("APPROVED", APPROVAL), ("PUBLISHED", PUBLICATION)],
}
_STEPS["STALE"] = [*_STEPS["PUBLISHED"], ("STALE", {})]
_STEPS["RETRACTED"] = [*_STEPS["PUBLISHED"], ("RETRACTED", {})]


@asynccontextmanager
async def app_connection(
    address: str, *, role: str = "", subject: str = ""
) -> AsyncIterator[asyncpg.Connection]:
    """Open a connection of the app role that speaks for a viewer."""
    connection = await asyncpg.connect(
        asyncpg_address(address),
        server_settings={"role": "navis_app", "navis.role": role, "navis.subject": subject},
    )
    try:
        yield connection
    finally:
        await connection.close()


class Rows:
    """Writes rows with sensible values; a test gives those that it is about."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    async def insert(self, table: str, **values: Any) -> UUID:
        """Insert a row and return its id, made up unless given (tables without one ignore it)."""
        columns = ", ".join(f'"{name}"' for name in values)
        places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
        await self.connection.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({places})", *values.values()
        )
        return values.get("id") or new_id()

    async def cancer(self, slug: str, **changed: Any) -> UUID:
        return await self.insert(
            "cancers",
            **{
                "id": new_id(),
                "slug": slug,
                "name": slug,
                "aliases": [],
                "body_site": "somewhere",
                "icd10_codes": [],
                "summary": "",
            }
            | changed,
        )

    async def source_version(self, text: str = SOURCE_TEXT, **changed: Any) -> UUID:
        source_id = new_id()
        await self.insert(
            "sources",
            id=source_id,
            key=f"test:{source_id}",
            title="A title",
            publisher="A publisher",
            licence="Public domain",
            audience="patient",
            language="en",
        )
        values = {
            "id": new_id(),
            "source_id": source_id,
            "number": 1,
            "text": text,
            "content_hash": "hash",
        }
        return await self.insert("source_versions", **values | changed)

    async def question(self, **changed: Any) -> UUID:
        id_ = new_id()
        values = {
            "id": id_,
            "text": "A question?",
            "match_key": f"a question {id_}",
            "locale": "en",
            "status": "GENERATING",
            "asked_at": NOON,
        }
        return await self.insert("questions", **values | changed)

    async def asking(self, question_id: UUID, subject: str) -> None:
        await self.insert("askings", question_id=question_id, subject=subject)

    async def answer(self, question_id: UUID, **changed: Any) -> UUID:
        return await self.insert(
            "answers", **{"id": new_id(), "question_id": question_id} | changed
        )

    async def revision(self, answer_id: UUID, **changed: Any) -> UUID:
        values = {
            "id": new_id(),
            "answer_id": answer_id,
            "number": 1,
            "state": "DRAFT",
            "author": "Navis AI",
            "title": "A title",
            "summary": "A summary.",
            "doctor_questions": [],
            "next_steps": [],
            "disclaimer_id": "general-information-1",
            "content": json.dumps({}),
        }
        return await self.insert("answer_revisions", **values | changed)

    async def section(self, revision_id: UUID, **changed: Any) -> UUID:
        values = {
            "id": new_id(),
            "revision_id": revision_id,
            "position": 0,
            "kind": "OPTIONS",
            "heading": "Options",
        }
        return await self.insert("answer_sections", **values | changed)

    async def claim(self, section_id: UUID, **changed: Any) -> UUID:
        values = {
            "id": new_id(),
            "section_id": section_id,
            "position": 0,
            "style": "SENTENCE",
            "text": QUOTE,
        }
        return await self.insert("claims", **values | changed)

    async def citation(self, claim_id: UUID, version_id: UUID, **changed: Any) -> None:
        values = {
            "claim_id": claim_id,
            "position": 0,
            "source_version_id": version_id,
            "number": 1,
            "quote": QUOTE,
            "start": 0,
            "end": len(QUOTE),
        }
        await self.insert("citations", **values | changed)

    async def draft(self, question_id: UUID, **changed: Any) -> "Draft":
        """Insert an answer with a draft of one cited claim."""
        answer_id = await self.answer(question_id)
        return await self.next_draft(answer_id, **changed)

    async def next_draft(self, answer_id: UUID, **changed: Any) -> "Draft":
        """Insert a draft of one cited claim for an answer that is there."""
        revision_id = await self.revision(answer_id, **changed)
        section_id = await self.section(revision_id)
        claim_id = await self.claim(section_id)
        version_id = await self.source_version()
        await self.citation(claim_id, version_id)
        return Draft(answer_id, revision_id, section_id, claim_id, version_id)

    async def generation(self, question_id: UUID, **changed: Any) -> UUID:
        values = {
            "id": new_id(),
            "question_id": question_id,
            "status": "QUEUED",
            "engine": "extractive",
        }
        return await self.insert("generations", **values | changed)

    async def event(self, generation_id: UUID, sequence: int, **changed: Any) -> None:
        values = {
            "generation_id": generation_id,
            "sequence": sequence,
            "kind": "PROGRESSED",
            "payload": json.dumps({"status": "QUEUED"}),
        }
        await self.insert("generation_events", **values | changed)

    async def set(self, table: str, id_: UUID, **values: Any) -> str:
        """Update a row by its id; return what the server says it did."""
        columns = ", ".join(f'"{name}" = ${at}' for at, name in enumerate(values, start=2))
        return await self.connection.execute(
            f"UPDATE {table} SET {columns} WHERE id = $1", id_, *values.values()
        )

    async def take(self, revision_id: UUID, state: str, **changed: Any) -> None:
        """Take a draft to a state, step by step; `changed` goes with the step that approves."""
        for name, values in _STEPS[state]:
            altered = values | (changed if name == "APPROVED" else {})
            await self.set("answer_revisions", revision_id, state=name, **altered)

    async def publish(self, draft: "Draft", question_id: UUID, slug: str) -> None:
        """Do all that publication takes. Only within one transaction."""
        await self.set("answers", draft.answer_id, slug=slug)
        await self.take(draft.revision_id, "PUBLISHED")
        await self.set("questions", question_id, status="ANSWERED", slug=slug, answered_at=NOON)

    async def published(self, slug: str, **changed: Any) -> tuple[UUID, "Draft"]:
        """Insert an answered question with its live answer."""
        async with self.connection.transaction():
            question_id = await self.question(**changed)
            draft = await self.draft(question_id)
            await self.publish(draft, question_id, slug)
        return question_id, draft


class Draft:
    """The ids of a draft's rows."""

    def __init__(
        self, answer_id: UUID, revision_id: UUID, section_id: UUID, claim_id: UUID, version_id: UUID
    ) -> None:
        self.answer_id = answer_id
        self.revision_id = revision_id
        self.section_id = section_id
        self.claim_id = claim_id
        self.version_id = version_id
