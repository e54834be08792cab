"""The words of readers' pages in the reader's language, by the English of the templates.

A test reads the templates and fails for words that `page_words_es.json` lacks.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from navis_api.kit.languages import Language

_MONTHS: Final = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
    *("septiembre", "octubre", "noviembre", "diciembre"),
)


@cache
def spanish_words() -> Mapping[str, str]:
    """Return the Spanish for each English text of a template."""
    text = (files("navis_api.web") / "page_words_es.json").read_text(encoding="utf-8")
    return json.loads(text)


def words_in(language: Language) -> Callable[[str], str]:
    """Return what a template calls for its words."""
    return spanish_words().__getitem__ if language is Language.SPANISH else str


def day_in(language: Language) -> Callable[[date], str]:
    """Return what writes a date as people do: 21 November 2026, 21 de noviembre de 2026."""
    return _spanish_day if language is Language.SPANISH else day


def day(moment: date) -> str:
    """Return a date as people write it in English."""
    return f"{moment.day} {moment:%B %Y}"


def _spanish_day(moment: date) -> str:
    return f"{moment.day} de {_MONTHS[moment.month - 1]} de {moment.year}"
