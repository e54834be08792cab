"""Answers in the reader's language, where a translation has been approved."""

from navis_api.answers.published_repository import ShownAnswer
from navis_api.answers.states import LIVE
from navis_api.answers.translated_view import TranslatedView
from navis_api.graphql.context import Info
from navis_api.kit.languages import ORIGINAL, Language, language_of


def answer_in_original(
    info: Info, view: ShownAnswer, language: str | None = None
) -> "Answer | None":
    """Return an answer as it was written; None where its reader wants another language."""
    wanted = language_of(language) if language is not None else info.context.language
    if wanted is not ORIGINAL:
        return None
    answer = Answer.of(view)
    answer.wanted = wanted
    return answer


async def shown_answer(info: Info, view: ShownAnswer, language: str | None = None) -> "Answer":
    """Return an answer in the reader's language, or the original with a flag."""
    wanted = language_of(language) if language is not None else info.context.language
    answer = await _in_language(info, view, wanted)
    answer.wanted = wanted
    return answer


async def _in_language(info: Info, view: ShownAnswer, wanted: Language) -> "Answer":
    if wanted is ORIGINAL or view.revision.state not in LIVE:
        return Answer.of(view)
    translation = await info.context.loaders.translation(wanted, view.revision.id)
    if translation is None:
        return Answer.of(view, untranslated=True)
    return Answer.of(TranslatedView(view, translation))


# At the end: these types lead to each other in a circle, and Strawberry looks for
# them by name when the schema is built.
from navis_api.graphql.answers.types import Answer  # noqa: E402 - see above
