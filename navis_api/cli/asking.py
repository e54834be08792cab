"""The command `ask`: ask, and read the answer while it is written."""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import typer

from navis_api.answers import repository as answers
from navis_api.answers.document import ContentCitation, citation_from_json
from navis_api.answers.repository import AnswerView
from navis_api.answers.stale_notice import stale_notice
from navis_api.app import asking_service
from navis_api.asking.asked import Asked, AskOutcome, AskQuestion
from navis_api.asking.service import Explanation
from navis_api.cancers.service import CatalogueKeeper
from navis_api.cli.database import command_database, database_address
from navis_api.cli.explaining import explanation_json, explanation_lines
from navis_api.cli.loop import run
from navis_api.cli.page import Page
from navis_api.db.errors import DatabaseBusy
from navis_api.db.sessions import ANONYMOUS_ROWS, SYSTEM_ROWS, Database
from navis_api.generation.models import GenerationEventKind, GenerationEventRow
from navis_api.generation.stream import GENERATION_CHANNEL, GenerationStream
from navis_api.identity.viewer import ANONYMOUS
from navis_api.jobs.fanout import Fanout
from navis_api.kit.clock import utc_now
from navis_api.kit.tasks import stop_tasks
from navis_api.settings import Settings
from navis_api.sources.embedding.choice import embedder_from
from navis_api.telemetry import configure_logging
from navis_api.worker import Worker

EXIT_TOO_LITTLE = 3
EXIT_NOT_WRITTEN = 4
EXIT_DECLINED = 6

_AWAY_S = 15.0
_LOOK_S = 1.0


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    *,
    cancer: Annotated[
        str | None, typer.Option(help="Slug of a cancer; found in the question when left out.")
    ] = None,
    locale: Annotated[
        str, typer.Option(help="Language and region, such as en-GB: the region says whom to call.")
    ] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    explain: Annotated[
        bool,
        typer.Option(
            help="Say first what was read from the question, and which reviewed questions were"
            " considered and why they were served or not."
        ),
    ] = False,
) -> None:
    """Ask a question. A reviewed answer comes at once; a new one is written while you watch."""
    settings = Settings()
    configure_logging(level="ERROR", as_json=settings.log_json)
    with database_address(settings) as address:
        conversation = _Conversation(settings, address, as_json=as_json, explain=explain)
        code = run(conversation.hold(AskQuestion(question, cancer, locale)))
    if code:
        raise typer.Exit(code)


