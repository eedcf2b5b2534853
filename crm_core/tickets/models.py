"""Tickets and their append-only history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, JsonObject, SortKey

UNFINISHED_ROW = text("state NOT IN ('closed', 'solved')")


class Ticket(Base):
    """A request, or a task sheet with its clock. `number` is unique within its day's year (`day`, `number`)."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("number", "day"),
        CheckConstraint("kind IN ('request','task_sheet')", name="known_kind"),
        CheckConstraint("state IN ('open','handed_over','in_progress','solved','closed')", name="known_state"),
        Index("ix_tickets_owner_id_created_at", "owner_id", "created_at"),
        # What the screen pop asks for: of an owner with a hundred finished tickets it reads only the open ones, in order.
        Index("ix_tickets_unfinished", "owner_id", "due_at", sqlite_where=UNFINISHED_ROW, postgresql_where=UNFINISHED_ROW),
        Index("ix_tickets_created_at_id", "created_at", "id"),
        Index("ix_tickets_state_due_at", "state", "due_at"),
        Index("ix_tickets_kind_state_due_at", "kind", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(SortKey)
    day: Mapped[date]
    kind: Mapped[str]
    title: Mapped[str]
    state: Mapped[str]
    team_id: Mapped[str | None] = mapped_column(index=True)
    owner_id: Mapped[str | None]
    property_id: Mapped[str | None]
    equipment: Mapped[str] = mapped_column(default="")
    symptom: Mapped[str] = mapped_column(default="")
    since_when: Mapped[str] = mapped_column(default="")
    service_mode: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=2)
    note: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    holder_role: Mapped[str | None]
    holder_agent: Mapped[str | None] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    call_id: Mapped[str | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration


class TicketEvent(Base):
    """One line of a ticket's history; lines are only added."""

    __tablename__ = "ticket_events"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    code: Mapped[str]
    params: Mapped[JsonObject]


class TicketDay(Base):
    """The last number given on a day."""

    __tablename__ = "ticket_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
