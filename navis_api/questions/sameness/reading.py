"""A question read into its slots. Pure: text, cancer and catalogue in, slots out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.questions.sameness.beside_care import only_names_care
from navis_api.questions.sameness.beside_effect import beside_effects, care_that_prevents
from navis_api.questions.sameness.cancer_names import (
    OF_CHILDREN,
    SPREAD_IN_STAGE_IV,
    about,
    kinds_told,
)
from navis_api.questions.sameness.entities import Entity, entities_in
from navis_api.questions.sameness.extents import counted_places
from navis_api.questions.sameness.forms import (
    ANOTHER_QUESTION,
    asked_besides,
    asking_start,
    asks_another,
    asks_how,
    asks_whether_there_is,
    does_openly,
    form_of,
    is_about_leave,
    is_duty,
)
from navis_api.questions.sameness.items import Item, items_of
from navis_api.questions.sameness.learned.agreeing import agrees
from navis_api.questions.sameness.learned.asked_usually import asked_usually
from navis_api.questions.sameness.learned.masking import Masked, masked
from navis_api.questions.sameness.learned.model import (
    UsualQuestion,
    WordingModel,
    wording_model,
)
from navis_api.questions.sameness.patients import (
    CHILD_WORDS,
    LITTLE_ONES,
    ONLY_WOMEN,
    others_kin,
    patients_kin,
    people_in_turn,
    professionals_asked_about,
    usual_sex,
    who_acts,
)
from navis_api.questions.sameness.phrasing import Kind, Phrasing, phrasing
from navis_api.questions.sameness.relations import CARE, directions, what_is_treated
from navis_api.questions.sameness.retelling import retold
from navis_api.questions.sameness.row import Element, Row, row_of
from navis_api.questions.sameness.slots import Slot, Slots
from navis_api.questions.sameness.spoken import Spoken, plain_text, spoken_words
from navis_api.questions.sameness.timing import negations, timings
from navis_api.questions.sameness.told_before import asked_of_it
from navis_api.questions.sameness.topics import WHAT_DIFFERS, WHICH_IS_BETTER, topics_of

_WHAT = frozenset({"what", "whats", "which"})
_DEFINED = frozenset({"definition"})
_CONTAGIOUS = frozenset({"contagious"})
_STAGE_IV = frozenset({"iv"})
_METASTATIC = frozenset({"metastatic"})
_EASING = frozenset({"coping"})
_OWNING = frozenset({"my", "our"})
_WHICH_IS_BETTER = frozenset({"better", "best"})
_DIFFERING = frozenset({"difference", "differences", "differ", "differs", "different"})
_LESS_LIKELY = frozenset({"prevention", "probability"})
_SAID_ITSELF = frozenset({"questions to ask", "telling others"})
_TAKEN_ITSELF = frozenset(
    {"treatment", "diagnosis", "screening", "diet", "prevention", "coping", "staging", "use"}
    | {"when", "frequency", "amount", "duration", "how it is done", "administration"}
)
"""Topics of which it is asked itself what is said or what is taken: "how do they treat it"."""

_WHOSE = (Slot.CANCER, Slot.STAGE, Slot.MARKER, Slot.LINE, Slot.POPULATION, Slot.NUMBER)
_JOINING = frozenset({"and", "or"})
_IN_ORDER = CARE | {Slot.TEST, Slot.EFFECT, Slot.WORDING, Slot.ASKED}


def read_slots(
    text: str,
    cancer: CatalogueEntry | None,
    catalogue: Catalogue,
    *,
    model: WordingModel | None = None,
) -> Slots:
    """Return the slots of a question that is about a cancer, or about none in particular.

    What is asked is read by the rules, or in its usual words where the learned reader knows them.
    `model` is that reader; without one, the one that comes with the package.
    """

    def by_rules(told: str) -> tuple[Slots, Masked]:
        return read_by_rules(told, cancer, catalogue)

    slots, shown = by_rules(asked_of_it(retold(plain_text(text)), by_rules) or text)
    usual = asked_usually(shown, slots, model or wording_model())
    if usual is None:
        return slots
    told, _ = by_rules(usual.text)
    if not agrees(told, slots, usual):
        return slots
    return _with_whose(told, slots, usual.question)


def read_by_rules(
    text: str, cancer: CatalogueEntry | None, catalogue: Catalogue
) -> tuple[Slots, Masked]:
    """Return the slots as the rules read them, and the words from which more can be learned."""
    plain = retold(plain_text(text))
    words = spoken_words(plain)
    entities = entities_in(catalogue, plain, words)
    lexicon = phrasing()
    words = [_corrected(word, plain, lexicon) for word in words]
    row = row_of(words, entities)
    items = items_of(row, lexicon, _sentences(words))
    form = form_of(words)
    values: dict[Slot, frozenset[str]] = {
        slot: _values(items, slot) for slot in Slot if slot not in {Slot.CANCER, Slot.ASKED}
    }
    values[Slot.NUMBER] |= counted_places(plain)
    values |= _whose(catalogue, cancer, entities, words, values)
    values[Slot.CANCER] |= _kinds(catalogue, plain, entities)
    # A word that turns nothing takes no part in what does something to what, nor in when it is.
    telling = [item for item in items if item.value not in lexicon.idle]
    values[Slot.TIMING] = frozenset(timings(telling))
    values[Slot.NEGATION] = frozenset(negations(telling))
    values[Slot.DIRECTION] = (
        frozenset(directions(telling)) | people_in_turn(words) | who_acts(words)
    )
    values[Slot.ASKED] = topics_of(
        items,
        form=form,
        about_leave=is_about_leave(words),
        asks_what=any(word.word in _WHAT for word in words),
        besides=asked_besides(_left_out(row, items, lexicon.silent)),
        asks_how=asks_how(words),
        asks_whether_there_is=asks_whether_there_is(words),
    )
    if "treatment" in values[Slot.ASKED] and not _LESS_LIKELY.isdisjoint(values[Slot.ASKED]):
        values[Slot.DIRECTION] |= what_is_treated(row)
    whole = Row(row, lexicon.silent)
    values[Slot.DIRECTION] |= beside_effects(whole, items, values[Slot.ASKED])
    values[Slot.DIRECTION] |= care_that_prevents(whole, items)
    others = others_kin(words) | professionals_asked_about(words)
    values[Slot.WORDING] |= others
    if values[Slot.ASKED].isdisjoint(_SAID_ITSELF):
        takes = values[Slot.ASKED].isdisjoint(_TAKEN_ITSELF)
        values[Slot.WORDING] |= does_openly(words, takes=takes)
    if asks_another(words):
        values[Slot.WORDING] |= {ANOTHER_QUESTION}
    if values[Slot.ASKED] == _DEFINED:
        values[Slot.POPULATION] -= _ones_child(words)
    elif _is_spread(values):
        values[Slot.STAGE] = _METASTATIC
    compared = "comparison" in values[Slot.ASKED] and not values[Slot.DIRECTION]
    if compared:
        values[Slot.WORDING] -= _WHICH_IS_BETTER
        values[Slot.ASKED] |= _compared_how(words)
    if values[Slot.ASKED] == _CONTAGIOUS:
        # From whom it can be caught, and by whom, is the same for all.
        values[Slot.DIRECTION] = frozenset()
    if values[Slot.ASKED] == _EASING:
        # That it comes of cancer goes without saying.
        values[Slot.DIRECTION] -= {f"? > cause > {effect}" for effect in values[Slot.EFFECT]}
    slots = Slots(
        values={slot: told for slot, told in values.items() if told},
        form=form,
        is_duty=is_duty(words),
        order=_order(items, row, asked_from=_asked_from(row, words)),
        orderless=compared,
        everyday=values[Slot.WORDING] & lexicon.everyday,
        idle=values[Slot.WORDING] & lexicon.idle,
        told_before=_told_before(telling, words),
    )
    return slots, masked(plain, row, items, others)


def _told_before(telling: Sequence[Item], words: Sequence[Spoken]) -> dict[Slot, frozenset[str]]:
    """Return the numbers and denials that no sentence has that asks.

    Of denials only those of everyday things: who can't have surgery asks for something else.
    """
    start = asking_start(words)
    asking = next((word.sentence for word in words if word.start >= start), 0)
    asked = [item for item in telling if item.sentence == asking]
    told = [item for item in telling if item.sentence != asking]
    everyday = {item.value for item in told if item.slot is Slot.WORDING}
    denials = set(negations(telling)) - set(negations(asked))
    return {
        Slot.NUMBER: _values(told, Slot.NUMBER) - _values(asked, Slot.NUMBER),
        Slot.NEGATION: frozenset(each for each in denials if each.split(" ", 1)[-1] in everyday),
    }


def _values(items: Iterable[Item], slot: Slot) -> frozenset[str]:
    return frozenset(item.value for item in items if item.slot is slot)


def _left_out(
    row: Sequence[Element], items: Sequence[Item], silent: frozenset[str]
) -> list[Spoken]:
    """Return the words that no slot holds, but for the "treatment" of "BCG treatment"."""
    held = {place for item in items if item.slot is not None for place in (item.at, *item.places)}
    whole = Row(row, silent)
    return [
        each
        for at, each in enumerate(row)
        if isinstance(each, Spoken) and at not in held and not only_names_care(whole, each.word, at)
    ]


def _with_whose(usual: Slots, slots: Slots, question: UsualQuestion) -> Slots:
    """Return the slots of the usual wording with whose question it is, and how it was asked."""
    said = {slot: slots.of(slot) | usual.of(slot) for slot in _WHOSE}
    if question.of_ones_children:
        said[Slot.POPULATION] -= (CHILD_WORDS | {"child"}) - usual.of(Slot.POPULATION)
    values = {**usual.values, **said}
    return replace(
        usual,
        values={slot: told for slot, told in values.items() if told},
        form=slots.form,
        is_duty=slots.is_duty,
        told_before=slots.told_before,
    )


def _ones_child(words: Sequence[Spoken]) -> frozenset[str]:
    """Return the patients that "my son has" tells of: what a disease is, is the same for all."""
    children = CHILD_WORDS | {"child", "children"}
    told = any(before.word in _OWNING and word.word in children for before, word in pairwise(words))
    return CHILD_WORDS | {"child"} if told else frozenset()


def _is_spread(values: dict[Slot, frozenset[str]]) -> bool:
    """Whether the stage is the one of these cancers in which they have spread."""
    cancers = values[Slot.CANCER]
    return bool(cancers) and cancers <= SPREAD_IN_STAGE_IV and values[Slot.STAGE] == _STAGE_IV


def _little_ones(words: Sequence[Spoken]) -> frozenset[str]:
    """Return the patients that "our little girl has" tells of a small children's cancer."""
    said = [word.word for word in words if word.word != "little"]
    told = any(before in _OWNING and word in LITTLE_ONES for before, word in pairwise(said))
    return LITTLE_ONES | {"infant", "girls", "boys"} if told else frozenset()


