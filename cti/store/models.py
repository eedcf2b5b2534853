"""What the core writes into the business database: queue settings, call records, facts, agent sessions.

Projections of the journal: a row may be written again from the same facts and must then be equal. Nothing here refers to
a row of another part by a foreign key, as neither may wait for the other.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, JsonList, JsonObject


class Queue(Base):
    """A queue and its settings; `short_abandon_s` and `target_s` are those of the service level (docs/glossary.md, Figures)."""

    __tablename__ = "queues"

    id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    skills: Mapped[JsonObject]
    priority: Mapped[int] = mapped_column(default=0)
    target_s: Mapped[int] = mapped_column(default=20)
    short_abandon_s: Mapped[int] = mapped_column(default=5)
    record: Mapped[bool] = mapped_column(default=True)
    team_id: Mapped[str | None] = mapped_column(index=True)
    default_wrap_up_s: Mapped[int] = mapped_column(default=60)


class Agent(Base):
    """A person at work: id `agt-1024`, the number he says in his greeting, his skills with levels."""

    __tablename__ = "agents"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    skills: Mapped[JsonObject]


class CallRecord(Base):
    """One call. `state` and `version` say how far the facts have been folded into the row."""

    __tablename__ = "call_records"
    __table_args__ = (
        Index("ix_call_records_started_at_id", "started_at", "id"),
        Index("ix_call_records_agent_id_started_at", "agent_id", "started_at"),
        Index("ix_call_records_engineer_id_started_at", "engineer_id", "started_at"),
        Index("ix_call_records_owner_id_started_at", "owner_id", "started_at"),
        Index("ix_call_records_queue_started_at", "queue", "started_at"),
        Index("ix_call_records_team_id_started_at", "team_id", "started_at"),
        Index("ix_call_records_from_e164_started_at", "from_e164", "started_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[str]
    switch: Mapped[str] = mapped_column(default="")
    uniqueid: Mapped[str] = mapped_column(default="")
    sip_call_id: Mapped[str] = mapped_column(default="", index=True)
    from_e164: Mapped[str] = mapped_column(default="")
    from_raw: Mapped[str] = mapped_column(default="")
    from_name: Mapped[str] = mapped_column(default="")
    to_number: Mapped[str] = mapped_column(default="", index=True)
    queue: Mapped[str | None]
    language: Mapped[str | None]
    agent_id: Mapped[str | None]
    engineer_id: Mapped[str | None]
    owner_id: Mapped[str | None]
    ticket_id: Mapped[str | None] = mapped_column(index=True)
    callback_id: Mapped[str | None]
    disposition: Mapped[str | None]
    started_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    wait_s: Mapped[float] = mapped_column(default=0.0)
    talk_s: Mapped[float] = mapped_column(default=0.0)
    hold_s: Mapped[float] = mapped_column(default=0.0)
    ended_by: Mapped[str | None]
    end_reason: Mapped[str | None]
    rebuilt: Mapped[bool] = mapped_column(default=False)
    team_id: Mapped[str | None]
    legs: Mapped[JsonList] = mapped_column(default=list)
    recording_id: Mapped[str | None]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)


class CallParty(Base):
    """An agent or engineer who had the call, or was consulted about it: the record is his to read for good."""

    __tablename__ = "call_parties"

    agent_id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True)


class CallFact(Base):
    """A fact as projected; `id` makes a second projection a no-op, `seq` is the journal's order."""

    __tablename__ = "call_facts"
    __table_args__ = (Index("ix_call_facts_call_id_seq", "call_id", "seq"), Index("ix_call_facts_agent_id_at", "agent_id", "at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, index=True)
    call_id: Mapped[str | None]
    at: Mapped[datetime]
    kind: Mapped[str]
    agent_id: Mapped[str | None]
    data: Mapped[JsonObject]
    v: Mapped[int] = mapped_column(default=1)


class AgentSession(Base):
    """A stretch of time that an agent spent in one state; `to_at` None: still in it."""

    __tablename__ = "agent_sessions"
    __table_args__ = (Index("ix_agent_sessions_agent_id_from_at", "agent_id", "from_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[str]
    from_at: Mapped[datetime] = mapped_column(index=True)
    to_at: Mapped[datetime | None]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
