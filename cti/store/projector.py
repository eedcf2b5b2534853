"""The journal into the business database: facts, call records, agent sessions. Idempotent by fact id; a database that is away
stops nothing but this, and what waits in the journal is written once when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import cast

import structlog
from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cti.calls.facts import Fact, FactKind, JsonValue
from cti.calls.record import CallRecord
from cti.ports.journal import JournalFailed
from cti.store import models
from cti.store.journal import SqliteJournal
from cti.store.journal_rows import StoredFact
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork
from storage.upsert import insert_for

log = structlog.get_logger("cti.projector")
MARK = "projected"
BATCH = 500
PAUSE = 0.3  # between batches that were not full: a transaction costs more than the facts in it
# Personal data of a call lies in its record's row, which can be erased; the lasting facts carry ids only (ADR 0003).
PERSONAL = frozenset({"ani_raw", "ani", "name_raw", "number"})
BEGINS = (FactKind.CALL_ARRIVED, FactKind.CALL_DIALLED)
CUT_EVERY = 50  # batches
# Tables, not models: rows of many facts go as one executemany, and nothing of them is kept in a session.
MODELS = (models.CallFact, models.CallRecord, models.CallParty, models.AgentSession)
FACTS, RECORDS, PARTIES, SESSIONS = (cast(Table, model.__table__) for model in MODELS)
CLOSE_SESSION = (
    update(SESSIONS).where(SESSIONS.c.agent_id == bindparam("whose"), SESSIONS.c.to_at.is_(None)).values(to_at=bindparam("ended"))
)


class Projector:
    """One consumer of the journal. `behind` is how many facts wait (a metric)."""

    def __init__(self, journal: SqliteJournal, work: UnitOfWork, team_of_queue: Callable[[str], str]) -> None:
        self._journal, self._work, self._team_of_queue = journal, work, team_of_queue
        self._records: dict[str, CallRecord] = {}
        self.wake = asyncio.Event()
        self.behind = 0
        self.away = False
        self._sure = False  # a batch before this one was new as a whole: so is what follows it in the journal

    async def run(self) -> None:
        """Follow the journal until cancelled. One that cannot be read or marked is told by its writer; here it is waited for."""
        while True:
            try:
                await self._follow(int(await self._journal.get_mark(MARK) or 0))
            except JournalFailed as error:
                log.warning("journal away, the projection waits", action="projection_waits", error=str(error))
                self._records.clear()  # a batch whose mark was not written comes again
                self._sure = False
                await self._sleep(2.0)

    async def _follow(self, seq: int) -> None:
        batches = 0
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
            if len(stored) < BATCH:
                await self._sleep(PAUSE)

    async def _sleep(self, seconds: float) -> None:
        self.wake.clear()
        try:
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        except TimeoutError:
            return
        await asyncio.sleep(0.02)  # a burst becomes one batch

    async def _project(self, stored: Sequence[StoredFact]) -> bool:
        try:
            async with self._work.write() as session:
                fresh = await self._new_facts(session, stored)
                await self._calls(session, fresh)
                await self._agents(session, [s.fact for s in fresh])
        except StorageError as error:
            self._records.clear()  # folded facts were rolled back with the rows
            self._sure = False  # or they were committed and the answer was lost
            if not self.away:
                log.warning("business database away, facts wait in the journal", action="projection_waits", error=str(error))
            self.away = True
            return False
        self.away, self._sure = False, len(fresh) == len(stored)
        return True

    async def _new_facts(self, session: AsyncSession, stored: Sequence[StoredFact]) -> list[StoredFact]:
        """Insert what is not there yet; only that is folded."""
        known: set[str] = set()
        if not self._sure:
            known.update(await session.scalars(select(FACTS.c.id).where(FACTS.c.id.in_([s.fact.id for s in stored]))))
        fresh = [s for s in stored if s.fact.id not in known]
        if fresh:
            await session.execute(insert_for(session, FACTS).on_conflict_do_nothing(), [_fact_row(s) for s in fresh])
        return fresh

    # ---- calls ------------------------------------------------------------------------------------------------------

    async def _calls(self, session: AsyncSession, fresh: Sequence[StoredFact]) -> None:
        touched: dict[str, CallRecord] = {}
        joined: list[dict[str, str]] = []
        for stored in fresh:
            call = stored.fact.call
            if call is None:
                continue
            record = self._records.get(call)
            if record is None:
                new = stored.fact.kind in BEGINS  # then the database knows nothing of it yet
                before = CallRecord(id=call) if new else await self._fold_before(session, call, {s.fact.id for s in fresh})
                record = self._records[call] = before
            known = set(record.parties)
            record.apply(stored.fact)
            joined += [{"call_id": call, "agent_id": who} for who in record.parties - known]
            touched[call] = record
        await self._save(session, list(touched.values()))
        if joined:
            await session.execute(insert_for(session, PARTIES).on_conflict_do_nothing(), joined)
        for record in touched.values():
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

    async def _save(self, session: AsyncSession, records: Sequence[CallRecord]) -> None:
        """All in one statement. A call whose beginning is not known is another installation's."""
        rows = [
            _record_row(record) | {"team_id": self._team_of_queue(record.queue) or None}
            for record in records
            if record.started_at is not None
        ]
        if rows:
            statement = insert_for(session, RECORDS)
            changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
            await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)

    # ---- agents -----------------------------------------------------------------------------------------------------

    async def _agents(self, session: AsyncSession, fresh: Sequence[Fact]) -> None:
        """Each state ends the one before it: the first of an agent the open row, the others the row before them here."""
        ended: dict[str, datetime] = {}
        rows: list[dict[str, object]] = []
        last: dict[str, dict[str, object]] = {}
        for fact in fresh:
            if fact.kind is not FactKind.AGENT_STATE or not fact.agent:
                continue
            ended.setdefault(fact.agent, fact.at)
            last.pop(fact.agent, {})["to_at"] = fact.at
            if fact.data.get("to") != "LOGGED_OUT":
                last[fact.agent] = _session_row(fact)
                rows.append(last[fact.agent])
        if ended:
            await session.execute(CLOSE_SESSION, [{"whose": agent, "ended": at} for agent, at in ended.items()])
        if rows:
            await session.execute(insert_for(session, SESSIONS).on_conflict_do_nothing(), rows)


def _session_row(fact: Fact) -> dict[str, object]:
    return {
        "id": fact.id,
        "agent_id": fact.agent,
        "from_at": fact.at,
        "to_at": None,
        "state": str(fact.data["to"]),
        "reason": str(fact.data.get("reason") or ""),
    }


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
