"""The page of a published answer, the same for everybody: what readers are served, and no more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from navis_api.answers import fixed_texts, history_repository, repository
from navis_api.answers.glossary import glossary_of
from navis_api.answers.history_repository import PastRevision
from navis_api.answers.publishing_models import PublishedChange
from navis_api.answers.rendering import section_blocks
from navis_api.answers.repository import AnswerView
from navis_api.answers.stale_notice import stale_notice
from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.questions import repository as questions
from navis_api.questions.models import Question
from navis_api.questions.safety.recognition import safety_notices
from navis_api.web.pages import Pages
from navis_api.web.references import references_of
from navis_api.web.structured_data import medical_web_page

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_MAX_SLUG_CHARS = 300


@dataclass(frozen=True, slots=True)
class _Published:
    """What is live at an address."""

    view: AnswerView
    question: Question
    cancer: CatalogueEntry | None
    history: Sequence[PastRevision]


class AnswerPages:
    """Serves the pages of answers. `site` is the address that readers see, without a slash."""

    def __init__(
        self, database: Database, catalogue: CatalogueKeeper, pages: Pages, *, site: str
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._pages = pages
        self._site = site

    def routes(self) -> list[Route]:
        """Return where they are."""
        return [Route("/answers/{slug}", self._show)]

    async def _show(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        if len(slug) > _MAX_SLUG_CHARS or not _SLUG.fullmatch(slug):
            return self._unknown(request)
        found = await self._find(slug)
        if found is None:
            return self._unknown(request)
        if isinstance(found, PublishedChange):
            return self._pages.respond(
                request, "retracted.html", status=HTTPStatus.GONE, retraction=found
            )
        return self._published(request, found)

    async def _find(self, slug: str) -> _Published | PublishedChange | None:
        """Return what is live there or, where it was taken back, how that came."""
        async with self._database.reading() as session:
            view = await repository.get_published_by_slug(session, slug)
            if view is None:
                return await history_repository.get_retraction(session, slug)
            answer = view.answer
            question = (await questions.get_many(session, [answer.question_id])).get(
                answer.question_id
            )
            if question is None:
                # Taken back since the first look.
                return None
            history = (await history_repository.history(session, [answer.id]))[answer.id]
            catalogue = await self._catalogue.current(session)
        cancer = catalogue.by_id.get(question.cancer_id) if question.cancer_id else None
        return _Published(view, question, cancer, history)

    def _published(self, request: Request, found: _Published) -> Response:
        view, question = found.view, found.question
        revision, content = view.revision, view.content
        address = f"{self._site}/answers/{view.answer.slug}"
        call = revision.call_to_action
        return self._pages.respond(
            request,
            "answer.html",
            language=question.locale,
            address=address,
            structured=medical_web_page(view, question, found.cancer, address=address),
            revision=revision,
            question=question,
            cancer=found.cancer,
            stale=stale_notice(revision, content),
            being_checked=fixed_texts.BEING_CHECKED,
            notices=safety_notices(
                question.text, question.locale, names_cancer=found.cancer is not None
            ),
            content=content,
            blocks=section_blocks,
            references=references_of(content),
            glossary=glossary_of(content.claim_texts),
            disclaimer=fixed_texts.disclaimer(revision.disclaimer_id).text,
            call_to_action=fixed_texts.call_to_action(call).text if call else None,
            history=list(reversed(found.history)),
        )

    def _unknown(self, request: Request) -> Response:
        return self._pages.respond(request, "unknown.html", status=HTTPStatus.NOT_FOUND)
