"""A claim read beside its evidence: what is read, and what the reading may decide."""

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.side_by_side.nearest import MOST_WORDS, nearest
from navis_api.generation.grounding.side_by_side.reader import says_it

PASSAGE = (
    "An endoscope is passed through the mouth and down the throat into the esophagus. It may also"
    " have a tool to remove tissue, which is checked under a microscope for signs of disease."
    " Sometimes test results are released to your online patient portal before you have met with"
    " your doctor. Although it can be difficult to wait to look at the test results until you are"
    " able to review them with your doctor, doing so can help avoid confusion about what the"
    " results mean."
)
FREELY = (
    "Results may show up online ahead of your appointment, and holding off on opening them can"
    " spare you some confusion."
)
OTHERWISE = "Results only show up online once your doctor has gone over them with you in person."


def test_what_is_said_freely_is_surer_than_what_is_not() -> None:
    said, otherwise = (says_it(claim, [PASSAGE], None) for claim in (FREELY, OTHERWISE))
    assert said is not None
    assert otherwise is not None
    assert said > 0 > otherwise


def test_what_is_shorter_than_anything_it_has_learned_from_is_not_read() -> None:
    assert says_it("Results may be online.", [PASSAGE], None) is None
    assert says_it(FREELY, ["Results may be online."], None) is None


def test_the_nearest_sentences_are_read_in_their_order() -> None:
    filler = "Nothing of what stands in this sentence has to do with any of that at all, ever. "
    near = nearest("A tool may remove tissue through the endoscope.", [filler * 10 + PASSAGE])
    assert "An endoscope is passed" in near
    assert near.index("An endoscope is passed") < near.index("a tool to remove tissue")
    assert len(near.split()) <= MOST_WORDS


def test_of_one_endless_sentence_the_beginning_is_read() -> None:
    evidence = "and then results show up online ahead of that " * 3_000
    assert says_it(FREELY, [evidence], None) is not None


def test_nothing_is_near_to_nothing() -> None:
    assert nearest("A tool may remove tissue.", []) == ""
    assert says_it(FREELY, ["\u200b"], None) is None


def test_no_reading_saves_what_breaks_a_rule(catalogue: Catalogue) -> None:
    told = f"You should know: {FREELY}"
    for claim, stands in ((FREELY, True), (told, False)):
        verdict = check_claim(claim, [Evidence(PASSAGE)], cancer=None, catalogue=catalogue)
        assert verdict.supported is stands
