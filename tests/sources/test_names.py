"""Other names: what texts call also otherwise is learned, and nothing that is too general."""

from uuid import UUID

import pytest
from sqlalchemy import select, update

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.sources.models import NameKind, OtherName, SourceVersion
from navis_api.sources.names.abbreviations import abbreviations_in
from navis_api.sources.names.reading import LearnedName, is_disease_name, learn_names, name_key
from navis_api.sources.names.service import learn_again
from navis_api.sources.service import save_document
from tests.sources.corpus import NOON, document, fill


def pairs(*texts: str, title: str = "A page") -> set[tuple[str, str]]:
    return {(each.name, each.other) for each in learn_names(title, texts)}


@pytest.mark.parametrize(
    ("text", "name", "other"),
    [
        ("Blue sarcoma (also called azure sarcoma) is rare.", "Blue sarcoma", "azure sarcoma"),
        ("Treatment of blue sarcoma, also known as Azur disease, is hard.", "blue sarcoma",
         "Azur disease"),
        ("A blue sarcoma, or azuroma, is a tumor of the sky.", "blue sarcoma", "azuroma"),
        ("Blue sarcoma is sometimes referred to as azuroma.", "Blue sarcoma", "azuroma"),
        ("In children, blue sarcoma (also called BSC) grows fast.", "blue sarcoma", "BSC"),
        ("Childhood blue sarcoma (also called azuroma) grows fast.", "blue sarcoma", "azuroma"),
    ],
)  # fmt: skip
def test_names_that_a_sentence_gives_to_one_disease(text: str, name: str, other: str) -> None:
    assert pairs(text) == {(name, other)}


def test_several_other_names_are_each_learned() -> None:
    text = "Blue sarcoma (also called azuroma, sky cell tumor, or Azur disease) is rare."
    assert pairs(text) == {
        ("Blue sarcoma", "azuroma"),
        ("Blue sarcoma", "sky cell tumor"),
        ("Blue sarcoma", "Azur disease"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Stage IV blue sarcoma is also called metastatic sarcoma.",
        "Blue sarcoma (also called cancer) is rare.",
        "Blue sarcoma (also called a solid tumor) is rare.",
        "This procedure (also called a scan) shows the tumor.",
        "The tumor (also called azuroma) is rare.",
        "Surgery for blue sarcoma, or azuroma without spread needs no more treatment.",
        "Blue sarcoma (also called recurrent blue sarcoma) has come back.",
        "People with a blue sarcoma (also called survivors) meet here.",
    ],
)
def test_what_is_too_general_is_nobodys_other_name(text: str) -> None:
    assert pairs(text) == set()


@pytest.mark.parametrize(
    ("title", "learned"),
    [
        ("Blue Duct Cancer (Azurocarcinoma) Treatment", {("Blue Duct Cancer", "Azurocarcinoma")}),
        ("Childhood Cardiac (Heart) Tumors", {("Cardiac Tumors", "Heart Tumors")}),
        ("Blue Cell Neoplasms (Including Azuroma) Treatment", set[tuple[str, str]]()),
        ("Swelling (Edema) and Cancer", set[tuple[str, str]]()),
        ("Blue Sarcoma Treatment", set[tuple[str, str]]()),
    ],
)
def test_names_in_titles(title: str, learned: set[tuple[str, str]]) -> None:
    assert pairs(title=title) == learned


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("an acute blue leukemia (ABL) of children", [("acute blue leukemia", "ABL")]),
        ("ABL (acute blue leukemia) in children", [("acute blue leukemia", "ABL")]),
        ("blue-cell tumors (BCTs) are rare", [("blue-cell tumors", "BCT")]),
        ("seen on a scan (MRI) today", []),
        ("the tumor (see Figure 2) grows", []),
    ],
)
def test_short_forms_stand_in_their_long_forms(text: str, found: list[tuple[str, str]]) -> None:
    assert list(abbreviations_in(text)) == found


def test_what_the_publisher_lists_is_learned() -> None:
    assert learn_names("Blue sarcoma", [], ["Azuroma"]) == [
        LearnedName("Blue sarcoma", "Azuroma", NameKind.LISTED)
    ]


def test_names_are_compared_in_the_singular_and_without_accents() -> None:
    assert name_key("Sézary's Tumours") == name_key("sezary tumor")
    assert not is_disease_name("early stage cancer")


MARKDOWN = "## What it is\n\nBlue sarcoma (also called azuroma) is a made-up disease.\n"
OTHER_MARKDOWN = "## What it is\n\nBlue sarcoma (also called skyoma) is a made-up disease.\n"


async def learned(database: Database) -> set[str]:
    async with database.reading() as session:
        return set(await session.scalars(select(OtherName.other_key)))


async def save(database: Database, markdown: str, catalogue: Catalogue) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await save_document(
            session, document("blue", "Blue Sarcoma", markdown), catalogue=catalogue, now=NOON
        )


async def test_names_go_with_the_version_that_gave_them(database: Database) -> None:
    catalogue = await fill(database, ())
    await save(database, MARKDOWN, catalogue)
    assert await learned(database) == {"azuroma"}
    await save(database, OTHER_MARKDOWN, catalogue)
    assert await learned(database) == {"skyoma"}


async def test_names_of_two_cancers_are_not_of_one(database: Database) -> None:
    catalogue = await fill(database, ())
    await save(database, "Liver cancer (also called breast cancer) is not.\n", catalogue)
    assert await learned(database) == set()


async def test_a_corpus_that_is_older_than_the_rules_is_read_again_once(
    database: Database,
) -> None:
    catalogue = await fill(database, ())
    await save(database, MARKDOWN, catalogue)
    async with database.writing(SYSTEM_ROWS) as session:
        assert await learn_again(session, catalogue) == 0
        version: UUID | None = await session.scalar(select(SourceVersion.id))
        await session.execute(update(SourceVersion).values(names_rules=0))
    async with database.writing(SYSTEM_ROWS) as session:
        assert await learn_again(session, catalogue) == 1
        assert await learn_again(session, catalogue) == 0
    assert version is not None
    assert await learned(database) == {"azuroma"}
