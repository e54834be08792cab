"""What is missing from buckets, where Postgres keeps that for all processes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Double
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base


class LimitBucket(Base):
    """A bucket that isn't full, or wasn't a moment ago. An unlogged table, written by functions.

    The key is a keyed hash. What was missing at `settled_at` has come back `full_in_s` seconds
    after it; less than 0 is more than was taken, and counts as nothing.
    """

    __tablename__ = "limit_buckets"
    __table_args__ = (
        CheckConstraint("octet_length(key) = 16", name="key"),
        {"prefixes": ["UNLOGGED"]},
    )

    key: Mapped[bytes] = mapped_column(primary_key=True)
    full_in_s: Mapped[float] = mapped_column(Double())
    settled_at: Mapped[datetime]
