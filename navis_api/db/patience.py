"""How long either side waits for the other, over a network that may have gone silent.

A connection that was cut where neither side is told stays open on both. What this process has
given up on goes on at the server: its transaction stays open with all its locks, and others
wait for them until the server's kernel looks after the connection, which by default it does
after two hours. So every session brings its own limits along.
"""

CONNECT_PATIENCE_S = 5.0
"""How long the opening of a connection may take."""

QUEUE_COMMAND_TIMEOUT_S = 10.0
"""How long a statement of the job queue may run: some look through all that waits. A worker
whose connections went silent finds that out of one after the other."""

LOCK_TIMEOUT_MS = 2_000
"""How long a migration waits for a lock: all who come after it wait as long. Statements may take
longer than that, so no request fails by it."""

# A transaction waits for us only while we compute, which takes milliseconds.
_IDLE_IN_TRANSACTION_S = 10
# The kernel's own looking after: gone after 15 s of silence and three questions.
_KEEPALIVE_IDLE_S = 15
_KEEPALIVE_INTERVAL_S = 5
_KEEPALIVE_COUNT = 3
_UNACKNOWLEDGED_S = 30
SERVER_GIVES_UP_S = _KEEPALIVE_IDLE_S + _KEEPALIVE_COUNT * _KEEPALIVE_INTERVAL_S
"""After how long Postgres ends a connection from whose machine nothing comes any more."""

# This process gives a statement up first, and says so; the server ends what it couldn't say.
_LATER_S = 2


def patience_settings(command_timeout_s: float) -> dict[str, str]:
    """Return the session settings by which Postgres gives up on who has gone."""
    return {
        "statement_timeout": _milliseconds(command_timeout_s + _LATER_S),
        "idle_in_transaction_session_timeout": _milliseconds(_IDLE_IN_TRANSACTION_S),
        "tcp_keepalives_idle": str(_KEEPALIVE_IDLE_S),
        "tcp_keepalives_interval": str(_KEEPALIVE_INTERVAL_S),
        "tcp_keepalives_count": str(_KEEPALIVE_COUNT),
        "tcp_user_timeout": _milliseconds(_UNACKNOWLEDGED_S),
    }


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))
