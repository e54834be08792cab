"""Answers in the reader's language: when somebody has approved it, and the original otherwise."""

from typing import Any

import pytest

from navis_api.answers.models import AnswerState
from tests.graphql.client import Client
from tests.graphql.reviewing import Reviewing
from tests.graphql.staff_operations import TRANSLATED, place
from tests.review.world import EDITOR, LIVER_REVIEWER, Given

SPANISH = "es-MX, en;q=0.5"
SHOWN = """
  language untranslated title summary doctorQuestions nextSteps
  sections { heading markdown claims { text citations { quote source { title } } } }
  body citations { quote } disclaimer { text } callToAction { text }
  translation { question translator reviewer credentials reviewedAt }
"""
BY_SLUG = f"""
query ($slug: String!, $language: String) {{
  answer(slug: $slug, language: $language) {{ {SHOWN} }}
}}
"""
TRANSLATE = """
mutation ($input: TranslateAnswerInput!) { translateAnswer(input: $input) {
  translation { id title reviewer } errors { __typename ... on UserError { message path } } } }
"""
APPROVE = """
mutation ($input: ApproveTranslationInput!) { approveTranslation(input: $input) {
  translation { reviewer credentials } errors { __typename } } }
"""
WITHDRAW = """
mutation ($input: WithdrawTranslationInput!) { withdrawTranslation(input: $input) {
  translation { withdrawnReason } errors { __typename } } }
"""


@pytest.fixture
async def given(reviewing: Reviewing) -> Given:
    """A published answer with two claims."""
    return await reviewing.world.given(AnswerState.PUBLISHED, text="What is done, in short?")


SLUG = "what-is-done-in-short"


async def do(reviewing: Reviewing, who: str, query: str, **given: Any) -> dict[str, Any]:
    found = await reviewing.ask(who, query, {"input": given})
    (payload,) = found.values()
    return payload


async def translate(reviewing: Reviewing, given: Given, **changed: Any) -> dict[str, Any]:
    sent = place(given, **{**TRANSLATED, **changed})["input"]
    return await do(reviewing, EDITOR, TRANSLATE, **sent)


async def approved(reviewing: Reviewing, given: Given) -> str:
    """Translate the answer, have it approved, and return the translation's id."""
    handed_in = await translate(reviewing, given)
    assert handed_in["errors"] == []
    id_ = handed_in["translation"]["id"]
    payload = await do(reviewing, LIVER_REVIEWER, APPROVE, translationId=id_)
    assert payload["errors"] == []
    return id_


async def read(
    client: Client, *, accept_language: str | None = None, language: str | None = None
) -> dict[str, Any]:
    variables = {"slug": SLUG, "language": language}
    response = await client.send(BY_SLUG, variables, accept_language=accept_language)
    result = response.json()
    assert "errors" not in result, result["errors"]
    return result["data"]["answer"]


@pytest.mark.parametrize(
    ("accept_language", "language"), [(SPANISH, None), (None, "es"), ("en", "es-419")]
)
async def test_a_reader_gets_the_approved_translation(
    client: Client,
    reviewing: Reviewing,
    given: Given,
    accept_language: str | None,
    language: str | None,
) -> None:
    original = await read(client)
    await approved(reviewing, given)
    shown = await read(client, accept_language=accept_language, language=language)

    assert (shown["language"], shown["untranslated"]) == ("es", False)
    assert shown["title"] == TRANSLATED["title"]
    assert shown["doctorQuestions"] == TRANSLATED["doctorQuestions"]
    (section,) = shown["sections"]
    assert section["heading"] == "Opciones"
    assert "La ablación destruye tumores con calor. [1]" in section["markdown"]
    assert "La cirugía quita el tumor. [1]" in shown["body"]
    assert [claim["text"] for claim in section["claims"]] == TRANSLATED["sections"][0]["claims"]
    # Each claim keeps the quotes that it rests on, to the letter.
    assert [claim["citations"] for claim in section["claims"]] == [
        claim["citations"] for claim in original["sections"][0]["claims"]
    ]
    assert shown["citations"] == original["citations"]
    assert shown["translation"]["translator"] == "Eve Gray"
    assert shown["translation"]["reviewer"] == "Lea Ahmed"
    assert shown["translation"]["question"] == "¿Qué se hace?"
    # Who wants the original gets it as before.
    assert await read(client) == original
    assert (original["language"], original["untranslated"]) == ("en", False)


