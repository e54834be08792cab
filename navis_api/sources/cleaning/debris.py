"""What a web page says about itself rather than about cancer: navigation, credits, notices.

The patterns come from reading pages of the US National Cancer Institute (cancer.gov, December
2025); most hold for any health site. A pattern here must never match advice: "See your doctor if
you have a fever" stays, "See Breast Cancer Treatment for more information" goes.
"""

import re

from navis_api.sources.cleaning.inline import LINK, TERM

# Sections that are left out with everything below them.
_DROPPED_SECTION = re.compile(
    r"(?:references|about this pdq summary|(?:latest updates|changes) to this (?:pdq )?summary|"
    r"permission to use this summary|reviewers and updates|purpose of this summary|contact us|"
    r"levels of evidence|about pdq|clinical trial information|disclaimer|"
    r"research results and related resources|clinical trials accepting patients|"
    r"to learn more about .*|related (?:resources|content|links|pages|information)|"
    r"selected references|bibliography|get more information from nci|"
    r"view and order publications|pdq [\w ]*information for [\w ]+|video transcript|transcript|"
    r"facebook)(?: \(.*\))?"
)
_DRUG_PAGE_SECTION = "more about "
_DRUG_PAGE_SIGN = "NCI Drug Dictionary"

# Whole lines of navigation.
_DROPPED_LINE = re.compile(
    r"(?:placeholder slot|posted: .*|updated: .*|reviewed: .*|credit: .*|enlarge(?: image)?|"
    r"go to (?:health professional|patient) version|switch to .* version|on this page:?|"
    r"listen to pronunciation|print|email|facebook|twitter|back to top|menu|search|share|"
    r"\(?view transcript\)?|\[?patient\]?\s*\|\s*\[?health professional\]?|"
    r"health professional|.* \| did you know\?|"
    r"skip to (?:main )?content|\([a-z'’ .…-]*[a-z]-[a-z][a-z'’ .…-]*\)|"
    r"note: the overview section summarizes the published evidence on this topic\..*)"
)

