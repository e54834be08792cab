"""The page of a published answer, the same for everybody: what readers are served, and no more."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from navis_api.answers import fixed_texts
from navis_api.answers.glossary import glossary_of
from navis_api.answers.publishing_models import PublishedChange
from navis_api.answers.rendering import section_blocks
from navis_api.answers.stale_notice import stale_notice
from navis_api.kit.languages import ORIGINAL, Language, language_of
from navis_api.questions.safety.recognition import safety_notices
from navis_api.web.addresses import ANSWERS, Addresses
from navis_api.web.lasting import BRIEFLY
from navis_api.web.open_graph import open_graph
from navis_api.web.pages import Pages
from navis_api.web.references import references_of
from navis_api.web.shown import AnswerShelf, LiveAnswer
from navis_api.web.structured_data import medical_web_page

_NAMES: Final[Mapping[Language, str]] = {
    Language.ENGLISH: "Read this in English",
    Language.SPANISH: "Leer esto en español",
}


class AnswerPages:
    """Serves the pages of answers."""

    def __init__(self, shelf: AnswerShelf, pages: Pages, addresses: Addresses) -> None:
        self._shelf = shelf
        self._pages = pages
        self._addresses = addresses
        self._picture = addresses.site + pages.picture.address

    def routes(self) -> list[Route]:
        """Return where they are."""
        return [Route(ANSWERS + "{slug}", self._show)]

    async def _show(self, request: Request) -> Response:
        wanted = language_of(request.query_params.get("locale", ORIGINAL.value))
        found = await self._shelf.find(request.path_params["slug"], wanted)
        if found is None:
            return self._pages.respond(
                request, "unknown.html", status=HTTPStatus.NOT_FOUND, language=wanted
            )
        if isinstance(found, PublishedChange):
            return self._pages.respond(
                request,
                "retracted.html",
                status=HTTPStatus.GONE,
                language=wanted,
                facts={"retraction": found},
            )
        slug = found.slug
        address = self._addresses.page(slug, found.words.language)
        return self._pages.respond(
            request,
            "answer.html",
            kept=BRIEFLY,
            headers={"Surrogate-Key": found.surrogate_keys},
            language=wanted,
            facts={
                "address": address,
                "alternates": self._alternates(found, slug),
                "structured": medical_web_page(found, address=address),
                "open_graph": open_graph(found, address=address, picture=self._picture),
                "oembed": self._addresses.oembed(slug, request.query_params),
                **answer_facts(found),
            },
        )

    def _alternates(self, found: LiveAnswer, slug: str) -> list[Mapping[str, str]]:
        """Return the languages of an answer, where there is more than one."""
        if len(found.languages) == 1:
            return []
        return [
            {
                "language": language,
                "address": self._addresses.page(slug, language),
                "name": _NAMES[language],
            }
            for language in found.languages
        ]


def answer_facts(found: LiveAnswer) -> dict[str, object]:
    """Return what `_answer.html` shows of an answer."""
    revision, question, words = found.revision, found.question, found.words
    call = revision.call_to_action
    is_original = words.language is ORIGINAL
    return {
        "revision": revision,
        "question": question,
        "cancer": found.cancer,
        "words": words,
        "translation": found.translation,
        "untranslated": found.wanted is not words.language,
        "stale": stale_notice(revision, words.content, found.wanted),
        "being_checked": fixed_texts.BEING_CHECKED,
        "notices": safety_notices(
            question.text,
            question.locale,
            language=found.wanted,
            names_cancer=found.cancer is not None,
        ),
        "blocks": section_blocks,
        "references": references_of(words.content),
        # Its entries are in English, for words that stand in an English text.
        "glossary": glossary_of(words.content.claim_texts) if is_original else [],
        "disclaimer": fixed_texts.disclaimer(revision.disclaimer_id).in_language(found.wanted),
        "call_to_action": (
            fixed_texts.call_to_action(call).in_language(found.wanted) if call else None
        ),
        "history": found.history,
    }
