"""What can be wrong with a content bundle."""

from navis_api.errors import OperatorFault


class BundleInvalid(OperatorFault):
    """A file of a bundle that can't be taken in. Nothing of the bundle is, then."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
