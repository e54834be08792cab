"""A language model that proposes findings, beside a real server and a real worker."""

import asyncio
import json
from pathlib import Path

import asyncpg
import httpx

from tests.flows.processes import navis
from tests.flows.test_asking import serving
from tests.flows.test_uploading import ready, started
from tests.flows.uploads import Site, site
from tests.language_model import says, scripted
from tests.waiting import PATIENCE_S

CANARY = "Xq7Zebrafink"
REPORT = f"""FINAL DIAGNOSIS:
Liver: hepatocellular carcinoma, seen by {CANARY}.
The disease then turned up as deposits in the lung.
"""
QUOTE = "deposits in the lung"
PROPOSED = {
    "kind": "METASTATIC_SITE", "name": "lung", "page": 1, "quote": QUOTE, "value": None,
    "unit": None, "assertion": "PRESENT", "temporality": "CURRENT", "treatment_status": None,
    "date": None,
}  # fmt: skip
MADE_UP = {**PROPOSED, "name": "liver", "quote": f"deposits in the liver of {CANARY}"}
FINDINGS = """query ($id: ID!) { node(id: $id) { ... on Record {
    findings { origin name quote status } } } }"""
GRANT = """mutation { grantConsent(input: {purpose: READING_BY_MODEL, version: 1}) {
    consent { state } errors { __typename } } }"""


async def uploaded(here: Site) -> list[dict[str, str]]:
    """Upload the report and wait until it was read; return its findings that a model proposed."""
    record_id, url = await here.announce(REPORT.encode(), "report.txt")
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        assert (await client.put(url, content=REPORT.encode())).status_code == 200
    await here.complete(record_id)
    await ready(here, record_id)
    found = (await here.ask(FINDINGS, id=record_id))["node"]["findings"]
    assert "READER" in {each["origin"] for each in found}
    return [each for each in found if each["origin"] == "MODEL"]


async def test_a_model_reads_a_record_once_its_patient_allows_that(
    tmp_path: Path, database_url: str, owner: asyncpg.Connection
) -> None:
    here = site(tmp_path, database_url, NAVIS_LOG_LEVEL="DEBUG", OPENAI_LOG="debug")
    here.env["NAVIS_PUBLIC_URL"] = f"http://127.0.0.1:{here.port}"
    async with scripted(says(json.dumps({"proposals": [PROPOSED, MADE_UP]}))) as model:
        asked = {
            **here.env,
            "NAVIS_RECORDS_MODEL": "openai:fake",
            "NAVIS_LLM_BASE_URL": model.url,
            "NAVIS_LLM_API_KEY": "made-up",
        }
        with serving(here.env) as server, navis("worker", env=asked) as worker:
            await started(server)
            assert await uploaded(here) == []
            assert model.requests == []
            granted = (await here.ask(GRANT))["grantConsent"]
            assert granted == {"consent": {"state": "GRANTED"}, "errors": []}
            assert await uploaded(here) == [
                {"origin": "MODEL", "name": "lung", "quote": QUOTE, "status": "EXTRACTED"}
            ]
            await asyncio.to_thread(worker.wait_for, "records.proposed")
        assert len(model.requests) == 1
        assert CANARY in json.dumps(model.requests)
        for text in (server.output, worker.output):
            assert CANARY not in text
            assert QUOTE not in text
        jobs = await owner.fetch("SELECT p::text FROM pgqueuer p")
        assert CANARY not in str(jobs)