def _kinds(catalogue: Catalogue, plain: str, entities: Iterable[Entity]) -> frozenset[str]:
    return frozenset(
        kind
        for each in entities
        if each.slot is Slot.CANCER
        for slug in each.values
        for kind in kinds_told(catalogue.by_slug[slug], plain[each.start : each.end])
    )


def _corrected(word: Spoken, plain: str, lexicon: Phrasing) -> Spoken:
    """Return the word, put right unless it may be a name: a capital in the middle of a text."""
    written = plain[word.start : word.end]
    if word.start and written[0].isupper() and not written.isupper():
        return word
    return replace(word, word=lexicon.corrected(word.word))


def _sentences(words: Sequence[Spoken]) -> list[tuple[int, int]]:
    starts: dict[int, int] = {}
    for word in words:
        starts.setdefault(word.sentence, word.start)
    return [(start, sentence) for sentence, start in starts.items()]


def _whose(
    catalogue: Catalogue,
    cancer: CatalogueEntry | None,
    entities: Iterable[Entity],
    words: Sequence[Spoken],
    values: dict[Slot, frozenset[str]],
) -> dict[Slot, frozenset[str]]:
    """Return whose question it is: cancers, their markers, and patients.

    What the name of a cancer says of markers and patients fills those slots. The sex
    that goes without saying for a cancer is left out, and so is that of a relative,
    unless it isn't the usual one.
    """
    named = [
        catalogue.by_slug[slug]
        for each in entities
        if each.slot is Slot.CANCER
        for slug in each.values
    ]
    entries = catalogue.most_specific([*([cancer] if cancer else []), *named])
    read = [about(catalogue, entry) for entry in entries]
    usual = {usual_sex(catalogue, each.entry) for each in read}
    patients = set(values[Slot.POPULATION])
    patients.update(value for each in read for value in each.population)
    if usual - {None}:
        patients |= patients_kin(words)
    patients -= {sex for sex in usual if sex}
    if patients & ONLY_WOMEN:
        patients.discard("female")
    patients |= {word.word for word in words if word.word in CHILD_WORDS}
    if "child" in patients:
        patients -= CHILD_WORDS
    slugs = {each.entry.slug for each in read}
    if slugs and slugs <= OF_CHILDREN:
        patients -= _little_ones(words)
    stages = values[Slot.STAGE]
    if "first line" in values[Slot.LINE]:
        # The first treatment is that of somebody who hasn't had any.
        stages = stages - {"newly diagnosed"}
    return {
        Slot.CANCER: frozenset(each.entry.slug for each in read),
        Slot.STAGE: stages,
        Slot.MARKER: values[Slot.MARKER] | {value for each in read for value in each.markers},
        Slot.POPULATION: frozenset(patients),
    }


