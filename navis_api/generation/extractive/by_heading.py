"""Options that their own heading limits are told under it: a place, a part of a pregnancy.

"Treatment may include:" says nothing of where the tumor is, and "it is not possible to continue
the pregnancy" holds for the first three months alone.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from navis_api.answers.models import SectionKind
from navis_api.generation.contract import DraftClaim, DraftSection

_BARE = re.compile(
    r"Treatments? (?:options )?(?:may |can |might |usually )?includes?"
    r"(?: (?:one or more of )?the following)?:?",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"\btrimesters?\b|\bweeks? of pregnancy\b", re.IGNORECASE)
_LONGEST_HEADING_CHARS = 120


def by_heading(section: DraftSection) -> list[DraftSection]:
    """Return a section as one for each heading of its quotes, where one of these limits them."""
    if section.kind is not SectionKind.OPTIONS:
        return [section]
    groups = [list(group) for _, group in groupby(section.claims, _heading)]
    if len(groups) == 1 or not any(map(_is_limited, groups)):
        return [section]
    return [
        replace(section, heading=_heading(group[0]) or section.heading, claims=tuple(group))
        for group in groups
    ]


def each_once(headings: Iterable[str], heading: str) -> str:
    """Return a heading that none of the others is."""
    return f"{heading} (more)" if heading in set(headings) else heading


def _is_limited(claims: Iterable[DraftClaim]) -> bool:
    return any(_BARE.fullmatch(claim.text) or _LIMITS.search(_heading(claim)) for claim in claims)


def _heading(claim: DraftClaim) -> str:
    heading = claim.citations[0].locator or ""
    # A statement that stands as a heading is a quote itself.
    is_name = len(heading) <= _LONGEST_HEADING_CHARS and not heading.endswith(".")
    return heading if is_name else ""