class _Conversation:
    """One question and its answer, over our own way to the database."""

    def __init__(self, settings: Settings, address: str, *, as_json: bool, explain: bool) -> None:
        self._settings = settings
        self._address = address
        self._as_json = as_json
        self._explain = explain
        self._explanation: Explanation | None = None
        self._database = command_database(address)
        self._embedder = embedder_from(settings)
        self._page = Page(silent=as_json)

    async def hold(self, wanted: AskQuestion) -> int:
        """Ask, print what comes, and return the exit code."""
        try:
            asked = await self._ask(wanted)
            for notice in asked.safety_notices:
                self._page.notice(notice.message, notice.contacts)
            if asked.outcome is AskOutcome.REVIEWED_ANSWER:
                return await self._show_reviewed(asked)
            if asked.generation_id is None:
                return self._declined(asked)
            return await self._follow(asked, asked.generation_id)
        finally:
            if self._embedder is not None:
                await self._embedder.close()
            await self._database.close()

    async def _ask(self, wanted: AskQuestion) -> Asked:
        service = asking_service(self._settings, CatalogueKeeper(self._database), self._embedder)
        if self._explain:
            # Looked at before it is asked, since what is stored then would be the question itself.
            async with self._database.reading(SYSTEM_ROWS) as session:
                self._explanation = await service.explain(session, wanted)
            if not self._as_json:
                for line in explanation_lines(self._explanation):
                    typer.echo(line)
        async with self._database.writing(SYSTEM_ROWS) as session:
            return await service.ask(session, wanted, viewer=ANONYMOUS, now=utc_now())

    def _declined(self, asked: Asked) -> int:
        """Leave it at the notices, which say what to do."""
        if self._as_json:
            told = {"outcome": asked.outcome.value, "safetyNotices": _notices(asked)}
            typer.echo(json.dumps({**told, **self._explained()}, ensure_ascii=False))
        return EXIT_DECLINED

    async def _show_reviewed(self, asked: Asked) -> int:
        view = await _answer(self._database, asked)
        if view is None:
            return EXIT_NOT_WRITTEN
        self._page.opening(view)
        notice = stale_notice(view.revision, view.content)
        for index, section in enumerate(view.content.sections):
            marked = notice.marks(index) if notice else frozenset[int]()
            self._page.heading(section.heading)
            for place, claim in enumerate(section.claims):
                cited = view.content.citations_of(claim)
                self._page.claim(
                    claim.style,
                    claim.text,
                    [each.number for each in cited],
                    being_checked=place in marked,
                )
        self._page.closing(view)
        self._print_json(asked, view)
        return 0

    async def _follow(self, asked: Asked, generation_id: UUID) -> int:
        """Print the answer while a worker writes it: one of those that run, or our own."""
        fanout = Fanout(self._address, redis=self._settings.redis_url)
        jobs = Worker(self._settings, self._address)
        beside = [
            asyncio.create_task(fanout.run(GENERATION_CHANNEL)),
            asyncio.create_task(jobs.run()),
        ]
        showing = asyncio.create_task(self._show_events(generation_id, fanout))
        lost = asyncio.create_task(_until_lost(fanout))
        try:
            await asyncio.wait([showing, lost], return_when=asyncio.FIRST_COMPLETED)
            if not showing.done():
                raise DatabaseBusy
            last = showing.result()
        finally:
            await stop_tasks(showing, lost)
            jobs.stop()
            beside[0].cancel()
            await asyncio.gather(*beside, return_exceptions=True)
        if last is not None and last.kind is GenerationEventKind.COMPLETED:
            view = await _answer(self._database, asked)
            if view is not None:
                self._page.closing(view)
                self._print_json(asked, view)
                return 0
        told: dict[str, Any] = last.payload if last is not None else {}
        self._page.notice(str(told.get("message", "The answer could not be written.")), ())
        if self._as_json:
            outcome = {
                "outcome": told.get("code"),
                "message": told.get("message"),
                "safetyNotices": _notices(asked),
            }
            typer.echo(json.dumps({**outcome, **self._explained()}, ensure_ascii=False))
        return EXIT_TOO_LITTLE if told.get("code") == "ABSTAINED" else EXIT_NOT_WRITTEN

    async def _show_events(self, generation_id: UUID, fanout: Fanout) -> GenerationEventRow | None:
        """Print what is written while it is, and return the last event."""
        stream = GenerationStream(self._database, fanout)
        last: GenerationEventRow | None = None
        async for event in stream.follow(ANONYMOUS_ROWS, generation_id):
            last = event
            if event.kind is GenerationEventKind.TEXT_ADDED:
                self._show_text(event.payload)
        return last

    def _show_text(self, told: dict[str, Any]) -> None:
        self._page.unreviewed()
        self._page.heading(told["heading"], index=told["sectionIndex"])
        cited = [citation_from_json(each) for each in told["citations"]]
        self._page.claim(told["style"], told["claim"], [each.number for each in cited])

    def _explained(self) -> dict[str, Any]:
        if self._explanation is None:
            return {}
        return {"explanation": explanation_json(self._explanation)}

    def _print_json(self, asked: Asked, view: AnswerView) -> None:
        if not self._as_json:
            return
        revision = view.revision
        typer.echo(
            json.dumps(
                {
                    "outcome": asked.outcome.value,
                    "safetyNotices": _notices(asked),
                    "reviewed": view.reviewed,
                    "title": revision.title,
                    "summary": revision.summary,
                    "sections": [
                        {
                            "kind": section.kind.value,
                            "heading": section.heading,
                            "claims": [
                                {
                                    "text": claim.text,
                                    "citations": _citations(view.content.citations_of(claim)),
                                }
                                for claim in section.claims
                            ],
                        }
                        for section in view.content.sections
                    ],
                    "gaps": revision.gaps,
                    "doctorQuestions": revision.doctor_questions,
                    "nextSteps": revision.next_steps,
                    **self._explained(),
                },
                ensure_ascii=False,
            )
        )


def _notices(asked: Asked) -> list[dict[str, Any]]:
    return [
        {"kind": notice.kind.value, "message": notice.message, "contacts": list(notice.contacts)}
        for notice in asked.safety_notices
    ]


def _citations(cited: Sequence[ContentCitation]) -> list[dict[str, Any]]:
    return [
        {
            "number": each.number,
            "title": each.source.title,
            "url": each.source.url,
            "quote": each.quote,
            "start": each.start,
            "end": each.end,
        }
        for each in cited
    ]


async def _until_lost(fanout: Fanout) -> None:
    """Return when the database has been away for so long that nobody at a terminal would wait."""
    with contextlib.suppress(TimeoutError):
        while True:
            async with asyncio.timeout(_AWAY_S):
                await fanout.connected.wait()
            await asyncio.sleep(_LOOK_S)


async def _answer(database: Database, asked: Asked) -> AnswerView | None:
    if asked.question_id is None:
        return None
    async with database.reading(ANONYMOUS_ROWS) as session:
        found = await answers.views_by_question(session, [asked.question_id])
    return found.get(asked.question_id)
