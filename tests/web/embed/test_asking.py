"""The page of the box for asking: who may frame it, what it may load, and what it never holds."""

import re

import httpx
import pytest

from navis_api.identity.viewer import KeyScope
from navis_api.partners.key_text import KeyKind
from navis_api.web.embed.asking import ASK, asking_script
from tests.graphql.world import World
from tests.partners.world import Partners
from tests.web.embed.test_answers import FRAMED_BY_NOBODY, ancestors
from tests.web.test_answers import Document

pytestmark = pytest.mark.usefixtures("world")


async def asking(
    site: httpx.AsyncClient, key: str, *, opened_as: str | None = "iframe", **parameters: str
) -> httpx.Response:
    headers = {"Sec-Fetch-Dest": opened_as} if opened_as else {}
    return await site.get(ASK, params={"key": key, **parameters}, headers=headers)


def code_of(response: httpx.Response) -> str:
    (code,) = re.findall(r'<meta name="navis-error" content="(\w+)">', response.text)
    return code


async def test_a_partners_pages_alone_may_frame_it(site: httpx.AsyncClient, key: str) -> None:
    response = await asking(site, key)

    assert response.status_code == 200
    assert ancestors(response) == (
        "http://localhost:3000 https://portal.example https://*.clinic.example"
    )
    assert "x-frame-options" not in response.headers
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["x-robots-tag"] == "noindex"


async def test_nothing_runs_or_is_sent_but_from_and_to_us(
    site: httpx.AsyncClient, key: str
) -> None:
    response = await asking(site, key, accent="#7a004b")
    page, policy = Document(response.text), response.headers["content-security-policy"]

    for rule in (
        "default-src 'none'",
        "script-src 'self';",
        "connect-src 'self';",
        "base-uri 'none'",
        # Should the script fail, a form still sends nothing, and no address gets the words.
        "form-action 'none'",
    ):
        assert rule in policy
    assert "unsafe" not in policy
    assert response.headers["referrer-policy"] == "no-referrer"
    scripts = [each["src"] or "" for each in page.all("script")]
    assert [re.sub(r"-\w+\.", ".", each) for each in scripts] == [
        "/static/frame.js",
        "/static/ask.js",
    ]
    for address in scripts:
        assert (await site.get(address)).headers["cache-control"].endswith("immutable")
    assert not [name for _, attributes in page.tags for name in attributes if name[:2] == "on"]
    assert not [1 for _, attributes in page.tags if "style" in attributes]


async def test_no_field_is_remembered_sent_by_name_or_looked_through_by_others(
    site: httpx.AsyncClient, key: str
) -> None:
    page = Document((await asking(site, key)).text)
    fields = [*page.all("textarea"), *page.all("input")]

    assert {each["id"] for each in fields} == {"question", "cancer", "problem", "harmful"}
    assert all(each["autocomplete"] == "off" for each in (*fields, *page.all("form")))
    assert not any("name" in each for each in fields)
    written = [each for each in fields if each["id"] != "harmful"]
    assert all(each["spellcheck"] == "false" for each in written)


def test_the_script_stores_nothing_and_writes_no_markup() -> None:
    source = asking_script().decode()

    for name in ("localStorage", "sessionStorage", "cookie", "indexedDB", "sendBeacon", "eval("):
        assert name not in source
    for name in ("innerHTML", "outerHTML", "insertAdjacentHTML", "postMessage", "console."):
        assert name not in source
    assert re.findall(r"https?://[^/\\]", source) == []


async def test_the_page_knows_nothing_of_its_reader_and_may_be_kept(
    site: httpx.AsyncClient, key: str
) -> None:
    first, second = await asking(site, key), await asking(site, key)
    tag = {"If-None-Match": first.headers["etag"], "Sec-Fetch-Dest": "iframe"}
    same = await site.get(ASK, params={"key": key}, headers=tag)

    assert first.text == second.text
    assert first.headers["cache-control"].startswith("public, max-age=10")
    assert "set-cookie" not in first.headers
    assert (same.status_code, same.content) == (304, b"")
    # What was kept of a frame isn't shown to who opens it as a page.
    assert first.headers["vary"] == "Sec-Fetch-Dest"