def _compared_how(words: Sequence[Spoken]) -> frozenset[str]:
    """Return what a comparison asks for in so many words: which is better, or what differs."""
    said = {word.word for word in words}
    if said & _WHICH_IS_BETTER:
        return frozenset({WHICH_IS_BETTER})
    return frozenset({WHAT_DIFFERS}) if said & _DIFFERING else frozenset()


def _asked_from(row: Sequence[Element], words: Sequence[Spoken]) -> int:
    """Return the place from which on it is asked; what is told before it may stand behind."""
    start = asking_start(words)
    return next((at for at, element in enumerate(row) if element.start >= start), 0)


def _order(
    items: Sequence[Item], row: Sequence[Element], *, asked_from: int
) -> tuple[tuple[Slot, str], ...]:
    """Return the telling things in their order, but for those whose place a slot holds.

    "My wife has chemo, how can I support her" has the order of "how can I support my wife
    on chemo": what was told before the question comes behind what is asked.
    """
    one_of_two = _names_cancers_apart(items, row)
    items = sorted(items, key=lambda item: (item.at < asked_from, item.at))
    placed = {
        items[at + 1].at
        for at, item in enumerate(items[:-1])
        if item.kind is Kind.TIMING and items[at + 1].slot is not Slot.CANCER
    }
    return tuple(
        (item.slot, item.value)
        for item in items
        if item.slot is not None
        and (
            item.slot in _IN_ORDER
            or (item.slot is Slot.CANCER and (one_of_two or not item.attached))
        )
        and item.at not in placed
    )


def _names_cancers_apart(items: Sequence[Item], row: Sequence[Element]) -> bool:
    """Return whether one cancer is named, and elsewhere another: not "breast or ovarian cancer"."""
    cancers = [item for item in items if item.slot is Slot.CANCER]
    return any(
        first.value != second.value
        and not all(
            isinstance(between, Spoken) and between.word in _JOINING
            for between in row[first.at + 1 : second.at]
        )
        for first, second in pairwise(cancers)
    )
