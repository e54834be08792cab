"""A source changes while people read: a worker marks the answers concerned, and readers see it."""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select, text

from navis_api.answers.document import content_from_json
from navis_api.answers.models import Answer, AnswerRevision, AnswerState
from navis_api.cancers import repository as cancers
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.kit.clock import utc_now
from navis_api.sources.documents import SourceDocument
from navis_api.sources.models import Source, SourceVersion
from navis_api.sources.service import Saved, save_document
from tests.cli.typing_commands import typed
from tests.flows.processes import Running, environment, navis
from tests.waiting import PATIENCE_S

SHOW = "query($slug: String!) { answer(slug: $slug) { state body(format: PLAIN_TEXT) } }"
WITHIN_S = 60.0
MARK = "(being checked again)"


class Corpus:
    """The sample content, whose sources can be changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def quoted(self) -> dict[str, set[str]]:
        """The slugs of the published answers by the keys of the sources that they quote."""
        async with self._database.reading(SYSTEM_ROWS) as session:
            rows = await session.execute(
                select(Answer.slug, AnswerRevision.content)
                .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
                .where(AnswerRevision.state == AnswerState.PUBLISHED)
            )
            keys = {row.id: row.key for row in await session.execute(select(Source.id, Source.key))}
        found: dict[str, set[str]] = {}
        for slug, content in rows:
            assert slug is not None, "what is published has an address"
            for citation in content_from_json(content).citations:
                found.setdefault(keys[citation.source.id], set()).add(slug)
        return found

    async def rewrite(self, key: str, written: str) -> Saved:
        """Give a source a new version with this text."""
        async with self._database.writing(SYSTEM_ROWS) as session:
            source = (await session.scalars(select(Source).where(Source.key == key))).one()
            document = SourceDocument(
                key=key,
                title=source.title,
                publisher=source.publisher,
                url=source.url or "https://example.org",
                licence=source.licence,
                audience=source.audience,
                markdown=written,
                where="test",
            )
            catalogue = await cancers.load_catalogue(session)
            return await save_document(session, document, catalogue=catalogue, now=utc_now())

    async def text_of(self, key: str) -> str:
        async with self._database.reading() as session:
            return (
                await session.scalars(
                    select(SourceVersion.text)
                    .join(Source, Source.id == SourceVersion.source_id)
                    .where(Source.key == key, SourceVersion.superseded_at.is_(None))
                )
            ).one()

    async def states(self) -> dict[str, str]:
        """The states of the answers that readers are served, by slug."""
        async with self._database.reading() as session:
            rows = await session.execute(
                select(Answer.slug, AnswerRevision.state)
                .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
                .where(Answer.slug.is_not(None))
            )
            return {slug: state.value for slug, state in rows if slug is not None}

    async def waiting_jobs(self) -> int:
        async with self._database.reading(SYSTEM_ROWS) as session:
            return (await session.scalar(select(func.count()).select_from(text("pgqueuer")))) or 0


async def until_stale(corpus: Corpus, slugs: set[str]) -> float:
    """Wait until these answers, and no others, are stale; return after how many seconds."""
    began = time.monotonic()
    stale: set[str] = set()
    while time.monotonic() - began < WITHIN_S:
        stale = {slug for slug, state in (await corpus.states()).items() if state == "STALE"}
        assert stale <= slugs
        if stale == slugs:
            return time.monotonic() - began
        await asyncio.sleep(0.1)
    raise AssertionError(f"not stale in time: {slugs - stale}")


async def until_done(corpus: Corpus) -> None:
    for _ in range(600):
        if not await corpus.waiting_jobs():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("jobs were left")


def address_of(server: Running) -> str:
    port = server.wait_for(r'"port": (\d+), "event": "api.started"|api.started.*port=(\d+)')
    return f"http://127.0.0.1:{port[1] or port[2]}/graphql"


async def served(address: str, slug: str) -> Any:
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        reply = await client.post(address, json={"query": SHOW, "variables": {"slug": slug}})
    assert "errors" not in reply.json(), reply.json()
    return reply.json()["data"]["answer"]


async def test_a_new_version_marks_exactly_the_answers_concerned_as_readers_see_them(
    tmp_path: Path, sample_database_url: str, sample_database: Database
) -> None:
    corpus = Corpus(sample_database)
    quoted = await corpus.quoted()
    key, other = sorted(quoted, key=lambda each: (len(quoted[each]), each))[:2]
    before = await corpus.states()
    assert set(before.values()) == {"PUBLISHED"}
    env = environment(tmp_path, NAVIS_DATABASE_URL=sample_database_url)
    with navis("serve", env=env) as server, navis("worker", env=env) as worker:
        address = address_of(server)
        worker.wait_for("worker.started")
        # A version that only adds something, and one that takes all that is quoted away.
        more = await corpus.text_of(other) + "\n\nMore was found out since.\n"
        assert await corpus.rewrite(other, more) is Saved.UPDATED
        assert await corpus.rewrite(key, "# Anew\n\nEverything was written anew.") is Saved.UPDATED
        took_s = await until_stale(corpus, quoted[key])
        await until_done(corpus)
        assert took_s < WITHIN_S
        for slug in quoted[key]:
            answer = await served(address, slug)
            assert answer["state"] == "STALE"
            assert "This answer has been waiting to be checked again since" in answer["body"]
            assert "A source that it quotes has changed" in answer["body"]
            assert MARK in answer["body"].replace("with the mark " + MARK, "")
        for slug in before.keys() - quoted[key]:
            answer = await served(address, slug)
            assert answer["state"] == "PUBLISHED"
            assert "being checked again" not in answer["body"]
    assert await corpus.states() == before | dict.fromkeys(quoted[key], "STALE")


async def test_a_change_while_no_worker_runs_is_seen_by_the_first_that_does(
    tmp_path: Path, sample_database_url: str, sample_database: Database
) -> None:
    corpus = Corpus(sample_database)
    quoted = await corpus.quoted()
    key = min(quoted, key=lambda each: (len(quoted[each]), each))
    env = environment(tmp_path, NAVIS_DATABASE_URL=sample_database_url)
    done = typed(["sources", "withdraw", key, "--reason", "outdated"], env)
    assert (done.returncode, done.stdout.splitlines()[0][:10]) == (0, "Withdrawn."), done.stderr
    assert typed(["sources", "withdraw", "none", "--reason", "wrong"], env).returncode != 0
    # Even the job is lost: what looks over everything finds what it would have found.
    async with sample_database.writing(SYSTEM_ROWS) as session:
        await session.execute(text("DELETE FROM pgqueuer"))
    assert set((await corpus.states()).values()) == {"PUBLISHED"}
    with navis("worker", env=env):
        await until_stale(corpus, quoted[key])
    done = typed(["sources", "restore", key], env)
    assert (done.returncode, done.stdout) == (0, "Restored.\n")
