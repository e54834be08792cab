"""The words of readers' pages in each language."""

import re
from datetime import date
from pathlib import Path

from navis_api.kit.languages import Language
from navis_api.web.page_words import day_in, spanish_words

TEMPLATES = Path(__file__).parents[2] / "navis_api" / "web" / "templates"
WORDS = re.compile(r'\b_\("((?:[^"\\]|\\.)*)"\)')


def test_every_word_of_a_template_is_there_in_spanish_and_no_other() -> None:
    used = {
        found
        for path in TEMPLATES.glob("*.html")
        for found in WORDS.findall(path.read_text(encoding="utf-8"))
    }

    assert used == set(spanish_words())


def test_places_for_values_are_the_same() -> None:
    for english, spanish in spanish_words().items():
        assert re.findall(r"%\w", english) == re.findall(r"%\w", spanish)


def test_dates_are_written_as_people_write_them() -> None:
    moment = date(2026, 3, 1)

    assert day_in(Language.ENGLISH)(moment) == "1 March 2026"
    assert day_in(Language.SPANISH)(moment) == "1 de marzo de 2026"
