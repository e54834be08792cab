"""The JSON object that a model writes, also where it put a fence around it."""

import re
from typing import Any, cast

from pydantic_core import from_json

from navis_api.language_models.errors import OutputUnreadable

CHARS_PER_TOKEN = 8
"""No language needs more characters for a token."""

_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n?")
_FENCE_END = re.compile(r"\n?\s*```\s*\Z")


def read_object(written: str, *, whole: bool = True) -> dict[str, Any]:
    """Return what a model has written; with `whole` false, as far as it has come.

    Raises OutputUnreadable.
    """
    text = _FENCE.sub("", written)
    if text != written:
        # Only behind a fence: a partial string may end in anything.
        text = _FENCE_END.sub("", text)
    try:
        found: Any = from_json(text, allow_partial=not whole)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise OutputUnreadable
    return cast("dict[str, Any]", found)
