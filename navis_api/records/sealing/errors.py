"""What can be wrong with what is sealed, and with the keys and the place it lies in."""

from navis_api.errors import NavisError, OperatorFault


class SealBroken(NavisError):
    """What was read isn't what was sealed: changed, cut short, lengthened, or of something else."""

    def __init__(self) -> None:
        super().__init__("What is stored here is not what was sealed.")


class KeyGone(NavisError):
    """The patient's key doesn't exist (any more): nothing sealed with it can ever be read."""

    def __init__(self) -> None:
        super().__init__("The key that this was sealed with is gone.")


class StorageUnavailable(NavisError):
    """The place of objects or of keys can't be reached now. Trying again later may help."""

    def __init__(self) -> None:
        super().__init__("The storage is out of reach. Try again in a few seconds.")


class MasterKeyInvalid(OperatorFault):
    """The file of the master key is no Tink keyset, or not the one that keys were wrapped with."""

    def __init__(self) -> None:
        super().__init__(
            "The master key doesn't open what was wrapped with it. Is NAVIS_MASTER_KEY_FILE the"
            " file that this installation has always had?"
        )


class StorageAddressInvalid(OperatorFault):
    """A setting that isn't the address of a place for objects. The message doesn't repeat it."""

    def __init__(self, setting: str) -> None:
        super().__init__(
            f"{setting} is no place for objects. It looks like s3://bucket/folder, gs://bucket,"
            " az://container or file:///a/folder"
        )
