"""The `llm` engine with a model that tells the truth, fails, or is left."""

import asyncio
import itertools
import json
import logging
from collections.abc import Callable
from contextlib import aclosing

import pytest

from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.generation.contract import Abstention, Closing, DraftSection, Progress
from navis_api.generation.models import GenerationStatus
from navis_api.language_models.errors import ModelFault
from tests.generation.llm.world import QUESTION, Corpus, claims, sections, world
from tests.language_model import (
    Json,
    Reply,
    answer,
    breaks,
    calls_tool,
    citation,
    claim,
    drips,
    endless,
    number_of,
    refuses,
    says,
    section,
    sends,
    stalls,
    status,
    truthful,
    waits,
)

BACK = "Recurrent liver cancer is cancer that came back after treatment."
WHERE = "It may come back in the liver or\nin other parts of the body."
AGAIN = (
    "Recurrent liver cancer that has come back in the liver only may be treated with surgery again."
)
LEAD_IN = "Treatment options for recurrent liver cancer may include:"
OPTIONS = (
    "partial hepatectomy in people whose liver works well",
    "ablation therapy",
    "embolization therapy",
    "immunotherapy",
)
ABLATION = "Ablation therapy destroys tissue without removing it."


def parts(data: Json) -> list[Json]:
    def quoted(text: str, quote: str, style: str = "sentence") -> Json:
        return claim(text, citation(number_of(data, quote), quote), style=style)

    return [
        section(
            "OVERVIEW",
            "",
            quoted("Recurrent liver cancer is cancer that came back after treatment.", BACK),
            quoted(
                "Liver cancer that came back only in the liver may be treated with surgery again.",
                AGAIN,
            ),
        ),
        section(
            "OPTIONS",
            "Treatment of recurrent liver cancer",
            quoted("Treatment options for recurrent liver cancer may include:", LEAD_IN),
            *[quoted(option, option, "bullet") for option in OPTIONS],
        ),
        section(
            "EXPLANATION",
            "Ablation therapy",
            quoted("Ablation therapy destroys tissue without removing it.", ABLATION),
        ),
    ]


QUESTIONS = [
    "What would partial hepatectomy mean for me?",
    "Which of these treatments are options for me?",
    "What are the risks of ablation therapy?",
]


def whole(data: Json) -> str:
    return answer(*parts(data), doctor_questions=QUESTIONS, not_covered=["my options now"])


async def test_a_truthful_answer_comes_through_whole(corpus: Corpus) -> None:
    async with world(corpus, says(whole)) as w:
        told = await w.write()
    found = sections(told)
    assert [(each.kind, each.heading) for each in found] == [
        (SectionKind.OVERVIEW, "In short"),
        (SectionKind.OPTIONS, "Treatment of recurrent liver cancer"),
        (SectionKind.EXPLANATION, "Ablation therapy"),
    ]
    assert [len(each.claims) for each in found] == [2, 5, 1]
    assert [each.style for each in found[1].claims] == [ClaimStyle.LEAD_IN] + [
        ClaimStyle.BULLET
    ] * 4
    last = told[-1]
    assert isinstance(last, Closing)
    assert last.doctor_questions[:3] == tuple(QUESTIONS)
    assert last.title == "Liver cancer that has come back: treatment options"
    assert not any("my options" in gap for gap in last.gaps)
    assert "in their own words" not in last.summary


async def test_the_work_is_reported_as_by_every_engine(corpus: Corpus) -> None:
    async with world(corpus, says(whole)) as w:
        told = await w.write()
    assert [piece.status for piece in told if isinstance(piece, Progress)] == [
        GenerationStatus.RETRIEVING,
        GenerationStatus.DRAFTING,
        GenerationStatus.CHECKING,
    ]
    assert told[0] == Progress(GenerationStatus.RETRIEVING)


async def test_a_section_is_told_while_the_next_one_is_written(corpus: Corpus) -> None:
    gate = asyncio.Event()
    async with world(corpus, waits(whole, at='"Treatment of recurrent', gate=gate)) as w:
        told: list[DraftSection] = []
        async with aclosing(w.engine.write(w.request())) as writing:
            async for piece in writing:
                if isinstance(piece, DraftSection):
                    # The gate stays shut until the first section is here.
                    told.append(piece)
                    gate.set()
    assert len(told) == 3


