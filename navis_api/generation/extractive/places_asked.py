"""What is asked of a place or a person: no source knows what there is in a town, or who is good.

What sources say of the thing itself (how to find a support group, how to get a second opinion) is
told all the same, and the answer says what it leaves open.
"""

import re
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.vocabulary.judged import judges_somebody
from navis_api.vocabulary.understanding import concepts

_OF_A_PLACE = re.compile(
    r"\bnear (?:me|us|here|my (?:home|house|town|city|village|zip|postcode))\b"
    r"|\bin my (?:area|town|city|county|village)\b"
    r"|\bwhich (?:hospitals?|clinics?|surgeons?|cent(?:er|re)s?|oncologists?|consultants?)\b"
    r"|\b(?:best|top|good|nearest|closest|most experienced) (?:hospitals?|clinics?|doctors?"
    r"|surgeons?|cent(?:er|re)s?|oncologists?|specialists?)\b"
    r"|\bhow long is the wait (?:at|for)\b|\bwait(?:ing)? lists?\b"
    r"|\bwait(?:ing)? times? (?:for|at|in)\b|\bfree rides?\b"
    r"|\b(?:what|how much)\b[^?.]*\bcosts? (?:me|us|a month|per|privately)\b|\bprice of\b"
    r"|\b(?:phone|telephone) number\b|\b(?:opening|visiting) hours\b"
    r"|\bwhere (?:can|do) (?:i|we) park\b",
    re.IGNORECASE,
)
# "A lymphedema nurse near Swansea": what there is of it in a town.
SERVICE_IN = re.compile(
    r"(?:^\W*|\b(?:is there|are there|any|looking for|where|find|know of|recommend)\b[^?.]*\b)"
    r"(?:(?:\w+ ){0,2})(?:clubs?"
    r"|groups?|nurses?|clinics?|banks?|surgeons?|specialists?|classes|charit(?:y|ies)|salons?"
    r"|shops?|services?|therapists?|wigs?)\b[^?.]*?"
    r"\b(?:in|near|around|close to) (?:the )?(?P<town>\w+)",
    re.IGNORECASE,
)
# What sources tell how to find, wherever one lives.
_FOUND_ANYWHERE = frozenset({"group", "groups", "wig", "wigs"})


def is_of_a_place(part: str) -> bool:
    """Whether a part of a question is on what there is nearby, by words of its own."""
    return _OF_A_PLACE.search(part) is not None


def beyond_sources(asked: Asked, text: str) -> Asked:
    """Return the question without what no source can know, which its answer leaves open."""
    if judges_somebody(text):
        return replace(
            asked,
            concepts=(concepts()["second_opinion"],),
            required=(),
            circumstances=(),
            markers=(),
            parts=(),
            points=(),
            explained=(),
            wants_definition=False,
            judges_somebody=True,
        )
    town = SERVICE_IN.search(text)
    is_nearby = is_of_a_place(text) or (town is not None and town["town"][0].isupper())
    if not is_nearby or _FOUND_ANYWHERE.isdisjoint(asked.said):
        return asked
    return replace(asked, required=(), circumstances=(), parts=(), points=(), is_of_a_place=True)
