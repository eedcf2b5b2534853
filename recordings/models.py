"""The catalogue of recordings. `file` is a name below the recordings directory, never a path from outside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Recording(Base):
    """One recording of one call's customer leg: two sides as two channels."""

    __tablename__ = "recordings"
    __table_args__ = (
        CheckConstraint("status IN ('recording','final','partial','failed')", name="known_status"),
        Index("ix_recordings_team_id_started_at", "team_id", "started_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(index=True)
    team_id: Mapped[str | None]
    queue: Mapped[str | None]
    agent_id: Mapped[str | None]
    file: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    seconds: Mapped[float] = mapped_column(default=0.0)
    channels: Mapped[int] = mapped_column(default=2)
    bytes: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
