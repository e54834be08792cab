"""What patients are asked to consent to, in words: versioned, and in each of our languages.

A text that changes gets a new version, beside the former ones: they say what was consented to
then. Each tells what is used, who sees it, for how long, and how to take the consent back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import orjson

from navis_api.kit.languages import Language
from navis_api.records.consents.models import ConsentPurpose


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A text in one language, as plain text."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentVersion:
    """A version of a purpose's text. Versions count from 1."""

    number: int
    texts: Mapping[Language, ConsentText]


@cache
def versions() -> Mapping[ConsentPurpose, tuple[ConsentVersion, ...]]:
    """Return the versions of each purpose's text, the current one last."""
    packed = files("navis_api.records.consents").joinpath("texts.json").read_bytes()
    return {
        ConsentPurpose(purpose): tuple(
            ConsentVersion(
                told["version"],
                {
                    language: ConsentText(
                        told[language]["title"], tuple(told[language]["paragraphs"])
                    )
                    for language in Language
                },
            )
            for told in history
        )
        for purpose, history in orjson.loads(packed).items()
    }


def current_version(purpose: ConsentPurpose) -> int:
    """Return the version that is asked for now."""
    return versions()[purpose][-1].number


def current_text(purpose: ConsentPurpose, language: Language) -> ConsentText:
    """Return the text of that version in a language."""
    return versions()[purpose][-1].texts[language]
