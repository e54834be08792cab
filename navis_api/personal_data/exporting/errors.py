"""Why an export ends before its end, and why a file can't be given."""

from navis_api.errors import NavisError


class ExportCut(NavisError):
    """Not everything could be given. The stream ends in the middle, so that it doesn't look whole.

    Trying again later helps where a storage or the database was away.
    """

    def __init__(self) -> None:
        super().__init__("The export could not be completed. Try again in a few minutes.")


class ContentsMissing(NavisError):
    """A record has no file (any more), or not the one that was uploaded."""

    def __init__(self) -> None:
        super().__init__("There is no file of this record.")
