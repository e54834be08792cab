"""An answer as text: whatever a claim holds is shown as it is, with its marks and labels."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from navis_api.answers import fixed_texts
from navis_api.answers.document import (
    AnswerContent,
    ContentSource,
    build_content,
    content_from_json,
    content_to_json,
)
from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftSection
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.answers.rendering import (
    Body,
    Reviewed,
    SectionWriter,
    TextFormat,
    escape_markdown,
    label,
    reference_text,
    references,
    render,
    section_blocks,
    section_html,
    section_markdown,
)
from navis_api.answers.stale_notice import StaleClaim, StaleNotice

SENTENCE, LEAD_IN, BULLET = ClaimStyle.SENTENCE, ClaimStyle.LEAD_IN, ClaimStyle.BULLET
Claim = tuple[ClaimStyle, str, tuple[int, ...]]


def source(number: int, **changed: Any) -> ContentSource:
    described: dict[str, Any] = {
        "id": UUID(int=number),
        "version_id": UUID(int=100 + number),
        "title": f"Title {number}",
        "publisher": "A public institute",
        "url": f"https://example.org/{number}",
        "version": None,
        "published_on": None,
        "last_reviewed_on": None,
        "accessed_on": None,
        "licence": "Public domain",
    }
    return ContentSource(**described | changed)


def content(*claims: Claim, sources: dict[int, ContentSource] | None = None) -> AnswerContent:
    """Return a document of one section. Each claim's numbers name sources, each with one quote."""
    known = sources or {number: source(number) for _, _, cited in claims for number in cited}
    drafts = [
        DraftClaim(
            style=style,
            text=text,
            citations=tuple(
                DraftCitation(UUID(int=100 + number), "quote", 3, 8, None) for number in cited
            ),
        )
        for style, text, cited in claims
    ]
    section = DraftSection(SectionKind.OPTIONS, "Options", tuple(drafts))
    return build_content([section], {each.version_id: each for each in known.values()})


def markdown(*claims: Claim) -> str:
    made = content(*claims)
    return section_markdown(made, made.sections[0])


def as_html(*claims: Claim) -> str:
    made = content(*claims)
    return section_html(made, made.sections[0])


def body(made: AnswerContent, **changed: Any) -> Body:
    described: dict[str, Any] = {
        "title": "A title",
        "author": "Navis AI",
        "summary": "A summary.",
        "content": made,
        "gaps": (),
        "doctor_questions": (),
        "next_steps": (),
        "disclaimer": fixed_texts.DISCLAIMER.text,
        "call_to_action": None,
        "reviewed": None,
        "updated_on": "2026-11-21",
    }
    return Body(**described | changed)


