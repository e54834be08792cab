"""Finding answered questions by what people type, on the sample content."""

import base64
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from navis_api.cancers import repository as cancers
from navis_api.db.paging import CursorInvalid, PageRequest
from navis_api.db.sessions import ANONYMOUS_ROWS, SYSTEM_ROWS, Database
from navis_api.kit.bounded import BoundedMemory
from navis_api.questions.models import QuestionStatus
from navis_api.questions.published_repository import PublishedQuestion
from navis_api.questions.search import Search, SearchPage, search
from navis_api.questions.service import store
from navis_api.questions.ways import Things

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LIVER = "liver-cancer-came-back-options"
OLIGO = "what-is-oligometastatic-disease"
BREAST = "metastatic-breast-cancer-treatment-options"
PAP = "abnormal-pap-or-hpv-test"


async def look_up(
    database: Database,
    text: str,
    *,
    cancer: str | None = None,
    page: PageRequest | None = None,
) -> SearchPage[PublishedQuestion]:
    async with database.reading(ANONYMOUS_ROWS) as session:
        catalogue = await cancers.load_catalogue(session)
        ids: Sequence[UUID] | None = None
        if cancer is not None:
            entry = catalogue.by_slug[cancer]
            ids = [entry.id, *(below.id for below in catalogue.descendants(entry))]
    page = page or PageRequest(20)
    return await search(database.published, catalogue, Search(text, ids, page))


async def slugs(database: Database, text: str, *, cancer: str | None = None) -> list[str | None]:
    page = await look_up(database, text, cancer=cancer)
    return [hit.question.slug for hit in page.hits]


@pytest.mark.parametrize(
    "text",
    [
        "liver cancer came back",
        "HCC",
        "hepatocellular carcinoma",
        "liver tumour",
        "liver tumor",
        "hepatic cancer returned",
        "recurrent liver cancer",
        "livr cancer",
        "My liver cancer came back - what are my options now?",
        "LIVER CANCER RELAPSE",
    ],
)
async def test_liver_cancer_that_came_back_is_found_by_what_people_say(
    sample_database: Database, text: str
) -> None:
    assert (await slugs(sample_database, text))[0] == LIVER


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("oligometastatic", OLIGO),
        ("oligometastatic disease", OLIGO),
        ("metastatic brest cancer", BREAST),
        ("breast cancer that has spread", BREAST),
        ("pap smaer", PAP),
        ("pap smear", PAP),
        ("abnormal Pap", PAP),
        ("whipple", "pancreatic-cancer-whipple-surgery"),
        ("CLL watch and wait", "chronic-lymphocytic-leukemia-watch-and-wait"),
        ("chronic lymphocytic leukaemia", "chronic-lymphocytic-leukemia-watch-and-wait"),
        ("TNBC", "triple-negative-breast-cancer-just-diagnosed"),
        ("EGFR test", "lung-cancer-egfr-test"),
        ("colon cancer stage 3", "stage-iii-colon-cancer-meaning"),
    ],
)
async def test_what_is_asked_for_comes_first(
    sample_database: Database, text: str, slug: str
) -> None:
    assert (await slugs(sample_database, text))[0] == slug


async def test_everyday_words_alone_find_what_is_about_coming_back(
    sample_database: Database,
) -> None:
    found = await slugs(sample_database, "came back")
    assert LIVER in found
    assert "diffuse-large-b-cell-lymphoma-relapse" in found
    assert PAP not in found


async def test_both_spellings_of_english_find_the_same(sample_database: Database) -> None:
    for british, american in (
        ("leukaemia", "leukemia"),
        ("liver tumour", "liver tumor"),
        ("metastasised", "metastasized"),
    ):
        found = await slugs(sample_database, british)
        assert found
        assert found == await slugs(sample_database, american)


async def test_a_correction_is_said_and_made_only_where_it_is_needed(
    sample_database: Database,
) -> None:
    assert (await look_up(sample_database, "livr cancer")).corrected_text == "liver cancer"
    assert (await look_up(sample_database, "metastatic brest cancer")).corrected_text == (
        "metastatic breast cancer"
    )
    for right in ("liver cancer", "Is it back?", "HCC", "a pap smear"):
        assert (await look_up(sample_database, right)).corrected_text is None


