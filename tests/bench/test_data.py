"""The data that is measured: what is made in SQL is what publishing would have written."""

from bench.ask.texts import nearly, to_the_letter
from bench.data.database import Pool
from bench.data.words import HOBBIES, OCCUPATIONS, PLACES
from navis_api.answers.document import content_from_json
from navis_api.cancers.repository import load_catalogue
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.questions.indexing import index_question
from navis_api.questions.matching import match_key
from navis_api.questions.models import Question
from tests.bench.conftest import QUESTIONS, SEEDS
from tests.conftest import app_database
from tests.graphql.client import Client

_MADE = """
    SELECT q.id, q.slug, q.text, q.match_key, q.search::text AS search, q.answered_at,
           r.title, r.summary, r.content
    FROM questions q JOIN answers a ON a.question_id = q.id
    JOIN answer_revisions r ON r.answer_id = a.id
    WHERE q.id = bench.key('question', $1) AND a.slug = q.slug
"""
_ASK = """
    mutation ($text: String!) { askQuestion(input: { text: $text }) {
        outcome question { text } answer { slug } } }
"""


def test_words_differ_and_stand_in_no_other() -> None:
    words = [*OCCUPATIONS, *map(str.lower, PLACES), *HOBBIES]
    assert len(set(words)) == len(words) == 150
    firsts = OCCUPATIONS[0], PLACES[0].lower(), HOBBIES[0]
    assert not [word for word in words for first in firsts if first in word and first != word]


async def test_there_are_as_many_as_were_asked_for_and_all_differ(pool: Pool) -> None:
    for column in ("slug", "text", "match_key", "answered_at"):
        count = await pool.fetchval(f"SELECT count(DISTINCT {column}) FROM questions")
        # The seeds were all published at once.
        assert count == (QUESTIONS - SEEDS + 1 if column == "answered_at" else QUESTIONS)
    for table in ("answers", "answer_revisions", "published_changes", "peers.answers"):
        assert await pool.fetchval(f"SELECT count(*) FROM {table}") == QUESTIONS


async def test_what_is_made_is_found_as_if_it_had_been_published(
    pool: Pool, bench_address: str
) -> None:
    database = app_database(bench_address)
    async with database.writing(SYSTEM_ROWS) as session:
        catalogue = await load_catalogue(session)
    for number in range(SEEDS, QUESTIONS, 7):
        (made,) = await pool.fetch(_MADE, number)
        assert made["match_key"] == match_key(made["text"])
        async with database.writing(SYSTEM_ROWS) as session:
            await index_question(
                session,
                await session.get_one(Question, made["id"]),
                catalogue=catalogue,
                further_text=f"{made['title']} {made['summary']}",
            )
        (again,) = await pool.fetch(_MADE, number)
        assert again["search"] == made["search"]
    await database.close()


async def test_a_made_answer_has_its_own_words_and_the_seeds_shape(pool: Pool) -> None:
    (seed,) = await pool.fetch(
        _MADE.replace("bench.key('question', $1)", "(SELECT question FROM bench.seeds LIMIT $1)"), 1
    )
    (made,) = await pool.fetch(_MADE, SEEDS)
    told = content_from_json(made["content"])
    assert (len(told.sections), len(told.citations)) == (8, 5)
    assert not [text for text in told.claim_texts if OCCUPATIONS[0] in text or PLACES[0] in text]
    assert [c.quote for c in told.citations] != []
    assert content_from_json(seed["content"]).claim_texts != told.claim_texts


async def test_asking_for_what_was_made_is_answered_in_its_words_and_nearly(
    pool: Pool, client: Client
) -> None:
    for number in range(SEEDS, QUESTIONS, 40):
        (made,) = await pool.fetch(_MADE, number)
        for wording in (to_the_letter, nearly):
            data = await client.data(_ASK, {"text": wording(made["text"])})
            assert data["askQuestion"] == {
                "outcome": "REVIEWED_ANSWER",
                "question": {"text": made["text"]},
                "answer": {"slug": made["slug"]},
            }
