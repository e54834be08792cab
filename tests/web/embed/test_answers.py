"""An answer in a partner's frame: who may show it, what it shows, and what can't be changed."""

import base64
import hashlib
import re
from datetime import timedelta

import httpx
import pytest

from navis_api.answers import fixed_texts
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.identity.viewer import KeyScope
from navis_api.partners import service
from navis_api.partners.keeping import KeyKeeper
from navis_api.partners.key_text import KeyEnvironment, KeyKind
from navis_api.questions.models import Question
from tests import publications
from tests.graphql.world import NOON, QUOTE, World
from tests.partners.world import ADMINISTRATOR, Partners, acting
from tests.web.test_answers import Document

FRAME = "/embed/answers/what-is-ablation"
LATER = NOON + timedelta(days=1)
FRAMED_BY_NOBODY = "frame-ancestors 'none'"


def ancestors(response: httpx.Response) -> str:
    (found,) = re.findall(r"frame-ancestors ([^;]*)", response.headers["content-security-policy"])
    return found


async def framed(site: httpx.AsyncClient, key: str, **parameters: str) -> httpx.Response:
    return await site.get(FRAME, params={"key": key, **parameters})


async def test_a_partners_pages_alone_may_frame_it(site: httpx.AsyncClient, key: str) -> None:
    response = await framed(site, key)

    assert response.status_code == 200
    assert ancestors(response) == (
        "http://localhost:3000 https://portal.example https://*.clinic.example"
    )
    # It could name no origin, and older browsers would refuse them all.
    assert "x-frame-options" not in response.headers
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_a_live_key_is_not_for_a_developers_machine(
    site: httpx.AsyncClient, partners: Partners
) -> None:
    partner = await partners.partner(origins=("https://portal.example", "http://localhost:3000"))
    live = await partners.key(partner, KeyKind.PUBLIC, environment=KeyEnvironment.LIVE)

    assert ancestors(await framed(site, live.secret)) == "https://portal.example"


async def test_it_says_what_the_page_says(site: httpx.AsyncClient, key: str) -> None:
    page = Document((await site.get("/answers/what-is-ablation")).text)
    frame = Document((await framed(site, key)).text)

    def article(document: Document) -> str:
        return document.text[document.text.index("What is ablation? The question") :].partition(
            fixed_texts.UPLOAD_RECORDS.text
        )[0]

    assert article(frame) == article(page)
    assert QUOTE in article(frame)
    for name in ("Published 21 November 2026", "Reviewed by", fixed_texts.DISCLAIMER.text):
        assert name in frame.text


async def test_what_must_not_be_missed_stands_before_the_answer(
    site: httpx.AsyncClient, key: str
) -> None:
    """However little of the frame a page shows, the first of it is this."""
    text = Document((await framed(site, key)).text).text
    summary = text.index("A summary.")

    for part in ("Published 21 November 2026", "Information only", "Reviewed by Dr Sample"):
        assert text.index(part) < summary


async def test_nothing_runs_but_our_own_script_from_our_own_address(
    site: httpx.AsyncClient, key: str
) -> None:
    response = await framed(site, key, accent="#7a004b", size="120")
    page, policy = Document(response.text), response.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert "form-action 'none'" in policy
    (script,) = page.all("script")
    assert (script["src"] or "").startswith("/static/frame-")
    assert (await site.get(script["src"] or "")).headers["cache-control"].endswith("immutable")
    (style,) = re.findall(r"<style>(.*?)</style>", response.text)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}'" in policy
    assert not [name for _, attributes in page.tags for name in attributes if name[:2] == "on"]
    assert not [1 for _, attributes in page.tags if "style" in attributes]


async def test_the_frames_script_stores_nothing_and_asks_nobody_else(
    site: httpx.AsyncClient, key: str
) -> None:
    (script,) = Document((await framed(site, key)).text).all("script")
    source = (await site.get(script["src"] or "")).text

    for name in ("localStorage", "sessionStorage", "cookie", "indexedDB", "sendBeacon", "eval("):
        assert name not in source
    assert "http" not in source.replace("https://", "")
    assert "https://" not in source
    assert '"*"' not in source


async def test_links_open_beside_the_partners_page(site: httpx.AsyncClient, key: str) -> None:
    page = Document((await framed(site, key)).text)
    leaving = [link for link in page.all("a") if not (link["href"] or "").startswith("#")]

    assert leaving
    assert all(link.get("target") == "_blank" for link in leaving)
    assert all("noopener" in (link.get("rel") or "") for link in leaving)


async def test_search_engines_are_led_to_the_page(site: httpx.AsyncClient, key: str) -> None:
    response = await framed(site, key)
    page = Document(response.text)

    address = "https://answers.example/answers/what-is-ablation"
    assert {"rel": "canonical", "href": address} in page.all("link")
    assert response.headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "KEY_REQUIRED"),
        ("nvk_pub_test_wrong", "KEY_MALFORMED"),
        ("'; frame-ancestors *", "KEY_MALFORMED"),
        ("\0", "KEY_MALFORMED"),
        ("x" * 4000, "KEY_MALFORMED"),
    ],
)
async def test_without_a_key_nobody_may_frame_it(
    site: httpx.AsyncClient, key: str, code: str
) -> None:
    response = await site.get(FRAME, params={"key": key} if key else {})

    assert response.status_code == 403
    assert code in response.text
    assert FRAMED_BY_NOBODY in response.headers["content-security-policy"]
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["cache-control"] == "no-store"
    assert QUOTE not in response.text
    assert key[:12] not in response.text or not key


