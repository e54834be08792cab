"""What can be wrong with registering documents."""

from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.errors import InvalidInput, UserFault


class ManifestInvalid(InvalidInput):
    """A manifest that is none, or not of a form that we read."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The manifest {reason}.")


class ClientInvalid(InvalidInput):
    """A name or a version that no client can have."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(
            f"A client's {what} has 1 to {most} letters, digits and `. _ + -`, and begins with a"
            " letter or a digit."
        )


@dataclass(frozen=True, slots=True)
class RefusedDocument:
    """A document of a manifest that is refused: its operation, its id and every reason."""

    operation: str
    id: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        name = self.operation or "(without a name)"
        return f"{name} ({self.id}): {' '.join(self.reasons)}"


class DocumentsRefused(UserFault):
    """A manifest of which nothing was registered, since not all of it can be."""

    def __init__(self, refused: Sequence[RefusedDocument]) -> None:
        count = len(refused)
        what = "1 operation is" if count == 1 else f"{count} operations are"
        lines = "".join(f"\n  {each}" for each in refused)
        super().__init__(f"Nothing was registered: {what} refused.{lines}")
        self.refused = tuple(refused)


class ClientUnknown(UserFault):
    """A client's version of which nothing is registered."""

    def __init__(self, client: str, version: str) -> None:
        super().__init__(f"Nothing is registered of {client} {version}.")
