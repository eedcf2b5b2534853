"""Every recording is finished, catalogued and linked to its call: after the call's end, and after a start what was left over."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from cti.calls.call_states import CallState
from cti.calls.facts import FactKind, JsonValue
from cti.ports.journal import JournalFailed
from cti.services.core import Core
from cti.services.state import Call
from cti.store import models
from recordings.catalog import RecordingRow, save
from recordings.desk import RecordingDesk
from recordings.errors import NoSpace, RecordingError
from recordings.ingest import Status
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("carillon.recordings")
RETRY_SECONDS = 30.0


class RecordingClerk:
    """One queue of ended calls, worked off in order; what fails for a passing reason is tried again."""

    def __init__(self, core: Core, desk: RecordingDesk, work: UnitOfWork) -> None:
        self._core, self._desk, self._work = core, desk, work
        self._due: asyncio.Queue[str] = asyncio.Queue()
        self._rows: dict[str, RecordingRow] = {}
        self._expected: dict[str, float] = {}  # seconds a recording should have at least: connected to its end
        core.talks.on_ended.append(self._ended)

    def _ended(self, call: Call) -> None:
        if call.record.recording_status:
            self._remember(call)
            if call.record.answered_at and call.record.ended_at:
                self._expected[call.id] = (call.record.ended_at - call.record.answered_at).total_seconds()
            self._due.put_nowait(call.id)

    def _remember(self, call: Call) -> None:
        record = call.record
        queue = self._core.house.queues.get(record.queue)
        self._rows[call.id] = _row(
            call.id, record.started_at or call.since, record.queue, record.agent, queue.team if queue else "", record.ended_at
        )

    async def run(self) -> None:
        """Until cancelled."""
        await self._core.ready.wait()
        await self._look_for_left_overs()
        while True:
            call = await self._due.get()
            try:
                await self._finish(call)
            except (NoSpace, OSError):
                log.exception("no room for a recording", action="recording_failed", call=call)
                await self._mark_failed(call)
                self._later(call)
            except (StorageError, JournalFailed) as error:
                log.warning("recording not catalogued yet", action="recording_waits", call=call, error=str(error))
                self._later(call)
            except RecordingError:
                log.exception("recording refused", action="recording_refused", call=call)

    def _later(self, call: str) -> None:
        """Tried again while others go on; the raw file stays."""
        self._core.house.timers.start(f"recording:{call}", RETRY_SECONDS, partial(self._due.put_nowait, call))

    async def _mark_failed(self, call: str) -> None:
        """Said at once; a later try that succeeds makes it final."""
        try:
            row = self._rows.get(call) or await self._row_from_record(call)
            async with self._work.write() as session:
                await save(session, replace(row, status=Status.FAILED))
        except StorageError as error:
            log.warning("recording not catalogued yet", action="recording_waits", call=call, error=str(error))

    async def _look_for_left_overs(self) -> None:
        """After a start: raw files of calls that are over, also of those that the switch carried alone."""
        for call in await self._desk.left_over():
            alive = self._core.house.floor.calls.get(call)
            if alive is None or alive.state is CallState.ENDED:
                self._due.put_nowait(call)

    async def _finish(self, call: str) -> None:
        row = self._rows.get(call) or await self._row_from_record(call)
        done = await self._desk.finish(call, row.started_at, self._expected.get(call))
        final = replace(
            row,
            status=done.status,
            file=done.file,
            seconds=done.seconds,
            channels=done.channels,
            bytes=done.bytes,
            sha256=done.sha256,
        )
        async with self._work.write() as session:
            await save(session, final)
        told: dict[str, JsonValue] = {
            "recording": call,
            "seconds": done.seconds,
            "channels": done.channels,
            "status": done.status.value,
        }
        self._core.house.recorder.late(FactKind.RECORDING_FINISHED, call, **told)
        await self._core.house.recorder.commit()
        await self._desk.discard(call)
        self._rows.pop(call, None)
        self._expected.pop(call, None)

    async def _row_from_record(self, call: str) -> RecordingRow:
        async with self._work.read() as session:
            record = await session.get(models.CallRecord, call)
        if record is None:
            return _row(call, self._core.house.clock.now(), "", "", "", None)
        return _row(call, record.started_at, record.queue or "", record.agent_id or "", record.team_id or "", record.ended_at)


def _row(call: str, started_at: datetime, queue: str, agent: str, team: str, ended_at: datetime | None) -> RecordingRow:
    return RecordingRow(
        id=call,
        call_id=call,
        status=Status.RECORDING,
        started_at=started_at,
        team_id=team or None,
        queue=queue or None,
        agent_id=agent or None,
        ended_at=ended_at,
    )
