"""The web component as partners load it: the newest, and each version for ever."""

import base64
import hashlib
import re
from pathlib import Path

import httpx

from navis_api.web.embed.look import PARAMETERS
from navis_api.web.embed.script import VERSIONS, script_of
from tests.graphql.world import World

DOCUMENT = Path(__file__).parents[3] / "docs" / "partners.md"

# What was published never changes: pages name its hash.
PUBLISHED = {
    "1.0.0": "sha384-Iush2a9xH+fF62pIViFe8fjXSGyUpRFh/cDESIUbywWR4jpmMqjgMNdAkk9Ormup",
    "1.1.0": "sha384-Ys1WXFXcauucEmZ8GoCihaqLZvkWxZ+45hXz1X5ykSLO1VqSvnkKXAc519RnKJbp",
}


def integrity(content: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def test_a_published_version_never_changes() -> None:
    assert {version: integrity(script_of(version)) for version in VERSIONS} == PUBLISHED


def test_the_documentation_names_the_newest_with_its_hash() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    named = re.findall(r'embed-([0-9.]+)\.js"\s+integrity="(sha384-[^"]+)"', text)

    assert named == [(VERSIONS[-1], PUBLISHED[VERSIONS[-1]])]


async def test_any_page_may_load_it_and_keep_it(site: httpx.AsyncClient, world: World) -> None:
    newest = await site.get("/embed.js")
    version = await site.get(f"/embed-{VERSIONS[-1]}.js")

    assert newest.content == version.content
    for response in (newest, version):
        assert response.headers["content-type"].startswith("text/javascript")
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
        assert re.fullmatch(r'"[0-9a-f]{32}"', response.headers["etag"])
    assert version.headers["cache-control"].endswith("immutable")
    assert "immutable" not in newest.headers["cache-control"]
    tag = newest.headers["etag"]
    same = await site.get("/embed.js", headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")


def test_it_knows_every_parameter_and_depends_on_nothing() -> None:
    source = script_of(VERSIONS[-1]).decode()

    assert all(f'"{name}"' in source for name in PARAMETERS)
    for name in ("import ", "import(", "innerHTML", "eval(", "localStorage", "cookie", '"*"'):
        assert name not in source
