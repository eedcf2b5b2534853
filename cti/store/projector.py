"""The journal into the business database: facts, call records, agent sessions. Idempotent by fact id; a database that is away
stops nothing but this, and what waits in the journal is written once when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cti.calls.facts import Fact, FactKind, JsonValue
from cti.calls.record import CallRecord
from cti.store import models
from cti.store.journal import SqliteJournal, StoredFact
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork
from storage.upsert import insert_for

log = structlog.get_logger("cti.projector")
MARK = "projected"
BATCH = 200
# Personal data of a call lies in its record's row, which can be erased; the lasting facts carry ids only (ADR 0003).
PERSONAL = frozenset({"ani_raw", "ani", "name_raw", "number"})
CUT_EVERY = 50  # batches


class Projector:
    """One consumer of the journal. `behind` is how many facts wait (a metric)."""

    def __init__(self, journal: SqliteJournal, work: UnitOfWork, team_of_queue: Callable[[str], str]) -> None:
        self._journal, self._work, self._team_of_queue = journal, work, team_of_queue
        self._records: dict[str, CallRecord] = {}
        self.wake = asyncio.Event()
        self.behind = 0
        self.away = False

    async def run(self) -> None:
        """Follow the journal until cancelled."""
        seq, batches = int(await self._journal.get_mark(MARK) or 0), 0
        while True:
            stored = await self._journal.after(seq, BATCH)
            self.behind = len(stored)
            if not stored:
                await self._sleep(0.5)
                continue
            if not await self._project(stored):
                await self._sleep(2.0)
                continue
            seq, batches = stored[-1].seq, batches + 1
            await self._journal.set_mark(MARK, str(seq))
            if batches % CUT_EVERY == 0:
                await self._journal.cut(seq)

    async def _sleep(self, seconds: float) -> None:
        self.wake.clear()
        try:
            await asyncio.wait_for(self.wake.wait(), seconds)
        except TimeoutError:
            return
        await asyncio.sleep(0.02)  # a burst becomes one batch

    async def _project(self, stored: Sequence[StoredFact]) -> bool:
        try:
            async with self._work.write() as session:
                fresh = await self._new_facts(session, stored)
                await self._calls(session, fresh)
                await self._agents(session, fresh)
        except StorageError as error:
            self._records.clear()  # folded facts were rolled back with the rows
            if not self.away:
                log.warning("business database away, facts wait in the journal", action="projection_waits", error=str(error))
            self.away = True
            return False
        self.away = False
        return True

    async def _new_facts(self, session: AsyncSession, stored: Sequence[StoredFact]) -> list[StoredFact]:
        """Insert what is not there yet; only that is folded."""
        known = set(await session.scalars(select(models.CallFact.id).where(models.CallFact.id.in_([s.fact.id for s in stored]))))
        fresh = [s for s in stored if s.fact.id not in known]
        if fresh:
            await session.execute(insert_for(session, models.CallFact).on_conflict_do_nothing(), [_fact_row(s) for s in fresh])
        return fresh

    # ---- calls ------------------------------------------------------------------------------------------------------

    async def _calls(self, session: AsyncSession, fresh: Sequence[StoredFact]) -> None:
        touched: dict[str, CallRecord] = {}
        for stored in fresh:
            call = stored.fact.call
            if call is None:
                continue
            record = self._records.get(call)
            if record is None:
                record = self._records[call] = await self._fold_before(session, call, {s.fact.id for s in fresh})
            record.apply(stored.fact)
            touched[call] = record
        for record in touched.values():
            await self._save(session, record)
            if record.ended_at is not None and len(self._records) > 1000:
                del self._records[record.id]

    async def _fold_before(self, session: AsyncSession, call: str, fresh: set[str]) -> CallRecord:
        """The record as the database tells it: its facts folded, its personal data from its own row."""
        record = CallRecord(id=call)
        rows = await session.scalars(select(models.CallFact).where(models.CallFact.call_id == call).order_by(models.CallFact.seq))
        for row in rows:
            if row.id not in fresh:
                record.apply(_fact_of(row))
        saved = await session.get(models.CallRecord, call)
        if saved is not None:
            record.from_number, record.from_raw, record.from_name = saved.from_e164, saved.from_raw, saved.from_name
            record.to = record.to or saved.to_number
        return record

    async def _save(self, session: AsyncSession, record: CallRecord) -> None:
        if record.started_at is None:  # its beginning is not known (a fact about a call of another installation)
            return
        row = _record_row(record) | {"team_id": self._team_of_queue(record.queue) or None}
        statement = insert_for(session, models.CallRecord).values(**row)
        changed = {name: value for name, value in row.items() if name != "id"}
        await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))

    # ---- agents -----------------------------------------------------------------------------------------------------

    async def _agents(self, session: AsyncSession, fresh: Sequence[StoredFact]) -> None:
        for fact in (s.fact for s in fresh if s.fact.kind is FactKind.AGENT_STATE and s.fact.agent):
            open_one = (models.AgentSession.agent_id == fact.agent) & models.AgentSession.to_at.is_(None)
            await session.execute(update(models.AgentSession).where(open_one).values(to_at=fact.at))
            if fact.data.get("to") != "LOGGED_OUT":
                row = {"id": fact.id, "agent_id": fact.agent, "from_at": fact.at, "state": str(fact.data["to"])}
                row["reason"] = str(fact.data.get("reason") or "")
                await session.execute(insert_for(session, models.AgentSession).values(**row).on_conflict_do_nothing())


def _fact_row(stored: StoredFact) -> dict[str, object]:
    fact = stored.fact
    data: Mapping[str, JsonValue] = {name: value for name, value in fact.data.items() if name not in PERSONAL}
    return {
        "id": fact.id,
        "seq": stored.seq,
        "call_id": fact.call,
        "at": fact.at,
        "kind": fact.kind.value,
        "agent_id": fact.agent,
        "data": data,
        "v": fact.v,
    }


def _fact_of(row: models.CallFact) -> Fact:
    return Fact(id=row.id, at=row.at, kind=FactKind(row.kind), call=row.call_id, agent=row.agent_id, data=row.data, v=row.v)


def _or_none(value: str) -> str | None:
    return value or None


def _record_row(record: CallRecord) -> dict[str, object]:
    times: dict[str, datetime | None] = {
        "started_at": record.started_at,
        "queued_at": record.queued_at,
        "answered_at": record.answered_at,
        "ended_at": record.ended_at,
    }
    return times | {
        "id": record.id,
        "direction": record.direction,
        "switch": record.switch,
        "uniqueid": record.uniqueid,
        "sip_call_id": record.sip_call_id,
        "from_e164": record.from_number,
        "from_raw": record.from_raw,
        "from_name": record.from_name,
        "to_number": record.to,
        "queue": _or_none(record.queue),
        "language": _or_none(record.language),
        "agent_id": _or_none(record.agent),
        "engineer_id": _or_none(record.engineer),
        "owner_id": _or_none(record.owner),
        "ticket_id": _or_none(record.ticket),
        "callback_id": _or_none(record.callback),
        "disposition": _or_none(record.disposition),
        "wait_s": round(record.wait_s, 3),
        "talk_s": round(record.talk_s, 3),
        "hold_s": round(record.hold_s, 3),
        "ended_by": _or_none(record.ended_by),
        "end_reason": _or_none(record.end_reason),
        "rebuilt": record.rebuilt,
        "legs": record.legs,
        "recording_id": _or_none(record.recording),
        "state": record.state.value,
        "version": record.facts,
    }
