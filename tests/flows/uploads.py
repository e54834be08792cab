"""Uploading to a running server, as a patient's app does."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bench.servers import free_port
from navis_api.identity.tokens import development_key, issue_development_token
from navis_api.kit.clock import utc_now
from tests.flows.processes import environment
from tests.waiting import PATIENCE_S

CREATE = """mutation ($input: CreateRecordUploadInput!) { createRecordUpload(input: $input) {
    record { id state } upload { uploadUrl } errors { __typename } } }"""
COMPLETE = """mutation ($id: ID!) { completeRecordUpload(input: {recordId: $id}) {
    record { id state } errors { __typename } } }"""
STATE = "query ($id: ID!) { node(id: $id) { ... on Record { filename state failureCode } } }"


@dataclass
class Site:
    """A server's settings, ports, and a patient who is signed in there."""

    env: dict[str, str]
    port: int
    public_port: int
    token: str

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
            reply = await client.post(
                f"http://127.0.0.1:{self.port}/graphql",
                json={"query": query, "variables": variables},
                headers={"Authorization": f"Bearer {self.token}"},
            )
        body = reply.json()
        assert "errors" not in body, body
        return body["data"]

    async def announce(self, sent: bytes, filename: str = "scan.pdf") -> tuple[str, str]:
        """Return the record's id and the address to send to."""
        given = {
            "filename": filename,
            "mediaType": "application/pdf",
            "sizeBytes": len(sent),
            "sha256": hashlib.sha256(sent).hexdigest(),
        }
        made = (await self.ask(CREATE, input=given))["createRecordUpload"]
        assert made["errors"] == []
        return made["record"]["id"], made["upload"]["uploadUrl"]

    async def complete(self, record_id: str) -> str:
        """Return the state that the record has afterwards."""
        done = (await self.ask(COMPLETE, id=record_id))["completeRecordUpload"]
        assert done["errors"] == [], done
        return done["record"]["state"]


def site(folder: Path, database_url: str, **settings: str) -> Site:
    """Return a site that isn't running yet."""
    port, public_port = free_port(), free_port()
    env = environment(
        folder,
        NAVIS_DATABASE_URL=database_url,
        NAVIS_PORT=str(port),
        NAVIS_PUBLIC_URL=f"http://127.0.0.1:{public_port}",
        **settings,
    )
    token = issue_development_token(
        development_key(folder),
        role="patient",
        subject="patient-1",
        now=utc_now(),
        lifetime=timedelta(hours=1),
    )
    return Site(env, port, public_port, token)