async def test_two_answers_at_a_time_do_not_end_each_other(corpus: Corpus) -> None:
    gate = asyncio.Event()
    async with world(corpus, waits(whole, at='"doctor_questions"', gate=gate), says(whole)) as w:
        first = asyncio.create_task(w.write())
        await w.model.asked.wait()
        second = await w.write()
        gate.set()
        assert sections(await first) == sections(second)


def beginning(upto: int) -> Callable[[Json], str]:
    """The text until so many of its sections are complete."""

    def compose(data: Json) -> str:
        text = whole(data)
        ends = [text.index(f'"kind": "{each["kind"]}"') for each in parts(data)[1:]]
        return text[: [*ends, text.index('"doctor_questions"')][upto - 1] + 3]

    return compose


async def test_a_stream_that_is_cut_is_a_failure_and_what_was_told_stays(
    corpus: Corpus,
) -> None:
    async with world(corpus, says(beginning(1), finish=None)) as w:
        told, failed = await w.write_until_failure()
    assert [each.heading for each in sections(told)] == ["In short"]
    assert not isinstance(told[-1], Closing | Abstention)
    assert failed.faults == (ModelFault.CUT_SHORT,)


FAILING: dict[str, Reply] = {
    "429": status(429),
    "500": status(500),
    "503": status(503),
    "401": status(401),
    "cut": says(beginning(1), finish=None),
    "cut behind a whole answer": says(whole, finish=None),
    "broken connection": breaks(beginning(2)),
    "silent": stalls(beginning(1)),
    "signs of life alone": drips(0.05),
    "garbage": says("Certainly! Here you are."),
    "garbage in the middle": says(lambda data: beginning(2)(data)[:-40] + "}}]]"),
    "wrong types": says('{"answerable": "perhaps", "sections": 7}'),
    "empty": says(""),
    "nothing": sends(""),
    "refusal": refuses("I can't help with that."),
    "tool": calls_tool("{}"),
    "too long": says(whole, finish="length"),
    "endless": endless('{"answerable": true, "sections": [', " " * 500),
}


@pytest.mark.parametrize("name", FAILING)
async def test_where_one_model_fails_the_next_one_goes_on(name: str, corpus: Corpus) -> None:
    async with world(corpus, FAILING[name], says(whole), llm_timeout_s=1.0) as w:
        w.engine = w.engine_with("openai:first,openai:second")
        told = await w.write()
    assert isinstance(told[-1], Closing)
    assert [request["model"] for request in w.model.requests] == ["first", "second"]
    assert [each.heading for each in sections(told)] == [
        "In short",
        "Treatment of recurrent liver cancer",
        "Ablation therapy",
    ]
    assert len(claims(told)) == len(set(claims(told))) == 8


@pytest.mark.parametrize("name", FAILING)
async def test_where_every_model_fails_there_is_no_answer(name: str, corpus: Corpus) -> None:
    async with world(corpus, FAILING[name], llm_timeout_s=1.0) as w:
        told, failed = await w.write_until_failure()
    assert not isinstance(told[-1], Closing | Abstention)
    assert "liver" not in str(failed)
    assert failed.__cause__ is None
    assert failed.__context__ is None


def made_up(data: Json) -> str:
    return answer(section("OVERVIEW", "", *(claim(BACK, citation(each, BACK)) for each in NOWHERE)))


NOWHERE = (0, -1, 99, 2**40)
TELLING_NOTHING: dict[str, Reply] = {
    "numbers of no passage": says(made_up),
    "quotes of no passage": says(
        answer(section("OVERVIEW", "", *(claim(BACK, citation(1, "made up")) for _ in range(3))))
    ),
    "sections without claims": says(answer(section("OVERVIEW", ""), section("OPTIONS", ""))),
    "no sections": says(answer()),
}


@pytest.mark.parametrize("name", TELLING_NOTHING)
async def test_where_nothing_of_one_model_can_be_told_the_next_one_is_asked(
    name: str, corpus: Corpus
) -> None:
    async with world(corpus, TELLING_NOTHING[name], says(whole)) as w:
        w.engine = w.engine_with("openai:first,openai:second")
        told = await w.write()
    assert isinstance(told[-1], Closing)
    assert len(claims(told)) == 8
    assert [request["model"] for request in w.model.requests] == ["first", "second"]


