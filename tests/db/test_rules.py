"""What must never happen, tried by plain SQL as the app role acting for our own code (law 4)."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from navis_api.answers.models import AnswerState
from navis_api.answers.states import FIRST, LIVE, TRANSITIONS, transition
from navis_api.kit.ids import new_id
from tests.db.rows import (
    APPROVAL,
    NOON,
    PUBLICATION,
    QUOTE,
    SOURCE_TEXT,
    Draft,
    Rows,
    app_connection,
)


@pytest.fixture
async def rows(database_url: str) -> AsyncIterator[Rows]:
    async with app_connection(database_url, role="system") as connection:
        yield Rows(connection)


def refused(match: str | None = None) -> AbstractContextManager[Any]:
    return pytest.raises(asyncpg.CheckViolationError, match=match)


def not_allowed() -> AbstractContextManager[Any]:
    return pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied")


def duplicate(name: str) -> AbstractContextManager[Any]:
    return pytest.raises(asyncpg.UniqueViolationError, match=name)


async def draft(rows: Rows) -> Draft:
    return await rows.draft(await rows.question())


# Quotes


@pytest.mark.parametrize(
    "span",
    [
        {"start": 0, "end": len(QUOTE) - 1},
        {"start": 1, "end": len(QUOTE) + 1},
        {"start": 1, "end": len(QUOTE)},
        {"start": 0, "end": len(QUOTE) + 1},
        {"start": -1, "end": len(QUOTE) - 1},
        {"quote": QUOTE.lower()},
        {"quote": QUOTE + " "},
        {"quote": " " + QUOTE[1:]},
        {"quote": ""},
        {"start": 5, "end": 5, "quote": ""},
        {"start": 10_000, "end": 10_000 + len(QUOTE)},
        # As bytes count it, and not as characters do.
        {
            "quote": "Surgery removes them",
            "start": len(SOURCE_TEXT[: SOURCE_TEXT.index("Surgery")].encode()),
            "end": len(SOURCE_TEXT[: SOURCE_TEXT.index("Surgery")].encode()) + 20,
        },
    ],
)
async def test_a_quote_that_is_not_what_stands_there_is_refused(
    rows: Rows, span: dict[str, Any]
) -> None:
    made = await draft(rows)
    with refused():
        await rows.citation(made.claim_id, made.version_id, position=1, **span)


@pytest.mark.parametrize("quote", ["größere", "Surgery removes them", "\U0001f9e0.", SOURCE_TEXT])
async def test_a_quote_counts_characters_as_python_does(rows: Rows, quote: str) -> None:
    made = await draft(rows)
    start = SOURCE_TEXT.index(quote)
    await rows.citation(
        made.claim_id,
        made.version_id,
        position=1,
        quote=quote,
        start=start,
        end=start + len(quote),
    )


async def test_a_quote_of_another_version_is_refused(rows: Rows) -> None:
    made = await draft(rows)
    other = await rows.source_version("Something else altogether, and longer than the quote.")
    with refused("not what its source says"):
        await rows.citation(made.claim_id, other, position=1)
    with refused("not what its source says"):
        await rows.citation(made.claim_id, new_id(), position=1)


async def test_a_temporary_table_does_not_stand_for_the_sources(rows: Rows) -> None:
    made = await draft(rows)
    await rows.connection.execute(
        "CREATE TEMP TABLE source_versions AS SELECT $1::uuid AS id, 'made up' AS text".replace(
            "$1::uuid", f"'{made.version_id}'::uuid"
        )
    )
    with refused("not what its source says"):
        await rows.citation(
            made.claim_id, made.version_id, position=1, quote="made up", start=0, end=7
        )


# What is final


@pytest.fixture
async def final(rows: Rows) -> Draft:
    """A revision that has left its draft state."""
    made = await draft(rows)
    await rows.set("answer_revisions", made.revision_id, state="IN_REVIEW")
    return made


@pytest.mark.parametrize(
    "state", ["IN_REVIEW", "CHANGES_REQUESTED", "APPROVED", "SUPERSEDED", "REJECTED"]
)
async def test_nothing_is_added_to_what_is_no_draft(rows: Rows, state: str) -> None:
    made = await draft(rows)
    await rows.take(made.revision_id, state)
    for attempt in (
        rows.section(made.revision_id, position=1),
        rows.claim(made.section_id, position=1),
        rows.citation(made.claim_id, made.version_id, position=1),
    ):
        with refused("only a draft"):
            await attempt


async def test_nothing_is_taken_from_what_is_no_draft(rows: Rows, final: Draft) -> None:
    for statement, id_ in (
        ("DELETE FROM answer_sections WHERE id = $1", final.section_id),
        ("DELETE FROM claims WHERE id = $1", final.claim_id),
        ("DELETE FROM citations WHERE claim_id = $1", final.claim_id),
    ):
        with refused("only a draft"):
            await rows.connection.execute(statement, id_)


async def test_a_draft_can_be_added_to_and_taken_from(rows: Rows) -> None:
    made = await draft(rows)
    section = await rows.section(made.revision_id, position=1)
    await rows.claim(section)
    for statement, id_ in (
        ("DELETE FROM citations WHERE claim_id = $1", made.claim_id),
        ("DELETE FROM claims WHERE id = $1", made.claim_id),
        ("DELETE FROM answer_sections WHERE id = $1", section),
    ):
        assert await rows.connection.execute(statement, id_) == "DELETE 1"


async def test_no_part_is_ever_rewritten_not_even_by_the_tables_owner(
    rows: Rows, final: Draft, owner: asyncpg.Connection
) -> None:
    with not_allowed():
        await rows.set("claims", final.claim_id, text="Something else")
    await owner.execute("SET ROLE navis_owner")
    for table, id_, column in (
        ("answer_sections", final.section_id, "heading"),
        ("claims", final.claim_id, "text"),
    ):
        with refused("only a draft"):
            await owner.execute(f"UPDATE {table} SET {column} = 'else' WHERE id = $1", id_)
    with refused("only a draft"):
        await owner.execute(
            "UPDATE citations SET locator = 'else' WHERE claim_id = $1", final.claim_id
        )


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("source_versions", "text"),
        ("source_versions", "content_hash"),
        ("claims", "text"),
        ("citations", "quote"),
        ("answer_sections", "heading"),
        ("answer_revisions", "title"),
        ("answer_revisions", "summary"),
        ("answer_revisions", "author"),
        ("answer_revisions", "content"),
        ("answer_revisions", "disclaimer_id"),
        ("passages", "text"),
        ("generation_events", "payload"),
    ],
)
async def test_the_app_role_may_not_update_what_never_changes(
    rows: Rows, table: str, column: str
) -> None:
    with not_allowed():
        await rows.connection.execute(f"UPDATE {table} SET {column} = {column}")


async def test_a_question_can_be_erased_with_all_that_hangs_on_it(rows: Rows) -> None:
    question, made = await rows.published("a-slug")
    await rows.connection.execute("DELETE FROM questions WHERE id = $1", question)
    for table in ("answers", "answer_revisions", "answer_sections", "claims", "citations"):
        assert await rows.connection.fetchval(f"SELECT count(*) FROM {table}") == 0
    assert await rows.connection.fetchval(
        "SELECT count(*) FROM source_versions WHERE id = $1", made.version_id
    )


# Publishing


async def test_what_all_rules_allow_is_published(rows: Rows) -> None:
    question, made = await rows.published("a-slug")
    assert (
        await rows.connection.fetchval(
            "SELECT state FROM answer_revisions WHERE id = $1", made.revision_id
        )
        == "PUBLISHED"
    )
    assert (
        await rows.connection.fetchval("SELECT status FROM questions WHERE id = $1", question)
        == "ANSWERED"
    )


async def publish(rows: Rows, question: UUID, made: Draft, **changed: Any) -> None:
    """Try to publish with some values that should not do."""
    async with rows.connection.transaction():
        await rows.set("answers", made.answer_id, slug="a-slug")
        await rows.take(made.revision_id, "PUBLISHED", **changed)
        await rows.set("questions", question, status="ANSWERED", slug="a-slug", answered_at=NOON)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        (
            dict.fromkeys(("approved_by", "approver_credentials", "approved_at", "next_review_on")),
            "published_is_approved",
        ),
        ({"approved_by": "Navis AI"}, "approver_is_not_author"),
        ({"approver_credentials": None}, "approval_is_whole"),
        ({"next_review_on": None}, "approval_is_whole"),
        ({"approved_at": None}, "approval_is_whole"),
    ],
)
async def test_a_revision_without_a_whole_approval_by_another_is_refused(
    rows: Rows, changed: dict[str, Any], rule: str
) -> None:
    question = await rows.question()
    made = await rows.draft(question)
    with refused(rule):
        await publish(rows, question, made, **changed)


async def test_a_published_revision_says_when(rows: Rows) -> None:
    made = await draft(rows)
    await rows.take(made.revision_id, "APPROVED")
    with refused("published_at"):
        await rows.set("answer_revisions", made.revision_id, state="PUBLISHED")


async def test_a_revision_without_a_disclaimer_is_never_stored(rows: Rows) -> None:
    answer = await rows.answer(await rows.question())
    with refused("disclaimer"):
        await rows.revision(answer, disclaimer_id="")
    with pytest.raises(asyncpg.NotNullViolationError):
        await rows.revision(answer, disclaimer_id=None)


async def test_every_claim_of_an_approved_revision_has_a_citation(rows: Rows) -> None:
    made = await draft(rows)
    await rows.claim(made.section_id, position=1, text="A claim that rests on nothing.")
    with refused("citation for every claim"):
        await rows.take(made.revision_id, "APPROVED")
    assert await rows.connection.fetchval("SELECT state FROM answer_revisions") == "IN_REVIEW"


async def test_a_published_revision_has_a_claim(rows: Rows) -> None:
    question = await rows.question()
    answer = await rows.answer(question)
    revision = await rows.revision(answer)
    empty = Draft(answer, revision, new_id(), new_id(), new_id())
    with refused("citation for every claim"):
        await publish(rows, question, empty)


@pytest.mark.parametrize(
    "stored", [{"state": state.value} for state in AnswerState if state is not FIRST] + [APPROVAL]
)
async def test_a_revision_is_stored_as_a_draft_only(rows: Rows, stored: dict[str, Any]) -> None:
    answer = await rows.answer(await rows.question())
    with refused("begins as a draft"):
        await rows.revision(answer, **stored)


async def test_an_answer_has_one_live_revision(rows: Rows) -> None:
    _, made = await rows.published("a-slug")
    following = await rows.next_draft(made.answer_id, number=2)
    await rows.take(following.revision_id, "APPROVED")
    with duplicate("uq_answer_revisions_live"):
        await rows.set("answer_revisions", following.revision_id, state="PUBLISHED", **PUBLICATION)
    async with rows.connection.transaction():
        await rows.set("answer_revisions", made.revision_id, state="SUPERSEDED")
        await rows.set("answer_revisions", following.revision_id, state="PUBLISHED", **PUBLICATION)


async def test_a_personal_answer_has_no_address(rows: Rows) -> None:
    question = await rows.question()
    with refused("personal_has_no_slug"):
        await rows.answer(question, scope="PERSONAL", slug="a-slug")


# Questions and their answers


async def test_an_answered_question_without_a_live_answer_is_refused_at_commit(
    rows: Rows,
) -> None:
    question = await rows.question()
    await rows.draft(question)

    async def answered_without_answer() -> None:
        async with rows.connection.transaction():
            await rows.set("questions", question, status="ANSWERED", slug="a", answered_at=NOON)
            reached.append("the commit")

    reached: list[str] = []
    with refused("exactly when a reviewed answer is live"):
        await answered_without_answer()
    assert reached == ["the commit"]
    with refused("exactly when a reviewed answer is live"):
        await rows.question(status="ANSWERED", slug="b", answered_at=NOON)


async def test_a_live_answer_of_a_question_that_is_not_answered_is_refused(rows: Rows) -> None:
    made = await draft(rows)
    await rows.set("answers", made.answer_id, slug="a-slug")
    await rows.take(made.revision_id, "APPROVED")
    with refused("exactly when a reviewed answer is live"):
        await rows.set("answer_revisions", made.revision_id, state="PUBLISHED", **PUBLICATION)


async def test_a_question_stays_answered_while_its_answer_is_live(rows: Rows) -> None:
    question, made = await rows.published("a-slug")
    with refused("exactly when a reviewed answer is live"):
        await rows.set("questions", question, status="AWAITING_REVIEW", answered_at=None)
    for state in ("RETRACTED", "SUPERSEDED"):
        with refused("exactly when a reviewed answer is live"):
            await rows.set("answer_revisions", made.revision_id, state=state)
    for table, id_ in (("answer_revisions", made.revision_id), ("answers", made.answer_id)):
        with refused("exactly when a reviewed answer is live"):
            await rows.connection.execute(f"DELETE FROM {table} WHERE id = $1", id_)


# Steps


async def in_state(rows: Rows, state: AnswerState) -> UUID:
    """Return a revision that has come to a state step by step."""
    if state not in {*LIVE, AnswerState.RETRACTED}:
        made = await draft(rows)
        await rows.take(made.revision_id, state.value)
        return made.revision_id
    question, made = await rows.published("a-slug")
    async with rows.connection.transaction():
        if state is not AnswerState.PUBLISHED:
            await rows.set("answer_revisions", made.revision_id, state=state.value)
        if state is AnswerState.RETRACTED:
            await rows.set("questions", question, status="DECLINED", answered_at=None)
    return made.revision_id


async def test_the_database_has_the_table_of_steps_that_the_code_has(rows: Rows) -> None:
    stored = await rows.connection.fetch(
        "SELECT before, after, action, roles FROM answer_transitions"
    )
    assert {(row[0], row[1], row[2], tuple(row[3])) for row in stored} == {
        (each.before.value, each.after.value, each.action, each.roles) for each in TRANSITIONS
    }


@pytest.mark.parametrize("after", AnswerState)
@pytest.mark.parametrize("before", AnswerState)
async def test_only_the_steps_of_the_table_can_be_taken(
    rows: Rows, before: AnswerState, after: AnswerState
) -> None:
    revision = await in_state(rows, before)
    step = transition(before, after)
    if before is after:
        return
    values: dict[str, Any] = {"state": after.value}
    if step and step.action in {"approve", "renew"}:
        values |= APPROVAL
    if step and step.action == "publish":
        values |= PUBLICATION

    async def take() -> None:
        async with rows.connection.transaction():
            # What else a publication or its end takes is tried elsewhere.
            await rows.connection.execute("SET CONSTRAINTS ALL DEFERRED")
            await rows.connection.execute(
                "UPDATE answers SET slug = coalesce(slug, 'b-slug')"
                " WHERE id = (SELECT answer_id FROM answer_revisions WHERE id = $1)",
                revision,
            )
            await rows.set("answer_revisions", revision, **values)
            live = after in LIVE
            await rows.connection.execute(
                "UPDATE questions SET status = CASE WHEN $2 THEN 'ANSWERED' ELSE 'DECLINED' END,"
                " answered_at = CASE WHEN $2 THEN now() END, slug = 'b-slug'"
                " WHERE id = (SELECT a.question_id FROM answers a JOIN answer_revisions r"
                " ON r.answer_id = a.id WHERE r.id = $1)",
                revision,
                live,
            )

    if step is None:
        with refused(f"no step leads from {before.value} to {after.value}"):
            await take()
    elif step.action == "supersede":
        # The step is taken with the publication of what comes instead: see below.
        with refused("superseded by what is published"):
            await take()
        return
    else:
        await take()
    state = await rows.connection.fetchval(
        "SELECT state FROM answer_revisions WHERE id = $1", revision
    )
    assert state == (after.value if step else before.value)


async def test_an_approval_comes_with_the_decision_only(rows: Rows) -> None:
    made = await draft(rows)
    for changed in (APPROVAL, {"next_review_on": APPROVAL["next_review_on"]}):
        with refused("an approval comes with the decision"):
            await rows.set("answer_revisions", made.revision_id, **changed)
    with refused("time of publication"):
        await rows.set("answer_revisions", made.revision_id, **PUBLICATION)


async def test_every_change_counts_the_version_up_and_nobody_sets_it(rows: Rows) -> None:
    made = await draft(rows)
    with not_allowed():
        await rows.set("answer_revisions", made.revision_id, lock_version=7)
    await rows.take(made.revision_id, "CHANGES_REQUESTED")
    assert await rows.connection.fetchval("SELECT lock_version FROM answer_revisions") == 3


async def test_every_step_stands_in_the_history(rows: Rows) -> None:
    _, made = await rows.published("a-slug")
    steps = await rows.connection.fetch(
        "SELECT before, after, public FROM answer_history WHERE answer_id = $1 ORDER BY sequence",
        made.answer_id,
    )
    assert [tuple(step) for step in steps] == [
        (None, "DRAFT", False),
        ("DRAFT", "IN_REVIEW", False),
        ("IN_REVIEW", "APPROVED", False),
        ("APPROVED", "PUBLISHED", True),
    ]
    for statement in (
        "DELETE FROM answer_history",
        "UPDATE answer_history SET public = true",
        "INSERT INTO published_changes SELECT * FROM published_changes",
        "DELETE FROM published_changes",
        "UPDATE answer_transitions SET roles = '{}'",
    ):
        with not_allowed():
            await rows.connection.execute(statement)


async def test_what_was_public_is_replaced_or_retracted_and_never_just_gone(rows: Rows) -> None:
    question, made = await rows.published("a-slug")

    async def just_gone() -> None:
        async with rows.connection.transaction():
            await rows.set("answer_revisions", made.revision_id, state="SUPERSEDED")
            await rows.set("questions", question, status="DECLINED", answered_at=None)

    with refused("superseded by what is published, or retracted"):
        await just_gone()


async def test_an_answer_that_was_public_keeps_its_address(rows: Rows) -> None:
    _, made = await rows.published("a-slug")
    with refused("keeps its address"):
        await rows.set("answers", made.answer_id, slug="another-slug")
    await rows.set("answers", made.answer_id, slug="a-slug")


async def test_an_erased_answer_leaves_a_tombstone_without_its_words(rows: Rows) -> None:
    question, _ = await rows.published("a-slug")
    before = await rows.connection.fetchrow("SELECT * FROM published_changes")
    await rows.connection.execute("DELETE FROM questions WHERE id = $1", question)
    after = await rows.connection.fetchrow("SELECT * FROM published_changes")
    assert before is not None
    assert after is not None
    assert (before["kind"], after["kind"], after["title"]) == ("PUBLISHED", "RETRACTED", "")
    assert after["sequence"] > before["sequence"]


async def test_a_stale_answer_is_live_still(rows: Rows) -> None:
    _, made = await rows.published("a-slug")
    await rows.set("answer_revisions", made.revision_id, state="STALE")


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"status": "ANSWERED", "slug": "a"}, "answered_at"),
        ({"status": "ANSWERED", "answered_at": NOON}, "answered_has_slug"),
        ({"answered_at": NOON}, "answered_at"),
        ({"slug": "Not A Slug"}, "slug"),
        ({"slug": "-a"}, "slug"),
        ({"text": ""}, "text"),
        ({"match_key": ""}, "text"),
        ({"status": "UNHEARD_OF"}, "status"),
    ],
)
async def test_a_question_that_contradicts_itself_is_refused(
    rows: Rows, changed: dict[str, Any], rule: str
) -> None:
    with refused(f"ck_questions_{rule}|status"):
        await rows.question(**changed)


async def test_the_same_question_is_stored_once_for_each_cancer_and_language(rows: Rows) -> None:
    liver, breast = await rows.cancer("liver-cancer"), await rows.cancer("breast-cancer")
    same: dict[str, Any] = {"match_key": "can it be cured"}
    await rows.question(**same)
    await rows.question(**same, cancer_id=liver)
    await rows.question(**same, cancer_id=breast)
    for twice in ({}, {"cancer_id": liver}):
        with duplicate("uq_questions_match_key"):
            await rows.question(**same, **twice)
    await rows.question(match_key="can it be cured", cancer_id=liver, locale="es")


# Generations and events


async def test_a_question_has_one_active_generation(rows: Rows) -> None:
    question = await rows.question()
    first = await rows.generation(question)
    for status in ("QUEUED", "DRAFTING"):
        with duplicate("uq_generations_active"):
            await rows.generation(question, status=status)
    await rows.set("generations", first, status="FAILED", finished_at=NOON)
    await rows.generation(question)
    await rows.generation(await rows.question())


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "FAILED"},
        {"status": "QUEUED", "finished_at": NOON},
        {"status": "COMPLETED", "finished_at": NOON},
        {"lease_token": UUID(int=1)},
        {"lease_expires_at": NOON},
    ],
)
async def test_a_generation_that_contradicts_itself_is_refused(
    rows: Rows, changed: dict[str, Any]
) -> None:
    question = await rows.question()
    with refused("ck_generations"):
        await rows.generation(question, **changed)


async def test_events_are_numbered_without_gaps(rows: Rows) -> None:
    generation = await rows.generation(await rows.question())
    other = await rows.generation(await rows.question())
    with refused("an event is missing"):
        await rows.event(generation, 2)
    with refused("sequence"):
        await rows.event(generation, 0)
    await rows.event(generation, 1)
    with refused("an event is missing"):
        await rows.event(generation, 3)
    with pytest.raises(asyncpg.UniqueViolationError):
        await rows.event(generation, 1)
    with refused("an event is missing"):
        await rows.event(other, 2)
    await rows.event(generation, 2)


# The catalogue and the corpus


async def test_a_cancer_never_stands_below_itself(rows: Rows) -> None:
    top = await rows.cancer("top")
    middle = await rows.cancer("middle", parent_id=top)
    bottom = await rows.cancer("bottom", parent_id=middle)
    for below in (middle, bottom):
        with refused("below itself"):
            await rows.set("cancers", top, parent_id=below)
    with refused("below itself|not_its_own_parent"):
        await rows.set("cancers", top, parent_id=top)
    await rows.set("cancers", bottom, parent_id=top)


async def test_a_cancer_with_subtypes_or_questions_stays(rows: Rows) -> None:
    top = await rows.cancer("top")
    bottom = await rows.cancer("bottom", parent_id=top)
    await rows.question(cancer_id=bottom)
    for id_ in (top, bottom):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await rows.connection.execute("DELETE FROM cancers WHERE id = $1", id_)


async def test_a_name_leads_to_one_cancer(rows: Rows) -> None:
    one, two = await rows.cancer("one"), await rows.cancer("two")
    await rows.insert("cancer_names", name="a name", cancer_id=one)
    with duplicate("pk_cancer_names"):
        await rows.insert("cancer_names", name="a name", cancer_id=two)


async def test_a_source_has_one_current_version(rows: Rows) -> None:
    version = await rows.source_version()
    source = await rows.connection.fetchval(
        "SELECT source_id FROM source_versions WHERE id = $1", version
    )
    following: dict[str, Any] = {"source_id": source, "number": 2}
    with duplicate("uq_source_versions_current"):
        await rows.source_version(**following)
    await rows.set("source_versions", version, superseded_at=NOON)
    await rows.source_version(**following)
    with duplicate("source_id_number"):
        await rows.source_version(**following, superseded_at=NOON)


async def test_what_is_quoted_is_never_deleted(rows: Rows, owner: asyncpg.Connection) -> None:
    made = await draft(rows)
    with not_allowed():
        await rows.connection.execute("DELETE FROM source_versions")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await owner.execute("DELETE FROM source_versions WHERE id = $1", made.version_id)
