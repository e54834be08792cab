"""What can be wrong with the way to the database."""

from navis_api.errors import NavisError


class DatabaseBusy(NavisError):
    """The database gives no connection, or is away. Trying again a little later is right."""

    def __init__(self) -> None:
        super().__init__("The service is busy. Try again in a few seconds.")
