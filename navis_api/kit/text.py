"""Text in the forms that machines compare: folded, split into words, spelt one way."""

import re
import unicodedata

_QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u2032": "'", "`": "'"}
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SPACE = re.compile(r"\s+")

# British spellings, as stems that are replaced wherever they stand in a word.
# Each pair is spelt so in medical use only; "our" and "ise" words are listed
# whole, since most words with those letters ("hour", "exercise") keep them.
_AMERICAN_STEMS = (
    ("tumour", "tumor"),
    ("oesophag", "esophag"),
    ("leukaem", "leukem"),
    ("anaem", "anem"),
    ("haem", "hem"),
    ("oestrogen", "estrogen"),
    ("oedema", "edema"),
    ("diarrhoea", "diarrhea"),
    ("paediatr", "pediatr"),
    ("gynaecolog", "gynecolog"),
    ("anaesth", "anesth"),
    ("foet", "fet"),
    ("ischaem", "ischem"),
    ("caecum", "cecum"),
    ("coeliac", "celiac"),
    ("orthopaed", "orthoped"),
    ("sulph", "sulf"),
    ("fibre", "fiber"),
    ("centre", "center"),
    ("metre", "meter"),
    ("litre", "liter"),
    ("colour", "color"),
    ("favour", "favor"),
    ("behaviour", "behavior"),
    ("labour", "labor"),
    ("odour", "odor"),
    ("licence", "license"),
    ("programme", "program"),
    ("ageing", "aging"),
    ("counsell", "counsel"),
    ("travell", "travel"),
    ("signall", "signal"),
    ("labell", "label"),
    ("modell", "model"),
)
_AMERICAN_IZE = re.compile(
    r"\b(metastas|hospital|special|local|general|normal|random|optim|minim|maxim|individual"
    r"|personal|steril|visual|immun|character|recogn|organ|summar|stabil|util|fertil|neutral)"
    r"is(e|ed|es|ing|er|ers|ation|ations)\b"
)


def squeeze(text: str) -> str:
    """Return the text in NFC with each run of white space as one space, and none at its ends."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """Return words in lower case, compatibility form and straight quotes, without accents."""
    if text.isascii():
        return text.replace("`", "'").lower()
    plain = unicodedata.normalize("NFKD", text.translate(_QUOTES)).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def american(folded: str) -> str:
    """Return folded text with British spellings as American ones: `tumour` as `tumor`."""
    for british, american_form in _AMERICAN_STEMS:
        if british in folded:
            folded = folded.replace(british, american_form)
    return _AMERICAN_IZE.sub(r"\1iz\2", folded)


def words(text: str) -> list[str]:
    """Return the words of a text, folded and in American spelling, without possessive endings."""
    return [word.removesuffix("'s") for word in _WORD.findall(american(fold(text)))]
