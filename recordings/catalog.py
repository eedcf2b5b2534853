"""The catalogue in the database. The core writes it; a row written again from the same facts is the same row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from recordings.ingest import Status
from recordings.models import Recording
from storage.upsert import insert_for


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """One row. The id is the call's: a call has one recording of its customer's leg, from the first answer to the end."""

    id: str
    call_id: str
    status: Status
    started_at: datetime
    team_id: str | None = None
    queue: str | None = None
    agent_id: str | None = None
    file: str = ""
    seconds: float = 0.0
    channels: int = 2
    bytes: int = 0
    sha256: str = ""
    ended_at: datetime | None = None


async def save(session: AsyncSession, row: RecordingRow) -> None:
    """Insert or bring up to date. A finished recording does not become an unfinished one again."""
    values = asdict(row) | {"status": row.status.value}
    statement = insert_for(session, Recording).values(**values)
    changed = {name: value for name, value in values.items() if name != "id"}
    unless_finished = Recording.status == Status.RECORDING.value if row.status is Status.RECORDING else None
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed, where=unless_finished))


async def get(session: AsyncSession, recording: str) -> RecordingRow | None:
    """By its id."""
    found = await session.get(Recording, recording)
    return _row(found) if found else None


async def of_call(session: AsyncSession, call: str) -> RecordingRow | None:
    """The recording of a call."""
    found = await session.scalar(select(Recording).where(Recording.call_id == call).order_by(Recording.started_at))
    return _row(found) if found else None


async def unfinished(session: AsyncSession, before: datetime) -> list[RecordingRow]:
    """Begun before then and still `recording`: to be finished after a start."""
    statement = select(Recording).where(Recording.status == Status.RECORDING.value, Recording.started_at < before)
    return [_row(found) for found in (await session.scalars(statement.order_by(Recording.started_at))).all()]


def _row(found: Recording) -> RecordingRow:
    values = {name: getattr(found, name) for name in RecordingRow.__slots__}
    return RecordingRow(**(values | {"status": Status(found.status)}))
