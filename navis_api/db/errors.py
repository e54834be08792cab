"""What can be wrong with the way to the database."""

from navis_api.errors import NavisError


class DatabaseBusy(NavisError):
    """No connection became free in time. Trying again a little later is the right thing to do."""

    def __init__(self) -> None:
        super().__init__("The service is busy. Try again in a few seconds.")
