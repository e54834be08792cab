"""Stages that a page treats as groups, "early" and "advanced"; answers on made-up documents."""

from uuid import uuid4

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.stage_groups import said_of_groups
from navis_api.sources.documents import SourceDocument
from navis_api.sources.models import Audience
from navis_api.sources.retrieval import Candidate
from tests.generation.answered import answered, gaps, headings, texts
from tests.sources.corpus import document

_TREATMENT = """
## Treatment of Early Liver Cancer

Treatment of early liver cancer may include a walk in the sun.

## Treatment of Advanced Liver Cancer

Treatment of advanced liver cancer may include two spoons of honey.
"""
GROUPED = document(
    "liver-groups",
    "Liver Cancer Treatment",
    f"""
## Stages of Liver Cancer

### Liver cancers are grouped for treatment as early or advanced cancer.

Stage I liver cancers are treated as early cancers.

Stages II, III, and IV liver cancers are treated as advanced cancers.
{_TREATMENT}""",
)
UNTOLD = document("liver-untold", "Liver Cancer Treatment", _TREATMENT)
OPTIONS = document(
    "liver-headed",
    "Liver Cancer Treatment",
    f"""
## Stages of Liver Cancer

### There are two treatment groups.

#### Early (Stage I and Stage II)

Early liver cancer is in the liver only.

#### Advanced (Stage III and Stage IV)

Advanced liver cancer is also elsewhere.
{_TREATMENT}""",
)


@pytest.mark.parametrize(
    ("page", "text", "told", "left_out"),
    [
        (GROUPED, "How is stage 2 liver cancer treated?", "honey", "walk"),
        (GROUPED, "My mother has stage 3 liver cancer, which treatment?", "honey", "walk"),
        (GROUPED, "stage 1 liver cancer treatment", "walk", "honey"),
        (OPTIONS, "stage 2 liver cancer treatment", "walk", "honey"),
        (OPTIONS, "stage 4 liver cancer treatment", "honey", "walk"),
    ],
)
async def test_a_stage_is_treated_as_its_page_groups_it(
    database: Database, page: SourceDocument, text: str, told: str, left_out: str
) -> None:
    pieces = await answered(database, text, "liver-cancer", [page])

    assert any(told in said for said in texts(pieces))
    assert not any(left_out in said for said in texts(pieces))
    assert not any("nothing clear" in gap for gap in gaps(pieces).split("\n"))


async def test_it_is_said_in_which_group_a_stage_is(database: Database) -> None:
    pieces = await answered(database, "stage 3 liver cancer treatment", "liver-cancer", [GROUPED])

    assert headings(pieces)[0] == "How stage III is grouped for treatment"
    assert texts(pieces)[0] == (
        "Stages II, III, and IV liver cancers are treated as advanced cancers."
    )
    assert "Stage I liver cancers are treated as early cancers." not in texts(pieces)


async def test_where_nothing_says_the_stages_of_groups_all_are_told(database: Database) -> None:
    pieces = await answered(database, "stage 3 liver cancer treatment", "liver-cancer", [UNTOLD])

    assert headings(pieces)[0] == "Treatment of liver cancer, by how far it has grown or spread"
    assert any("honey" in said for said in texts(pieces))
    assert any("walk" in said for said in texts(pieces))
    assert "Ask which of these groups stage III is." in gaps(pieces)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        (
            "Early favorable disease is stage I or stage II, without fever.",
            [("early favorable", "stage i or stage ii")],
        ),
        ("Stage IV liver cancer is also called metastatic cancer.", [("metastatic", "stage iv")]),
        (
            "Treatment of early-stage disease, which includes stages I, IIA, and some stage IIB.",
            [("early", "stage i stage iia")],
        ),
        ("Stage III liver cancer is not treated as early cancer.", []),
        ("The most advanced is stage IV.", []),
        ("Advanced liver cancer may be in any stage.", []),
    ],
)
def test_which_stages_a_group_is_is_read_from_what_says_so(
    text: str, groups: list[tuple[str, str]]
) -> None:
    page = Candidate(
        uuid4(), uuid4(), 0, 0, len(text), ("Liver Cancer",), text, frozenset(), uuid4(),
        "Liver Cancer", None, Audience.PATIENT, 0.0,
    )  # fmt: skip

    assert list(said_of_groups(Block((page,)))) == groups
