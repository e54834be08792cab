"""Whether something is cancer: what is asked about, and the sentences that say so or deny it.

"Is a meningioma cancer?" and "they found an adenoma. Is that cancer?" don't ask how it is treated.
What answers says of that very thing that it is benign or malignant, or may become cancer.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.extractive.blocks import Block, part_of
from navis_api.generation.extractive.fitting import Fit
from navis_api.kit.text import american, fold, words
from navis_api.sources.statements import StatementKind, split_statements
from navis_api.vocabulary.wondered import POINTING, wondered

_MOST_STATEMENTS = 5
_BREAK = re.compile(r"(?<=[.!?])\s(?=[A-Z])")
# What a sentence says of whether something is cancer.
_VERDICT = (
    r"(?:(?:is|are|be|were|was) (?:\w+ ){0,2}?(?:benign|malignant|(?:non-?)?cancerous"
    r"|pre-?cancer\w*)"
    r"|(?:is|are|isn['’]t|aren['’]t) (?:\w+ ){0,2}?(?:not|n['’]t) (?:\w+ ){0,3}?"
    r"(?:cancer|malignan)\w*"
    r"|(?:is|are) (?:(?:an?|the|usually|always|also|most|common|rare|kind|type|form|group|of|slow"
    r"|fast|growing|blood|chronic|many) ){0,6}cancers?\b"
    r"|(?:is|are) (?:an? )?(?:\w+[ -]){0,3}?(?:non-?cancerous|benign|malignant)"
    r"|(?:is|are) (?:a (?:rare )?)?diseases? in which (?:malignant|cancer)"
    r"|becom\w+ (?:\w+ ){0,3}?(?:cancer|malignan)\w*"
    r"|(?:turns?|develops?|progress(?:es)?|changes?|leads?) (?:\w+ )?(?:in)?to (?:\w+ ){0,4}?"
    r"(?:cancer|carcinoma|myeloma|leukemia|lymphoma)"
    r"|whether \w+ is (?:a (?:type|form|kind) of )?cancer)"
)


def thing_wondered(text: str, catalogue: Catalogue) -> str:
    """Return what a question asks about whether it is cancer, or nothing.

    What is pointed at ("is that cancer?") is the cancer or condition that was named before.
    """
    found = wondered(text)
    if found is None or found.thing not in POINTING:
        return found.thing if found else ""
    before = american(fold(text))[: found.start + 1]
    mentions = catalogue.mentions(before)
    if not mentions:
        return ""
    last = mentions[-1]
    return " ".join(words(before)[last.first_word : last.first_word + last.word_count])


def verdicts(blocks: Iterable[Block], thing: str, cancer: CatalogueEntry | None) -> list[Fit]:
    """Return the sentences that say of a thing whether it is cancer, as fits of their own.

    A cancer may be called by its usual names. What is said of the cancer that a thing is a kind of
    counts where the thing is named as well.
    """
    read = list(blocks)
    names = [fold(name) for name in (cancer.names if cancer else ())]
    usual = cancer is not None and thing in {fold(cancer.name), fold(cancer.clinical_name or "")}
    alike = (*names, *map(fold, cancer.abbreviations)) if cancer is not None and usual else ()
    own = [fit for name in dict.fromkeys((thing, *alike)) for fit in _of(read, _saying(name))]
    if not own and " " in thing:
        told = re.compile(_named(thing), re.IGNORECASE)
        others = (fit for name in names for fit in _of(read, _saying(name)))
        own = [fit for fit in others if told.search(fit.block.first.text)]
    once = {fit.block.first.text: fit for fit in reversed(own)}
    return [fit for fit in own if once[fit.block.first.text] is fit][:_MOST_STATEMENTS]


def _of(blocks: Iterable[Block], saying: re.Pattern[str]) -> Iterator[Fit]:
    for block in blocks:
        for passage in block.passages:
            # Most passages don't: whole texts are looked at before they are cut into sentences.
            if not saying.search(passage.text):
                continue
            for start, end in _sentences(passage.text):
                if saying.match(passage.text[start:end]):
                    yield Fit(part_of(passage, start, end), 0.0, whole=True)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where sentences begin and end, those of an item of a list too."""
    for each in split_statements(text):
        if each.kind is StatementKind.SENTENCE:
            yield each.start, each.end
        elif each.kind is StatementKind.BULLET:
            starts = [each.start]
            starts += [found.end() for found in _BREAK.finditer(text, each.start, each.end)]
            for start, end in pairwise([*starts, each.end + 1]):
                yield start, end - 1


def _named(thing: str) -> str:
    singular = re.sub(r"(?<=[a-z]{2})(?:es(?<=[sxz]es)|s(?<![aiu]s|ss))$", "", thing)
    spoken = r"[\s-]+".join(map(re.escape, singular.split()))
    return rf"\b{spoken}(?:e?s)?\b"


_BEFORE = (
    r"most|some|many|few|very|an?|the|in|all|although|while|however|usually|rarely|sometimes|common"
    r"|it|is|not|known|unknown|whether|other|only|adult|childhood|small|number|of|one|about|half"
)


def _saying(thing: str) -> re.Pattern[str]:
    """Match a sentence that begins with the thing, and says whether it is cancer."""
    named = _named(thing)
    return re.compile(
        rf"(?:(?:(?:{_BEFORE}),? ){{0,6}}{named}(?: \([^)]*\))?(?:,[^,.]{{3,60}},)?"
        rf"(?: (?!treat|test)[\w,'’()-]+){{0,7}}? {_VERDICT}"
        rf"|(?:benign|malignant) {named} (?:is|are) )",
        re.IGNORECASE,
    )
