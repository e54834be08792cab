"""The job queue's own tables.

The text is what `pgq sql install` of pgqueuer 1.6.0 prints, kept here so that an
old migration stays what it was when the library moves.

Revision: 0002, after 0001; 2026-11-21
"""

from pathlib import Path

from sqlalchemy.util import await_only

from alembic import op

revision = "0002"
down_revision = "0001"

_INSTALL = Path(__file__).with_name("0002_pgqueuer_1_6_0.sql")


def upgrade() -> None:
    # Several statements in one text: only asyncpg's own connection takes them,
    # and only after SQLAlchemy has begun the transaction on it.
    op.execute("SELECT 1")
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    await_only(connection.execute(_INSTALL.read_text(encoding="utf-8")))


def downgrade() -> None:
    op.execute("DROP TABLE pgqueuer, pgqueuer_log, pgqueuer_schedules, pgqueuer_statistics CASCADE")
    op.execute("DROP FUNCTION fn_pgqueuer_changed() CASCADE")
    op.execute("DROP TYPE pgqueuer_status")
