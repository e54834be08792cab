"""The content of the seeds: made-up questions and answers of the shape that real ones have.

An answer has 8 sections, 24 claims and 5 citations from 4 sources; as JSON with all its
sections and citations it takes about 7 KB.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files

from pydantic import TypeAdapter

from bench.data.words import HOBBY, OCCUPATION, PLACE
from navis_api.answers.models import SectionKind
from navis_api.content.bundle import (
    BundleAnswer,
    BundleAnswerText,
    BundleCancer,
    BundleCitation,
    BundleClaim,
    BundleQuestion,
    BundleReview,
    BundleSection,
    BundleSource,
)

CANCERS = 30
FIRST_ASKED = date(2025, 6, 1)

TREATMENTS = (
    "surgery",
    "chemotherapy",
    "radiation therapy",
    "immunotherapy",
    "targeted therapy",
    "palliative care",
    "a clinical trial",
    "a biopsy",
    "a PET scan",
    "a second opinion",
)
WORDINGS = (
    "How does one prepare for {topic} in {cancer}?",
    "What happens in the weeks after {topic} for {cancer}?",
)
_KINDS = (
    (SectionKind.OVERVIEW, "What this is about"),
    (SectionKind.EXPLANATION, "How it is done"),
    (SectionKind.FACTORS, "What it depends on"),
    (SectionKind.OPTIONS, "What can be chosen"),
    (SectionKind.EVIDENCE, "What is known"),
    (SectionKind.CONSIDERATIONS, "What to think of"),
    (SectionKind.SUPPORT, "Who can help"),
    (SectionKind.TAKEAWAY, "In short"),
)
_QUOTES = (
    (
        "People who had {topic} for {cancer} said that a written plan for the first weeks, with"
        " names and telephone numbers on it, helped them more than anything else did."
    ),
    (
        "A team that treats {cancer} often looks at each plan together before anything is begun,"
        " and writes down who is responsible for which step."
    ),
    (
        "Most hospitals give a leaflet with the times at which somebody can be reached, by day and"
        " by night, and it is worth keeping it beside the telephone."
    ),
    (
        "Those who brought somebody along to the appointment remembered about twice as much of what"
        " had been said there a week later as those who came alone."
    ),
    (
        "Rest, company and small tasks each have their place in a day, and what is right in one"
        " week may well be wrong in the next."
    ),
)
# Quotes are of five places in four documents: the two about the cancer stand in one.
_GENERAL = ("appointments", "hospitals", "days")


def cancers(count: int = CANCERS) -> list[BundleCancer]:
    """Return some of the sample catalogue's main kinds, without what stands below them."""
    catalogue = TypeAdapter(list[BundleCancer]).validate_json(
        files("navis_api").joinpath("samples", "cancers.json").read_bytes()
    )
    return [each for each in catalogue if each.parent is None][:count]


def _name(cancer: BundleCancer) -> str:
    """Return the name as it stands within a sentence."""
    return cancer.name.lower()


def _article(topic: str) -> str:
    return topic.removeprefix("a ")


def sources(chosen: list[BundleCancer]) -> Iterator[BundleSource]:
    """Yield a document for each cancer, and the three that all answers quote."""
    for cancer in chosen:
        name = _name(cancer)
        quotes = [_QUOTES[0].format(topic=_article(topic), cancer=name) for topic in TREATMENTS]
        quotes.append(_QUOTES[1].format(cancer=name))
        yield _source(f"bench:{cancer.slug}", f"Living with {name}", quotes)
    for key, quote in zip(_GENERAL, _QUOTES[2:], strict=True):
        yield _source(f"bench:{key}", f"A guide to {key}", [quote])


def _source(key: str, title: str, quotes: list[str]) -> BundleSource:
    return BundleSource(
        key=key,
        title=title,
        publisher="Made up for measuring",
        url=f"https://example.org/{key.removeprefix('bench:')}",
        licence="CC0-1.0",
        version="1",
        accessed_on=FIRST_ASKED,
        text=f"## {title}\n\n" + "\n\n".join(quotes),
    )


def answers(chosen: list[BundleCancer]) -> Iterator[BundleAnswer]:
    """Yield the seeds, the cancers in turn, so that neighbours in time are on different ones."""
    for wording in WORDINGS:
        for topic in TREATMENTS:
            for cancer in chosen:
                yield _answer(cancer, topic, wording)


def _answer(cancer: BundleCancer, topic: str, wording: str) -> BundleAnswer:
    name = _name(cancer)
    asked = wording.format(topic=topic, cancer=name)
    when = "before" if wording is WORDINGS[0] else "after"
    title = f"{_article(topic).capitalize()} for {name}: {when} it, for a {OCCUPATION}"
    day = FIRST_ASKED + timedelta(days=TREATMENTS.index(topic))
    return BundleAnswer(
        question=BundleQuestion(
            text=f"{asked} I am a {OCCUPATION}, live in {PLACE} and like {HOBBY}.",
            cancer=cancer.slug,
            slug=f"{when}-{_article(topic).lower().replace(' ', '-')}-{cancer.slug}"
            f"-{OCCUPATION}-{PLACE.lower()}-{HOBBY}",
            asked_on=day,
        ),
        answer=BundleAnswerText(
            title=title,
            summary=f"What a {OCCUPATION} from {PLACE} who loves {HOBBY} may want to know {when}"
            f" {topic} for {name}: who is there to help, what can be planned, and what to ask.",
            sections=tuple(_sections(cancer, topic, when)),
            doctor_questions=(
                f"What does {topic} mean for somebody who works as a {OCCUPATION}?",
                f"When can I take up {HOBBY} again?",
                f"Whom do I call from {PLACE} at night?",
            ),
            next_steps=(
                f"Write down what you want to ask about {topic}.",
                "Choose somebody who comes along to the appointment.",
            ),
        ),
        review=BundleReview(
            reviewer="Dr Made Up",
            credentials="Nobody: made up for measuring",
            reviewed_on=day,
            next_review_on=date(2030, 1, 1),
        ),
    )


def _sections(cancer: BundleCancer, topic: str, when: str) -> Iterator[BundleSection]:
    name = _name(cancer)
    cited = [
        BundleCitation(
            source=f"bench:{cancer.slug}",
            quote=_QUOTES[0].format(topic=_article(topic), cancer=name),
        ),
        BundleCitation(source=f"bench:{cancer.slug}", quote=_QUOTES[1].format(cancer=name)),
        *(
            BundleCitation(source=f"bench:{key}", quote=quote)
            for key, quote in zip(_GENERAL, _QUOTES[2:], strict=True)
        ),
    ]
    said = (
        (
            f"This part is about {topic} for {name}, and about the time {when} it, as a"
            f" {OCCUPATION} might see it."
        ),
        (
            f"A team that knows {name} will say which days are the busy ones, and which are left"
            f" free for work, for {HOBBY} or for nothing at all."
        ),
        (
            f"From {PLACE} the way may be long, so it is good to know beforehand who can be asked"
            " by telephone, and what can wait."
        ),
    )
    for place, (kind, heading) in enumerate(_KINDS):
        yield BundleSection(
            kind=kind,
            heading=heading,
            claims=tuple(
                BundleClaim(text=text, citations=(cited[(place + number) % len(cited)],))
                for number, text in enumerate(said)
            ),
        )
