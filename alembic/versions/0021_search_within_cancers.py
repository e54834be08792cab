"""No index of words has a queue.

Revision: 0021, after 0020; 2026-11-22

What was published lately stood at an index's end, unsorted, up to 4 MB of it, and each search
read it from beginning to end.
"""

from alembic import op

revision = "0021"
down_revision = "0020"

_SORTED = ("ix_questions_search", "ix_questions_search_sample")


def upgrade() -> None:
    """Have them sorted at once."""
    for name in _SORTED:
        op.execute(f"ALTER INDEX {name} SET (fastupdate = off)")
        op.execute(f"SELECT gin_clean_pending_list('{name}')")


def downgrade() -> None:
    """Let them have a queue."""
    for name in _SORTED:
        op.execute(f"ALTER INDEX {name} RESET (fastupdate)")
