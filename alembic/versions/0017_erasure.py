"""Patients stand in the audit record under an id of ours.

Revision: 0017, after 0018; 2026-11-21
"""

from alembic import op

revision = "0017"
down_revision = "0018"

# Whoever records gives the identity provider's name, as for everybody; what is kept is the id
# that leads to that name only through the row that an erasure removes, and nothing where nothing
# is held of them. So code of the release before, which knows nothing of it, records rightly too.
_PSEUDONYM = """\
        IF NEW.actor_kind = 'PATIENT' THEN
            NEW.actor := (SELECT p.id::text FROM patients p WHERE p.subject = NEW.actor);
        END IF;
"""

_OWN_KIND = (
    "actor_kind = upper(coalesce(nullif(current_setting('navis.role', true), ''), 'anonymous'))"
)
_OWN_NAME_BEFORE = f"actor IS NOT DISTINCT FROM navis_subject() AND {_OWN_KIND}"
_OWN_NAME = (
    f"{_OWN_KIND} AND actor IS NOT DISTINCT FROM"
    " CASE WHEN navis_acts_as_patient() THEN navis_patient()::text ELSE navis_subject() END"
)


def _chain(first: str = "") -> str:
    return f"""
    CREATE OR REPLACE FUNCTION navis_audit_chain() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE head audit_head;
    BEGIN
{first}\
        SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
        NEW.sequence := head.sequence + 1;
        NEW.previous := head.hash;
        NEW.hash := navis_audit_digest(NEW);
        UPDATE audit_head SET sequence = NEW.sequence, hash = NEW.hash;
        RETURN NEW;
    END $$
    """


def _let_add(own_name: str) -> None:
    op.execute(f"ALTER POLICY added ON audit_events WITH CHECK (navis_is_system() OR ({own_name}))")


def upgrade() -> None:
    """Have the database put the id in the place of the name."""
    op.execute(_chain(_PSEUDONYM))
    _let_add(_OWN_NAME)


def downgrade() -> None:
    """Record patients under the identity provider's name again."""
    _let_add(_OWN_NAME_BEFORE)
    op.execute(_chain())
