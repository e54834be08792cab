"""Why a record can't be used, in words that say what to do."""

from collections.abc import Mapping

from navis_api.records.extraction.failures import MESSAGES
from navis_api.records.models import RecordFailure

OTHER = "Something is wrong with this file. Upload it again, or another one."
"""For codes that this version doesn't know."""

SENTENCES: Mapping[str, str] = {
    RecordFailure.UPLOAD_EXPIRED: "The upload was not completed in time. Upload the file again.",
    RecordFailure.HASH_MISMATCH: (
        "What arrived is not the file that was announced. Upload the file again."
    ),
    RecordFailure.MALWARE: (
        "Harmful software was found in this file, so it was removed. Don't open it on your"
        " devices. Ask whoever gave it to you for a new one."
    ),
    RecordFailure.TOO_LARGE_TO_SCAN: (
        "This file is too large to be checked for harmful software. Upload it in smaller parts."
    ),
    RecordFailure.NOT_SCANNED: (
        "This file could not be checked for harmful software. Upload it again."
    ),
    RecordFailure.NOT_READ: "This file could not be read here. Upload it again.",
    **{code.value: sentence for code, sentence in MESSAGES.items()},
}
"""By the code in the row. `messages_es.json` has them too."""


def sentence_of(failure: str | None) -> str | None:
    """Return what to say of a failure, in English."""
    return None if failure is None else SENTENCES.get(failure, OTHER)
