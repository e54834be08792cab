"""Claims that mix what the items of a list, or combinations of drugs, keep apart."""

import pytest

from navis_api.generation.grounding.lists import mixes_items
from navis_api.generation.grounding.parts import Part
from navis_api.generation.grounding.passages import read_passage
from navis_api.generation.grounding.reading import read

RATES = (
    "Of the people treated, so many are alive after 5 years:\n"
    "- 88% when the tumor is confined to the gland\n"
    "- 31% when the tumor has spread to the lungs\n"
    "Most of them are older than 60."
)
TREATMENTS = (
    "Treatment may include:\n"
    "- durvalumab with tremelimumab\n"
    "- nivolumab with ipilimumab\n"
    "- lenvatinib for tumors that have spread to the bones\n"
    "- sorafenib for tumors in the gland"
)
IN_A_LINE = "They may get durvalumab with tremelimumab, nivolumab with ipilimumab, or lenvatinib."
OPTIONS = "Treatment may include:\n- surgery to open the gland\n- carboplatin\n- radiation therapy"
KINDS = "It is treated with:\n- sorafenib\n- lenvatinib with everolimus\n- rest for gout"
WITH_MORE = "Carboplatin with paclitaxel, with or without bevacizumab, may be given."
EITHER = "Cetuximab or panitumumab may be given with irinotecan, or with capecitabine."
TOGETHER = "Treatment may include a combination of:\n- carboplatin\n- paclitaxel"


def mixed(claim: str, passage: str) -> str | None:
    said = read(claim)
    everything = Part(said, tuple(range(len(said.tokens))), frozenset())
    found = mixes_items(everything, [read_passage(passage)])
    return found.detail if found is not None else None


@pytest.mark.parametrize(
    ("claim", "passage", "detail"),
    [
        ("When the tumor has spread to the lungs, 88% are alive.", RATES, "of another item"),
        ("Sorafenib may treat tumors in the bones.", TREATMENTS, "of another item"),
        ("They may get nivolumab with tremelimumab.", TREATMENTS, "combined otherwise"),
        ("Nivolumab is combined with tremelimumab.", IN_A_LINE, "combined otherwise"),
        ("Treatment may include carboplatin to open the gland.", OPTIONS, "of another item"),
        ("Carboplatin is radiation therapy.", OPTIONS, "of another item"),
        ("Surgery and carboplatin may open the gland.", OPTIONS, "of another item"),
        ("It is treated with sorafenib for gout.", KINDS, "of another item"),
        ("It is treated with sorafenib with everolimus.", KINDS, "combined otherwise"),
        ("Cetuximab with panitumumab may be given.", EITHER, "combined otherwise"),
        ("Irinotecan with capecitabine may be given.", EITHER, "combined otherwise"),
        ("Sorafenib plus lenvatinib may treat it.", KINDS, "combined otherwise"),
    ],
)
def test_what_is_mixed_is_seen(claim: str, passage: str, detail: str) -> None:
    assert mixed(claim, passage) == detail


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("When the tumor has spread to the lungs, 31% are alive after 5 years.", RATES),
        ("88% are alive when it is in the gland, and 31% when it is in the lungs.", RATES),
        ("Sorafenib may treat tumors in the gland, and lenvatinib those in the bones.", TREATMENTS),
        ("They may get nivolumab combined with ipilimumab.", TREATMENTS),
        ("They may get durvalumab together with tremelimumab.", IN_A_LINE),
        ("Treatment may include surgery, carboplatin, and radiation therapy.", OPTIONS),
        ("Both carboplatin and radiation therapy may be used.", OPTIONS),
        ("Treatment may include surgery, radiation therapy, or carboplatin.", OPTIONS),
        ("They may have surgery to open the gland, radiation therapy, and carboplatin.", OPTIONS),
        ("They may be given carboplatin with paclitaxel.", WITH_MORE),
        ("They may be given carboplatin with paclitaxel.", TOGETHER),
        (
            "Pertuzumab with trastuzumab is given.",
            "Pertuzumab with trastuzumab with docetaxel is given.",
        ),
        ("Panitumumab may be given with irinotecan.", EITHER),
        (
            "Pomalidomide plus dexamethasone helped longer.",
            "Pomalidomide plus dexamethasone helped longer, compared with dexamethasone alone.",
        ),
    ],
)
def test_what_stands_together_is_not_mixed(claim: str, passage: str) -> None:
    assert mixed(claim, passage) is None
