from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from navis_api.answers.models import AnswerState
from navis_api.answers.publishing_models import PublishedChange
from navis_api.answers.translation import (
    TranslatedSection,
    TranslationDiffers,
    TranslationDraft,
)
from navis_api.answers.translation_models import AnswerTranslation
from navis_api.answers.translation_repository import approved_by_revision
from navis_api.audit.models import AuditEvent
from navis_api.db.sessions import ANONYMOUS_ROWS, RowViewer
from navis_api.errors import InvalidInput, UserFault
from navis_api.kit.languages import Language
from navis_api.review import translating
from navis_api.review.errors import (
    NotYourCancer,
    ReasonRequired,
    RevisionUnknown,
    RoleNotAllowed,
)
from navis_api.review.translation_errors import (
    OwnTranslation,
    RevisionNotApproved,
    TranslationApproved,
    TranslationUnknown,
)
from tests.review.world import (
    ADMINISTRATOR,
    BREAST_REVIEWER,
    EDITOR,
    LIVER_REVIEWER,
    NOON,
    OTHER_EDITOR,
    OTHER_LIVER_REVIEWER,
    Given,
    World,
)

DRAFT = TranslationDraft(
    language=Language.SPANISH,
    question="¿Qué se hace en el caso 1?",
    title="Qué se hace en el caso 1",
    summary="Un resumen.",
    sections=(
        TranslatedSection(
            heading="Opciones",
            claims=(
                "La ablación destruye con calor tumores pequeños del hígado.",
                "La cirugía quita la parte del hígado que tiene el tumor.",
            ),
        ),
    ),
    doctor_questions=("¿Es adecuado para mí?",),
    next_steps=("Pida una segunda opinión.",),
)


async def hand_in(
    world: World, given: Given, draft: TranslationDraft = DRAFT, *, by: str = EDITOR
) -> UUID:
    async with world.database.writing(world.rows(by)) as session:
        stored = await translating.hand_in(
            session,
            given.answer_id,
            given.number,
            draft,
            acting=world.acting(by),
            catalogue=world.catalogue,
        )
        return stored.id


async def approve(world: World, translation: UUID, *, by: str = LIVER_REVIEWER) -> None:
    async with world.database.writing(world.rows(by)) as session:
        await translating.approve(
            session, translation, acting=world.acting(by), catalogue=world.catalogue
        )


async def withdraw(
    world: World, translation: UUID, reason: str = "It says it wrongly.", *, by: str = EDITOR
) -> None:
    async with world.database.writing(world.rows(by)) as session:
        await translating.withdraw(
            session, translation, reason, acting=world.acting(by), catalogue=world.catalogue
        )


async def served(
    world: World, given: Given, viewer: RowViewer = ANONYMOUS_ROWS
) -> AnswerTranslation | None:
    """Return what a reader of Spanish is served."""
    async with world.database.reading(viewer) as session:
        found = await approved_by_revision(session, [given.revision_id], Language.SPANISH)
    return found.get(given.revision_id)


async def sequence(world: World) -> int:
    async with world.database.reading() as session:
        return await session.scalar(select(func.max(PublishedChange.sequence))) or 0


async def test_readers_get_a_translation_once_a_second_person_has_approved_it(
    world: World,
) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    before = await sequence(world)
    translation = await hand_in(world, given)
    assert await served(world, given) is None
    assert await sequence(world) == before

    await approve(world, translation)
    found = await served(world, given)
    assert found is not None
    assert found.title == DRAFT.title
    assert found.sections == [
        {"heading": "Opciones", "claims": list(DRAFT.sections[0].claims)},
    ]
    assert (found.translator, found.approved_by, found.approver_credentials) == (
        "Eve Gray",
        "Lea Ahmed",
        "MD",
    )
    # Copies that readers keep hear of it.
    assert await sequence(world) > before


