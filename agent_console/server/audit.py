"""The audit: who did what to what, in an append-only table whose lines carry the keyed hash of the line before.

What must not happen unaudited (a recording played) is written before it happens; a database that is away refuses it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import select, text

from agent_console.server.actor import Actor
from agent_console.server.models import AuditEntry
from cti.ports.clock import Clock
from storage.base import iso
from storage.unit_of_work import Session, UnitOfWork

KEY_ID = "s1"
LOCK = 0x0CA411108  # pg_advisory_xact_lock: the chain has one writer at a time


def digest(key: bytes, previous: str, entry: AuditEntry) -> str:
    """HMAC over the line before and every field of this one, in a fixed order."""
    fields = [
        iso(entry.at), entry.actor, entry.role, entry.action, entry.object, entry.result, entry.reason,
        entry.address, entry.request, entry.data, entry.key_id,
    ]  # fmt: skip
    canonical = orjson.dumps([previous, fields], option=orjson.OPT_SORT_KEYS)
    return hmac.new(key, canonical, hashlib.sha256).hexdigest()


class Audit:
    """Appends; nothing here changes or removes a line, and the database's triggers refuse it."""

    def __init__(self, uow: UnitOfWork, clock: Clock, key: bytes) -> None:
        self._uow, self._clock, self._key = uow, clock, key

    async def record(
        self,
        action: str,
        actor: Actor | None = None,
        *,
        about: str = "",
        result: str = "ok",
        address: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """One line, durable when this returns. Raises DatabaseAway. `about` and `data` carry ids, never names or secrets."""
        now = self._clock.now()
        entry = AuditEntry(
            at=now.replace(microsecond=now.microsecond // 1000 * 1000),
            actor=actor.user if actor else "", role=actor.role.value if actor else "",
            action=action, object=about[:200], result=result, reason="", address=address[:64], request="",
            data=dict(data or {}), key_id=KEY_ID,
        )  # fmt: skip
        async with self._uow.write() as session:
            await self._append(session, entry)

    async def _append(self, session: Session, entry: AuditEntry) -> None:
        if self._uow.engine.dialect.name == "postgresql":
            await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        last = select(AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
        entry.prev_hash = (await session.execute(last)).scalar_one_or_none() or ""
        entry.hash = digest(self._key, entry.prev_hash, entry)
        session.add(entry)

    async def first_broken(self) -> int | None:
        """The `seq` of the first line that does not fit the one before it; None: the chain holds."""
        previous = ""
        async with self._uow.read() as session:
            rows: Sequence[AuditEntry] = (await session.execute(select(AuditEntry).order_by(AuditEntry.seq))).scalars().all()
        for row in rows:
            if row.prev_hash != previous or not hmac.compare_digest(row.hash, digest(self._key, previous, row)):
                return row.seq
            previous = row.hash
        return None
