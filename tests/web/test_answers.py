"""The page of an answer: what it shows, to whom, and for how long it may be kept."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, NoReturn

import httpx
import pytest
from starlette.applications import Starlette

from navis_api.answers import fixed_texts, repository
from navis_api.answers.translation_models import AnswerTranslation
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import (
    ANONYMOUS_ROWS,
    SYSTEM_ROWS,
    Database,
    DatabaseBusy,
    RowViewer,
)
from navis_api.kit.languages import Language
from navis_api.questions.models import Question
from navis_api.web.addresses import Addresses
from navis_api.web.answers import AnswerPages
from navis_api.web.pages import Pages
from navis_api.web.shown import AnswerShelf
from tests import publications
from tests.graphql.world import NOON, QUOTE, World

SITE = "https://answers.example"
PAGE = "/answers/what-is-ablation"
LATER = NOON + timedelta(days=1)
LAST = NOON + timedelta(days=2)
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Document(HTMLParser):
    """A page read as a browser does: its text, tags and whether each tag is closed in turn."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" not in self._open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


async def read(site: httpx.AsyncClient, path: str = PAGE) -> Document:
    return Document((await site.get(path)).text)


async def test_the_page_shows_the_whole_answer(site: httpx.AsyncClient, world: World) -> None:
    response = await site.get(PAGE)
    text = Document(response.text).text

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    in_order = [
        "What is ablation?",
        "Hepatocellular carcinoma",
        "Published 21 November 2026",
        "Written by A writer",
        "Information only, not medical advice.",
        "Reviewed by Dr Sample , Sample, on 21 November 2026 .",
        "The next review is due by 21 November 2027",
        "A summary.",
        "Options",
        QUOTE + " [1]",
        "What this answer leaves open",
        "The sources say nothing about costs.",
        "Questions to ask your care team",
        "Am I a candidate?",
        "What you can do next",
        "Ask for a second opinion.",
        "Words used here",
        "Sources, and what they say",
        "Liver cancer treatment",
        "A public institute. version 2025. published 2025-01-02.",
        "Treatment " + QUOTE,
        "History of this answer",
        "Published on 21 November 2026 , reviewed by Dr Sample, Sample.",
        fixed_texts.DISCLAIMER.text,
        fixed_texts.UPLOAD_RECORDS.text,
    ]
    places = [text.find(part) for part in in_order]
    assert -1 not in places, in_order[places.index(-1)]
    assert places == sorted(places)


async def test_marks_lead_to_the_sources_they_name(site: httpx.AsyncClient, world: World) -> None:
    page = await read(site)
    ids = [attributes.get("id") for _, attributes in page.tags]
    named = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    targets = {link["href"] for link in page.all("a") if (link["href"] or "").startswith("#")}

    assert "#source-1" in targets
    assert {target[1:] for target in targets if target} <= set(ids)
    assert len(named) == len(set(named))
    links = [link["href"] for link in page.all("a") if "http" in (link["href"] or "")]
    assert links == ["https://example.org/liver"]


async def test_the_page_can_be_read_without_seeing_it(
    site: httpx.AsyncClient, world: World
) -> None:
    page = await read(site)

    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    labelled = {section.get("aria-labelledby") for section in page.all("section")} - {None}
    assert labelled <= {attributes.get("id") for _, attributes in page.tags}
    assert page.tags[page.tags.index(("body", {})) + 1] == (
        "a",
        {"class": "skip", "href": "#main"},
    )


async def test_nothing_on_the_page_runs_or_comes_from_elsewhere(
    site: httpx.AsyncClient, world: World
) -> None:
    response = await site.get(PAGE)
    page = Document(response.text)

    assert [script["type"] for script in page.all("script")] == ["application/ld+json"]
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert not [name for _, attributes in page.tags for name in attributes if name[:2] == "on"]
    assert not [1 for _, attributes in page.tags if "style" in attributes]
    (style,) = [link["href"] for link in page.all("link") if link["rel"] == "stylesheet"]
    assert style
    sheet = await site.get(style)
    assert sheet.status_code == 200
    assert sheet.headers["content-type"].startswith("text/css")
    assert "immutable" in sheet.headers["cache-control"]
    assert "url(" not in sheet.text
    assert "@import" not in sheet.text


