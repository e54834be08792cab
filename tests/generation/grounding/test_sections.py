"""A section of a draft: what stands, what is repaired by quoting, what is dropped."""

from uuid import UUID

from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftSection
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.sections import SectionCheck, check_section
from navis_api.generation.grounding.verdicts import ReasonKind

VERSION = UUID(int=1)
TEXT = (
    "Sorafenib is a targeted drug that may be used for advanced liver cancer. It can cause "
    "diarrhea. Ablation may be used for small tumors of the liver.\n\n"
    "Treatments for liver cancer include:\n\n- surgery\n- ablation\n\n"
    "Colon cancer may be treated with FOLFOX."
)
PASSAGE = Evidence(TEXT, title="Liver Cancer Treatment", publisher="National Cancer Institute")


def citing(quote: str) -> DraftCitation:
    start = TEXT.find(quote)
    return DraftCitation(VERSION, quote, start, start + len(quote), None)


def claim(text: str, quote: str, style: ClaimStyle = ClaimStyle.SENTENCE) -> DraftClaim:
    return DraftClaim(text, style, (citing(quote),))


def check(catalogue: Catalogue, *claims: DraftClaim) -> SectionCheck:
    section = DraftSection(SectionKind.OPTIONS, "Options", claims)
    evidence = {citation: PASSAGE for each in claims for citation in each.citations}
    cancer = catalogue.by_slug["liver-cancer"]
    return check_section(section, evidence, cancer=cancer, catalogue=catalogue)


SORAFENIB = "Sorafenib is a targeted drug that may be used for advanced liver cancer."
LEAD_IN = claim(
    "Treatments for liver cancer include:",
    "Treatments for liver cancer include:",
    ClaimStyle.LEAD_IN,
)


def texts(result: SectionCheck) -> list[str]:
    return [each.text for each in result.section.claims] if result.section else []


def test_what_is_supported_stays_as_it_is(catalogue: Catalogue) -> None:
    stands = claim("Advanced liver cancer may be treated with sorafenib.", SORAFENIB)
    result = check(catalogue, stands)
    assert result.section is not None
    assert result.section.claims == (stands,)
    assert result.refused == ()


def test_a_refused_claim_is_repaired_by_its_quote(catalogue: Catalogue) -> None:
    result = check(catalogue, claim("Sorafenib always cures advanced liver cancer.", SORAFENIB))
    assert texts(result) == [SORAFENIB]
    (refused,) = result.refused
    assert refused.repaired is not None
    assert refused.repaired.citations == (citing(SORAFENIB),)
    assert refused.verdict.reasons


def test_a_quote_that_leans_on_another_sentence_repairs_nothing(catalogue: Catalogue) -> None:
    result = check(catalogue, claim("It causes diarrhea.", "It can cause diarrhea."))
    assert result.section is None
    assert result.refused[0].repaired is None


def test_a_quote_about_another_cancer_repairs_nothing(catalogue: Catalogue) -> None:
    quote = "Colon cancer may be treated with FOLFOX."
    result = check(catalogue, claim("Liver cancer may be treated with FOLFOX.", quote))
    assert result.section is None


def test_a_quote_is_said_once(catalogue: Catalogue) -> None:
    result = check(
        catalogue,
        claim("Sorafenib always works.", SORAFENIB),
        claim("Sorafenib cures everyone.", SORAFENIB),
    )
    assert texts(result) == [SORAFENIB]


def test_a_quote_that_is_not_in_its_passage_is_refused(catalogue: Catalogue) -> None:
    invented = DraftCitation(VERSION, "Sorafenib works for everyone.", 0, 29, None)
    result = check(catalogue, DraftClaim(SORAFENIB, ClaimStyle.SENTENCE, (invented,)))
    assert result.section is None
    assert [reason.kind for reason in result.refused[0].verdict.reasons] == [
        ReasonKind.QUOTE_DIFFERS
    ]


