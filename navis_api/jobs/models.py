"""What the processes of one deployment know each other by."""

from sqlalchemy import CheckConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base


class DeploymentSecret(Base):
    """One row, which the migration makes. It is read by `navis_deployment()` alone."""

    __tablename__ = "deployment"
    __table_args__ = (
        CheckConstraint("one", name="one"),
        CheckConstraint("octet_length(secret) = 32", name="secret"),
    )

    one: Mapped[bool] = mapped_column(primary_key=True, server_default=true())
    secret: Mapped[bytes]