class _Text(HTMLParser):
    """Collects what a browser would show, and the elements that it would make."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown = ""
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.shown += data


def shown(html: str) -> _Text:
    parsed = _Text()
    parsed.feed(html)
    parsed.close()
    return parsed


def test_sentences_join_to_paragraphs_of_three() -> None:
    assert markdown(*((SENTENCE, f"S{number}.", (1,)) for number in range(1, 5))) == (
        "S1. [1] S2. [1] S3. [1]\n\nS4. [1]"
    )


def test_a_lead_in_begins_and_bullets_stand_below_each_other() -> None:
    written = markdown(
        (SENTENCE, "First.", (1,)),
        (LEAD_IN, "Options are:", (1,)),
        (BULLET, "surgery", (2,)),
        (BULLET, "ablation", (1, 2)),
        (SENTENCE, "Last.", (2,)),
    )
    assert written == (
        "First. [1]\n\nOptions are: [1]\n\n- surgery [2]\n- ablation [1][2]\n\nLast. [2]"
    )


def test_html_has_paragraphs_and_lists() -> None:
    written = as_html(
        (LEAD_IN, "Options are:", (1,)), (BULLET, "surgery", (1,)), (BULLET, "ablation", (2,))
    )
    assert written == "<p>Options are: [1]</p><ul><li>surgery [1]</li><li>ablation [2]</li></ul>"


_CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(list(ClaimStyle)),
        st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=20),
        st.lists(st.integers(1, 3), max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=8,
)


@given(_CLAIMS)
def test_the_pieces_that_are_streamed_join_to_the_sections_markdown(claims: list[Claim]) -> None:
    made = content(*claims)
    section = made.sections[0]
    writer = SectionWriter()
    streamed = [
        writer.piece(claim.style, claim.text, [each.number for each in made.citations_of(claim)])
        for claim in section.claims
    ]
    assert "".join(streamed) == section_markdown(made, section)


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a *star* and __under__ and `code` and ~~gone~~",
    "[click](https://example.org)",
    "![picture](https://example.org/x.png)",
    "[ref]: https://example.org",
    "<https://example.org>",
    "1. not a list",
    "1) not a list",
    "- not a list",
    "+ not a list",
    "* not a list",
    "# not a heading",
    "> not a quote",
    "--- not a rule",
    "=== not a heading",
    "| not | a table |",
    "back\\slash \\* and &amp; and &lt;b&gt; and &#42;",
    "a & b < c > d \" ' e",
    "CD4 < 200 and PSA > 4",
    "https://example.org stays text",
    "    four spaces",
    "\ttab",
    "two\n\n# parts",
    "two\n- parts",
    "two  \nparts",
    "```python",
    "~~~",
    "$x$ and ==y==",
]


@pytest.mark.parametrize("style", list(ClaimStyle))
@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_claim_holds_is_shown_as_it_is(text: str, style: ClaimStyle) -> None:
    for html in (
        MarkdownIt("commonmark").render(markdown((style, text, (1,)))),
        MarkdownIt("gfm-like", {"linkify": False}).render(markdown((style, text, (1,)))),
        as_html((style, text, (1,))),
    ):
        found = shown(html)
        assert found.shown.split() == [*text.split(), "[1]"]
        assert set(found.elements) == ({"ul", "li"} if style is BULLET else {"p"})
        assert found.attributes == []


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs", "Cf"])))
def test_no_text_becomes_an_element(text: str) -> None:
    found = shown(as_html((SENTENCE, f"x{text}", (1,))))
    assert found.shown == f"x{text} [1]"
    assert found.elements == ["p"]


@given(st.text("<>&*_`[]()!#+-=|~\\.1 ab\"'", min_size=1, max_size=30))
def test_no_text_becomes_markup(text: str) -> None:
    found = shown(MarkdownIt("commonmark").render(markdown((SENTENCE, text, (1,)))))
    assert found.shown.split() == [*text.split(), "[1]"]
    assert set(found.elements) == {"p"}


def test_marks_that_a_claim_prints_itself_do_not_look_like_ours() -> None:
    assert escape_markdown("see [1]") == "see \\[1\\]"


def test_references_are_numbered_in_the_order_of_first_use() -> None:
    made = content(
        (SENTENCE, "One.", (7,)), (SENTENCE, "Two.", (3, 7)), (SENTENCE, "Three.", (5, 3))
    )
    assert [(number, each.title) for number, each in references(made)] == [
        (1, "Title 7"),
        (2, "Title 3"),
        (3, "Title 5"),
    ]
    assert section_markdown(made, made.sections[0]) == "One. [1] Two. [2][1] Three. [3][2]"


def test_two_quotes_of_one_source_share_its_number() -> None:
    cited = [DraftCitation(UUID(int=101), "a", at, at + 1, None) for at in (0, 5, 0)]
    claims = tuple(DraftClaim(f"C{at}.", SENTENCE, (each,)) for at, each in enumerate(cited))
    made = build_content(
        [DraftSection(SectionKind.OPTIONS, "Options", claims)], {UUID(int=101): source(1)}
    )
    assert [(each.number, each.start) for each in made.citations] == [(1, 0), (1, 5)]
    assert section_markdown(made, made.sections[0]) == "C0. [1] C1. [1] C2. [1]"
    assert len(references(made)) == 1


def test_a_document_is_what_it_was_after_storing() -> None:
    dated = source(1, published_on=date(2025, 1, 2), accessed_on=date(2025, 3, 4))
    made = content((BULLET, "surgery", (1,)), sources={1: dated})
    assert content_from_json(content_to_json(made)) == made


def test_a_reference_says_title_publisher_version_dates_and_licence() -> None:
    described = source(
        1,
        title="On surgery.",
        version="12",
        published_on=date(2024, 1, 2),
        last_reviewed_on=date(2024, 3, 4),
        accessed_on=date(2024, 5, 6),
    )
    assert reference_text(described) == (
        "On surgery. A public institute. version 12. published 2024-01-02."
        " last reviewed 2024-03-04. read on 2024-05-06. Public domain."
    )


UNREVIEWED = "Not reviewed yet."
SAMPLE = Reviewed("A sample", "This is a sample: no clinician has reviewed it.", "2026-11-01")


@pytest.mark.parametrize("text_format", list(TextFormat))
def test_a_draft_says_first_that_nobody_has_checked_it(text_format: TextFormat) -> None:
    written = render(body(content((SENTENCE, "One.", (1,)))), text_format)
    place = written.index(UNREVIEWED)
    assert place < written.index("A summary")
    assert "Reviewed by" not in written


@pytest.mark.parametrize("text_format", list(TextFormat))
def test_a_reviewed_answer_names_its_reviewer_and_what_they_are(text_format: TextFormat) -> None:
    written = render(body(content((SENTENCE, "One.", (1,))), reviewed=SAMPLE), text_format)
    assert UNREVIEWED not in written
    assert "Reviewed by A sample on 2026-11-01" in written
    assert "no clinician has reviewed it" in written
    assert written.index("Reviewed by") < written.index("A summary")


def test_the_label_of_a_draft_is_the_fixed_text() -> None:
    assert label(body(content())) == fixed_texts.UNREVIEWED_NOTICE


@pytest.mark.parametrize("text_format", list(TextFormat))
def test_a_whole_answer_has_every_part_in_order(text_format: TextFormat) -> None:
    written = render(
        body(
            content((SENTENCE, "The claim.", (1,))),
            gaps=("Costs are not covered.",),
            doctor_questions=("Am I a candidate?",),
            next_steps=("Ask for a copy.",),
            call_to_action=fixed_texts.UPLOAD_RECORDS.text,
        ),
        text_format,
    )
    parts = (
        "A summary",
        "Options",
        "The claim",
        "Costs are not covered",
        "Am I a candidate?",
        "Ask for a copy",
        "Title 1",
        "https://example.org/1",
        "This is general information, not medical advice",
        "Your own records say more",
    )
    # In HTML a reference's address stands before its title.
    places = [written.index(part) for part in parts if not part.startswith("https")]
    assert places == sorted(places)
    assert "https://example.org/1" in written


@pytest.mark.parametrize("text_format", list(TextFormat))
def test_lists_that_are_empty_have_no_heading(text_format: TextFormat) -> None:
    written = render(body(content((SENTENCE, "One.", (1,)))), text_format)
    for heading in ("What our sources", "Questions to ask", "What you can do next"):
        assert heading not in written


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", None, "ftp://x.org"])
def test_a_reference_links_to_the_web_or_not_at_all(url: str | None) -> None:
    made = content((SENTENCE, "One.", (1,)), sources={1: source(1, url=url)})
    found = shown(render(body(made), TextFormat.HTML))
    assert "a" not in found.elements
    assert found.attributes == []


def test_every_field_of_the_html_is_escaped() -> None:
    nasty = '<script>"x"</script>'
    made = content((SENTENCE, nasty, (1,)), sources={1: source(1, title=nasty, publisher=nasty)})
    reviewed = Reviewed(nasty, nasty, nasty)
    written = render(
        body(
            made,
            summary=nasty,
            gaps=(nasty,),
            doctor_questions=(nasty,),
            next_steps=(nasty,),
            disclaimer=nasty,
            call_to_action=nasty,
            reviewed=reviewed,
        ),
        TextFormat.HTML,
    )
    assert "<script" not in written
    assert written.count("&lt;script&gt;") == 12
    assert set(shown(written).elements) <= {"p", "strong", "h2", "ul", "ol", "li", "a"}


def test_every_field_of_the_markdown_is_escaped() -> None:
    nasty = "<b>*x*</b> [y](z)"
    made = content((SENTENCE, nasty, (1,)), sources={1: source(1, title=nasty, url=None)})
    written = render(
        body(
            made,
            summary=nasty,
            gaps=(nasty,),
            doctor_questions=(nasty,),
            next_steps=(nasty,),
            disclaimer=nasty,
            call_to_action=nasty,
            reviewed=Reviewed(nasty, nasty, "now"),
        ),
        TextFormat.MARKDOWN,
    )
    found = shown(MarkdownIt("commonmark").render(written))
    assert set(found.elements) <= {"p", "h2", "ul", "ol", "li"}
    assert found.shown.count(nasty) == 10


def test_plain_text_has_no_escapes() -> None:
    text = "5 * 3 [x] <y> & z_1"
    assert text in render(body(content((SENTENCE, text, (1,)))), TextFormat.PLAIN_TEXT)
    assert not re.search(
        r"&\w+;|\\", render(body(content((SENTENCE, text, (1,)))), TextFormat.PLAIN_TEXT)
    )


def stale(*places: tuple[int, int], text: str = "It is being checked.") -> StaleNotice:
    claims = tuple(StaleClaim(section, claim, UUID(int=1)) for section, claim in places)
    return StaleNotice(datetime(2026, 11, 21, tzinfo=UTC), text, claims)


@pytest.mark.parametrize("text_format", list(TextFormat))
def test_a_stale_answer_says_so_after_its_label_and_marks_its_claims(
    text_format: TextFormat,
) -> None:
    made = content((SENTENCE, "One.", (1,)), (BULLET, "two", (1,)), (BULLET, "three", (2,)))
    written = render(body(made, stale=stale((0, 0), (0, 2))), text_format)
    plain = shown(written).shown if text_format is TextFormat.HTML else written
    assert plain.count("(being checked again)") == 2
    assert "One. [1] (being checked again)" in plain
    assert "three [2] (being checked again)" in plain
    assert plain.index(fixed_texts.UNREVIEWED_NOTICE[:12]) < plain.index("It is being checked.")
    assert plain.index("It is being checked.") < plain.index("A summary.")


@pytest.mark.parametrize("text_format", list(TextFormat))
def test_an_answer_that_is_not_stale_has_no_notice_and_no_mark(text_format: TextFormat) -> None:
    made = content((SENTENCE, "One.", (1,)))
    assert "checked again" not in render(body(made), text_format)
    assert render(body(made, stale=None), text_format) == render(body(made), text_format)


def test_the_title_of_a_source_in_a_notice_is_no_markup() -> None:
    notice = stale(text="It has changed: “<b>*T*</b>”.")
    made = content((SENTENCE, "One.", (1,)))
    assert "<b>" not in render(body(made, stale=notice), TextFormat.HTML)
    assert "*T*" in shown(render(body(made, stale=notice), TextFormat.HTML)).shown
    rendered = MarkdownIt().render(render(body(made, stale=notice), TextFormat.MARKDOWN))
    assert shown(rendered).shown.count("<b>*T*</b>") == 1


def test_blocks_tell_which_claims_of_the_section_they_hold() -> None:
    made = content(
        *((SENTENCE, f"S{number}.", (1,)) for number in range(4)),
        (BULLET, "a", (1,)),
        (BULLET, "b", (1,)),
        (SENTENCE, "Last.", (1,)),
    )
    blocks = section_blocks(made.sections[0])
    assert [(each.is_list, each.first, len(each.claims)) for each in blocks] == [
        (False, 0, 3),
        (False, 3, 1),
        (True, 4, 2),
        (False, 6, 1),
    ]
    assert [claim for block in blocks for claim in block.claims] == list(made.sections[0].claims)