async def test_what_people_wrote_is_shown_as_they_wrote_it(
    site: httpx.AsyncClient, database: Database, world: World
) -> None:
    nasty = '</script><script>alert(1)</script> "quoted" & <b>bold</b> {{ 7*7 }}'
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.publish(
            session, world, question, title=nasty, summary=nasty, why=nasty, now=LATER
        )

    response = await site.get(PAGE)
    page = Document(response.text)

    assert "<script>alert" not in response.text
    assert "<b>" not in response.text
    assert nasty in page.text
    assert page.all("meta")[3] == {"name": "description", "content": nasty}
    assert len(page.all("script")) == 1


async def test_machines_read_what_people_read(site: httpx.AsyncClient, world: World) -> None:
    response = await site.get(PAGE)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', response.text)
    assert found
    described = json.loads(found[1])

    assert described["@type"] == "MedicalWebPage"
    assert described["url"] == "https://answers.example/answers/what-is-ablation"
    assert described["lastReviewed"] == "2026-11-21"
    assert described["reviewedBy"]["name"] == "Dr Sample"
    assert described["mainEntity"]["name"] == "What is ablation?"
    assert described["about"]["name"] == "Hepatocellular carcinoma"
    assert [cited["url"] for cited in described["citation"]] == ["https://example.org/liver"]
    page = Document(response.text)
    assert {"rel": "canonical", "href": described["url"]} in page.all("link")


