"""What a question is about: its text, its language and its cancer, or what is wrong with them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking.asked import AskQuestion
from navis_api.asking.errors import UnknownCancer
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.errors import InvalidInput
from navis_api.kit.text import squeeze
from navis_api.questions import repository as questions
from navis_api.questions.generality.reader import is_of_anybody
from navis_api.questions.matching import match_key
from navis_api.questions.models import Question, QuestionStatus
from navis_api.questions.safety.recognition import safety_notices
from navis_api.questions.sameness.reading import read_slots
from navis_api.questions.subject import cancers_meant, lacks_cancer

LANGUAGES = frozenset({"en"})
"""Languages that questions are answered in."""

MAX_IDEMPOTENCY_KEY_CHARS = 200

_ANY_QUESTION = "What is liver cancer?"
_ANY_CANCER = CatalogueEntry(
    id=UUID(int=0),
    slug="liver-cancer",
    name="Liver cancer",
    clinical_name=None,
    aliases=(),
    abbreviations=(),
    body_site="liver",
    icd10_codes=(),
    summary="",
    parent_id=None,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about, once it is understood."""

    text: str
    key: str
    cancers: tuple[CatalogueEntry, ...]
    catalogue: Catalogue
    locale: str
    lacks_cancer: bool
    """Whether it can't be answered before somebody says which cancer it is about."""

    @property
    def cancer(self) -> CatalogueEntry | None:
        """The one cancer that it is about; None also where it is on cancer in general."""
        return self.cancers[0] if len(self.cancers) == 1 else None

    @property
    def cancer_id(self) -> UUID | None:
        """The id under which it is stored."""
        return self.cancer.id if self.cancer else None


def learn_to_read() -> None:
    """Read in all that questions are read by, so that no asker has to wait for it.

    Takes half a second and more, in which a process does nothing else: before it serves.
    """
    catalogue = Catalogue((_ANY_CANCER,))
    safety_notices(_ANY_QUESTION, "en")
    is_of_anybody(_ANY_QUESTION)
    read_slots(_ANY_QUESTION, None, catalogue)


def understood(asked: AskQuestion, text: str, catalogue: Catalogue) -> Subject:
    """Return what a question is about. Raises InvalidInput and UnknownCancer."""
    locale = _require_language(asked.locale)
    named = _named_cancer(catalogue, asked.cancer) if asked.cancer is not None else None
    found = [named] if named else cancers_meant(text, catalogue)
    lacks = lacks_cancer(text, found, catalogue)
    return Subject(text, match_key(text), tuple(found), catalogue, locale, lacks)


async def get_answered(session: AsyncSession, subject: Subject) -> Question | None:
    """Return the question that is the same to the letter, if it has its reviewed answer."""
    same = await questions.get_same(
        session, key=subject.key, cancer_id=subject.cancer_id, locale=subject.locale
    )
    return same if same is not None and same.status is QuestionStatus.ANSWERED else None


def require_question(asked: AskQuestion, *, max_chars: int) -> str:
    """Return the question's text in its one form. Raises InvalidInput."""
    text = squeeze(asked.text)
    if not text:
        raise InvalidInput("Write your question.", path=("input", "text"))
    if len(text) > max_chars:
        raise InvalidInput(
            f"A question may have up to {max_chars} characters. Shorten it to"
            " what you want to know.",
            path=("input", "text"),
        )
    return text


def require_idempotency_key(key: str | None) -> str | None:
    """Return the key that a question came with. Raises InvalidInput."""
    if key is not None and not 1 <= len(key) <= MAX_IDEMPOTENCY_KEY_CHARS:
        raise InvalidInput(
            f"An idempotency key has 1 to {MAX_IDEMPOTENCY_KEY_CHARS} characters; a random UUID"
            " is a good one.",
            path=("input", "idempotencyKey"),
        )
    return key


def hash_of_key(idempotency_key: str) -> bytes:
    """Return what is kept of a key where it may not stand itself: it may be anything, also words.

    SHA-256.
    """
    return hashlib.sha256(idempotency_key.encode("utf-8", "replace")).digest()


def _require_language(locale: str) -> str:
    language = locale.replace("_", "-").partition("-")[0].lower()
    if language not in LANGUAGES:
        known = ", ".join(sorted(LANGUAGES))
        raise InvalidInput(
            f"Questions are answered in these languages: {known}.", path=("input", "locale")
        )
    return language


def _named_cancer(catalogue: Catalogue, slug: str) -> CatalogueEntry:
    entry = catalogue.by_slug.get(slug)
    if entry is None:
        raise UnknownCancer(
            "The catalogue has no cancer with this slug. `cancers` lists those it has.",
            path=("input", "cancer"),
        )
    return entry


def cancer_wanted(found: Sequence[CatalogueEntry]) -> UnknownCancer:
    """Return what says that a question's cancer has to be chosen."""
    if not found:
        return UnknownCancer(
            "Which cancer is your question about? Name it in the question, or choose it in"
            " `cancer`.",
            path=("input", "cancer"),
        )
    names = ", ".join(f"{entry.name} (`{entry.slug}`)" for entry in found)
    return UnknownCancer(
        f"Your question may be about more than one cancer: {names}. Choose in `cancer` the one"
        " that it is about.",
        path=("input", "cancer"),
    )
