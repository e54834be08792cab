"""What readers meet is said in their language: errors, and no word of theirs is lost in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import navis_api
from navis_api.errors import UserFault
from navis_api.graphql.messages import in_language, translations
from navis_api.graphql.records.failures import OTHER, SENTENCES
from navis_api.kit.languages import Language
from tests.graphql.client import Client

ROOT = Path(navis_api.__file__).parent

# Where the faults are raised that readers of an app can meet. The others are for
# developers (limits, forms of requests) and for the staff, who work in English.
READERS = (
    "answers/errors.py",
    "asking",
    "db/paging.py",
    "generation/errors.py",
    "graphql/answers",
    "graphql/cancers",
    "graphql/consents",
    "graphql/feedback",
    "graphql/findings",
    "graphql/generation",
    "graphql/nodes",
    "graphql/questions",
    "graphql/records",
    "graphql/relay.py",
    "graphql/resuming.py",
    "graphql/viewer",
    "identity/errors.py",
    "personal_data",
    "questions/matching.py",
    "records",
    "review/feedback.py",
    "review/feedback_errors.py",
)
_NAMED = re.compile(r"`[^`]+`")
FOR_OPERATORS = {
    # Raised while content is imported or reviewed.
    "A quote doesn't stand, to the letter, in the source `{}`.",
    "A claim under the heading `{}` has no citation.",
    "This revision is {}, and from there no step leads to {}.",
    "Signing in did not work. Begin again.",
    # The staff's own.
    "Say what came of it, in {} characters or fewer.",
    "There is no such feedback.",
    "This was dealt with already, on {}.",
}


def _faults() -> set[str]:
    found: set[str] = set()
    waiting: list[type] = [UserFault]
    while waiting:
        class_ = waiting.pop()
        found.add(class_.__name__)
        waiting.extend(class_.__subclasses__())
    return found


def _template(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=values):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in values
            )
        case _:
            return None


def _messages() -> Iterator[str]:
    names = _faults()
    for place in READERS:
        path = ROOT / place
        assert path.exists(), place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            yield from _raised(ast.parse(file.read_text(encoding="utf-8")), names)


def _raised(tree: ast.Module, names: set[str]) -> Iterator[str]:
    """Yield what faults of these names are made with, here or in their own classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in names:
            for call in ast.walk(node):
                match call:
                    case ast.Call(func=ast.Attribute(attr="__init__"), args=[first, *_]):
                        yield from _sentence(first)
                    case _:
                        pass
        match node:
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in names:
                yield from _sentence(first)
            case _:
                pass


def _sentence(node: ast.expr) -> Iterator[str]:
    template = _template(node)
    if template and " " in template:
        yield template


# These are handed on before they are raised, or are refusals that readers meet all the same.
HANDED_ON = {
    "You have asked very often. Wait a little.",
    "You have given feedback very often. Wait a little.",
    "Too much was asked for in too short a time. Try again in {} s.",
    "The service is busy. Try again in a few seconds.",
    "Something went wrong on our side. Try again; if it stays, tell us the errorId.",
    "The storage is out of reach. Try again in a few seconds.",
    *SENTENCES.values(),
    OTHER,
}
MESSAGES = sorted({*_messages(), *HANDED_ON} - FOR_OPERATORS)


def test_no_translation_is_left_of_a_message_that_is_gone() -> None:
    assert set(translations(Language.SPANISH)) <= set(MESSAGES)


def test_there_are_messages_to_translate() -> None:
    assert len(MESSAGES) > 20


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_that_readers_meet_is_there_in_spanish(message: str) -> None:
    translated = translations(Language.SPANISH)
    assert message in translated
    assert translated[message].count("{}") == message.count("{}")
    assert set(_NAMED.findall(message)) <= set(_NAMED.findall(translated[message]))


def test_values_stand_in_the_translation() -> None:
    said = "Your question may be about more than one cancer: liver cancer, {} or\nlung cancer."
    english = f"{said} Choose in `cancer` the one that it is about."
    spanish = in_language(english, Language.SPANISH)
    assert spanish.startswith(
        "Su pregunta puede tratar de más de un cáncer: liver cancer, {} or\nlung"
    )
    assert spanish.endswith("Elija en `cancer` de cuál se trata.")


def test_what_is_not_ours_stays_as_it_is() -> None:
    assert in_language("Cannot query field 'x'.", Language.SPANISH) == "Cannot query field 'x'."
    assert in_language("Write your question.", Language.ENGLISH) == "Write your question."


ASK = """
mutation Ask($text: String!, $locale: String) {
  askQuestion(input: {text: $text, locale: $locale}) {
    safetyNotices { message contacts } errors { ... on UserError { message } }
  }
}
"""


async def test_an_asker_is_told_in_spanish_what_is_missing(client: Client) -> None:
    async def told(text: str) -> dict[str, list[dict[str, str]]]:
        response = await client.send(ASK, {"text": text}, accept_language="es-MX, en;q=0.5")
        assert "accept-language" in response.headers["vary"].lower()
        return response.json()["data"]["askQuestion"]

    assert (await told(" "))["errors"] == [{"message": "Escriba su pregunta."}]
    crisis = await told("I want to kill myself")
    assert crisis["safetyNotices"][0]["message"].startswith("Parece que está pasando")


async def test_a_page_size_is_refused_in_spanish(client: Client) -> None:
    response = await client.send("{ cancers(first: 0) { nodes { id } } }", accept_language="es")
    assert response.json()["errors"][0]["message"] == "`first` debe estar entre 1 y 100."


async def test_the_region_is_the_locales_whatever_the_language(client: Client) -> None:
    response = await client.send(
        ASK, {"text": "I can't breathe", "locale": "en-AU"}, accept_language="es"
    )
    (notice,) = response.json()["data"]["askQuestion"]["safetyNotices"]
    assert notice["message"].startswith("Lo que describe")
    assert notice["contacts"][0] == "000 (tres ceros)"
