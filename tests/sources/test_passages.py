from hypothesis import given
from hypothesis import strategies as st

from navis_api.sources.layout import LineKind, read_lines
from navis_api.sources.passages import ENORMOUS_LIST_CHARS, UPPER_CHARS, split_passages


def texts(source: str) -> list[str]:
    return [source[found.start : found.end] for found in split_passages(source)]


def test_a_passage_ends_at_a_heading_and_knows_the_headings_above_it() -> None:
    source = "Intro.\n\n## Treatment\n\nSome.\n\n### Surgery\n\nCut.\n\n## Outlook\n\nGood."
    found = list(split_passages(source))
    assert [(source[one.start : one.end], one.heading_path, one.position) for one in found] == [
        ("Intro.", (), 0),
        ("Some.", ("Treatment",), 1),
        ("Cut.", ("Treatment", "Surgery"), 2),
        ("Good.", ("Outlook",), 3),
    ]


def test_short_paragraphs_share_a_passage_and_long_sections_are_cut_between_paragraphs() -> None:
    paragraph = "A sentence of some length about a tumor and what is done about it. " * 5
    source = "\n\n".join([paragraph.strip()] * 9)
    found = texts(source)
    assert len(found) == 3
    assert all(len(text) <= UPPER_CHARS for text in found)
    assert all(text.endswith("about it.") for text in found)


def test_a_list_stays_with_its_lead_in() -> None:
    filler = "A sentence of some length about a tumor and what is done about it. " * 14
    items = "\n".join(f"- item number {number} of the list" for number in range(30))
    source = f"{filler.strip()}\n\nOptions include:\n\n{items}"
    assert texts(source) == [filler.strip(), f"Options include:\n\n{items}"]


def test_an_enormous_list_is_cut_between_its_items_and_keeps_the_lead_in_with_the_first() -> None:
    items = [f"- item number {number} of a list that never ends" for number in range(120)]
    found = texts("Options include:\n\n" + "\n".join(items))
    assert len(found) > 1
    assert all(len(text) <= ENORMOUS_LIST_CHARS for text in found)
    assert found[0].startswith("Options include:\n\n- item number 0 ")
    assert [line for text in found for line in text.split("\n") if line[:2] == "- "] == items


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "The tumor was found in the liver of 45.5 percent of them, e.g. in men."
    found = texts(" ".join([sentence] * 60))
    assert len(found) > 1
    assert {text.endswith("in men.") for text in found} == {True}
    assert " ".join(found) == " ".join([sentence] * 60)


def test_a_text_without_words_has_no_passages() -> None:
    assert texts("") == []
    assert texts("\n\n## Only a heading\n\n") == []


_SOURCE = st.text(alphabet="aB.:- |#\n1é\u2028", max_size=300) | st.text(max_size=200)


@given(_SOURCE)
def test_every_visible_character_outside_headings_is_in_exactly_one_passage(source: str) -> None:
    covered = [0] * len(source)
    for position, found in enumerate(split_passages(source)):
        assert found.position == position
        assert 0 <= found.start < found.end <= len(source)
        for at in range(found.start, found.end):
            covered[at] += 1
    for line in read_lines(source):
        for at in range(line.start, line.end):
            if line.kind is LineKind.HEADING:
                assert covered[at] == 0
            elif not source[at].isspace():
                assert covered[at] == 1
