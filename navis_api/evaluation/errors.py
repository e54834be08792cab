"""Errors of evaluations."""

from navis_api.errors import InvalidInput


class CasesBroken(InvalidInput):
    """A file of cases has a line that can't be used. The message names the line, not its text."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")


class CasesEmpty(InvalidInput):
    """A file of cases without a case."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where}: holds no case. Write one JSON object a line.")
