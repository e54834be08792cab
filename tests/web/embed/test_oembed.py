"""oEmbed: what consumers are told of an answer, and what is refused."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import httpx
import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.partners.key_text import KeyKind
from navis_api.questions.models import Question
from tests import publications
from tests.graphql.world import NOON, World
from tests.partners.world import Partners
from tests.web.conftest import SITE
from tests.web.test_answers import Document

PAGE = f"{SITE}/answers/what-is-ablation"
LATER = NOON + timedelta(days=1)
NASTY = "</iframe><script>alert(\"1\")</script> & 'quoted' ]]> {{ 7*7 }}"


async def ask(site: httpx.AsyncClient, **parameters: str) -> httpx.Response:
    return await site.get("/oembed", params=parameters)


def frame_in(html: str) -> dict[str, str | None]:
    """The frame that a consumer puts into its page, of which there is one, and nothing else."""
    document = Document(html)
    assert [tag for tag, _ in document.tags] == ["iframe"]
    return document.tags[0][1]


async def test_a_consumer_is_given_a_frame_that_its_readers_can_open(
    site: httpx.AsyncClient, key: str
) -> None:
    response = await ask(site, url=PAGE, key=key)
    described = response.json()

    assert response.headers["content-type"] == "application/json"
    assert {name: described[name] for name in ("version", "type", "title", "width", "height")} == {
        "version": "1.0",
        "type": "rich",
        "title": "What is ablation?",
        "width": 640,
        "height": 800,
    }
    assert (described["provider_name"], described["provider_url"]) == ("Navis", SITE)
    frame = frame_in(described["html"])
    assert frame["title"] == "What is ablation?"
    assert (frame["width"], frame["height"]) == ("640", "800")
    opened = await site.get(frame["src"] or "")
    assert opened.status_code == 200
    assert "https://portal.example" in opened.headers["content-security-policy"]


async def test_the_key_and_the_look_may_stand_in_the_answers_address(
    site: httpx.AsyncClient, key: str
) -> None:
    response = await ask(
        site, url=f"{PAGE}?key={key}&theme=dark&locale=es&utm_source=letter#sources"
    )
    source = urlsplit(frame_in(response.json()["html"])["src"] or "")

    assert source.path == "/embed/answers/what-is-ablation"
    assert parse_qs(source.query) == {"key": [key], "theme": ["dark"], "locale": ["es"]}


async def test_xml_says_what_json_says(site: httpx.AsyncClient, key: str) -> None:
    described = (await ask(site, url=PAGE, key=key)).json()
    response = await ask(site, url=PAGE, key=key, format="xml")
    root = ET.fromstring(response.content)  # noqa: S314 - our own

    assert response.headers["content-type"] == "text/xml; charset=utf-8"
    assert response.text.startswith("<?xml version='1.0' encoding='utf-8'?>")
    assert root.tag == "oembed"
    assert {child.tag: child.text for child in root} == {
        name: str(value) for name, value in described.items()
    }


@pytest.mark.parametrize("written", ["json", "xml"])
async def test_words_are_words_in_every_format(
    site: httpx.AsyncClient, key: str, database: Database, world: World, written: str
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.publish(
            session, world, question, title=NASTY + "\v\x1f", why=NASTY, now=LATER
        )

    response = await ask(site, url=PAGE, key=key, format=written)
    if written == "json":
        title, html = (json.loads(response.content)[name] for name in ("title", "html"))
    else:
        root = ET.fromstring(response.content)  # noqa: S314 - our own
        title, html = root.findtext("title") or "", root.findtext("html") or ""

    assert title.startswith(NASTY)
    assert (frame_in(html)["title"] or "").startswith(NASTY)


@pytest.mark.parametrize(
    ("limits", "size"),
    [
        ({"maxwidth": "320"}, (320, 800)),
        ({"maxheight": "200"}, (640, 200)),
        ({"maxwidth": "300", "maxheight": "400"}, (300, 400)),
        ({"maxwidth": "100000", "maxheight": "100000"}, (640, 800)),
        ({"maxwidth": "1"}, (1, 800)),
    ],
)
async def test_it_is_no_larger_than_the_consumer_wants(
    site: httpx.AsyncClient, key: str, limits: dict[str, str], size: tuple[int, int]
) -> None:
    described = (await ask(site, url=PAGE, key=key, **limits)).json()
    frame = frame_in(described["html"])

    assert (described["width"], described["height"]) == size
    assert (frame["width"], frame["height"]) == tuple(map(str, size))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("maxwidth", "0"),
        ("maxwidth", "-1"),
        ("maxwidth", "wide"),
        ("maxheight", "1.5"),
        ("maxheight", "9" * 5000),
        ("maxheight", "٣٠٠"),
        ("theme", "blue"),
        ("accent", "#ffff00"),
    ],
)
async def test_other_parameters_have_a_form(
    site: httpx.AsyncClient, key: str, name: str, value: str
) -> None:
    response = await ask(site, url=PAGE, key=key, **{name: value})

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "INVALID_PARAMETER"
    assert f"`{name}`" in response.json()["error"]["message"]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("key", ["", "nvk_pub_live_wrong", "\0"])
async def test_without_a_valid_key_it_is_unauthorized(
    site: httpx.AsyncClient, world: World, key: str
) -> None:
    response = await ask(site, url=PAGE, **({"key": key} if key else {}))

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["error"]["code"] in {"KEY_REQUIRED", "KEY_MALFORMED"}
    assert "ablation" not in response.text


async def test_a_key_that_was_revoked_or_is_secret_is_unauthorized(
    site: httpx.AsyncClient, partners: Partners
) -> None:
    partner = await partners.partner()
    revoked, secret = await partners.key(partner, KeyKind.PUBLIC), await partners.key(partner)
    await partners.revoke(revoked)

    for made, code in ((revoked, "KEY_REVOKED"), (secret, "KEY_EXPOSED")):
        response = await ask(site, url=PAGE, key=made.secret)
        assert (response.status_code, response.json()["error"]["code"]) == (401, code)
        assert made.secret not in response.text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "what-is-ablation",
        f"{SITE}/answers/nothing-here",
        f"{SITE}/answers/",
        f"{SITE}/answers/what-is-ablation/more",
        f"{SITE}/graphql",
        "https://elsewhere.example/answers/what-is-ablation",
        f"{SITE}@elsewhere.example/answers/what-is-ablation",
        f"{SITE}:8443/answers/what-is-ablation",
        "http://answers.example/answers/what-is-ablation",
        "javascript:alert(1)",
        "https://[",
        f"{SITE}/answers/what-is-ablation%00",
        "x" * 5000,
    ],
)
async def test_other_addresses_are_not_found(site: httpx.AsyncClient, key: str, url: str) -> None:
    response = await ask(site, url=url, key=key)

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "NOT_FOUND"


async def test_a_retracted_answer_is_not_found(
    site: httpx.AsyncClient, key: str, database: Database, world: World
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[2])
        await publications.retract(session, question, reason="It was wrong.", now=LATER)

    assert (await ask(site, url=PAGE, key=key)).status_code == 404


@pytest.mark.parametrize("written", ["yaml", "", "JSON", "xml\0"])
async def test_other_formats_are_not_implemented(
    site: httpx.AsyncClient, key: str, written: str
) -> None:
    response = await ask(site, url=PAGE, key=key, format=written)

    assert response.status_code == 501
    assert response.json()["error"]["code"] == "FORMAT_NOT_IMPLEMENTED"


async def test_refusals_are_in_the_format_that_was_asked_for(
    site: httpx.AsyncClient, key: str
) -> None:
    response = await ask(site, url="", key=key, format="xml")
    root = ET.fromstring(response.content)  # noqa: S314 - our own

    assert (response.status_code, root.tag) == (404, "error")
    assert root.findtext("code") == "NOT_FOUND"


async def test_a_copy_is_asked_for_again(site: httpx.AsyncClient, key: str) -> None:
    first = await ask(site, url=PAGE, key=key)
    same = await site.get(
        "/oembed",
        params={"url": PAGE, "key": key},
        headers={"If-None-Match": first.headers["etag"]},
    )

    assert (same.status_code, same.content) == (304, b"")
    assert first.json()["cache_age"] <= 40
    assert "max-age=10" in first.headers["cache-control"]


async def test_pages_lead_consumers_to_it(site: httpx.AsyncClient, key: str) -> None:
    page = Document((await site.get("/answers/what-is-ablation", params={"key": key})).text)
    links = {link.get("type"): link for link in page.all("link") if "oembed" in str(link)}

    assert set(links) == {"application/json+oembed", "text/xml+oembed"}
    for link in links.values():
        assert link["rel"] == "alternate"
        assert link["title"] == "What is ablation?"
        found = await site.get(link["href"] or "")
        assert found.status_code == 200
        assert key in found.text
    assert links["text/xml+oembed"]["href"] != links["application/json+oembed"]["href"]


@pytest.mark.parametrize("key", ["nvk_sec_live_x", '"><script>', "x" * 500, "nvk_pub_ü"])
async def test_what_is_no_public_key_is_not_handed_on(
    site: httpx.AsyncClient, world: World, key: str
) -> None:
    page = await site.get("/answers/what-is-ablation", params={"key": key})
    addresses = [link["href"] or "" for link in Document(page.text).all("link")]

    assert page.status_code == 200
    assert not [address for address in addresses if "key" in address]
