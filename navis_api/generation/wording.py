"""How statements are worded: what can't be quoted, and what can't stand alone."""

import re

from navis_api.kit.text import words

# References to another place, to the page itself or to its publisher.
_ELSEWHERE = re.compile(
    r"(?:^|[(;,:.] ?|\bplease |\bcan |\bto )(?:see|visit|click|refer to|go to|check out|watch"
    r"|listen to|download|contact) (?!your|a |an |if|whether|how well|signs|changes|music"
    r"|the doctor|the effects?\b|where |how many )"
    r"|\b(?:read|learn|find out) more\b(?! about your\b)|\blearn (?:about|how)\b(?! your\b)"
    r"|\bto learn\b(?! (?:more )?about your\b| whether\b)|^Learn what\b"
    r"|^Get answers\b"
    r"|^(?:\w+ ){0,3}(?:women|men|patients|survivors|doctors|experts) (?:describe|discuss|share"
    r"|talk about)\b|^More research is needed\b|^Here are (?:some|a few)\b"
    r"|^questions? to ask\b|^try these \d+\b|\bour (?:\d+ )?tips\b"
    r"|\bmore (?:information|details)\b|\breview a list\b"
    r"|\b(?:this|these|our) (?:page|pages|section|summary|summaries|fact sheet|article|video"
    r"|table|list|chart|diagram|picture|photo|website|site|infographic|booklet|guide)\b"
    r"|\b(?:search|web|online) forms?\b|\b(?:select|check|click) the box\b|^Under “"
    r"|\bwebsites?\b|\bweb sites?\b|\bfind (?:pictures|information|answers|out more)\b"
    r"|\b(?:section|table|figure|summary|list|chart|diagram|drawing|picture|links?)"
    r" (?:above|below)\b"
    r"|\b(?:listed|described|shown|discussed|mentioned|noted|explained)"
    r" (?:here|above|below|earlier)\b"
    r"|\b(?:above|below)[.:]?$|\bthe following sections?\b|\bfigure \d|\btable \d"
    r"|\bPDQ\b|\bNCI\b|\bNational Cancer Institute\b|\bcancer\.gov\b|\bMedlinePlus\b"
    r"|\bFacebook\b|\bwww\.|https?://|\bphone number|\b1-800\b|\bemail\b|\bCIS\b"
    r"|^(?:\w+ ){0,3}information (?:that|to|about|explaining|on|for)\b|^A fact sheet\b"
    r"|\bespañol\b|\binformación\b|\btratamiento\b|\bcáncer\b|\bin Spanish\b",
    re.IGNORECASE,
)
# How papers write, and news about one study.
_STUDY = re.compile(
    r"\b(?:p|hr|or|rr|ci)\s?[=<>]\s?[-–.\d]|\bhazard ratio"
    r"|\b95%,? ?(?:ci\b|cri\b|confidence|[\[(:]|\d)|\bconfidence interval|\bmedian\b"
    r"|\brandomi[sz]ed\b|\bphase (?:[123]|i{1,3})\b|\bretrospective|\bet al\b|\bcohort\b"
    r"|\blevel of evidence\b|\bmeta-analys|\bnon-?inferior|\bstatistically\b|\bNCT\d"
    r"|\b(?:this|the|that|one|a|another|recent|new) (?:stud(?:y|ies)|trials?|analysis)\b"
    r"|\bresearchers\b|\binvestigators\b|\bthe authors\b|\bDr\.|\bM\.D\.|\bPh\.D\."
    r"|\bin (?:19|20)\d\d\b|\b20[12]\d\b|\bestimated (?:number of )?new cases\b"
    r"|\bper 100,000\b|\bclinical trial (?:called|named)\b|\bwe (?:are|have|found)\b"
    r"|\bmatching placebo\b|\b(?:or|receive[ds]?) (?:a )?placebo\b|\b\d+ of the (?:\d+ )?patients\b"
    r"|\bsaid\b|\bI (?:was|had|am|felt)\b|^Evidence \(|\bend ?points?\b|\bRECIST\b",
    re.IGNORECASE,
)
_CHILDREN = re.compile(
    r"\b(?:childhood|pediatric|infants?|newborns?|toddlers?|child's|your child|adolescents?)\b"
    r"|\b(?:in|for|of|among) (?:\w+ )?children\b|\bchild(?:ren)? (?:with|who|has|have|may)\b"
    r"|^children\b",
    re.IGNORECASE,
)
_REMOVABLE = re.compile(
    r"\b(?:can|could|may) be (?:completely |safely )?(?:removed|resected|operated)\b"
    r"|\b(?<!un)resectable\b|^surgery(?: \(|$|,? and\b| followed\b| to remove\b)",
    re.IGNORECASE,
)
_NOT_REMOVABLE = re.compile(
    r"\b(?:can(?:not|'t)|can not|could not) be\b|\bunresectable\b|\binoperable\b|\bwhether\b"
    r"|\bpalliative\b|\brelieve\b|\bsymptoms\b",
    re.IGNORECASE,
)
_OPERATION = re.compile(r"\b\w+ectom(?:y|ies)\b(?! tube)|\bresection\b", re.IGNORECASE)
_TREATMENT_IS_OVER = re.compile(
    r"\bnow that (?:you(?:'re|’re| are) (?:finished|done|through)"
    r"|(?:your )?(?:cancer )?treatment is over)",
    re.IGNORECASE,
)
_ADULTS = re.compile(r"\badults?\b", re.IGNORECASE)
_SECOND_CANCERS = re.compile(r"\bsecond (?:primary )?cancers?\b", re.IGNORECASE)
_WOMEN = re.compile(
    r"\b(?:wom[ae]n(?:'s)?|vagina\w*|ovar(?:y|ies|ian)|menopaus\w+|menstru\w+|uterus|cervix)\b",
    re.IGNORECASE,
)
_MEN = re.compile(
    r"\b(?:m[ae]n(?:'s)?|penis|erections?|erectile|testic\w+|sperm|semen|prostate)\b", re.IGNORECASE
)
_PREGNANCY = re.compile(
    r"\bpregnan\w+\b|\bbreastfeeding\b|\bfetus\b|\btrimester\b|\bbirth defects?\b"
    r"|\bc(?:esarean|-section)\b|\bdeliver early\b|\b(?:after|before) (?:delivery|birth)\b",
    re.IGNORECASE,
)
_PLACES = (
    r"(?:head(?: and|/| or)? ?(?:neck)?|neck|mouth|throat|breast|chest|lungs?|brain|pelvi\w+"
    r"|prostate|abdom\w+|bowel|rectum|bladder|spine|liver|kidneys?|ovar\w+|uterus|cervix"
    r"|testic\w+|thyroid|esophagus|stomach|colon)"
)
_TREATED_PLACE = re.compile(
    r"\b(?:radiation|radiotherapy|therapy|surgery|treatment|operation|cancers?|tumou?rs?)\s"
    r"(?:therapy\s)?(?:to|of|in|near|for|on|around|that affects?)\s(?:the\s|your\s)?"
    rf"(?P<place>{_PLACES})\b"
    rf"|\b(?P<before>{_PLACES})\s(?:cancers?|surgery|radiation|tumou?rs?)\b",
    re.IGNORECASE,
)
# Words of diseases that aren't whole names, so that the catalogue doesn't know them, but which
# tell that a sentence is about another disease than the one asked about.
_OTHER_DISEASE = re.compile(
    r"\bcolorectal\b|\bbiliary (?:tract|cancers?)\b|\bcholangioc\w+|\bcarcinoids?\b"
    r"|\bsarcomas?\b|\bGISTs?\b|\bneuroendocrine (?:tumou?rs?|carcinomas?|neoplasms?)"
    r"|\bgynecologic cancers?|\bblood cancers?|\bsolid tumou?rs?\b|\b\w*blastomas?\b"
    r"|\bmesotheliomas?\b|\bother cancers?\b(?! treat)|\bBPH\b|\bbenign\b(?! or)"
    r"|\benlarged prostate\b"
    r"|\blymphoblastic lymphomas?\b"
    r"|\bnon-?cancer\w* (?:disease|condition)|\batypical (?:chronic|CML)\b",
    re.IGNORECASE,
)
# Another cancer that somebody or their family had, or that a drug was taken for, is no subject.
_HISTORY = re.compile(
    r"\b(?:histor(?:y|ies) of|syndromes?|hereditary|inherited|run in (?:the )?famil\w+"
    r"|(?:treat|prevent)(?:ment)?(?: (?:or|and) (?:treat|prevent))?(?: of| for)?"
    r" (?:\w+ ){0,2}(?:cancer|lymphoma|leukemia))\b",
    re.IGNORECASE,
)
_OF_CELLS = re.compile(
    r"\b(?:squamous|basal|merkel|clear|small|transitional|germ|giant|hairy|mast|plasma) cell\b",
    re.IGNORECASE,
)
_TUMOUR_WORD = re.compile(r"\b\w{3,}omas?\b", re.IGNORECASE)
_NOT_TUMOURS = frozenset(
    {
        "stoma", "hematoma", "trauma", "glaucoma", "diploma", "aroma", "carcinoma",
        "adenocarcinoma", "lymphoma", "seroma", "stroma", "granuloma", "coma", "papilloma",
        "xanthoma",
    }
)  # fmt: skip
# How drugs' names end (the WHO's stems for international nonproprietary names), and regimens.
_DRUG = re.compile(
    r"\b\w{2,}(?:mab|tinib|nib|platin|taxel|rubicin|ciclib|parib|zomib|limus|leucel|lidomide|poside"
    r"|tecan|bicin|fosfamide|citabine|trexed|trexate|tidine|zolomide|mustine|relin|relix|lutamide"
    r"|oxifen|ozole|estrant|vedotin|abine|uracil)\b|\b(?:FOLF\w+|[CR]-?CHOP|XELOX|CAPOX)\b",
    re.IGNORECASE,
)
# A heading that has run into the sentence below it: "Surgery Surgery (removing the cancer ...)",
# "Hormones The prostate needs ...".
_RUN_IN_HEADING = re.compile(
    r"^(?P<heading>\w[\w,/ -]{2,50}?) (?i:(?P=heading))\b"
    r"|(?<!\btype)(?<!hepatitis)(?<!vitamin)(?<!ultraviolet)(?<!granin)(?<!group)(?<!stage)"
    r"(?<=[a-z]) A [a-z]"
    r"|[a-z] (?:The|An|Being|Having|Studies|Decreasing|Taking|Using|Women|Men|Patients|People|In"
    r"|It|This|There|Some|Because|When|If) [a-z]"
)
_STARTS_LEANING = re.compile(
    # "It's important to check with your doctor" points to nothing.
    r"^(?!it(?:['’]s| is) (?:very |not )?(?:important (?:to|that)|(?:un)?known (?:that|whether))\b)"
    r"(?:it|its|they|their|them|this|these|those|that|such|he|she|his|her|however|but|also|and"
    r"|or|in addition|then|others?|another|both|as a result|for example|for instance|therefore"
    r"|thus|instead|otherwise|because of this|the latter|the former|similarly|likewise|next"
    r"|afterward|later|meanwhile|the same|so|here|there,|yet|still|in contrast|again|together"
    r"|on the other hand|more recently|as with(?! (?:any|all|every|most|many)\b)|like|unlike"
    r"|even so|finally|if so"
    r"|(?:if|when|in|at|during|after|for|with|to do) (?:this|that|these|it|they)"
    r"|(?:some|most|one|all|each|many) of (?:this|that|these|them)|in that case"
    r"|(?:sometimes|usually|most often|hopefully),? this)\b",
    re.IGNORECASE,
)
_LEANS_INSIDE = re.compile(
    r"\b(?:these|those|such) (?!as\b|who\b|with\b|that\b)\w+"
    r"|\bthis (?:test|procedure|type|kind|treatment|drug|stage|group|disease|condition|gene"
    r"|surgery|operation|method|approach|information|risk|list|form|problem|medicine|age group)\b"
    r"|\bthe (?:above|latter|former)\b",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(r"\b(?:the following|as follows|these steps)\b", re.IGNORECASE)
# Newer pages put no colon before a list. "Indianapolis, IN" ends in no such word.
_GOES_ON = re.compile(
    r"\b(?:includ(?:e[sd]?|ing)|is|are|be|has|have|had|may|can|could|might|must|should|will|causes?"
    r"|helps?|notice|encourage|to|on|of|for|from|with|by|in|at|about|than|into|as|and|because"
    r"|whether|when|while|if|that|who|which|you|your|the|these|following|example),?$"
)
# A question in a source is a heading or an example; nobody asks a reader for answers.
_ENDS = (".", "!", ".”", '."', ".)", "!”", ".’")


def is_whole(text: str) -> bool:
    """Whether a text begins and ends like a sentence, and doesn't announce a list."""
    begins = text[0].isupper() or text[0].isdecimal() or text[0] in '“"'
    return begins and text.endswith(_ENDS) and not _FOLLOWING.search(text)


def introduces_a_list(text: str) -> bool:
    """Whether a text goes on in the list below it: "Symptoms may include", "the following:"."""
    return text.endswith(":") or _GOES_ON.search(text) is not None


def is_unfit(text: str) -> bool:
    """Whether a text points elsewhere or reports a study.

    The last is written for other readers than patients. So is a text with its heading run into it.
    """
    unfit = (_ELSEWHERE, _STUDY, _RUN_IN_HEADING)
    return any(pattern.search(text) is not None for pattern in unfit)


def leans_on_what_stands_before(text: str) -> bool:
    """Whether a sentence can be understood only behind the one it stands behind."""
    return bool(_STARTS_LEANING.match(text) or _LEANS_INSIDE.search(text))


def names_a_drug(text: str) -> bool:
    """Whether a text names a drug or a regimen, as far as names tell."""
    return _DRUG.search(text) is not None


def is_about_children(text: str) -> bool:
    """Whether a text speaks of children as patients, and not of adults as well."""
    return _CHILDREN.search(text) is not None and _ADULTS.search(text) is None


def is_about_what_can_be_removed(text: str) -> bool:
    """Whether a text speaks of tumors that surgery can remove, and not of others."""
    return _REMOVABLE.search(text) is not None and _NOT_REMOVABLE.search(text) is None


def is_an_operation(text: str) -> bool:
    """Whether an item of a list names an operation: "radical nephrectomy"."""
    return _OPERATION.search(text) is not None and _NOT_REMOVABLE.search(text) is None


def is_on_time_after_treatment(text: str) -> bool:
    """Whether a text speaks to somebody whose treatment is over."""
    return _TREATMENT_IS_OVER.search(text) is not None


def is_on_second_cancers(text: str) -> bool:
    """Whether a text speaks of new cancers that treatment may bring: others are meant."""
    return _SECOND_CANCERS.search(text) is not None


def is_about_women(text: str) -> bool:
    """Whether a text speaks of women, or of what only they have, and not of men."""
    return _WOMEN.search(text) is not None and _MEN.search(text) is None


def is_about_men(text: str) -> bool:
    """Whether a text speaks of men, or of what only they have, and not of women."""
    return _MEN.search(text) is not None and _WOMEN.search(text) is None


def is_about_pregnancy(text: str) -> bool:
    """Whether a text speaks of pregnant people."""
    return _PREGNANCY.search(text) is not None


def places_treated(text: str) -> list[frozenset[str]]:
    """Return the words of each part of the body whose cancer or treatment a text speaks of."""
    return [
        frozenset(words(found["place"] or found["before"]))
        for found in _TREATED_PLACE.finditer(text)
    ]


def other_diseases(text: str) -> list[frozenset[str]]:
    """Return the words, in the singular, of each disease named by less than a whole name."""
    found = (found[0].removesuffix("s") for found in _OTHER_DISEASE.finditer(text))
    return [frozenset(words(name)) for name in found]


def tells_a_history(text: str) -> bool:
    """Whether an item tells of a disease that somebody had, or that runs in families."""
    return _HISTORY.search(text) is not None


def cells_named(text: str) -> list[frozenset[str]]:
    """Return the words of each kind of cells that a text names a cancer by: "squamous cell"."""
    return [frozenset(words(found[0])) for found in _OF_CELLS.finditer(text)]


def tumour_words(text: str) -> frozenset[str]:
    """Return the words for tumours in a text ("hepatoblastoma"), in the singular."""
    found = {word for name in _TUMOUR_WORD.findall(text) for word in words(name)}
    return frozenset(word.removesuffix("s") for word in found) - _NOT_TUMOURS