async def test_without_an_approved_one_the_original_comes_with_a_flag(
    client: Client, reviewing: Reviewing, given: Given
) -> None:
    original = await read(client)
    handed_in = await translate(reviewing, given)
    shown = await read(client, accept_language=SPANISH)
    assert (shown["language"], shown["untranslated"]) == ("en", True)
    assert shown["title"] == original["title"]
    assert shown["translation"] is None
    # Our own words are in the reader's language all the same.
    assert shown["disclaimer"]["text"].startswith("Esto es información general")
    assert shown["callToAction"]["text"].startswith("Sus propios informes")

    id_ = handed_in["translation"]["id"]
    await do(reviewing, LIVER_REVIEWER, APPROVE, translationId=id_)
    assert (await read(client, accept_language=SPANISH))["untranslated"] is False
    payload = await do(reviewing, EDITOR, WITHDRAW, translationId=id_, reason="It says it wrongly.")
    assert payload == {
        "translation": {"withdrawnReason": "It says it wrongly."},
        "errors": [],
    }
    assert await read(client, accept_language=SPANISH) == shown


@pytest.mark.parametrize(
    ("accept_language", "language", "begins"),
    [
        ("en", "es", "Esto es información general"),
        (None, "es-MX", "Esto es información general"),
        ("es", "en", "This is general information"),
        ("es", None, "Esto es información general"),
    ],
)
async def test_our_own_words_are_in_the_language_that_is_asked_for(
    client: Client,
    reviewing: Reviewing,
    given: Given,
    accept_language: str | None,
    language: str | None,
    begins: str,
) -> None:
    original = await read(client, accept_language=accept_language, language=language)
    await approved(reviewing, given)
    translated = await read(client, accept_language=accept_language, language=language)
    invited = "Sus propios informes" if begins.startswith("Esto") else "Your own records"
    for shown in (original, translated):
        assert shown["disclaimer"]["text"].startswith(begins)
        assert shown["callToAction"]["text"].startswith(invited)


@pytest.mark.parametrize(
    "query",
    [
        "{ questions(first: 50) { nodes { slug answer { language title } } } }",
        "{ questions(first: 50) { nodes { slug answer { title } } } }",
        '{ question(slug: "what-is-done-in-short") { answer { language title } } }',
        "{ changes(first: 50) { nodes { slug answer { language title } } } }",
        '{ cancer(slug: "liver-cancer") { questions { nodes { answer { language title } } } } }',
    ],
)
async def test_it_comes_wherever_an_answer_does(
    client: Client, reviewing: Reviewing, given: Given, query: str
) -> None:
    await approved(reviewing, given)
    response = await client.send(query, accept_language="es")
    text = response.text
    assert '"title":"Qué se hace"}' in text
    assert "Qué se hace" not in (await client.send(query)).text


async def test_a_language_that_we_do_not_have_is_the_original(
    client: Client, reviewing: Reviewing, given: Given
) -> None:
    await approved(reviewing, given)
    for language in ("fr", "", "not a language", "\\u2603"):
        shown = await read(client, language=language)
        assert (shown["language"], shown["untranslated"]) == ("en", False)


async def test_a_translation_that_does_not_stand_beside_its_original_is_refused(
    client: Client, reviewing: Reviewing, given: Given
) -> None:
    sections = TRANSLATED["sections"]
    for changed, said in [
        ({"sections": [{"heading": "Opciones", "claims": ["Una."]}]}, "sections and claims"),
        (
            {"sections": [{**sections[0], "claims": ["Ayuda al 5 %.", "Dos."]}]},
            "section 0, claim 0",
        ),
        ({"language": "fr"}, "these languages"),
        ({"language": "en"}, "translate into another"),
        ({"nextSteps": []}, "translate each"),
    ]:
        payload = await translate(reviewing, given, **changed)
        (error,) = payload["errors"]
        assert error["__typename"] == "InvalidInput"
        assert said in error["message"]
        assert payload["translation"] is None


async def test_the_staff_see_what_was_handed_in(reviewing: Reviewing, given: Given) -> None:
    await translate(reviewing, given)
    query = (
        "query ($id: ID!) { node(id: $id) { ... on Answer { translations { title reviewer } } } }"
    )
    variables = {"id": place(given)["input"]["answerId"]}
    found = await reviewing.ask(LIVER_REVIEWER, query, variables)
    assert found["node"]["translations"] == [{"title": "Qué se hace", "reviewer": None}]
    found = await reviewing.ask(None, query, variables)
    assert found["node"]["translations"] == []
