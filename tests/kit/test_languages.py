import pytest

from navis_api.kit.languages import Language, language_of, preferred_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, Language.ENGLISH),
        ("", Language.ENGLISH),
        ("es", Language.SPANISH),
        ("ES-mx", Language.SPANISH),
        ("es_419", Language.SPANISH),
        ("en, es;q=0.9", Language.ENGLISH),
        ("fr, es;q=0.8, en;q=0.7", Language.SPANISH),
        ("en;q=0.2, es;q=0.9", Language.SPANISH),
        ("es;q=0", Language.ENGLISH),
        ("fr, de", Language.ENGLISH),
        ("*", Language.ENGLISH),
        ("*;q=0.1, es;q=0.1", Language.ENGLISH),
        ("es ; q=0.5", Language.SPANISH),
        ("es;q=9, en", Language.ENGLISH),
        ("es;q=abc", Language.ENGLISH),
        ("estonian", Language.ENGLISH),
        ("\x00es, ,,;;=", Language.ENGLISH),
        ("en," * 10_000 + "es", Language.ENGLISH),
    ],
)
def test_a_reader_gets_the_language_that_is_liked_best(
    header: str | None, language: Language
) -> None:
    assert preferred_language(header) is language


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("es", Language.SPANISH),
        ("es-US", Language.SPANISH),
        ("ES_mx", Language.SPANISH),
        ("en-GB", Language.ENGLISH),
        ("fr", Language.ENGLISH),
        ("", Language.ENGLISH),
    ],
)
def test_a_locale_has_a_language(locale: str, language: Language) -> None:
    assert language_of(locale) is language