async def test_where_nothing_can_be_told_and_the_next_model_fails_it_may_be_tried_again(
    corpus: Corpus,
) -> None:
    async with world(corpus, says(made_up), status(503)) as w:
        w.engine = w.engine_with("openai:first,openai:second")
        told, failed = await w.write_until_failure()
    assert sections(told) == []
    assert failed.faults == (ModelFault.OVERLOADED,)


async def test_where_no_model_tells_anything_we_say_what_was_looked_for(corpus: Corpus) -> None:
    async with world(corpus, says(made_up)) as w:
        w.engine = w.engine_with("openai:first,openai:second")
        told = await w.write()
    last = told[-1]
    assert isinstance(last, Abstention)
    assert "treatment options for people with liver cancer" in last.message
    assert "don't cover" not in last.message


async def test_the_word_of_a_model_that_there_is_no_answer_is_not_questioned(
    corpus: Corpus,
) -> None:
    async with world(corpus, says(answer(answerable=False)), says(whole)) as w:
        w.engine = w.engine_with("openai:first,openai:second")
        told = await w.write()
    assert isinstance(told[-1], Abstention)
    assert "don't cover" in told[-1].message
    assert len(w.model.requests) == 1


async def test_who_says_behind_sections_that_there_is_no_answer_has_failed(
    corpus: Corpus,
) -> None:
    def takes_it_back(data: Json) -> str:
        return whole(data)[:-1] + ', "answerable": false}'

    async with world(corpus, says(takes_it_back), says(whole)) as w:
        first, failed = await w.write_until_failure()
        w.engine = w.engine_with("openai:first,openai:second")
        w.model.requests.clear()
        told = await w.write()
    assert not isinstance(first[-1], Closing | Abstention)
    assert failed.faults == (ModelFault.UNREADABLE,)
    assert isinstance(told[-1], Closing)
    assert len(claims(told)) == len(set(claims(told))) == 8
    assert len(w.model.requests) == 2


async def test_no_heading_stands_twice_in_a_row(corpus: Corpus) -> None:
    def alike(data: Json) -> str:
        return answer(
            *(section("OVERVIEW", "", each) for part in parts(data) for each in part["claims"][:1])
        )

    async with world(corpus, says(alike)) as w:
        told = sections(await w.write())
        rest = sections(await w.write(written=told[:1]))
    assert len(told) >= 2
    for found in (told, [*told[:1], *rest]):
        headings = [each.heading for each in found]
        assert all(one != other for one, other in itertools.pairwise(headings))


@pytest.mark.parametrize(
    ("part", "gap"),
    [
        ("my options are", None),
        ("came", None),
        ("my liver cancer came back", None),
        ("what about cirrhosis", "about cirrhosis for people with liver cancer"),
        ("diabetes", None),
    ],
)
async def test_of_what_is_not_covered_only_things_that_are_asked_and_not_told_are_said(
    part: str, gap: str | None, corpus: Corpus
) -> None:
    def leaving_open(data: Json) -> str:
        return answer(*parts(data), not_covered=[part])

    question = "My liver cancer came back, what my options are, what about cirrhosis"
    async with world(corpus, says(leaving_open)) as w:
        last = (await w.write(question))[-1]
    assert isinstance(last, Closing)
    assert not any(f"about {part} for" in each for each in last.gaps)
    assert gap is None or any(gap in each for each in last.gaps)
    assert not any("diabetes" in each for each in last.gaps)


async def test_a_second_attempt_goes_on_behind_what_was_told(corpus: Corpus) -> None:
    async with world(corpus, says(whole)) as w:
        first = sections(await w.write())
        rest = await w.write(written=first[:1])
    assert sections(rest) == first[1:]
    told = json.loads(w.model.requests[1]["messages"][1]["content"])["already_written"]
    assert [each["heading"] for each in told] == ["In short"]


async def test_a_second_attempt_that_finds_no_more_to_say_ends_the_answer(
    corpus: Corpus,
) -> None:
    async with world(corpus, says(whole), says(answer(answerable=False))) as w:
        first = sections(await w.write())
        rest = await w.write(written=first)
    assert sections(rest) == []
    assert isinstance(rest[-1], Closing)


