"""The reason that somebody gives for a step that readers will ask about."""

from navis_api.errors import InvalidInput
from navis_api.kit.text import squeeze
from navis_api.review.errors import ReasonRequired

MAX_REASON_CHARS = 2_000


def given_reason(reason: str) -> str:
    """Return a reason as it is kept. Raises ReasonRequired and InvalidInput."""
    said = squeeze(reason)
    if not said:
        raise ReasonRequired
    if len(said) > MAX_REASON_CHARS:
        raise InvalidInput(
            f"A reason has {MAX_REASON_CHARS} characters at most.", path=("input", "reason")
        )
    return said
