"""Small changes of a question: some that leave it what it is, and some that make it another."""

import random
import re
from collections.abc import Iterator

_OPPOSITES = tuple(
    tuple(each.split("|"))
    for each in """
before|after;before|during;after|during;start|stop;more|less;high|low;increase|reduce
with|without;best|worst;first|second;positive|negative;men|women;early|late;can|should
cause|prevent;safe|dangerous;one|both;left|right;why|how;when|where;why|when;how|when
long|often;how long|how likely;how soon|how often;better|worse;gain|loss;gain|lose
benefits|risks;resectable|unresectable;new|old;treat|prevent;symptoms|causes
side effects|benefits;treatment|symptoms;survival|recurrence;diagnosed|treated;mother|father
old|young;temporary|permanent;benign|malignant;normal|abnormal;eat|avoid;worsen|ease
slow|fast;all|some;always|sometimes;adults|children;cost|risk;doctor|patient;day|night
""".replace("\n", ";").split(";")
    if each
)
_ALIKE = (
    ("breast", "prostate", "lung", "colon", "rectal", "bladder", "kidney", "liver", "pancreatic"),
    ("ovarian", "cervical", "thyroid", "stomach", "skin", "brain", "testicular", "womb", "bone"),
    ("tamoxifen", "letrozole", "anastrozole", "capecitabine", "imatinib", "lenalidomide"),
    ("pembrolizumab", "nivolumab", "paclitaxel", "docetaxel", "cisplatin", "carboplatin"),
    ("rituximab", "trastuzumab", "methotrexate", "prednisone", "sunitinib", "osimertinib"),
    ("chemotherapy", "radiotherapy", "surgery", "immunotherapy", "hormone therapy"),
    ("nausea", "fatigue", "hair loss", "neuropathy", "mouth sores", "diarrhea", "constipation"),
    ("hot flashes", "insomnia", "weight loss", "pain", "swelling", "rash", "anxiety"),
)
_STAGE = re.compile(r"\bstage (?:I{1,3}|IV|[1-4]|one|two|three|four)\b", re.IGNORECASE)
_STAGES = ("stage 1", "stage 2", "stage III", "stage four")
_NUMBER = re.compile(r"\b(\d+)\b")
_VERB = re.compile(r"\b(?:can|does|do|is|are|will|should) \w+", re.IGNORECASE)
_DENIED_SHARE = 0.15
_BEFORE = (
    "Hi, ",
    "Sorry if this is a silly question but ",
    "Quick question: ",
    "Please can you tell me: ",
    "I am so worried. ",
    "Does anyone know, ",
    "My doctor didn't really say. ",
)
_BEHIND = (" Thanks", " please help", " thank you so much", " ?", " I have no idea.")


def otherwise(text: str, chance: random.Random) -> Iterator[str]:
    """Yield the question with one word changed that makes it another question."""
    for first, second in _OPPOSITES:
        for here, there in ((first, second), (second, first)):
            yield from _put(text, here, there)
    for names in _ALIKE:
        named = next((each for each in names if _of(each).search(text)), None)
        other = chance.choice(names)
        if named is not None and other != named:
            yield from _put(text, named, other)
    number = _NUMBER.search(text)
    if number:
        more = str(int(number[1]) + chance.choice((1, 2, 5)))
        yield text[: number.start()] + more + text[number.end() :]
    stage = _STAGE.search(text)
    if stage:
        yield text[: stage.start()] + chance.choice(_STAGES) + text[stage.end() :]
    verb = _VERB.search(text)
    if verb and chance.random() < _DENIED_SHARE:
        yield f"{text[: verb.end()]} not{text[verb.end() :]}"


def in_passing(text: str, chance: random.Random) -> str:
    """Return the question as somebody else types it: what it asks is the same."""
    way = chance.randrange(4)
    if way == 0:
        return text.lower().rstrip("?")
    if way == 1:
        return chance.choice(_BEFORE) + text
    if way == 2:
        return text + chance.choice(_BEHIND)
    at = chance.randrange(2, max(3, len(text) - 2))
    return text[:at] + text[at + 1 :] if text[at : at + 1].isalpha() else text


def _of(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)


def _put(text: str, here: str, there: str) -> Iterator[str]:
    changed = _of(here).sub(there, text, count=1)
    if changed != text:
        yield changed