async def test_keys_that_are_not_for_this_are_told_why(
    site: httpx.AsyncClient, partners: Partners
) -> None:
    partner = await partners.partner()
    nowhere = await partners.partner("Another", origins=())
    secret = await partners.key(partner)
    asks = await partners.key(partner, KeyKind.PUBLIC, scopes=(KeyScope.ASK,))
    revoked = await partners.key(partner, KeyKind.PUBLIC)
    homeless = await partners.key(nowhere, KeyKind.PUBLIC)
    await partners.revoke(revoked)

    for made, code in (
        (secret, "KEY_EXPOSED"),
        (asks, "SCOPE_MISSING"),
        (revoked, "KEY_REVOKED"),
        (homeless, "ORIGIN_NOT_ALLOWED"),
    ):
        response = await framed(site, made.secret)
        assert (response.status_code, code in response.text) == (403, True), code
        assert FRAMED_BY_NOBODY in response.headers["content-security-policy"]
        assert made.secret not in response.text


async def test_a_look_that_is_none_is_refused_with_what_to_do(
    site: httpx.AsyncClient, key: str
) -> None:
    response = await framed(site, key, accent="red;}body{display:none}")

    assert response.status_code == 400
    assert "`accent`: give a colour as `#075a66` or `075a66`." in Document(response.text).text
    assert "display:none" not in response.text
    assert FRAMED_BY_NOBODY in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("theme", "scheme", "media"),
    [
        ("light", "light", None),
        ("dark", "dark", "@media screen {"),
        ("auto", "light dark", "@media screen and (prefers-color-scheme: dark) {"),
    ],
)
async def test_a_theme_chooses_the_style_sheet(
    site: httpx.AsyncClient, key: str, theme: str, scheme: str, media: str | None
) -> None:
    page = Document((await framed(site, key, theme=theme)).text)
    (sheet,) = [link["href"] for link in page.all("link") if link["rel"] == "stylesheet"]
    css = (await site.get(sheet or "")).text

    assert {"name": "color-scheme", "content": scheme} in page.all("meta")
    dark = css.count("--ink: #e6ecef")
    assert dark == (0 if media is None else 1)
    if media:
        assert css.index(media) < css.index("--ink: #e6ecef")


async def test_a_copy_is_asked_for_again_and_names_its_version(
    site: httpx.AsyncClient, key: str, database: Database, world: World
) -> None:
    first = await framed(site, key)
    tag = first.headers["etag"]
    same = await site.get(FRAME, params={"key": key}, headers={"If-None-Match": tag})
    head = await site.head(FRAME, params={"key": key})
    version = {"name": "navis-version", "content": first.headers["x-navis-version"]}

    assert (same.status_code, same.content) == (304, b"")
    assert head.headers["x-navis-version"] == first.headers["x-navis-version"]
    assert version in Document(first.text).all("meta")
    assert first.headers["cache-control"].startswith("public, max-age=10, s-maxage=20")
    question = world.published[2]
    assert f"question:{question}" in first.headers["surrogate-key"]

    async with database.writing(SYSTEM_ROWS) as session:
        answered = await session.get_one(Question, question)
        await publications.expire(session, answered, reason="A source changed.", now=LATER)
    changed = await site.get(FRAME, params={"key": key}, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["x-navis-version"] != first.headers["x-navis-version"]


async def test_a_copy_changes_with_the_partners_origins(
    site: httpx.AsyncClient, partners: Partners, keys: KeyKeeper, database: Database
) -> None:
    partner = await partners.partner()
    made = await partners.key(partner, KeyKind.PUBLIC)
    tag = (await framed(site, made.secret)).headers["etag"]
    async with database.writing(ADMINISTRATOR) as session:
        await service.update_partner(
            session, partner.id, name=None, origins=["https://new.example"], acting=acting()
        )
    keys.forget()

    response = await site.get(FRAME, params={"key": made.secret}, headers={"If-None-Match": tag})

    assert response.status_code == 200
    assert ancestors(response) == "https://new.example"


async def test_a_retracted_answer_says_so_in_the_frame(
    site: httpx.AsyncClient, key: str, database: Database, world: World
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.retract(session, question, reason="It was wrong.", now=LATER)

    response = await framed(site, key, locale="es")
    text = Document(response.text).text

    assert response.status_code == 410
    assert "Esta respuesta se ha retirado" in text
    assert "It was wrong." in text
    assert QUOTE not in text
    assert "https://portal.example" in ancestors(response)
    assert response.headers["cache-control"] == "public, no-cache"


async def test_an_unknown_answer_says_so_in_the_frame(site: httpx.AsyncClient, key: str) -> None:
    response = await site.get("/embed/answers/nothing-here", params={"key": key})

    assert response.status_code == 404
    assert "There is no such page" in response.text
    assert "https://portal.example" in ancestors(response)