async def test_a_visit_without_a_frame_is_refused(site: httpx.AsyncClient, key: str) -> None:
    refused = await asking(site, key, opened_as="document")
    # What doesn't say how it opens it, as an old browser, is held by the script.
    unsaid = await asking(site, key, opened_as=None)

    assert (refused.status_code, code_of(refused)) == (403, "FRAME_REQUIRED")
    assert FRAMED_BY_NOBODY in refused.headers["content-security-policy"]
    assert refused.headers["cache-control"] == "no-store"
    assert refused.headers["vary"] == "Sec-Fetch-Dest"
    assert Document(refused.text).all("form") == []
    assert unsaid.status_code == 200
    (form,) = [each for each in Document(unsaid.text).all("form") if each["id"] == "ask"]
    assert "hidden" in form


async def test_a_key_that_may_not_ask_is_told_so(
    site: httpx.AsyncClient, partners: Partners
) -> None:
    partner = await partners.partner()
    nowhere = await partners.partner("Another", origins=())
    secret = await partners.key(partner)
    reads = await partners.key(partner, KeyKind.PUBLIC, scopes=(KeyScope.READ_CONTENT,))
    asks = await partners.key(partner, KeyKind.PUBLIC, scopes=(KeyScope.ASK,))
    revoked = await partners.key(partner, KeyKind.PUBLIC)
    homeless = await partners.key(nowhere, KeyKind.PUBLIC)
    await partners.revoke(revoked)

    for given, code, said in (
        ("", "KEY_REQUIRED", "nvk_pub_"),
        ("nvk_pub_test_wrong", "KEY_MALFORMED", "Copy"),
        (secret.secret, "KEY_EXPOSED", "rotated"),
        (reads.secret, "SCOPE_MISSING", "ASK"),
        (asks.secret, "SCOPE_MISSING", "READ_CONTENT"),
        (revoked.secret, "KEY_REVOKED", "replaces"),
        (homeless.secret, "ORIGIN_NOT_ALLOWED", "origin"),
    ):
        response = await asking(site, given)
        assert (response.status_code, code_of(response)) == (403, code)
        assert said in response.text
        assert FRAMED_BY_NOBODY in response.headers["content-security-policy"]
        assert not given or given not in response.text


async def test_of_two_keys_the_one_is_used_whose_partner_may_frame_it(
    site: httpx.AsyncClient, key: str, partners: Partners
) -> None:
    """Nobody frames the page for their own pages and asks with somebody else's key."""
    theirs = await partners.partner("Another", origins=("https://evil.example",))
    other = (await partners.key(theirs, KeyKind.PUBLIC)).secret
    for first, second in ((key, other), (other, key)):
        response = await site.get(f"{ASK}?key={first}&key={second}")
        (used,) = re.findall(r'<meta name="navis-key" content="(\w+)">', response.text)
        may = "https://evil.example" if used == other else "https://portal.example"
        assert may in ancestors(response)
        assert (
            len({"https://evil.example", "https://portal.example"} & {*ancestors(response).split()})
            == 1
        )
    # The script has no other way to a key.
    assert "location.search" not in asking_script().decode()


async def test_a_cancer_is_one_of_the_catalogue(
    site: httpx.AsyncClient, key: str, world: World
) -> None:
    del world
    page = Document((await asking(site, key, cancer="liver-cancer")).text)
    (field,) = [each for each in page.all("input") if each["id"] == "cancer"]
    assert (field["value"], field["data-slug"]) == ("Liver cancer", "liver-cancer")

    for wrong in ("no-such-cancer", "Liver cancer", '"><script>', "\0", "\ud800", "x" * 5_000):
        given = wrong.encode("utf-8", "surrogatepass")
        response = await site.get(ASK, params={"key": key, "cancer": given})  # pyright: ignore[reportArgumentType]
        assert (response.status_code, code_of(response)) == (400, "INVALID_PARAMETER")
        assert "`cancer`: give a slug" in Document(response.text).text
        assert "<script>" not in response.text.replace("<script src", "")


async def test_its_words_are_in_the_readers_language(site: httpx.AsyncClient, key: str) -> None:
    response = await asking(site, key, locale="es-MX")
    page = Document(response.text)

    assert response.headers["content-language"] == "es"
    assert "Haga una pregunta sobre el cáncer" in page.text
    assert "Hasta 1000 caracteres." in page.text
    assert {"name": "navis-locale", "content": "es-MX"} in page.all("meta")
    assert "Ask a question" not in response.text
    wrong = await asking(site, key, locale='"><b>')
    assert (wrong.status_code, code_of(wrong)) == (400, "INVALID_PARAMETER")


async def test_what_must_not_be_missed_stands_before_the_form(
    site: httpx.AsyncClient, key: str
) -> None:
    text = (await asking(site, key)).text

    assert text.index('id="urgent"') < text.index("Information only") < text.index("<form")
    assert "Not reviewed by a clinician." in text
    assert "<noscript>" in text
