"""Translations travel with their answers: in whole, once, and out as they came."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from navis_api.answers.repository import get_published_by_slug
from navis_api.answers.translation_models import AnswerTranslation
from navis_api.answers.translation_repository import approved_by_revision
from navis_api.content.bundle import BundleFolder
from navis_api.content.errors import BundleInvalid
from navis_api.content.exporting import export_bundle
from navis_api.content.service import Imported
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.kit.languages import Language
from tests.conftest import SAMPLES
from tests.content.taking_in import take_in

COLON = "stage-iii-colon-cancer-meaning"


async def served(database: Database) -> AnswerTranslation | None:
    async with database.reading() as session:
        live = await get_published_by_slug(session, COLON)
        assert live is not None
        found = await approved_by_revision(session, [live.revision.id], Language.SPANISH)
    return found.get(live.revision.id)


def edit(bundle: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the translation in a bundle."""
    path = bundle / "answers" / f"{COLON}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content["translations"][0])
    path.write_text(json.dumps(content), encoding="utf-8")


async def test_the_samples_have_a_translation_that_says_it_is_a_sample(
    sample_database: Database,
) -> None:
    found = await served(sample_database)
    assert found is not None
    assert found.question == "¿Qué significa un cáncer de colon en estadio 3?"
    assert "No clinician" in (found.approver_credentials or "")


async def test_a_translation_goes_out_as_it_came(sample_database: Database, tmp_path: Path) -> None:
    async with sample_database.reading(SYSTEM_ROWS) as session:
        await export_bundle(session, tmp_path)
    given = {each.question.slug: each for _, each in BundleFolder(SAMPLES).answers()}
    out = {each.question.slug: each for _, each in BundleFolder(tmp_path).answers()}
    assert out[COLON].translations == given[COLON].translations
    assert len(given[COLON].translations) == 1


async def test_the_same_translation_again_changes_nothing(
    sample_database: Database, bundle: Path
) -> None:
    assert await take_in(sample_database, bundle) == Imported(0, 0, 0)


async def test_a_better_translation_takes_the_place_of_the_one_before(
    sample_database: Database, bundle: Path
) -> None:
    edit(bundle, lambda translation: translation.update(title="Qué quiere decir el estadio III"))
    assert await take_in(sample_database, bundle) == Imported(0, 0, 1)
    found = await served(sample_database)
    assert found is not None
    assert found.title == "Qué quiere decir el estadio III"
    assert await take_in(sample_database, bundle) == Imported(0, 0, 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda each: each.update(translator="Sample reviewer"), "its own translator"),
        (lambda each: each["sections"].pop(), "sections and claims"),
        (lambda each: each["sections"][1]["claims"].append("Más."), "sections and claims"),
        (lambda each: each["sections"][1]["claims"].__setitem__(4, "También 1, 2 o 3."), "numbers"),
        (lambda each: each["nextSteps"].pop(), "translate each"),
        (lambda each: each.update(language="en"), "translate into another"),
        (lambda each: each.update(language="fr"), "language"),
    ],
)
async def test_what_does_not_stand_beside_its_original_is_refused_whole(
    sample_database: Database,
    bundle: Path,
    change: Callable[[dict[str, Any]], None],
    said: str,
) -> None:
    before = await served(sample_database)
    edit(bundle, change)
    with pytest.raises(BundleInvalid, match=said):
        await take_in(sample_database, bundle)
    after = await served(sample_database)
    assert before is not None
    assert after is not None
    assert after.id == before.id
