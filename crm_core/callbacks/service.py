"""Callbacks: promise, come up by themselves when due, take, do, move, hand to somebody else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import update

from crm_core.actor import Actor, Hint
from crm_core.callbacks import store
from crm_core.callbacks.models import Callback
from crm_core.callbacks.rules import CallbackState, move
from crm_core.callbacks.views import CallbackChange, CallbackFilter, CallbackView, NewCallback
from crm_core.errors import InvalidValue, NotFound, Taken, WrongState
from crm_core.numbers import NumberReason, normalise
from crm_core.owners.store import phones
from crm_core.tickets.service import known_owner
from storage.base import new_id
from storage.cursors import PAGE, Page
from storage.unit_of_work import Session, UnitOfWork

MOST_OF_ONE = 100  # due callbacks of one agent, and of nobody, that come up by themselves: the newest; lists have all


class Callbacks:
    """Use cases about callbacks; placing the call is cti's."""

    def __init__(self, uow: UnitOfWork, *, region: str, hint: Hint) -> None:
        self._uow = uow
        self._region = region
        self._hint = hint

    async def find(self, wanted: CallbackFilter, cursor: str | None = None, limit: int = PAGE) -> Page[CallbackView]:
        """Due first. Raises BadCursor."""
        async with self._uow.read() as session:
            return await store.listed(session, wanted, cursor, limit)

    async def get(self, callback_id: str) -> CallbackView:
        """Raises NotFound."""
        async with self._uow.read() as session:
            return await store.view(session, await _row(session, callback_id))

    async def create(self, new: NewCallback, actor: Actor, now: datetime) -> CallbackView:
        """Raises InvalidValue (a number nobody can dial, an owner nobody knows)."""
        async with self._uow.write() as session:
            return await store.view(session, await self.add(session, new, actor, now))

    async def add(self, session: Session, new: NewCallback, actor: Actor, now: datetime) -> Callback:
        """The same inside somebody else's transaction (wrap-up)."""
        await known_owner(session, new.owner)
        row = Callback(
            id=new_id(),
            owner_id=new.owner,
            number=await self._dialable(session, new),
            due_at=new.due_at,
            note=new.note,
            agent_id=new.agent,
            team_id=actor.team,
            state=CallbackState.OPEN,
            ticket_id=new.ticket,
            call_id=new.call,
            created_at=now,
            created_by=actor.user,
            closed_at=None,
        )
        session.add(row)
        await session.flush()
        self._tell(session, row)
        return row

    async def change(self, callback_id: str, change: CallbackChange, now: datetime) -> CallbackView:
        """Done, cancelled, another time, another agent. Raises NotFound, WrongState."""
        async with self._uow.write() as session:
            row = await _row(session, callback_id, lock=True)
            if change.state is not None:
                row.state = move(CallbackState(row.state), CallbackState(change.state))
                row.closed_at = None if row.state == CallbackState.OPEN else now
            if change.due_at is not None:
                row.due_at = change.due_at
            if change.note is not None:
                row.note = change.note
            if change.agent is not None:
                row.agent_id = change.agent
            self._tell(session, row)
            await session.flush()
            return await store.view(session, row)

    async def kept(self, session: Session, callback_id: str, actor: Actor, now: datetime) -> None:
        """The owner was rung and spoken to: done, inside somebody else's transaction (wrap-up).

        One that is closed stays so, and one of somebody else stays his: what he promised he keeps or hands on himself.
        """
        row = await session.get(Callback, callback_id, with_for_update=True)
        if row is not None and row.state == CallbackState.OPEN and row.agent_id in {None, actor.agent}:
            row.state, row.closed_at = CallbackState.DONE, now
            self._tell(session, row)

    async def take(self, callback_id: str, actor: Actor) -> CallbackView:
        """Make anybody's open callback one's own; one's own already: succeeds. Raises NotFound, Taken, WrongState."""
        async with self._uow.write() as session:
            row = await _row(session, callback_id, lock=True)
            if row.state != CallbackState.OPEN:
                raise WrongState(row.state, CallbackState.OPEN)
            claimed = await session.execute(
                update(Callback)
                .where(Callback.id == callback_id, Callback.agent_id.is_(None) | (Callback.agent_id == actor.agent))
                .values(agent_id=actor.agent, version=Callback.version + 1)
                .returning(Callback.id)
                .execution_options(synchronize_session=False)
            )
            if claimed.first() is None:
                raise Taken(row.agent_id or "")
            await session.refresh(row)
            self._tell(session, row)
            return await store.view(session, row)

    async def due(self, now: datetime, agents: Collection[str]) -> list[CallbackView]:
        """What is due of these agents and of nobody, the longest due first; whoever shows them knows what he showed."""
        async with self._uow.read() as session:
            return await store.views(session, await store.due(session, now, agents, MOST_OF_ONE))

    async def _dialable(self, session: Session, new: NewCallback) -> str:
        found = normalise(new.number, self._region)
        if found.reason is NumberReason.E164:
            return found.e164
        own = await phones(session, [new.owner]) if new.owner and not new.number else []
        if not own or not own[0].e164:
            raise InvalidValue("number", found.reason)
        return own[0].e164

    def _tell(self, session: Session, row: Callback) -> None:
        session.after_commit(partial(self._hint, "callbacks", row.id))


async def _row(session: Session, callback_id: str, *, lock: bool = False) -> Callback:
    row = await session.get(Callback, callback_id, with_for_update=lock or None)
    if row is None:
        raise NotFound("callback")
    return row