_SEEING = r"(?:see|visit|go to|read|refer to|check|call|contact|view|use)"
_NAVIGATION = re.compile(
    r"[(\[“\"]?(?:"
    r"(?:you can |you may )?learn more\b|to learn more\b|learn (?:about|how)\b|"
    r"(?:for|to (?:get|find)) (?:more |additional |further |specific |general |detailed |other )?"
    rf"(?:\w+ ){{0,3}}?(?:information|details?|resources|tips)\b.*\b{_SEEING}\b|"
    r"for (?:a|an|the) (?:\w+ ){0,3}(?:list|summary|discussion|description|explanation)\b.*,? "
    rf"{_SEEING}\b|"
    r"see .{1,160} for (?:more|further|additional|a complete|an overview|details)\b|"
    r"see the following for\b|"
    r"(?:general |more )?information about (?:\S+ ){0,4}?clinical trials? .*"
    r"(?:is|are|can be|may be) (?:also )?(?:available|found)\b|"
    r"(?:more |additional |further )?information (?:about|on|regarding) .* "
    r"(?:is available|can be found|may (?:also )?be found) (?:from|in|on|at)\b|"
    r"use our (?:advanced )?clinical trials? search|"
    r"you can (?:use the clinical trials? search|search for trials based on)|"
    r"the search (?:can be narrowed|allows you to filter)|"
    r"clinical trials (?:supported by other organizations )?can be found (?:online )?"
    r"(?:on|at|in)\b|"
    r"general information about clinical trials is also available|"
    r"this summary is (?:written|reviewed|about)\b|"
    r"the information in this patient summary was taken from|"
    r"fda label information for this drug|definition from the nci drug dictionary|"
    r"explore the links on this page|select (?:a|the) link|click (?:here|on)\b|"
    r"return to (?:top|text)|get (?:the )?facts|both versions have cancer information|"
    r"the following (?:information )?(?:summar\w+|list of)\b.*(?:available|links)\b|"
    r"reference citations in some pdq|nci does not have pdq|"
    r"(?:this|the) (?:animation|video|infographic)s? "
    r"(?:shows?|explains?|describes?|discusses|highlights?|also|below|above)\b|"
    r"watch (?:this|the|our)\b|listen to (?:this|the|insights)\b|"
    r"this page (?:also )?(?:lists|contains brief information|highlights some)|"
    r"we offer evidence-based supportive|the information in this section is meant to help you|"
    r"this summary contains the following key information|"
    r"many of the medical and scientific terms used in this summary|"
    r"when a linked term is clicked|"
    r"(?:their|its) inclusion should not be viewed as an endorsement|"
    r"the levels? of evidence for .*\b(?:is|are)\.\Z|"
    r"these references have been identified by members of|"
    r"(?:note: )?some citations in (?:the text|this section)"
    r")",
)
# The summaries and boards of PDQ are spoken of only to point at them.
_ABOUT_PDQ = re.compile(r"\bpdq\b.{0,80}?\b(?:summar|editorial board|documents?\b|database)")
# These say "look there" only when what they name was a link; "See a doctor" was none.
_LINKED_NAVIGATION = re.compile(
    r"[(\[]?(?:please |also,? |you can |you may )?(?:see|refer to|visit|go to|view|read|browse|"
    r"download|order|explore|find (?:out )?more|use our)"
    r"\b(?! (?:your|a|the|his|her) (?:\w+ )?"
    r"(?:doctor|nurse|health|care|dentist|specialist|provider|team|emergency))"
)
# "For help with side effects, see Emotions and Cancer." points, whatever it begins with.
_LINKED_CLAUSE = re.compile(
    rf", (?:see|visit|go to|read) (?:our |the |NCI['’]s )?{LINK}|"
    rf"\byou can (?:also )?(?:learn|read|find) (?:out )?more (?:about|at|in|on)\b[^{LINK}]*{LINK}"
)
_ASIDE = re.compile(
    r"\s?[(\[](?:also )?(?:see|refer to|for (?:more|further|additional|a |an |information)|"
    r"learn more|to learn more|more information|read more|visit)\b"
    r"(?P<body>[^()\[\]\n]{0,400}(?:\([^()\n]{0,100}\)[^()\[\]\n]{0,200}){0,4})[)\]]",
    re.IGNORECASE,
)
_ASIDE_TARGET = re.compile(
    rf"[{LINK}{TERM}]|\b(?:question|table|tables|figure|section|summary|below|above|page|box)\b",
    re.IGNORECASE,
)
_TRADE_MARK = re.compile(r"\s*\(PDQ ?®?\)|(?<=PDQ)\s?®")


def is_dropped_section(heading: str, body: str) -> bool:
    """Whether a heading opens a section about the page; `body` is the raw text below it."""
    name = heading.casefold().rstrip(":.")
    if _DROPPED_SECTION.fullmatch(name):
        return True
    return name.startswith(_DRUG_PAGE_SECTION) and _DRUG_PAGE_SIGN in body


def is_dropped_line(line: str) -> bool:
    """Whether a whole line, already without marks, is navigation."""
    return _DROPPED_LINE.fullmatch(line.casefold().strip()) is not None


def is_navigation(sentence: str, plain: str) -> bool:
    """Whether a sentence only points elsewhere: `sentence` with link marks, `plain` without."""
    low = plain.casefold()
    if _NAVIGATION.match(low) or ("pdq" in low and _ABOUT_PDQ.search(low)):
        return True
    if LINK not in sentence:
        return False
    return bool(_LINKED_NAVIGATION.match(low) or _LINKED_CLAUSE.search(sentence))


def without_asides(text: str) -> str:
    """The text without "(see Question 3)" and the like; "(see your doctor)" stays."""
    if "(" not in text and "[" not in text:
        return text
    return _ASIDE.sub(lambda aside: "" if _ASIDE_TARGET.search(aside["body"]) else aside[0], text)


def without_trade_mark(text: str) -> str:
    """The text without "(PDQ®)": NCI forbids the name for text that was changed."""
    return _TRADE_MARK.sub("", text) if "PDQ" in text else text
