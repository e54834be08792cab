from dataclasses import replace
from uuid import UUID

import pytest

from navis_api.answers.checking import CitedPassage, Objection
from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftSection
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.rechecking import GroundingCheck

ABLATION = "Ablation destroys small liver tumors with heat."
SURGERY = "Surgery removes the part of the liver that holds the tumor."
AROUND = f"{ABLATION} {SURGERY} Most people go home on the next day."
VERSION = UUID(int=1)


def claim(text: str, *quotes: str, style: ClaimStyle = ClaimStyle.SENTENCE) -> DraftClaim:
    cited = tuple(
        DraftCitation(VERSION, quote, AROUND.index(quote), AROUND.index(quote) + len(quote), None)
        for quote in quotes
    )
    return DraftClaim(text, style, cited)


async def objections(*sections: tuple[DraftClaim, ...]) -> list[Objection]:
    drafts = [DraftSection(SectionKind.OPTIONS, "Options", claims) for claims in sections]
    passage = CitedPassage(
        headings=("Liver cancer", "Treatment"),
        title="Liver cancer",
        publisher="A public institute",
        version=None,
        published_on=None,
        last_reviewed_on=None,
        url=None,
        cancer_ids=frozenset(),
    )
    passages = {
        citation: replace(passage)
        for section in drafts
        for each in section.claims
        for citation in each.citations
    }
    return await GroundingCheck().objections(drafts, passages, cancer=None, catalogue=Catalogue())


async def test_what_its_quotes_say_stands() -> None:
    assert (
        await objections(
            (claim(ABLATION, ABLATION), claim("Ablation destroys tumors with heat.", ABLATION)),
            (claim("The surgery removes part of the liver.", SURGERY),),
        )
        == []
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ablation cures small liver tumors with heat.", "say all of it"),
        ("Ablation destroys liver tumors with heat in 90% of people.", "number"),
        ("Ablation does not destroy small liver tumors with heat.", "denies"),
        ("Most people go home on the next day.", "say all of it"),
    ],
)
async def test_what_the_quote_alone_doesnt_say_is_named_with_its_place(
    text: str, said: str
) -> None:
    (found,) = await objections(
        (claim(SURGERY, SURGERY),), (claim(ABLATION, ABLATION), claim(text, ABLATION))
    )
    assert (found.section, found.claim) == (1, 1)
    assert any(said in reason for reason in found.reasons), found.reasons


async def test_of_two_claims_that_read_alike_each_is_named() -> None:
    wrong = claim("Ablation cures everybody.", ABLATION)
    again = claim("Ablation cures everybody.", ABLATION)
    found = await objections((wrong, claim(ABLATION, ABLATION), again))
    assert [(each.section, each.claim) for each in found] == [(0, 0), (0, 2)]


async def test_reasons_are_sentences_without_the_claims_words() -> None:
    found = await objections((claim("Take two grams of sorafenib daily.", ABLATION),))
    for reason in found[0].reasons:
        assert reason.endswith(".")
        assert "sorafenib" not in reason
