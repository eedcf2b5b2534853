"""Task sheets (任务单): "an engineer will call you". Complete or refused, 15 minutes on the clock, one taker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from crm_core.actor import Actor
from crm_core.errors import InvalidValue, NotFound, Taken
from crm_core.numbers import NumberReason, normalise
from crm_core.owners.store import phones
from crm_core.tickets import store
from crm_core.tickets.models import Ticket
from crm_core.tickets.notes import appended
from crm_core.tickets.rules import (
    HAND_OVER_CLOCK,
    TASK_SHEET_FIELDS,
    Kind,
    Outcome,
    ServiceMode,
    State,
    check_outcome,
    check_task_sheet,
    day_of,
    move,
)
from crm_core.tickets.service import Tickets, known_owner, row_of
from crm_core.tickets.views import NewTaskSheet, TicketView
from storage.unit_of_work import Session, UnitOfWork

ENGINEER = "hotline_engineer"
TITLE_LENGTH = 60


class TaskSheets:
    """Use cases about task sheets; a sheet is a ticket of its kind."""

    def __init__(self, uow: UnitOfWork, tickets: Tickets, *, region: str) -> None:
        self._uow = uow
        self._tickets = tickets
        self._region = region

    async def open_sheets(self) -> list[TicketView]:
        """Open sheets, soonest first."""
        async with self._uow.read() as session:
            return await store.open_sheets(session)

    async def create(self, new: NewTaskSheet, actor: Actor, now: datetime) -> TicketView:
        """His unfinished sheet of the same call is that sheet: asked for again it is returned, as the form is now.

        Raises FieldsMissing while a required field is empty, InvalidValue for a number nobody can dial.
        """
        async with self._uow.write() as session:
            await known_owner(session, new.owner)
            number = new.number or await self._number_of(session, new.owner)
            check_task_sheet({**{name: getattr(new, name) for name in TASK_SHEET_FIELDS}, "number": number})
            phone = self._dialable(number)
            earlier = await self._earlier(session, new.call, actor, now)
            if earlier is not None:
                await self._bring_up(session, earlier, new, phone, actor=actor, now=now)
                return await store.view(session, earlier)
            return await store.view(session, await self._made(session, new, phone, actor, now))

    async def _made(self, session: Session, new: NewTaskSheet, phone: str, actor: Actor, now: datetime) -> Ticket:
        row = Ticket(
            kind=Kind.TASK_SHEET,
            title=_title(new),
            state=State.HANDED_OVER,
            owner_id=new.owner,
            property_id=None,
            equipment=new.equipment,
            symptom=new.symptom,
            since_when=new.since_when,
            service_mode=None,
            priority=2,
            note=new.note,
            phone=phone,
            holder_role=ENGINEER,
            holder_agent=None,
            due_at=now + HAND_OVER_CLOCK,
            call_id=new.call,
        )
        await self._tickets.insert(session, row, actor, now)
        await self._tickets.note_step(session, row, "handed_over", actor, now, to_role=ENGINEER)
        return row

    async def _earlier(self, session: Session, call: str | None, actor: Actor, now: datetime) -> Ticket | None:
        if call is None:
            return None
        await store.lock_numbers(
            session, day_of(now, self._tickets.zone)
        )  # the same key twice at once: the second waits and finds it
        return await store.sheet_of_call(session, call, actor.user)

    async def _bring_up(
        self, session: Session, row: Ticket, new: NewTaskSheet, phone: str, *, actor: Actor, now: datetime
    ) -> None:
        """What the form says now. A note that others added to is added to; their lines are no part of the form."""
        note = row.note
        if not f"{note}\n".startswith(f"{new.note}\n"):
            note = appended(note, new.note) if await store.was_noted(session, row.id) else new.note
        said = {"owner_id": new.owner or row.owner_id, "equipment": new.equipment, "symptom": new.symptom}
        said |= {"since_when": new.since_when, "phone": phone, "note": note}
        changed = [name for name, value in said.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, said[name])
            await self._tickets.note_step(session, row, "changed", actor, now, field=name.removesuffix("_id"))
        if changed:
            row.title = _title(new)
            await session.flush()

    async def take(self, sheet_id: str, actor: Actor, now: datetime) -> TicketView:
        """The first engineer has it; taking one's own again succeeds. Raises NotFound, Taken, WrongState."""
        async with self._uow.write() as session:
            row = await _sheet(session, sheet_id)
            if row.holder_agent == actor.agent and row.state == State.IN_PROGRESS:
                return await store.view(session, row)
            if row.holder_agent not in {None, actor.agent}:
                raise Taken(row.holder_agent or "")
            move(State(row.state), State.IN_PROGRESS)
            await self._claim(session, row, actor)
            await self._tickets.note_step(session, row, "taken", actor, now, agent=actor.agent)
            return await store.view(session, row)

    async def resolve(
        self, sheet_id: str, outcome: Outcome, note: str, due_at: datetime | None, *, actor: Actor, now: datetime
    ) -> TicketView:
        """Solved by phone, on to the coordinator, or ring again. Raises NotFound, FieldsMissing, WrongState, Taken."""
        check_outcome(outcome, note, due_at)
        async with self._uow.write() as session:
            row = await _sheet(session, sheet_id)
            if row.holder_agent not in {None, actor.agent}:
                raise Taken(row.holder_agent or "")
            await self._tickets.note_step(session, row, "resolved", actor, now, outcome=outcome)
            row.note = appended(row.note, note)
            await self._leave(session, row, outcome, due_at, actor=actor, now=now)
            await session.flush()
            return await store.view(session, row)

    async def _leave(
        self, session: Session, row: Ticket, outcome: Outcome, due_at: datetime | None, *, actor: Actor, now: datetime
    ) -> None:
        if outcome is Outcome.SOLVED_BY_PHONE:
            row.state = move(State(row.state), State.SOLVED)
            row.service_mode, row.due_at = ServiceMode.BY_PHONE, None
        elif outcome is Outcome.TO_COORDINATOR:
            await self._tickets.hand_over(session, row, "coordinator", actor, now)
        else:
            if row.state != State.IN_PROGRESS:
                row.state = move(State(row.state), State.IN_PROGRESS)
            row.holder_agent, row.due_at = actor.agent, due_at

    async def _claim(self, session: Session, row: Ticket, actor: Actor) -> None:
        """One conditional update, judged by whether it hit: two engineers never both have it."""
        claimed = await session.execute(
            update(Ticket)
            .where(Ticket.id == row.id, Ticket.holder_agent.is_(None) | (Ticket.holder_agent == actor.agent))
            .where(Ticket.version == row.version)
            .values(holder_agent=actor.agent, state=State.IN_PROGRESS, version=Ticket.version + 1)
            .returning(Ticket.id)
            .execution_options(synchronize_session=False)
        )
        if claimed.first() is None:
            raise Taken("")
        await session.refresh(row)

    async def _number_of(self, session: Session, owner: str | None) -> str:
        found = await phones(session, [owner]) if owner else []
        return found[0].e164 if found else ""

    def _dialable(self, number: str) -> str:
        found = normalise(number, self._region)
        if found.reason is not NumberReason.E164:
            raise InvalidValue("number", found.reason)
        return found.e164


def _title(new: NewTaskSheet) -> str:
    return f"{new.equipment.strip()}: {new.symptom.strip()}"[:TITLE_LENGTH]


async def _sheet(session: Session, sheet_id: str) -> Ticket:
    row = await row_of(session, sheet_id, lock=True)
    if row.kind != Kind.TASK_SHEET:
        raise NotFound("task_sheet")
    return row
