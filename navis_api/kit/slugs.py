"""Slugs: the part of an address that a person can read."""

import re
import unicodedata

MAX_SLUG_LENGTH = 96
_NOT_ALLOWED = re.compile(r"[^a-z0-9]+")


def slugify(text: str, *, max_length: int = MAX_SLUG_LENGTH) -> str:
    """Return lower-case ASCII words joined by hyphens, cut between words.

    Empty when the text has no letter or digit that ASCII can show.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    slug = _NOT_ALLOWED.sub("-", plain.lower().replace("'", "")).strip("-")
    if len(slug) <= max_length:
        return slug
    return slug[: max_length + 1].rpartition("-")[0] or slug[:max_length]
