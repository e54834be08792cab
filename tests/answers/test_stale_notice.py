"""What readers are told of an answer that waits to be checked again."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from navis_api.answers import fixed_texts
from navis_api.answers.document import AnswerContent, ContentClaim, ContentSection
from navis_api.answers.models import AnswerRevision, AnswerState, ClaimStyle, SectionKind
from navis_api.answers.stale_notice import StaleClaim, stale_notice
from navis_api.kit.languages import Language

SINCE = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
SOURCE = UUID(int=7)


def content(*headings: str) -> AnswerContent:
    claims = tuple(ContentClaim(ClaimStyle.SENTENCE, "A claim.", ()) for _ in range(3))
    return AnswerContent(
        tuple(ContentSection(SectionKind.OPTIONS, heading, claims) for heading in headings), ()
    )


def revision(
    *places: tuple[int, int],
    state: AnswerState = AnswerState.STALE,
    reason: str | None = "A source that it quotes has changed: “Title”.",
) -> AnswerRevision:
    stored = [{"section": at, "claim": claim, "source": str(SOURCE)} for at, claim in places]
    return AnswerRevision(
        state=state, state_reason=reason, updated_at=SINCE, stale_claims=stored or None
    )


@pytest.mark.parametrize("state", [state for state in AnswerState if state.value != "STALE"])
def test_only_what_is_stale_has_a_notice(state: AnswerState) -> None:
    assert stale_notice(revision((0, 1), state=state), content("Options")) is None


def test_a_changed_source_is_named_and_where_it_matters() -> None:
    notice = stale_notice(revision((0, 2), (2, 0), (2, 1)), content("One", "Two", "Three"))
    assert notice is not None
    assert notice.since == SINCE
    assert notice.claims == (
        StaleClaim(0, 2, SOURCE),
        StaleClaim(2, 0, SOURCE),
        StaleClaim(2, 1, SOURCE),
    )
    assert [notice.marks(section) for section in range(3)] == [{2}, set(), {0, 1}]
    assert notice.text == (
        "This answer has been waiting to be checked again since 2026-11-21."
        " A source that it quotes has changed: “Title”."
        " What rests on it stands under “One” and “Three”, with the mark (being checked again)"
        " behind it. The rest stands as it was reviewed."
    )


def test_three_headings_are_listed() -> None:
    notice = stale_notice(revision((0, 0), (1, 0), (2, 0)), content("A", "B", "C"))
    assert notice is not None
    assert "under “A”, “B” and “C”, with" in notice.text


def test_an_overdue_review_names_no_claim() -> None:
    overdue = revision(reason="Its next review was due by 2026-11-20.")
    notice = stale_notice(overdue, content("One"))
    assert notice is not None
    assert notice.claims == ()
    assert notice.text == (
        "This answer has been waiting to be checked again since 2026-11-21."
        " Its next review was due by 2026-11-20."
        f" {fixed_texts.STANDS_UNTIL_CHECKED}"
    )


def test_one_of_which_nobody_said_why_still_has_a_notice() -> None:
    notice = stale_notice(revision(reason=None), content("One"))
    assert notice is not None
    assert notice.text.startswith("This answer has been waiting to be checked again since")


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (((0, 2), (2, 0)), "Lo que depende de eso está en “One” y “Three”, con la marca"),
        ((), "Hasta que se compruebe, vale como se revisó."),
    ],
)
def test_a_reader_of_spanish_is_told_in_spanish(
    places: tuple[tuple[int, int], ...], said: str
) -> None:
    headings = content("One", "Two", "Three")
    notice = stale_notice(revision(*places), headings, Language.SPANISH)
    english = stale_notice(revision(*places), headings)
    assert notice is not None
    assert english is not None
    assert notice.text.startswith("Esta respuesta espera desde el 2026-11-21 que se compruebe")
    assert said in notice.text
    assert "Motivo, en inglés: A source that it quotes has changed" in notice.text
    assert notice.claims == english.claims
