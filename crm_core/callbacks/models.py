"""Callbacks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Callback(Base):
    """A promise to ring somebody at a time; `agent_id` None is anybody's."""

    __tablename__ = "callbacks"
    __table_args__ = (
        CheckConstraint("state IN ('open','done','cancelled')", name="known_state"),
        Index("ix_callbacks_state_due_at_id", "state", "due_at", "id"),
        Index("ix_callbacks_owner_id_state_due_at", "owner_id", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str | None]
    number: Mapped[str]
    due_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    agent_id: Mapped[str | None] = mapped_column(index=True)
    team_id: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="open")
    ticket_id: Mapped[str | None] = mapped_column(index=True)
    call_id: Mapped[str | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    announced_at: Mapped[datetime | None]  # nothing reads it: each page knows what came up on it
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration
