"""Reading an answer while it is written: a section comes out when it can't change any more."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navis_api.generation.llm.output import MAX_SECTIONS, OutputReader, WrittenSection
from navis_api.language_models.errors import OutputUnreadable
from tests.language_model import answer, citation, claim, pieces, section

SECTIONS = [
    section("OVERVIEW", "One", claim("First {claim}.", citation(1, 'a "quote"'))),
    section("OPTIONS", "Two", claim("Second: \\ ] } claim.", citation(2, "b"), style="bullet")),
    section("SUPPORT", "Three", claim("Third.", citation(3, "c"))),
]
WHOLE = answer(*SECTIONS, doctor_questions=["What now?"], not_covered=["costs"])


def reader(max_output_tokens: int = 4_000) -> OutputReader:
    return OutputReader(max_output_tokens=max_output_tokens)


def read_whole(texts: list[str]) -> None:
    reading = reader()
    for text in texts:
        reading.read(text)
    reading.end()


def headings(sections: list[WrittenSection]) -> list[str]:
    return [each.heading for each in sections]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_sections_come_once_and_in_order_however_the_text_is_cut(size: int) -> None:
    reading = reader()
    found = [each for piece in pieces(WHOLE, size) for each in reading.read(piece)]
    rest, whole = reading.end()
    assert headings([*found, *rest]) == ["One", "Two", "Three"]
    assert whole.doctor_questions == ["What now?"]
    assert whole.not_covered == ["costs"]


def test_a_section_comes_only_when_something_has_begun_behind_it() -> None:
    # Where the next section, or the key behind the last one, begins.
    begun = [
        WHOLE.index('{"kind": "OPTIONS"'),
        WHOLE.index('{"kind": "SUPPORT"'),
        WHOLE.index(', "doctor_questions"'),
    ]
    for end in range(len(WHOLE)):
        reading = reader()
        found = [each for piece in pieces(WHOLE[:end], 5) for each in reading.read(piece)]
        assert len(found) <= sum(end > place for place in begun), end
        with pytest.raises(OutputUnreadable):
            reading.end()


def test_a_fence_around_the_answer_is_read_through() -> None:
    reading = reader()
    found = [
        each for piece in pieces(f"```json\n{WHOLE}\n```\n", 9) for each in reading.read(piece)
    ]
    rest, _ = reading.end()
    assert len([*found, *rest]) == 3


def test_nothing_of_an_answer_that_is_none_comes_out() -> None:
    reading = reader()
    text = answer(*SECTIONS, answerable=False)
    assert [each for piece in pieces(text, 9) for each in reading.read(piece)] == []
    rest, whole = reading.end()
    assert rest == []
    assert not whole.answerable


def test_what_is_taken_back_behind_its_sections_is_unreadable() -> None:
    reading = reader()
    text = WHOLE[:-1] + ', "answerable": false}'
    assert [each for piece in pieces(text, 9) for each in reading.read(piece)]
    with pytest.raises(OutputUnreadable):
        reading.end()


def test_sections_wait_for_the_word_that_there_is_an_answer() -> None:
    turned = dict(reversed(json.loads(WHOLE).items()))
    assert list(turned)[-1] == "answerable"
    text = json.dumps(turned)
    before, word = text[: text.index("true")], "true}"
    reading = reader()
    assert [each for piece in pieces(before, 9) for each in reading.read(piece)] == []
    reading.read(word)
    rest, _ = reading.end()
    assert len(rest) == 3


GARBAGE = {
    "words": "I'm sorry, but {as you know} I can't.",
    "a list": "[1, 2]",
    "another object": '{"sections": [], "answer": "yes"}',
    "a number for a quote": answer(
        section("OVERVIEW", "One", claim("A.", citation(1, "x")))
    ).replace('"x"', "7"),
    "a word for a number": answer(
        section("OVERVIEW", "One", claim("A.", citation(1, "x")))
    ).replace('"passage": 1', '"passage": "first"'),
    "a kind that is none": answer(section("DOCTOR_QUESTIONS", "One")),
    "a style that is none": answer(section("OVERVIEW", "One", claim("A.", style="heading"))),
    "text behind it": WHOLE + " And now something else.",
    "two answers": WHOLE + WHOLE,
    "an escape that is none": '{"answerable": true, "sections": "\\x"}',
    "deep nesting": '{"answerable": true, "sections": ' + "[" * 5_000,
    "a surrogate": '{"answerable": true, "sections": [], "doctor_questions": ["\\ud800"]}',
}


@pytest.mark.parametrize("name", GARBAGE)
@pytest.mark.parametrize("size", [3, 10_000])
def test_what_is_not_of_the_form_is_refused_and_not_quoted(name: str, size: int) -> None:
    with pytest.raises(OutputUnreadable) as raised:
        read_whole(pieces(GARBAGE[name], size))
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_more_than_a_model_may_write_is_seen() -> None:
    reading = reader(max_output_tokens=10)
    reading.read("x" * 80)
    assert not reading.is_too_long
    reading.read("x")
    assert reading.is_too_long


def test_sections_beyond_a_number_are_not_looked_at() -> None:
    reading = reader(40_000)
    text = answer(*[section("OVERVIEW", str(number)) for number in range(MAX_SECTIONS * 3)])
    found = [each for piece in pieces(text, 50) for each in reading.read(piece)]
    rest, _ = reading.end()
    assert len([*found, *rest]) == MAX_SECTIONS


@given(
    text=st.text(alphabet='{}[]":,\\u0 answerblectiosf\n', max_size=60),
    place=st.integers(0, len(WHOLE)),
    size=st.integers(1, 20),
)
def test_whatever_is_written_is_read_or_refused(text: str, place: int, size: int) -> None:
    reading = reader()
    garbled = WHOLE[:place] + text + WHOLE[place:]
    with suppress(OutputUnreadable):
        for piece in pieces(garbled, size):
            for section in reading.read(piece):
                assert isinstance(section, WrittenSection)
        reading.end()
