"""Tables of the catalogue of cancers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base
from navis_api.kit.ids import new_id


class Cancer(Base):
    """A cancer that questions are about; a node of the catalogue's tree."""

    __tablename__ = "cancers"
    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("name <> ''", name="name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    clinical_name: Mapped[str | None]
    aliases: Mapped[list[str]]
    abbreviations: Mapped[list[str]] = mapped_column(server_default="{}")
    body_site: Mapped[str]
    icd10_codes: Mapped[list[str]]
    summary: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("cancers.id", ondelete="RESTRICT"), index=True
    )
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CancerName(Base):
    """One way to name a cancer, in folded form: a name belongs to one cancer only."""

    __tablename__ = "cancer_names"
    __table_args__ = (Index("ix_cancer_names_cancer_id", "cancer_id"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    cancer_id: Mapped[UUID] = mapped_column(ForeignKey("cancers.id", ondelete="CASCADE"))