async def test_the_one_approved_last_is_served(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    await approve(world, await hand_in(world, given))
    better = await hand_in(world, given, replace(DRAFT, title="Mejor dicho"))
    async with world.database.writing(world.rows(LIVER_REVIEWER)) as session:
        later = world.acting(LIVER_REVIEWER, now=NOON + timedelta(days=1))
        await translating.approve(session, better, acting=later, catalogue=world.catalogue)
    found = await served(world, given)
    assert found is not None
    assert found.title == "Mejor dicho"

    await withdraw(world, better)
    found = await served(world, given)
    assert found is not None
    assert found.title == DRAFT.title


async def test_what_is_withdrawn_is_served_no_longer(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    translation = await hand_in(world, given)
    await approve(world, translation)
    before = await sequence(world)
    await withdraw(world, translation)
    assert await served(world, given) is None
    assert await sequence(world) > before
    for step in (approve, withdraw):
        with pytest.raises(TranslationUnknown):
            await step(world, translation)


async def test_a_newer_revision_is_not_served_in_the_words_of_the_one_before(
    world: World,
) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    await approve(world, await hand_in(world, given))
    newer = await world.next_given(given, AnswerState.APPROVED)
    await world.publish(newer)
    assert await served(world, given) is None
    assert await served(world, newer) is None


@pytest.mark.parametrize("state", [AnswerState.DRAFT, AnswerState.IN_REVIEW])
async def test_what_nobody_approved_has_no_approved_translation(
    world: World, state: AnswerState
) -> None:
    given = await world.given(state)
    translation = await hand_in(world, given)
    with pytest.raises(RevisionNotApproved):
        await approve(world, translation)
    assert await served(world, given) is None


async def test_a_translation_may_wait_for_the_publication(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    await approve(world, await hand_in(world, given))
    assert await served(world, given) is None
    await world.publish(given)
    assert await served(world, given) is not None


@pytest.mark.parametrize(
    ("translator", "approver", "refused"),
    [
        (LIVER_REVIEWER, LIVER_REVIEWER, OwnTranslation),
        (EDITOR, EDITOR, RoleNotAllowed),
        (EDITOR, ADMINISTRATOR, RoleNotAllowed),
        (EDITOR, BREAST_REVIEWER, NotYourCancer),
        (BREAST_REVIEWER, LIVER_REVIEWER, NotYourCancer),
        (ADMINISTRATOR, LIVER_REVIEWER, RoleNotAllowed),
    ],
)
async def test_two_people_stand_behind_it(
    world: World, translator: str, approver: str, refused: type[UserFault]
) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    with pytest.raises(refused):
        await approve(world, await hand_in(world, given, by=translator), by=approver)
    assert await served(world, given) is None


async def test_an_approval_is_given_once(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    translation = await hand_in(world, given)
    await approve(world, translation)
    with pytest.raises(TranslationApproved):
        await approve(world, translation, by=OTHER_LIVER_REVIEWER)


def _sections(*claims: str) -> tuple[TranslatedSection, ...]:
    return (TranslatedSection("Opciones", claims),)


@pytest.mark.parametrize(
    "changed",
    [
        {"sections": ()},
        {"sections": _sections("Una sola.")},
        {"sections": _sections("Una.", "Dos.", "Tres.")},
        {"sections": (*DRAFT.sections, *DRAFT.sections)},
        {"sections": _sections("La ablación ayuda en 3 de 10 casos.", "Dos.")},
    ],
)
async def test_it_stands_claim_by_claim_beside_its_original(
    world: World, changed: dict[str, tuple[TranslatedSection, ...]]
) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    with pytest.raises(TranslationDiffers):
        await hand_in(world, given, replace(DRAFT, **changed))
    async with world.database.reading(world.rows(EDITOR)) as session:
        assert not (await session.scalars(select(AnswerTranslation))).all()


async def test_every_number_stands_in_the_translation(world: World) -> None:
    sections = world.sections("Liver cancer can come back after surgery.")
    claim = replace(sections[0].claims[0], text="It came back in 1,250 of 2.5 thousand, or 50%.")
    given = await world.given(
        AnswerState.PUBLISHED, sections=[replace(sections[0], claims=(claim,))]
    )
    good = replace(DRAFT, sections=_sections("Volvió en 1.250 de 2,5 mil, o sea el 50 %."))
    wrong = replace(DRAFT, sections=_sections("Volvió en 1.250 de 2,5 mil, o sea el 5 %."))
    with pytest.raises(TranslationDiffers, match="section 0, claim 0"):
        await hand_in(world, given, wrong)
    await hand_in(world, given, good)


@pytest.mark.parametrize(
    "draft",
    [
        replace(DRAFT, language=Language.ENGLISH),
        replace(DRAFT, title=" "),
        replace(DRAFT, question="x" * 1_001),
        replace(DRAFT, doctor_questions=()),
        replace(DRAFT, next_steps=("Una.", "Dos.")),
        replace(DRAFT, gaps=("Una.",)),
        replace(DRAFT, sections=_sections(" ", "Dos.")),
        replace(DRAFT, sections=_sections("x" * 2_001, "Dos.")),
    ],
)
async def test_what_is_not_whole_is_refused(world: World, draft: TranslationDraft) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    with pytest.raises(InvalidInput):
        await hand_in(world, given, draft)


async def test_withdrawing_takes_a_reason(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    translation = await hand_in(world, given)
    await approve(world, translation)
    with pytest.raises(ReasonRequired):
        await withdraw(world, translation, "  ")
    assert await served(world, given) is not None


async def test_what_is_not_there_is_said_to_be_unknown(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    with pytest.raises(RevisionUnknown):
        await hand_in(world, replace(given, number=2))
    with pytest.raises(TranslationUnknown):
        await approve(world, uuid4())


async def test_each_act_is_recorded_without_its_words(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    translation = await hand_in(world, given)
    await approve(world, translation)
    await withdraw(world, translation)
    async with world.database.reading(world.rows(ADMINISTRATOR)) as session:
        events = (
            await session.scalars(
                select(AuditEvent)
                .where(AuditEvent.action.like("translation.%"))
                .order_by(AuditEvent.sequence)
            )
        ).all()
    assert [event.action for event in events] == [
        "translation.hand_in",
        "translation.approve",
        "translation.withdraw",
    ]
    assert all("ablación" not in str(event.detail) for event in events)


async def _by_sql(world: World, by: str, statement: str, translation: UUID) -> None:
    async with world.database.writing(world.rows(by)) as session:
        await session.execute(text(statement), {"id": translation})


_APPROVAL = (
    "UPDATE answer_translations SET approved_by = '{name}', approver_subject = '{subject}',"
    " approver_credentials = 'MD', approved_at = now() WHERE id = :id"
)


@pytest.mark.parametrize(
    ("by", "statement", "said"),
    [
        (
            EDITOR,
            _APPROVAL.format(name="Max Hill", subject=OTHER_EDITOR),
            "in their own name",
        ),
        (
            LIVER_REVIEWER,
            _APPROVAL.format(name="Ida Berg", subject=OTHER_LIVER_REVIEWER),
            "in their own name",
        ),
        (
            BREAST_REVIEWER,
            _APPROVAL.format(name="Ana Diaz", subject=BREAST_REVIEWER),
            "reviewers of its cancer",
        ),
        (EDITOR, "UPDATE answer_translations SET title = 'x' WHERE id = :id", "permission denied"),
        (EDITOR, "DELETE FROM answer_translations WHERE id = :id", "permission denied"),
        (
            BREAST_REVIEWER,
            (
                "UPDATE answer_translations SET withdrawn_at = now(), withdrawn_reason = 'x',"
                f" withdrawn_by = '{BREAST_REVIEWER}' WHERE id = :id"
            ),
            "staff withdraw",
        ),
    ],
)
async def test_the_database_holds_it_too(world: World, by: str, statement: str, said: str) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    translation = await hand_in(world, given)
    with pytest.raises(DBAPIError, match=said):
        await _by_sql(world, by, statement, translation)
    assert await served(world, given) is None


async def test_the_database_lets_a_reviewer_approve_what_a_colleague_translated(
    world: World,
) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    translation = await hand_in(world, given)
    statement = _APPROVAL.format(name="Lea Ahmed", subject=LIVER_REVIEWER)
    await _by_sql(world, LIVER_REVIEWER, statement, translation)
    assert await served(world, given) is not None
    await _by_sql(
        world,
        LIVER_REVIEWER,
        "UPDATE answer_translations SET withdrawn_at = now(), withdrawn_reason = 'x',"
        f" withdrawn_by = '{LIVER_REVIEWER}' WHERE id = :id",
        translation,
    )
    with pytest.raises(DBAPIError, match="stays so"):
        await _by_sql(
            world,
            LIVER_REVIEWER,
            "UPDATE answer_translations SET withdrawn_at = NULL, withdrawn_reason = NULL"
            " WHERE id = :id",
            translation,
        )


async def test_readers_see_no_translation_that_waits_or_was_taken_back(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    await hand_in(world, given)
    async with world.database.reading() as session:
        assert not (await session.scalars(select(AnswerTranslation))).all()
    await approve(world, await hand_in(world, given))
    await world.retract(await world.reread(given))
    async with world.database.reading() as session:
        assert not (await session.scalars(select(AnswerTranslation))).all()
