"""What can be wrong with an answer."""

from navis_api.errors import InvalidInput


class QuoteNotInSource(InvalidInput):
    """A quote that doesn't stand in the source it names."""

    def __init__(self, source_key: str) -> None:
        super().__init__(f"A quote doesn't stand, to the letter, in the source `{source_key}`.")


class ClaimWithoutCitation(InvalidInput):
    """A claim that rests on nothing."""

    def __init__(self, heading: str) -> None:
        super().__init__(f"A claim under the heading `{heading}` has no citation.")