async def test_words_of_the_index_are_looked_up_once_and_typing_errors_each_time(
    sample_database: Database,
) -> None:
    published = sample_database.published
    published.memory = BoundedMemory[Any, Any](100_000)
    asked: list[str] = []

    def note(statement: str) -> None:
        if "search_words" in statement:
            asked.append(statement)

    with published.watched(note):
        for _ in range(2):
            assert (await look_up(sample_database, "hepatic oligometastatic")).hits
        assert len(asked) == 1
        assert "deletions" not in asked[0]
        for _ in range(2):
            found = await look_up(sample_database, "hepatik oligometastatic")
            assert found.corrected_text == "hepatic oligometastatic"
    assert len(asked) == 3
    assert "hepatik" not in str(published.memory.__dict__)


async def test_of_several_words_that_were_never_looked_up_the_mistyped_one_is_put_right(
    sample_database: Database,
) -> None:
    sample_database.published.memory = BoundedMemory[Any, Any](0)
    for typed in ("hepatik oligometastatic", "oligometastatic hepatik", "hepatik oligometastatik"):
        meant = typed.replace("tik", "tic")
        assert (await look_up(sample_database, typed)).corrected_text == meant


@pytest.mark.parametrize("text", ["", "   ", "?!", "oesophageal", "zzzzqqqq", "the of and", "癌"])
async def test_what_leads_nowhere_gives_nothing_and_no_error(
    sample_database: Database, text: str
) -> None:
    assert await slugs(sample_database, text) == []


NASTY = [
    "'",
    "''",
    "&",
    "|",
    "!",
    "(",
    ")",
    ":",
    "*",
    "\\",
    "liver & cancer | !back",
    "liver:* & 'cancer'",
    "'; DROP TABLE questions; --",
    "liver' OR '1'='1",
    "((((liver",
    "<-> liver <2> cancer",
    "liver\\",
    "\\'liver\\'",
    "liver:A",
    "concept:recurrence",
    "cancer:liver-cancer",
    "\U0001f600 liver \U0001f9e0",
    "%_%",
    "{liver}",
    "$1 $$ liver",
    "a" * 3_000,
    "liver " * 600,
    "x-" * 900,
    "1 2 3 4 5 6 7 8 9",
    "\u202eliver",
    "\ufdfa",
    "don't can't won't",
]


async def test_no_text_makes_a_search_fail(sample_database: Database) -> None:
    for first, second in itertools.pairwise([*NASTY, NASTY[0]]):
        for text in (first, f"{first} {second}", f"liver {first}"):
            page = await look_up(sample_database, text)
            assert len(page.hits) == len(page.cursors)
    assert await slugs(sample_database, "liver cancer \U0001f600 (came back)!")


async def test_marks_of_the_index_are_not_words_that_people_can_type(
    sample_database: Database,
) -> None:
    found = await slugs(sample_database, "concept:recurrence")
    assert found == await slugs(sample_database, "concept recurrence")


async def test_a_filter_by_cancer_holds_back_the_others(sample_database: Database) -> None:
    assert await slugs(sample_database, "treatment options", cancer="liver-cancer") == [LIVER]
    assert await slugs(sample_database, "pap smear", cancer="liver-cancer") == []
    assert BREAST in await slugs(sample_database, "treatment", cancer="breast-cancer")


