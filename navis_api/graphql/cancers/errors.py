"""What can be wrong with how a query names a cancer."""

from navis_api.errors import UserFault


class CancerUnknown(UserFault):
    """A slug that no cancer has."""

    code = "UNKNOWN_CANCER"

    def __init__(self) -> None:
        super().__init__("No cancer has this slug. `cancers` lists them.", path=("cancer",))
