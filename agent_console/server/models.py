"""What the api writes for itself: web sessions, the audit, pre-shift checks, wrap-ups."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, JsonObject


class WebSession(Base):
    """A log-in. `id` is the hash of what the cookie or bearer token carries: a stolen table opens nothing."""

    __tablename__ = "web_sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]  # cookie | bearer
    csrf: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(default="")
    user_agent: Mapped[str] = mapped_column(default="")


class AuditEntry(Base):
    """One line of the audit. Triggers in the database refuse UPDATE and DELETE; each line carries the hash of the one before."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_actor_at", "actor", "at"), Index("ix_audit_action_at", "action", "at"))

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    action: Mapped[str]
    object: Mapped[str] = mapped_column(default="")
    result: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    request: Mapped[str] = mapped_column(default="")
    data: Mapped[JsonObject]
    prev_hash: Mapped[str] = mapped_column(default="")
    hash: Mapped[str] = mapped_column(default="")
    key_id: Mapped[str] = mapped_column(default="")


class Check(Base):
    """The result of a pre-shift check, kept for support."""

    __tablename__ = "checks"
    __table_args__ = (Index("ix_checks_user_id_at", "user_id", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    agent_id: Mapped[str | None]
    at: Mapped[datetime]
    ok: Mapped[bool]
    result: Mapped[JsonObject]


class WrapUp(Base):
    """What somebody said at the end of a call; one for each call and agent, for a call may go through several hands.

    `stay`: for which of his times with the call he said it last; `ticket_id`, `callback_id`: what was made of it.
    """

    __tablename__ = "wrap_ups"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(primary_key=True)
    disposition: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    stay: Mapped[str] = mapped_column(default="")
    ticket_id: Mapped[str | None]
    callback_id: Mapped[str | None]