async def test_a_page_is_asked_for_again_and_sent_only_when_it_changed(
    site: httpx.AsyncClient, database: Database, world: World
) -> None:
    first = await site.get(PAGE)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == (
        "public, max-age=10, s-maxage=20, stale-while-revalidate=20, stale-if-error=0"
    )

    for header in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        same = await site.get(PAGE, headers={"If-None-Match": header})
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["etag"] == tag

    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.expire(session, question, reason="A source changed.", now=LATER)
    changed = await site.get(PAGE, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_head_has_the_headers_of_get(site: httpx.AsyncClient, world: World) -> None:
    got, head = await site.get(PAGE), await site.head(PAGE)

    assert head.status_code == 200
    for name in ("etag", "cache-control", "content-security-policy", "content-length"):
        assert head.headers[name] == got.headers[name]


async def test_other_methods_are_refused(site: httpx.AsyncClient, world: World) -> None:
    assert (await site.post(PAGE)).status_code == 405


async def test_an_answer_that_is_checked_again_says_so_first(
    site: httpx.AsyncClient, database: Database, world: World
) -> None:
    claims = [{"section": 0, "claim": 1, "source": str(world.source.id)}]
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.expire(
            session, question, reason="A source changed.", claims=claims, now=LATER
        )

    text = (await read(site)).text

    assert "waiting to be checked again since 2026-11-22. A source changed." in text
    assert text.index("being checked again") < text.index("A summary.")
    assert f"{QUOTE} [1] {QUOTE} [1] {fixed_texts.BEING_CHECKED}" in text
    assert "The next review is due" not in text


async def test_the_history_says_what_was_corrected(
    site: httpx.AsyncClient, database: Database, world: World
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.publish(session, world, question, why="A number was wrong.", now=LATER)

    text = (await read(site)).text

    history = text[text.index("History of this answer") :]
    newest = (
        "Published on 22 November 2026 , reviewed by Dr Ada Sample, Hepatologist."
        " Why: A number was wrong. This is what you read here."
    )
    oldest = (
        "Published on 21 November 2026 , reviewed by Dr Sample, Sample. Replaced on 22 November"
    )
    assert history.index(newest) < history.index(oldest)


async def test_a_retracted_answer_is_gone_and_its_page_says_why(
    site: httpx.AsyncClient, database: Database, world: World
) -> None:
    tag = (await site.get(PAGE)).headers["etag"]
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.retract(session, question, reason="It was <wrong>.", now=LATER)

    response = await site.get(PAGE, headers={"If-None-Match": tag})
    page = Document(response.text)

    assert response.status_code == 410
    assert "It was <wrong>." in page.text
    assert "What is ablation?" in page.text
    assert "22 November 2026" in page.text
    assert QUOTE not in response.text
    assert {"name": "robots", "content": "noindex"} in page.all("meta")
    assert "etag" not in response.headers


async def test_an_erased_answer_is_gone_without_its_words(
    site: httpx.AsyncClient, database: Database, world: World
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await publications.erase(session, await session.get_one(Question, world.published[2]))

    response = await site.get(PAGE)

    assert response.status_code == 410
    assert "ablation" not in response.text


async def test_an_answer_published_again_is_back(
    site: httpx.AsyncClient, database: Database, world: World
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.retract(session, question, reason="It was wrong.", now=LATER)
        await publications.publish(session, world, question, why="Right now.", now=LAST)

    response = await site.get(PAGE)

    assert response.status_code == 200
    assert "Taken back on 22 November 2026 : It was wrong." in Document(response.text).text


@pytest.mark.parametrize(
    "slug",
    ["nothing-here", "What-Is-Ablation", "what-is-ablation%00", "a--b", "%F0%9F%92%8A", "a" * 301],
    ids=["unknown", "capitals", "nul", "hyphens", "emoji", "long"],
)
async def test_there_is_no_page_at_other_addresses(
    site: httpx.AsyncClient, world: World, slug: str
) -> None:
    response = await site.get(f"/answers/{slug}")

    assert response.status_code == 404
    assert "There is no such page" in Document(response.text).text
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_newer_draft_shows_to_nobody(
    site: httpx.AsyncClient, database: Database, world: World
) -> None:
    before = await site.get(PAGE)
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.draft(session, world, question, title="A draft", now=LATER)

    assert (await site.get(PAGE)).text == before.text


async def test_a_busy_database_is_a_page_that_says_so(world: World, database: Database) -> None:
    class Busy(Database):
        def reading(
            self,
            viewer: RowViewer = ANONYMOUS_ROWS,  # noqa: ARG002 - the signature of what it stands for
        ) -> NoReturn:
            raise DatabaseBusy

    busy = Busy(database.engine)
    pages = Pages()
    shelf = AnswerShelf(busy, CatalogueKeeper(busy))
    answers = AnswerPages(shelf, pages, Addresses("https://answers.example"))
    app = Starlette(routes=answers.routes(), exception_handlers=pages.handlers())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://answers.example"
    ) as http:
        response = await http.get(PAGE)

    assert response.status_code == 503
    assert response.headers["retry-after"] == "2"
    assert response.headers["cache-control"] == "no-store"
    assert "try again" in Document(response.text).text


async def test_a_shared_link_shows_what_it_leads_to(site: httpx.AsyncClient, world: World) -> None:
    page = await read(site)
    told = {meta["property"]: meta["content"] for meta in page.all("meta") if "property" in meta}

    assert told["og:type"] == "article"
    assert told["og:title"] == "What is ablation?"
    assert told["og:description"] == "A summary."
    assert told["og:url"] == "https://answers.example/answers/what-is-ablation"
    assert told["og:locale"] == "en_US"
    assert told["article:published_time"] == "2026-11-21T12:00:00+00:00"
    picture = await site.get(told["og:image"] or "")
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["cross-origin-resource-policy"] == "cross-origin"
    size = (told["og:image:width"], told["og:image:height"])
    assert size == tuple(str(int.from_bytes(picture.content[at : at + 4])) for at in (16, 20))


async def test_shared_caches_are_told_what_to_forget_it_by(
    site: httpx.AsyncClient, database: Database, world: World
) -> None:
    response = await site.get(PAGE)
    async with database.reading(SYSTEM_ROWS) as session:
        view = await repository.get_published_by_slug(session, "what-is-ablation")

    assert view
    assert response.headers["surrogate-key"] == (
        f"answer:{view.answer.id} question:{world.published[2]}"
    )


async def translate(
    database: Database, world: World, *, is_approved: bool = True, **changed: object
) -> None:
    """Hand in a Spanish translation of the answer, and have it approved."""
    async with database.writing(SYSTEM_ROWS) as session:
        view = await repository.get_published_by_slug(session, "what-is-ablation")
        assert view
        sections = [
            {"heading": "Opciones", "claims": ["La ablación." for _ in section.claims]}
            for section in view.content.sections
        ]
        values = {
            "revision_id": view.revision.id,
            "language": Language.SPANISH,
            "question": "¿Qué es la ablación?",
            "title": "¿Qué es la ablación?",
            "summary": "Un resumen.",
            "doctor_questions": ["¿Soy candidata?"],
            "next_steps": ["Pida otra opinión."],
            "gaps": ["Nada sobre costes."],
            "sections": sections,
            "translator": "Ana Traductora",
            "created_at": NOON,
        }
        approval = {
            "approved_by": "Dr Bea Sample",
            "approver_credentials": "Hepatologist",
            "approved_at": NOON,
        }
        translation = AnswerTranslation(**values)
        session.add(translation)
        await session.flush()
        if not is_approved:
            return
        for name, value in approval.items():
            setattr(translation, name, value)
        await session.flush()
        for name, value in changed.items():
            setattr(translation, name, value)


async def test_an_approved_translation_is_a_page_in_its_language(
    site: httpx.AsyncClient, database: Database, world: World
) -> None:
    await translate(database, world)
    response = await site.get(f"{PAGE}?locale=es-MX")
    page = Document(response.text)

    assert page.all("html") == [{"lang": "es"}]
    assert response.headers["content-language"] == "es"
    in_order = [
        "¿Qué es la ablación? - Navis",
        "Read this in English",
        "Publicada 21 de noviembre de 2026",
        "Traducida por Ana Traductora. Traducción revisada por Dr Bea Sample",
        "Solo información, no un consejo médico.",
        "Revisada por Dr Sample",
        "Un resumen.",
        "Opciones",
        "La ablación. [1]",
        "¿Soy candidata?",
        "Treatment " + QUOTE,
        fixed_texts.DISCLAIMER.spanish,
    ]
    places = [page.text.find(part) for part in in_order]
    assert -1 not in places, in_order[places.index(-1)]
    assert places == sorted(places)
    assert "Words used here" not in page.text
    here, english = f"{SITE}{PAGE}?locale=es", f"{SITE}{PAGE}"
    assert {"rel": "canonical", "href": here} in page.all("link")
    for language, address in (("es", here), ("en", english)):
        link = {"rel": "alternate", "hreflang": language, "href": address}
        assert link in page.all("link")
    assert '"inLanguage": "es"' in response.text


@pytest.mark.parametrize(
    "changed",
    [
        {"is_approved": False},
        {"withdrawn_at": NOON, "withdrawn_reason": "A word was wrong.", "withdrawn_by": "Dr Bea"},
    ],
    ids=["not approved", "withdrawn"],
)
async def test_without_an_approved_translation_the_original_says_so(
    site: httpx.AsyncClient, database: Database, world: World, changed: dict[str, Any]
) -> None:
    await translate(database, world, **changed)
    response = await site.get(f"{PAGE}?locale=es")
    page = Document(response.text)

    assert "todavía no tiene una traducción revisada" in page.text
    assert "La ablación." not in page.text
    assert page.all("html") == [{"lang": "es"}]
    assert {"lang": "en"} in page.all("h1")
    assert {"rel": "canonical", "href": f"{SITE}{PAGE}"} in page.all("link")
    assert not [link for link in page.all("link") if "hreflang" in link]


@pytest.mark.parametrize("locale", ["en", "fr", "xx-yy", "%00", "e" * 3000])
async def test_other_languages_are_the_original(
    site: httpx.AsyncClient, world: World, locale: str
) -> None:
    response = await site.get(f"{PAGE}?locale={locale}")

    assert response.status_code == 200
    assert response.text == (await site.get(PAGE)).text
