"""A content bundle: a folder with a catalogue, sources and reviewed answers, as JSON.

    bundle.json          what the bundle is: {"format": "navis-content-1", "sample": false}
    cancers.json         a list of cancers
    sources/<name>.json  one document each
    answers/<slug>.json  one question with its reviewed answer each

Names of members are in camelCase, as in the GraphQL schema. A quote is looked up
in its source's text, so that no offset needs to be written by hand.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.content.errors import BundleInvalid
from navis_api.kit.languages import Language
from navis_api.sources.models import Audience

_MAX_FILE_BYTES = 32 * 1024 * 1024
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class _Part(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )


class BundleHead(_Part):
    """What the bundle is. `sample` marks everything in it as a sample nobody should rely on."""

    format: Literal["navis-content-1"] = "navis-content-1"
    sample: bool = False
    description: str = ""


class BundleCancer(_Part):
    """A cancer of the catalogue. `parent` is a slug."""

    slug: str = Field(pattern=_SLUG)
    name: str = Field(min_length=1)
    clinical_name: str | None = None
    aliases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    body_site: str
    icd10_codes: tuple[str, ...] = ()
    summary: str
    parent: str | None = None


class BundleSource(_Part):
    """A source document."""

    key: str = Field(min_length=1)
    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    url: str
    licence: str = Field(min_length=1)
    version: str | None = None
    published_on: date | None = None
    last_reviewed_on: date | None = None
    accessed_on: date | None = None
    audience: Audience = Audience.PATIENT
    language: str = "en"
    text: str = Field(min_length=1)


class BundleCitation(_Part):
    """A quote from the source with this key."""

    source: str
    quote: str = Field(min_length=1)


class BundleClaim(_Part):
    """A claim with what it rests on."""

    text: str = Field(min_length=1)
    style: ClaimStyle = ClaimStyle.SENTENCE
    citations: tuple[BundleCitation, ...] = Field(min_length=1)


class BundleSection(_Part):
    """A headed part."""

    kind: SectionKind
    heading: str = Field(min_length=1)
    claims: tuple[BundleClaim, ...] = Field(min_length=1)


class BundleQuestion(_Part):
    """The question."""

    text: str = Field(min_length=1)
    cancer: str | None = None
    slug: str = Field(pattern=_SLUG)
    asked_on: date
    locale: str = "en"


class BundleAnswerText(_Part):
    """The answer's words."""

    title: str = Field(min_length=1)
    summary: str
    sections: tuple[BundleSection, ...] = Field(min_length=1)
    doctor_questions: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


class BundleReview(_Part):
    """Who approved the answer, on which day, and until when that holds."""

    reviewer: str = Field(min_length=1)
    credentials: str = Field(min_length=1)
    reviewed_on: date
    next_review_on: date


class BundleTranslatedSection(_Part):
    """A section in another language: its claims stand in the original's order."""

    heading: str = Field(min_length=1)
    claims: tuple[str, ...] = Field(min_length=1)


class BundleTranslation(_Part):
    """The answer in another language, with who translated it and who approved that."""

    language: Language
    question: str = Field(min_length=1)
    title: str = Field(min_length=1)
    summary: str
    sections: tuple[BundleTranslatedSection, ...] = Field(min_length=1)
    doctor_questions: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    translator: str = Field(min_length=1)
    reviewer: str = Field(min_length=1)
    credentials: str = Field(min_length=1)
    reviewed_on: date


class BundleAnswer(_Part):
    """A question with its reviewed answer, and that in other languages."""

    question: BundleQuestion
    answer: BundleAnswerText
    review: BundleReview
    translations: tuple[BundleTranslation, ...] = ()


Part = TypeVar("Part")


def _read(path: Path, kind: type[Part] | Any) -> Part:  # noqa: ANN401 - also list[…]
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise BundleInvalid(path.name, f"is larger than {_MAX_FILE_BYTES} bytes")
        content = path.read_bytes()
        if b"\\u0000" in content:
            raise BundleInvalid(path.name, "holds a NUL, which the database doesn't take")
        return TypeAdapter[Part](kind).validate_json(content)
    except OSError as error:
        raise BundleInvalid(path.name, error.strerror or "can't be read") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise BundleInvalid(path.name, f"{place}: {first['msg']}") from None


class BundleFolder:
    """Reads a bundle, a file at a time. Every reading raises BundleInvalid, naming the file."""

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise BundleInvalid(str(path), "is not a folder")
        self._path = path
        head = path / "bundle.json"
        self.head: BundleHead = _read(head, BundleHead) if head.exists() else BundleHead()

    def cancers(self) -> list[BundleCancer]:
        """Return the catalogue, empty when the bundle has none."""
        path = self._path / "cancers.json"
        return _read(path, list[BundleCancer]) if path.exists() else []

    def sources(self) -> Iterator[tuple[str, BundleSource]]:
        """Yield file name and document."""
        for path in sorted((self._path / "sources").glob("*.json")):
            yield path.name, _read(path, BundleSource)

    def answers(self) -> Iterator[tuple[str, BundleAnswer]]:
        """Yield file name and answer."""
        for path in sorted((self._path / "answers").glob("*.json")):
            yield path.name, _read(path, BundleAnswer)


def write_part(path: Path, part: BaseModel | list[BaseModel]) -> None:
    """Write a part as a file that a person can read and compare."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = part if isinstance(part, list) else [part]
    dumped = [each.model_dump(mode="json", by_alias=True) for each in parts]
    content = dumped if isinstance(part, list) else dumped[0]
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