@pytest.mark.parametrize(
    "text",
    [
        "liver",
        "treatment",
        "liver cancer",
        "liver cancer treatment",
        "hepatocellular carcinoma recurrence",
        "liver cancer treatment options doctor",
        "breast cancer liver cancer",
        "metastatic breast cancer treatment options tests",
        "options tests",
        "treatment options tests doctor",
        "treatment options spread tests doctor plan",
        "what's liver o'brien",
        "pap smear hpv",
    ],
)
async def test_every_way_finds_the_same_with_the_same_scores(
    sample_database: Database, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def found() -> list[object]:
        pages = [
            await look_up(sample_database, text, cancer=cancer, page=PageRequest(2, backward=back))
            for cancer in (None, "liver-cancer", "hepatocellular-carcinoma", "breast-cancer")
            for back in (False, True)
        ]
        return [
            ([each.id for each in page.questions], page.scores, list(page.cursors))
            for page in pages
        ]

    by_its_way = await found()
    monkeypatch.setattr(Things, "way", 1)
    monkeypatch.setattr(Things, "way_of_parts", 1)
    assert by_its_way == await found()


async def test_those_that_have_all_of_it_come_alone(sample_database: Database) -> None:
    assert await slugs(sample_database, "liver cancer recurrence options") == [LIVER]
    some = await slugs(sample_database, "liver whipple")
    assert {LIVER, "pancreatic-cancer-whipple-surgery"} <= set(some)


@pytest.mark.parametrize("text", ["cancer treatment", "treatment", "liver breast pancreatic"])
async def test_pages_of_hits_are_complete_and_repeat_nothing(
    sample_database: Database, text: str
) -> None:
    whole = await look_up(sample_database, text, page=PageRequest(100))
    expected = [hit.question.id for hit in whole.hits]
    assert len(expected) >= 3
    scores = [hit.score for hit in whole.hits]
    assert scores == sorted(scores, reverse=True)
    for size in (1, 2, 3):
        seen: list[UUID] = []
        cursor: str | None = None
        while True:
            page = await look_up(sample_database, text, page=PageRequest(size, cursor=cursor))
            seen += [hit.question.id for hit in page.hits]
            if not page.has_next:
                break
            cursor = page.cursors[-1]
        assert seen == expected


@pytest.mark.parametrize("text", ["cancer treatment", "liver breast pancreatic"])
async def test_the_last_hits_read_backward_are_the_same_with_the_same_scores(
    sample_database: Database, text: str
) -> None:
    whole = await look_up(sample_database, text, page=PageRequest(100))
    last = await look_up(sample_database, text, page=PageRequest(2, backward=True))
    assert [(hit.question.id, hit.score) for hit in last.hits] == [
        (hit.question.id, hit.score) for hit in whole.hits[-2:]
    ]


# Written down: test processes that share the work must agree on the names of tests.
SOME_ID = "01a1fbc8-ef41-712a-90c8-d02537fd0c9b"


@pytest.mark.parametrize(
    "cursor",
    [
        "garbage",
        "",
        base64.urlsafe_b64encode(orjson.dumps(["questions:asked", 1.0, SOME_ID])).decode(),
        base64.urlsafe_b64encode(orjson.dumps(["search:all", "1.0", SOME_ID])).decode(),
    ],
)
async def test_a_cursor_of_another_list_is_refused(sample_database: Database, cursor: str) -> None:
    # "cancer" alone says nothing, and its search ends before any statement.
    for text, backward in itertools.product(("liver", "cancer"), (False, True)):
        with pytest.raises(CursorInvalid) as refused:
            await look_up(
                sample_database, text, page=PageRequest(2, backward=backward, cursor=cursor)
            )
        assert refused.value.path == ("before" if backward else "after",)


async def test_a_question_without_a_reviewed_answer_is_not_found(
    sample_database: Database,
) -> None:
    async with sample_database.writing(SYSTEM_ROWS) as session:
        question = await store(
            session,
            text="What about unicorn therapy?",
            key="what about unicorn therapy",
            cancer_id=None,
            locale="en",
            status=QuestionStatus.GENERATING,
            asked_at=NOON,
        )
        question.asked_anonymously = True
    async with sample_database.reading(SYSTEM_ROWS) as session:
        catalogue = await cancers.load_catalogue(session)
    wanted = Search("unicorn therapy", None, PageRequest(100))
    page = await search(sample_database.published, catalogue, wanted)
    assert page.hits
    assert question.id not in {hit.question.id for hit in page.hits}
