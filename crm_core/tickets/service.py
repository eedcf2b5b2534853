"""Tickets: make, change, hand over. Every step is a line of the history, written in the same transaction."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import FromClause

from crm_core.actor import Actor, Hint
from crm_core.errors import InvalidValue, NotFound
from crm_core.owners.models import Owner
from crm_core.tickets import store
from crm_core.tickets.holders import check_holder
from crm_core.tickets.models import Ticket
from crm_core.tickets.notes import appended, signed
from crm_core.tickets.rules import (
    HAND_OVER_CLOCK,
    HOLDER_ROLES,
    Kind,
    ServiceMode,
    State,
    check_sheet_change,
    day_of,
    move,
    number_of,
)
from crm_core.tickets.views import NewTicket, TicketChange, TicketFilter, TicketView
from storage.base import new_id
from storage.cursors import PAGE, Page
from storage.errors import Conflict
from storage.unit_of_work import Session, UnitOfWork

PRIORITIES = range(1, 5)


class Tickets:
    """Use cases about tickets. `zone` is the site's: tickets are numbered by its days. `agents` is cti's table, read only."""

    def __init__(self, uow: UnitOfWork, *, agents: FromClause, zone: ZoneInfo, hint: Hint) -> None:
        self._uow = uow
        self._agents = agents
        self.zone = zone
        self._hint = hint

    async def find(self, wanted: TicketFilter, cursor: str | None = None, limit: int = PAGE) -> Page[TicketView]:
        """Newest first. Raises BadCursor."""
        async with self._uow.read() as session:
            return await store.listed(session, wanted, cursor, limit)

    async def get(self, ticket_id: str) -> TicketView:
        """With its history. Raises NotFound."""
        async with self._uow.read() as session:
            return await store.view(session, await row_of(session, ticket_id))

    async def create(self, new: NewTicket, actor: Actor, now: datetime) -> TicketView:
        """A request. Raises InvalidValue."""
        async with self._uow.write() as session:
            row = await self.add(session, new, actor, now)
            return await store.view(session, row)

    async def add(self, session: Session, new: NewTicket, actor: Actor, now: datetime) -> Ticket:
        """The same inside somebody else's transaction (wrap-up writes ticket, callback and disposition as one)."""
        _check(new.priority, new.service_mode, new.holder_role)
        await known_owner(session, new.owner)
        await check_holder(session, self._agents, new.holder_role, new.holder_agent)
        state = State.HANDED_OVER if new.holder_role else State.OPEN
        due = new.due_at or (now + HAND_OVER_CLOCK if new.holder_role else None)
        row = Ticket(
            kind=Kind.REQUEST,
            title=new.title,
            state=state,
            owner_id=new.owner,
            property_id=new.property,
            equipment=new.equipment,
            symptom=new.symptom,
            since_when=new.since_when,
            service_mode=new.service_mode,
            priority=new.priority,
            note=new.note,
            phone=new.phone,
            holder_role=new.holder_role,
            holder_agent=new.holder_agent,
            due_at=due,
            call_id=new.call,
        )
        await self.insert(session, row, actor, now)
        if new.holder_role:
            await self.note_step(session, row, "handed_over", actor, now, to_role=new.holder_role, to_agent=new.holder_agent)
        return row

    async def insert(self, session: Session, row: Ticket, actor: Actor, now: datetime) -> None:
        """Number it, store it, begin its history."""
        day = day_of(now, self.zone)
        row.id = new_id()
        row.day = day
        row.number = number_of(day, await store.next_number(session, day))
        row.created_at, row.created_by, row.team_id = now, actor.user, actor.team
        session.add(row)
        await session.flush()
        await self.note_step(session, row, "created", actor, now, kind=row.kind)

    async def change(self, ticket_id: str, change: TicketChange, actor: Actor, now: datetime) -> TicketView:
        """Raises NotFound, NotAllowed, WrongState, WrongHolder, InvalidValue, NoteFull, Conflict (changed since `version`)."""
        _check(change.priority, change.service_mode, change.holder_role)
        async with self._uow.write() as session:
            row = await row_of(session, ticket_id, lock=True)
            if row.kind == Kind.TASK_SHEET:
                check_sheet_change(actor.role, steers=change.steers, note_before=row.note, note=change.note)
            if row.version != change.version:
                raise Conflict("the ticket was changed by somebody else")
            await check_holder(session, self._agents, change.holder_role or row.holder_role, change.holder_agent)
            await self._change_state(session, row, change, actor, now)
            await self._change_fields(session, row, change, actor, now)
            await session.flush()
            return await store.view(session, row)

    async def link(self, session: Session, ticket_id: str, *, call: str, actor: Actor, now: datetime) -> Ticket:
        """A call was about this ticket. Raises NotFound."""
        row = await row_of(session, ticket_id, lock=True)
        row.call_id = row.call_id or call
        await self.note_step(session, row, "changed", actor, now, field="call", call=call)
        return row

    async def hand_over(
        self, session: Session, row: Ticket, to: str, actor: Actor, now: datetime, agent: str | None = None
    ) -> None:
        """To a role (and a person): the 15-minute clock starts. Raises WrongState."""
        before = row.holder_role
        row.state = move(State(row.state), State.HANDED_OVER)
        row.holder_role, row.holder_agent, row.due_at = to, agent, now + HAND_OVER_CLOCK
        await self.note_step(session, row, "handed_over", actor, now, from_role=before, to_role=to, to_agent=agent)

    async def note_step(self, session: Session, row: Ticket, code: str, actor: Actor, now: datetime, **params: Any) -> None:
        """One line of the history, and a hint to those who look at it."""
        kept = {name: str(value) for name, value in params.items() if value is not None}
        await store.add_event(session, row.id, at=now, actor=actor.user, code=code, params=kept)
        session.after_commit(partial(self._hint, "tickets", row.id))
        if row.kind == Kind.TASK_SHEET:
            session.after_commit(partial(self._hint, "task-sheets", row.id))

    async def _change_state(self, session: Session, row: Ticket, change: TicketChange, actor: Actor, now: datetime) -> None:
        handed = change.holder_role is not None or change.holder_agent is not None
        if handed and change.state in {None, State.HANDED_OVER}:
            await self._reassign(session, row, change, actor, now)
        elif change.state is not None and change.state != row.state:
            before = row.state
            row.state = move(State(before), State(change.state))
            row.holder_role, row.holder_agent = change.holder_role or row.holder_role, change.holder_agent or row.holder_agent
            await self.note_step(session, row, "state_changed", actor, now, before=before, after=row.state)

    async def _reassign(self, session: Session, row: Ticket, change: TicketChange, actor: Actor, now: datetime) -> None:
        role = change.holder_role or row.holder_role
        if role is None:
            raise InvalidValue("holder_role", "missing")
        await self.hand_over(session, row, role, actor, now, change.holder_agent)

    async def _change_fields(self, session: Session, row: Ticket, change: TicketChange, actor: Actor, now: datetime) -> None:
        for field in ("priority", "service_mode", "due_at"):
            after = getattr(change, field)
            before = getattr(row, field)
            if after is not None and after != before:
                setattr(row, field, after)
                await self.note_step(session, row, "changed", actor, now, field=field, before=before, after=after)
        note = row.note if change.note is None else change.note
        if change.add_note is not None:
            note = appended(note, await signed(session, change.add_note, actor, now, self.zone))
        if note != row.note:
            row.note = note
            await self.note_step(session, row, "note", actor, now)


async def row_of(session: Session, ticket_id: str, *, lock: bool = False) -> Ticket:
    """`lock`: who comes second to this ticket waits and then reads what the first one wrote. Raises NotFound."""
    row = await session.get(Ticket, ticket_id, with_for_update=lock or None)
    if row is None:
        raise NotFound("ticket")
    return row


async def known_owner(session: Session, owner_id: str | None) -> None:
    """Raises InvalidValue when it names nobody: a ticket without an owner is fine, one of a wrong owner is not."""
    if owner_id is not None and await session.get(Owner, owner_id) is None:
        raise InvalidValue("owner", "unknown")


def _check(priority: int | None, service_mode: str | None, holder_role: str | None) -> None:
    if priority is not None and priority not in PRIORITIES:
        raise InvalidValue("priority", "unknown")
    if service_mode is not None and service_mode not in set(ServiceMode):
        raise InvalidValue("service_mode", "unknown")
    if holder_role is not None and holder_role not in HOLDER_ROLES:
        raise InvalidValue("holder_role", "unknown")
