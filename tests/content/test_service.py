"""A content bundle comes in whole or not at all, and goes out as it came."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import select, text

from navis_api.answers import history_repository
from navis_api.answers import repository as answers
from navis_api.answers.fixed_texts import AUTHOR
from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.answers.rendering import TextFormat
from navis_api.answers.service import body_of
from navis_api.content import repository
from navis_api.content.bundle import BundleFolder
from navis_api.content.errors import BundleInvalid
from navis_api.content.exporting import Exported, export_bundle
from navis_api.content.service import Imported
from navis_api.db.sessions import ANONYMOUS_ROWS, SYSTEM_ROWS, Database
from navis_api.questions import repository as questions
from navis_api.questions.matching import match_key
from tests.conftest import SAMPLES, SAMPLES_IMPORTED_AT
from tests.content.taking_in import take_in

NOTHING = Imported(0, 0, 0)
LIVER = "liver-cancer-came-back-options"


async def give_out(database: Database, folder: Path) -> Exported:
    async with database.reading(SYSTEM_ROWS) as session:
        return await export_bundle(session, folder)


def edit(path: Path, change: Callable[[Any], None]) -> None:
    """Change what a file of a bundle holds."""
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def read_bundle(folder: Path) -> dict[str, Any]:
    """Return a bundle by what its parts are, whatever their files are called."""
    head = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    reader = BundleFolder(folder)
    return {
        "sample": head["sample"],
        "cancers": {cancer.slug: cancer for cancer in reader.cancers()},
        "sources": {source.key: source for _, source in reader.sources()},
        "answers": {answer.question.slug: answer for _, answer in reader.answers()},
    }


async def published(database: Database) -> dict[str, Any]:
    """Return everything that readers can see of what is published."""
    async with database.reading(ANONYMOUS_ROWS) as session:
        return {
            question.slug or "": {
                "question": (question.text, question.match_key, question.locale, question.asked_at),
                "html": body_of(view, TextFormat.HTML),
                "text": body_of(view, TextFormat.PLAIN_TEXT),
                "title": view.revision.title,
                "sample": view.revision.sample,
                "grade": view.revision.reading_grade,
                "quotes": [
                    (each.number, each.quote, each.start, each.end, each.locator)
                    for each in view.content.citations
                ],
                "next review": view.revision.next_review_on,
            }
            async for question, view in repository.published(session)
        }


async def test_the_samples_come_in_once(sample_database: Database) -> None:
    assert await take_in(sample_database, SAMPLES) == NOTHING
    async with sample_database.reading(SYSTEM_ROWS) as session:
        revisions = (await session.scalars(select(AnswerRevision))).all()
        assert await answers.count_published_samples(session) == len(revisions) >= 12
    assert {revision.state for revision in revisions} == {AnswerState.PUBLISHED}
    assert {revision.number for revision in revisions} == {1}


async def test_what_goes_out_comes_in_elsewhere_the_same(
    sample_database: Database, database: Database, tmp_path: Path
) -> None:
    written = await give_out(sample_database, tmp_path / "out")
    assert min(written.cancers, written.sources, written.answers) > 0
    await take_in(database, tmp_path / "out")
    assert await published(database) == await published(sample_database)
    again = await give_out(database, tmp_path / "again")
    assert again == written
    assert read_bundle(tmp_path / "again") == read_bundle(tmp_path / "out")


async def test_what_goes_out_is_what_came_in(sample_database: Database, tmp_path: Path) -> None:
    await give_out(sample_database, tmp_path / "out")
    out, samples = read_bundle(tmp_path / "out"), read_bundle(SAMPLES)
    assert out["sample"] is samples["sample"] is True
    assert out["cancers"] == samples["cancers"]
    assert out["answers"] == samples["answers"]
    cited = out["sources"]
    assert cited == {key: samples["sources"][key] for key in cited}
    assert await take_in(sample_database, tmp_path / "out") == NOTHING


async def test_an_empty_database_goes_out_as_an_empty_bundle(
    database: Database, tmp_path: Path
) -> None:
    assert await give_out(database, tmp_path / "out") == Exported(0, 0, 0)
    assert await take_in(database, tmp_path / "out") == NOTHING


async def test_every_quote_stands_in_its_source_to_the_letter(
    sample_database: Database, tmp_path: Path
) -> None:
    async with sample_database.reading(SYSTEM_ROWS) as session:
        rows = (
            await session.execute(
                text(
                    'SELECT c.quote, v.text, c.start, c."end" FROM citations c'
                    " JOIN source_versions v ON v.id = c.source_version_id"
                )
            )
        ).all()
    assert len(rows) > 50
    for quote, source_text, start, end in rows:
        assert source_text[start:end] == quote


async def test_a_changed_answer_is_a_new_revision_in_place_of_the_old_one(
    sample_database: Database, bundle: Path
) -> None:
    before = await published(sample_database)

    def reword(answer: Any) -> None:
        answer["answer"]["summary"] = "Another summary."

    edit(bundle / "answers" / f"{LIVER}.json", reword)
    assert await take_in(sample_database, bundle) == Imported(0, 0, 1)
    async with sample_database.reading(SYSTEM_ROWS) as session:
        question = await questions.get_published_by_slug(session, LIVER)
        assert question is not None
        (view,) = (await answers.views_by_question(session, [question.id])).values()
        history = (await history_repository.history(session, [view.answer.id]))[view.answer.id]
        assert question.answered_at == SAMPLES_IMPORTED_AT
    assert [(each.number, each.state) for each in history] == [
        (1, AnswerState.SUPERSEDED),
        (2, AnswerState.PUBLISHED),
    ]
    assert (view.revision.number, view.revision.summary) == (2, "Another summary.")
    after = await published(sample_database)
    assert "Another summary." in after[LIVER]["text"]
    del before[LIVER], after[LIVER]
    assert after == before
    assert await take_in(sample_database, bundle) == NOTHING


@pytest.mark.parametrize("part", ["title", "gaps", "reviewer", "nextReviewOn", "claim"])
async def test_every_part_of_an_answer_can_change(
    sample_database: Database, bundle: Path, part: str
) -> None:
    def change(answer: Any) -> None:
        if part == "title":
            answer["answer"]["title"] = "Another title"
        elif part == "gaps":
            answer["answer"]["gaps"] = ["The sources say nothing about costs."]
        elif part == "reviewer":
            answer["review"]["reviewer"] = "Another sample reviewer"
        elif part == "nextReviewOn":
            answer["review"]["nextReviewOn"] = "2031-01-02"
        else:
            answer["answer"]["sections"][0]["claims"].pop()

    edit(bundle / "answers" / f"{LIVER}.json", change)
    assert (await take_in(sample_database, bundle)).answers == 1


async def test_a_changed_source_is_a_new_version_and_its_answers_are_quoted_anew(
    sample_database: Database, bundle: Path
) -> None:
    path = bundle / "sources" / "liver-cancer-treatment.json"
    edit(path, lambda source: source.update(text=source["text"] + "\n\nA sentence more."))
    changed = await take_in(sample_database, bundle)
    assert (changed.cancers, changed.sources) == (0, 1)
    assert changed.answers >= 1
    assert await take_in(sample_database, bundle) == NOTHING


def _broken(content: Any) -> None:
    content["answer"]["sections"][0]["claims"][0]["citations"][0]["quote"] += " Not in the source."


def _uncited(content: Any) -> None:
    content["answer"]["sections"][0]["claims"][0]["citations"] = []


def _other_cancer(content: Any) -> None:
    content["question"]["cancer"] = "unheard-of-cancer"


def _other_source(content: Any) -> None:
    content["answer"]["sections"][0]["claims"][0]["citations"][0]["source"] = "unheard:of"


def _misspelt(content: Any) -> None:
    content["answer"]["summery"] = "A summary."


def _no_words(content: Any) -> None:
    content["question"]["text"] = "?!"


def _no_reviewer(content: Any) -> None:
    content["review"]["reviewer"] = ""


def _own_approval(content: Any) -> None:
    content["review"]["reviewer"] = AUTHOR


def _with_nul(content: Any) -> None:
    content["answer"]["summary"] = "A\0summary."


def _with_half_a_pair(content: Any) -> None:
    content["answer"]["summary"] = "A \ud800 summary."


@pytest.mark.parametrize(
    "change",
    [
        _broken,
        _uncited,
        _other_cancer,
        _other_source,
        _misspelt,
        _no_words,
        _no_reviewer,
        _own_approval,
        _with_nul,
        _with_half_a_pair,
    ],
)
async def test_a_broken_answer_is_named_and_nothing_comes_in(
    database: Database, owner: asyncpg.Connection, bundle: Path, change: Callable[[Any], None]
) -> None:
    edit(bundle / "answers" / f"{LIVER}.json", change)
    with pytest.raises(BundleInvalid) as refused:
        await take_in(database, bundle)
    named = str(refused.value)
    assert LIVER in named or "unheard:of" in named
    for table in ("cancers", "sources", "questions", "answers", "search_words"):
        assert await owner.fetchval(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bundle.json", '{"format": "another-1"}'),
        ("bundle.json", "{"),
        ("cancers.json", '[{"slug": "a"}]'),
        ("cancers.json", "{}"),
        ("sources/liver-cancer-treatment.json", '{"key": "x"'),
        ("sources/liver-cancer-treatment.json", "\ufeff\x00"),
        ("answers/what-is-oligometastatic-disease.json", "[]"),
    ],
)
async def test_a_file_that_cannot_be_read_is_named_and_nothing_comes_in(
    database: Database, owner: asyncpg.Connection, bundle: Path, name: str, content: str
) -> None:
    (bundle / name).write_text(content, encoding="utf-8")
    with pytest.raises(BundleInvalid, match=Path(name).name):
        await take_in(database, bundle)
    assert await owner.fetchval("SELECT count(*) FROM cancers") == 0


async def test_a_shared_alias_is_refused_with_both_cancers_named(
    database: Database, bundle: Path
) -> None:
    def share(cancers: Any) -> None:
        cancers[1]["aliases"].append(cancers[0]["name"])

    edit(bundle / "cancers.json", share)
    cancers = json.loads((bundle / "cancers.json").read_text(encoding="utf-8"))
    with pytest.raises(BundleInvalid) as refused:
        await take_in(database, bundle)
    assert "cancers.json" in str(refused.value)
    assert cancers[0]["slug"] in str(refused.value)
    assert cancers[1]["slug"] in str(refused.value)


async def test_an_address_that_another_question_has_is_refused(
    sample_database: Database, bundle: Path
) -> None:
    before = await published(sample_database)

    def ask_something_else(answer: Any) -> None:
        answer["question"]["text"] = "Is this another question altogether?"

    edit(bundle / "answers" / f"{LIVER}.json", ask_something_else)
    with pytest.raises(BundleInvalid, match=LIVER):
        await take_in(sample_database, bundle)
    assert await published(sample_database) == before


async def test_a_folder_that_is_not_there_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleInvalid, match="not a folder"):
        BundleFolder(tmp_path / "nowhere")


async def test_samples_say_wherever_they_are_shown_that_no_clinician_reviewed_them(
    sample_database: Database,
) -> None:
    for shown in (await published(sample_database)).values():
        assert shown["sample"] is True
        for form in ("html", "text"):
            assert "no clinician" in shown[form].lower()


async def test_a_question_of_the_samples_is_found_by_its_key(sample_database: Database) -> None:
    async with sample_database.reading(ANONYMOUS_ROWS) as session:
        question = await questions.get_published_by_slug(session, LIVER)
        assert question is not None
        asked = f"  {question.text.upper().rstrip('?')} !! "
        same = await questions.get_same(
            session, key=match_key(asked), cancer_id=question.cancer_id, locale="en"
        )
    assert same is not None
    assert same.id == question.id