def test_a_citation_without_evidence_is_refused(catalogue: Catalogue) -> None:
    stands = claim(SORAFENIB, SORAFENIB)
    section = DraftSection(SectionKind.OPTIONS, "Options", (stands,))
    result = check_section(section, {}, cancer=None, catalogue=catalogue)
    assert result.section is None


def test_bullets_are_checked_with_their_lead_in(catalogue: Catalogue) -> None:
    result = check(
        catalogue,
        LEAD_IN,
        claim("surgery", "surgery", ClaimStyle.BULLET),
        claim("removal by ablation", "- ablation", ClaimStyle.BULLET),
        claim("chemotherapy", "- ablation", ClaimStyle.BULLET),
    )
    assert "surgery" in texts(result)
    assert "chemotherapy" not in texts(result)


def test_a_lead_in_goes_with_its_last_bullet(catalogue: Catalogue) -> None:
    result = check(catalogue, LEAD_IN, claim("chemotherapy", "- ablation", ClaimStyle.BULLET))
    assert result.section is None


def test_bullets_go_with_their_lead_in(catalogue: Catalogue) -> None:
    false_lead_in = claim(
        "These cure liver cancer:", "Treatments for liver cancer include:", ClaimStyle.LEAD_IN
    )
    result = check(catalogue, false_lead_in, claim("surgery", "surgery", ClaimStyle.BULLET))
    assert "surgery" not in texts(result)


def test_doses_are_dropped_although_they_are_quoted(catalogue: Catalogue) -> None:
    quote = "People with liver cancer are given 400 mg of sorafenib twice a day."
    citation = DraftCitation(VERSION, quote, 0, len(quote), None)
    section = DraftSection(
        SectionKind.OPTIONS, "Options", (DraftClaim(quote, ClaimStyle.SENTENCE, (citation,)),)
    )
    cancer = catalogue.by_slug["liver-cancer"]
    result = check_section(section, {citation: Evidence(quote)}, cancer=cancer, catalogue=catalogue)
    assert result.section is None
    assert [reason.kind for reason in result.refused[0].verdict.reasons] == [ReasonKind.DOSE]


LIST = (
    "Tebanib is approved to treat:\n\n- Liver cancer in adults. It is used after an operation.\n"
    "- Stomach cancer in adults.\n\nTebanib may also be given to older adults."
)


def test_an_item_of_a_list_repairs_nothing_without_its_lead_in(catalogue: Catalogue) -> None:
    item, alone = "It is used after an operation.", "Tebanib may also be given to older adults."
    item = f"Liver cancer in adults. {item}"
    passage = Evidence(LIST, title="Liver Cancer Treatment")
    cancer = catalogue.by_slug["liver-cancer"]
    for quote, repairs in ((item, False), (alone, True)):
        start = LIST.find(quote)
        citation = DraftCitation(VERSION, quote, start, start + len(quote), None)
        false = DraftClaim("It always cures.", ClaimStyle.SENTENCE, (citation,))
        section = DraftSection(SectionKind.OPTIONS, "Options", (false,))
        result = check_section(section, {citation: passage}, cancer=cancer, catalogue=catalogue)
        assert (result.section is not None) is repairs


def test_an_item_that_is_cited_behind_its_lead_in_repairs_nothing(catalogue: Catalogue) -> None:
    lead_in, item = "Tebanib is approved to treat:", "Liver cancer in adults."
    citations = tuple(
        DraftCitation(VERSION, quote, LIST.find(quote), LIST.find(quote) + len(quote), None)
        for quote in (lead_in, item)
    )
    false = DraftClaim("Tebanib always cures.", ClaimStyle.SENTENCE, citations)
    section = DraftSection(SectionKind.OPTIONS, "Options", (false,))
    evidence = {each: Evidence(each.quote, title="Liver Cancer Treatment") for each in citations}
    cancer = catalogue.by_slug["liver-cancer"]
    assert check_section(section, evidence, cancer=cancer, catalogue=catalogue).section is None
