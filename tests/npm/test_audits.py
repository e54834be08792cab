"""GraphQL over HTTP to the letter: the audits of the npm package graphql-http."""

import json
from collections import Counter

from tests.npm.packages import printed_by

AUDITS = 61
OPTIONAL_GET = {
    "5A70": "MAY accept application/x-www-form-urlencoded formatted GET requests",
    "D6D5": "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting "
    "application/graphql-response+json",
    "6A70": "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting "
    "application/json",
}
"""Each of them asks for the schema's own names alone, which GET is not for on the main path."""


async def test_the_public_read_path_passes_every_audit(address: str) -> None:
    audits = json.loads(await printed_by("audits.mjs", f"{address}/public"))

    assert [each for each in audits if each["status"] != "ok"] == []
    assert Counter(each["status"] for each in audits) == {"ok": AUDITS}


async def test_the_main_path_passes_all_but_the_three_optional_ones_about_get(
    address: str,
) -> None:
    audits = json.loads(await printed_by("audits.mjs", address))

    others = {each["id"]: each["name"] for each in audits if each["status"] != "ok"}
    assert others == OPTIONAL_GET
    assert Counter(each["status"] for each in audits)["ok"] == AUDITS - 3
