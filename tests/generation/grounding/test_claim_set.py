"""The hand-written claims: a language model's manner, on passages in our own words.

Some were put aside while the rules were made and the score was learned (`held_out`); their share
is the honest one.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence

CLAIMS = Path(__file__).parent / "claims.jsonl"
LEAST_KEPT = {False: 0.84, True: 0.74}
LEAST_REFUSED = 0.95


def claims(*, held_out: bool) -> list[dict[str, Any]]:
    written = [json.loads(line) for line in CLAIMS.read_text("utf-8").splitlines()]
    return [claim for claim in written if claim["held_out"] is held_out]


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned on", "held out"])
def test_supported_claims_stay_and_others_are_refused(
    held_out: bool,  # noqa: FBT001 - which half of the set
    catalogue: Catalogue,
) -> None:
    right = {True: 0, False: 0}
    total = {True: 0, False: 0}
    for claim in claims(held_out=held_out):
        verdict = check_claim(
            claim["claim"],
            [Evidence(passage) for passage in claim["passages"]],
            cancer=catalogue.by_slug[claim["cancer"]],
            catalogue=catalogue,
        )
        total[claim["supported"]] += 1
        right[claim["supported"]] += verdict.supported is claim["supported"]
    assert right[True] >= LEAST_KEPT[held_out] * total[True], right
    assert right[False] >= LEAST_REFUSED * total[False], right


def test_the_set_is_large_and_varied() -> None:
    both = claims(held_out=False) + claims(held_out=True)
    assert len(both) >= 200
    assert len({claim["cancer"] for claim in both}) >= 15
    assert len({claim["id"] for claim in both}) == len(both)