async def test_leaving_the_answer_leaves_the_model_at_once(corpus: Corpus) -> None:
    async with world(corpus, stalls(beginning(1))) as w:
        async with aclosing(w.engine.write(w.request())) as writing:
            async for piece in writing:
                if isinstance(piece, DraftSection):
                    assert not w.model.left.is_set()
                    break
        await asyncio.wait_for(w.model.left.wait(), 1)


async def test_cancelling_the_answer_leaves_the_model_at_once(corpus: Corpus) -> None:
    async with world(corpus, stalls("")) as w:
        writing = asyncio.create_task(w.write())
        await w.model.asked.wait()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        await asyncio.wait_for(w.model.left.wait(), 1)


async def test_what_the_model_cannot_answer_is_said_to_be_so(corpus: Corpus) -> None:
    async with world(corpus, says(answer(*[], answerable=False))) as w:
        told = await w.write("Which hospital in Lyon is best for liver cancer")
    assert sections(told) == []
    last = told[-1]
    assert isinstance(last, Abstention)
    assert "liver cancer" in last.message


async def test_an_answer_of_nothing_is_no_answer(corpus: Corpus) -> None:
    async with world(corpus, says(answer())) as w:
        assert isinstance((await w.write())[-1], Abstention)


async def test_no_model_is_asked_where_the_sources_have_nothing(corpus: Corpus) -> None:
    async with world(corpus, says(whole)) as w:
        told = await w.write("asdf qwer", None)
        assert isinstance(told[-1], Abstention)
    assert w.model.requests == []


async def test_an_answer_beside_the_question_says_what_is_open(corpus: Corpus) -> None:
    async with world(corpus, says(whole)) as w:
        told = await w.write("What are the treatment options and the symptoms of liver cancer?")
    last = told[-1]
    assert isinstance(last, Closing)
    assert any("symptoms" in gap for gap in last.gaps)
    assert not any("treatment" in gap for gap in last.gaps)


async def test_an_answer_out_of_general_texts_alone_says_so(corpus: Corpus) -> None:
    quotes = (
        "Treatment of cancer that has come back depends on where it came back.",
        "Some people choose to have no more treatment.",
    )

    def generally(data: Json) -> str:
        made = [claim(quote, citation(number_of(data, quote), quote)) for quote in quotes]
        return answer(section("OVERVIEW", "", *made))

    async with world(corpus, says(generally)) as w:
        told = await w.write("My thymoma came back, what treatment is there", "thymoma")
    last = told[-1]
    assert isinstance(last, Closing)
    assert any("treatment options" in gap and "thymoma" in gap for gap in last.gaps)


async def test_the_model_is_shown_no_more_passages_than_are_set(corpus: Corpus) -> None:
    async with world(corpus, says(truthful), llm_max_passages=3) as w:
        await w.write()
    data = json.loads(w.model.requests[0]["messages"][1]["content"])
    assert [each["passage"] for each in data["passages"]] == [1, 2, 3]


async def test_the_model_is_shown_nothing_on_other_cancers_or_children(corpus: Corpus) -> None:
    async with world(corpus, says(truthful)) as w:
        await w.write()
    shown = w.model.requests[0]["messages"][1]["content"]
    assert "Breast Cancer Treatment" not in shown
    assert "only children have" not in shown


async def test_a_model_that_quotes_sentences_gets_them_through(corpus: Corpus) -> None:
    async with world(corpus, says(truthful)) as w:
        told = await w.write()
    assert isinstance(told[-1], Closing)
    quoted = [claim for section in sections(told) for claim in section.claims]
    assert len(quoted) >= 5
    assert all(claim.text == claim.citations[-1].quote for claim in quoted)


async def test_nothing_of_question_or_answer_is_logged(
    corpus: Corpus, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    question = f"{QUESTION}? I am Wilhelmina"
    with caplog.at_level(logging.DEBUG):
        async with world(corpus, status(503, question), says(whole)) as w:
            w.engine = w.engine_with("openai:first,openai:second")
            await w.write(question)
    printed = caplog.text + "".join(capsys.readouterr())
    assert "openai:first" in printed
    for word in ("Wilhelmina", "came back", "hepatectomy", "Recurrent"):
        assert word not in printed
