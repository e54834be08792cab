"""Whether a text asks if a disease passes from one person to another: "can I give it to my wife".

What runs in a family, or is handed down to one's children, is another question.
"""

import re

_INFECTION = (
    r"(?:hpv|papilloma\w*|hepatitis|hep [bc]|h\.? ?pylori|helicobacter|hiv|aids|ebv|epstein)"
)
_GROWN_UPS = (
    r"(?:wife|husband|partner|girlfriend|boyfriend|spouse|family|friends?|people|others|someone"
    r"|somebody|anyone|anybody|(?:each|one) (?:an)?other|another person|him|her|them|roommate"
    r"|mother|father|mum|mom|dad|sister|brother|colleagues?)"
)
_SOMEBODY = rf"(?:{_GROWN_UPS}|me|kids?|child(?:ren)?|sons?|daughters?|baby|babies|grand\w+)"
_OWN = r"(?:(?:my|his|her|our|your|their|the|other|a|an|healthy) )*"
_GIVES = r"(?:giv(?:e|es|en|ing)|pass(?:es|ed|ing)?(?: on)?|spread(?:s|ing)?|transmit\w*)"
_CONTAGIOUS = re.compile(
    r"\b(?:contagious|infectious(?! disease)|transmissible|catching(?! it)"
    r"|(?:sexually )?transmitted)\b",
    re.IGNORECASE,
)
# One catches a disease from somebody, and catches it early by a test.
_CATCHES = re.compile(
    r"\b(?:can|could|will|would|might|may|did|do|does|how)\b[^.?!]{0,40}\bcatch(?:es)?\b"
    r"(?![^.?!]*\b(?:early|earlier|in time|soon\w*|on (?:a|my) (?:scan|test)|before)\b)"
    rf"(?=[^.?!]*\b(?:cancer|leuk\w+|lymphoma|\w+oma|it|this|that|{_INFECTION})\b)"
    rf"|\b(?:caught|catch) (?:it|this|cancer|{_INFECTION}) (?:from|off) {_OWN}{_SOMEBODY}\b",
    re.IGNORECASE,
)
_GIVES_IT = re.compile(
    r"\b(?:can|could|will|would|might|may|did|do|does|afraid|worried|risk|possible)\b[^.?!]{0,60}"
    rf"\b{_GIVES}\b[^.?!]{{0,40}}\bto {_OWN}{_GROWN_UPS}\b(?!'s (?:children|kids))",
    re.IGNORECASE,
)
_GIVES_SOMEBODY = re.compile(
    rf"\b(?:can|could|will|might|did)\b[^.?!]{{0,30}}\b(?:giv\w+|infect\w*) {_OWN}{_GROWN_UPS}"
    rf" (?:it|this|(?:my )?cancer|{_INFECTION})\b"
    rf"|\binfect {_OWN}{_SOMEBODY}\b",
    re.IGNORECASE,
)
_HOW_IT_IS = re.compile(
    rf"\bhow (?:is|are|does|do|did|can|would)\b[^.?!]{{0,40}}\b(?:{_INFECTION}|it|this)\b"
    r"(?: \w+){0,2} (?:spread(?! (?:to|in|through|from (?:the|one organ))\b)|passed(?: on)?"
    r"|transmitted|caught)\b",
    re.IGNORECASE,
)
_INFECTION_IS_GOT = re.compile(
    rf"\bhow (?:did|do|does|can|could)\b[^.?!]{{0,20}} (?:get|got|catch) (?:an? )?{_INFECTION}\b"
    rf"|\b{_INFECTION}\b[^.?!]{{0,60}}\b{_GIVES}\b[^.?!]{{0,30}} {_SOMEBODY}\b"
    rf"|\b{_GIVES}\b[^.?!]{{0,30}}\b{_INFECTION}\b[^.?!]{{0,30}} {_SOMEBODY}\b"
    rf"|\bget {_INFECTION} from\b",
    re.IGNORECASE,
)
_FROM_CONTACT = re.compile(
    r"\b(?:from|by|through) (?:kissing|touching|sharing (?:a |the |needles|food|drinks|cups?)"
    r"|(?:oral |having )?sex(?: with)?|toilet seats?|breathing the same)\b",
    re.IGNORECASE,
)
_ASKS = (
    _CONTAGIOUS, _CATCHES, _GIVES_IT, _GIVES_SOMEBODY, _HOW_IT_IS, _INFECTION_IS_GOT, _FROM_CONTACT
)  # fmt: skip


def asks_if_it_passes_on(text: str) -> bool:
    """Whether a text asks if, or how, a disease or an infection passes to others by contact."""
    return any(asking.search(text) for asking in _ASKS)
