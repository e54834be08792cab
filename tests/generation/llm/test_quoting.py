"""Quotes that a model gives: exact, whole, and from where it says."""

from uuid import UUID

import pytest

from navis_api.generation.llm.output import WrittenCitation
from navis_api.generation.llm.quoting import locate, resolved
from navis_api.generation.llm.shown import ShownPassage

TEXT = (
    "It is not known whether vitamin X helps people with the blue cancer. The doctor’s team may"
    " use “cold”   needles – or heat.\n\nTreatment options for stage I may include:\n\n"
    "- surgery\n- 5 weeks of radiation therapy\n\nStage II\n"
)


def passage(text: str = TEXT, start: int = 100) -> ShownPassage:
    return ShownPassage(
        version_id=UUID(int=7),
        start=start,
        text=text,
        headings=("A title", "A heading"),
        title="A title",
        publisher="Made up for tests",
        version=None,
        published_on=None,
        last_reviewed_on=None,
        url=None,
        cancer_ids=frozenset(),
    )


def quotes(quote: str, number: int = 1) -> list[str]:
    found = resolved(WrittenCitation(passage=number, quote=quote), [passage()])
    for citation in found:
        assert citation.quote == TEXT[citation.start - 100 : citation.end - 100]
        assert citation.locator == "A heading"
    return [citation.quote for citation in found]


@pytest.mark.parametrize(
    "quote",
    [
        "The doctor’s team may use “cold”   needles – or heat.",
        'The doctor\'s team may use "cold" needles - or heat.',
        "  The doctor's team  may use \u201ccold\u201d needles \u2014 or heat. ",
    ],
    ids=["to the letter", "as typed", "with other marks"],
)
def test_a_quote_is_found_whatever_its_spaces_and_marks_and_cited_as_printed(quote: str) -> None:
    assert quotes(quote) == ["The doctor’s team may use “cold”   needles – or heat."]


@pytest.mark.parametrize(
    "quote",
    [
        "The doctor’s team may use cold needles",
        "the doctor’s team may use",
        "The doctor’s team must use",
        "The doct\u043er’s team may use",
        "The doctor\u200b’s team may use",
        "The doctor’s team may use\u202e",
        "he doctor’s team",
        "The doctor’s tea",
        "use",
        "",
        " \n ",
        ".",
        "surgery surgery",
        "Ｔhe doctor’s team may use",
    ],
)
def test_anything_else_that_differs_is_no_quote(quote: str) -> None:
    assert quotes(quote) == []


@pytest.mark.parametrize("number", [0, -1, 2, 99, 10**12])
def test_a_number_that_no_passage_has_is_no_citation(number: int) -> None:
    assert quotes("The doctor’s team may use", number) == []


def test_part_of_a_sentence_is_cited_as_the_whole_of_it() -> None:
    assert quotes("vitamin X helps people with the blue cancer") == [
        "It is not known whether vitamin X helps people with the blue cancer."
    ]


def test_a_bullet_is_cited_with_what_it_completes() -> None:
    assert quotes("5 weeks of radiation therapy") == [
        "Treatment options for stage I may include:",
        "5 weeks of radiation therapy",
    ]


def test_a_list_is_cited_item_by_item_behind_its_lead_in() -> None:
    assert quotes("may include:\n\n- surgery\n- 5 weeks") == [
        "Treatment options for stage I may include:",
        "surgery",
        "5 weeks of radiation therapy",
    ]


def test_a_label_without_a_sentence_is_not_cited() -> None:
    assert quotes("Stage II") == []


def test_a_quote_over_several_statements_is_one_span() -> None:
    (quote,) = quotes("with the blue cancer. The doctor’s team may use")
    assert quote.startswith("It is not known")
    assert quote.endswith("or heat.")


def test_a_quote_of_half_a_page_is_not_cited() -> None:
    sentence = "The team may use needles in some people who have the blue cancer now. "
    long = passage(sentence * 20)
    assert not resolved(WrittenCitation(passage=1, quote=(sentence * 20).strip()), [long])


def test_places_are_counted_in_the_text_as_it_is() -> None:
    text = "A  b\u00a0 “c”  d"
    span = locate(text, 'b "c"')
    assert span is None
    span = locate("A  bbbb\u00a0 “c”  d", 'bbbb "c"')
    assert span == (3, 12)
