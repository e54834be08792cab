"""Why a request can't add to an upload."""

from navis_api.errors import NavisError


class UploadGone(NavisError):
    """There is no open upload at this address. `expired` if there was one, and its time is over."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("There is no open upload at this address.")
        self.expired = expired


class WrongOffset(NavisError):
    """A request to go on from another place than where the upload stands."""

    def __init__(self, received_bytes: int) -> None:
        super().__init__("The upload stands elsewhere.")
        self.received_bytes = received_bytes


class WriterReplaced(NavisError):
    """Another request has taken this one's place: nothing more is taken from it."""

    def __init__(self) -> None:
        super().__init__("Another request goes on with this upload.")


class UploadTooLong(NavisError):
    """More was sent than was announced, or in too many pieces."""

    def __init__(self) -> None:
        super().__init__("More was sent than was announced.")
