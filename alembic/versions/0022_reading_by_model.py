"""Patients may also consent to having the words of their records sent to a language model.

Revision: 0022, after 0016; 2026-11-21
"""

from alembic import op

revision = "0022"
down_revision = "0016"

_BEFORE = ("PERSONAL_ANSWERS", "REVIEW", "EXTERNAL_PROCESSING")
_NEW = "READING_BY_MODEL"


def upgrade() -> None:
    _replace_check([*_BEFORE, _NEW])


def downgrade() -> None:
    # The former version asks for no such consent, so that none of these allows anything there.
    op.execute(f"DELETE FROM consents WHERE purpose = '{_NEW}'")
    _replace_check(_BEFORE)


def _replace_check(purposes: list[str] | tuple[str, ...]) -> None:
    listed = ", ".join(f"'{each}'" for each in purposes)
    op.execute("ALTER TABLE consents DROP CONSTRAINT ck_consents_purpose")
    op.execute(
        "ALTER TABLE consents ADD CONSTRAINT ck_consents_purpose"
        f" CHECK (purpose IN ({listed})) NOT VALID"
    )
    # By itself, so that nobody waits while the rows are looked at.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE consents VALIDATE CONSTRAINT ck_consents_purpose")
