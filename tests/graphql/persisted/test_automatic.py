"""What is kept of texts that strangers send: little, bounded, and nobody's words."""

import sys

import pytest
from graphql import parse

from navis_api.graphql.persisted.automatic import AutomaticDocuments
from navis_api.graphql.persisted.texts import BoundedTexts


def test_the_least_recently_used_give_way() -> None:
    texts = BoundedTexts(max_texts=2, max_bytes=10_000)
    texts.keep("a", "A")
    texts.keep("b", "B")
    assert texts.get("a") == "A"
    texts.keep("c", "C")
    assert (texts.get("a"), texts.get("b"), texts.get("c")) == ("A", None, "C")


def test_memory_is_bounded_whatever_is_kept() -> None:
    most = 100_000
    texts = BoundedTexts(max_texts=1_000_000, max_bytes=most)
    for number in range(20_000):
        # Wide characters take up to four bytes each.
        texts.keep(str(number), f"{number} " + "\U0001f9e0" * (number % 300))
        assert texts.kept_bytes <= most
    held = sum(sys.getsizeof(texts.get(str(number)) or "") for number in range(20_000))
    assert held <= most + sys.getsizeof("") * 20_000
    assert 0 < len(texts) < 20_000


def test_one_that_is_larger_than_all_drops_nothing() -> None:
    texts = BoundedTexts(max_texts=10, max_bytes=1_000)
    texts.keep("a", "A")
    texts.keep("b", "B" * 2_000)
    assert (texts.get("a"), texts.get("b")) == ("A", None)


def test_keeping_again_counts_once() -> None:
    texts = BoundedTexts(max_texts=10, max_bytes=1_000)
    texts.keep("a", "A")
    once = texts.kept_bytes
    texts.keep("a", "A")
    assert texts.kept_bytes == once


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("query Q($text: String!) { searchQuestions(text: $text) { nodes { id } } }", True),
        ('{ cancer(slug: "liver-cancer") { name } }', True),
        ('{ node(id: "Q2FuY2VyOjAxOTM==") { id } }', True),
        ('{ searchQuestions(text: "my liver cancer is back") { nodes { id } } }', False),
        ('{ searchQuestions(text: """my liver\ncancer""") { nodes { id } } }', False),
        ('{ searchQuestions(text: "癌症复发") { nodes { id } } }', False),
        ('query Q($text: String = "am I dying") { searchQuestions(text: $text) { id } }', False),
        ('mutation { ask(input: {text: "does it hurt", tags: ["x"]}) { id } }', False),
        ('mutation { ask(input: {tags: ["x", "is it bad"]}) { id } }', False),
        ('{ node(id: "' + "a" * 201 + '") { id } }', False),
    ],
)
def test_a_text_that_may_hold_somebodys_words_is_not_kept(text: str, kept: bool) -> None:  # noqa: FBT001 - a case's value
    documents = AutomaticDocuments(max_documents=10, max_bytes=100_000)
    documents.keep("hash", text, parse(text))
    assert documents.get("hash") == (text if kept else None)


def test_a_store_of_no_documents_is_off() -> None:
    documents = AutomaticDocuments(max_documents=0, max_bytes=100_000)
    documents.keep("hash", "{ a }", parse("{ a }"))
    assert not documents.is_on
    assert documents.get("hash") is None
