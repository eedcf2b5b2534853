"""The end of a conversation: disposition, note, ticket, callback, written as one; then the core goes on with the agent's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel

from agent_console.server import call_records
from agent_console.server.actor import Actor
from agent_console.server.auth import Who
from agent_console.server.deps import Deps, Has
from agent_console.server.errors import ApiError
from agent_console.server.models import WrapUp
from agent_console.server.policy import AT_DESK, allow
from agent_console.server.resources.schemas import Id, Line, Note, Strict
from agent_console.server.view import Entity, parties
from crm_core.callbacks.models import Callback
from crm_core.callbacks.views import NewCallback
from crm_core.errors import InvalidValue
from crm_core.tickets.models import Ticket
from crm_core.tickets.service import known_owner
from crm_core.tickets.views import NewTicket
from cti.bus.port import CommandRefused, CommandTimeout, CoreAway
from storage.base import new_id
from storage.unit_of_work import Session
from storage.upsert import insert_for

ROUTES = APIRouter(tags=["calls"])


class TicketWanted(Strict):
    """An existing one by `id`, or a new one by its fields."""

    id: Id | None = None
    title: Line = ""
    owner: Id | None = None
    property: Id | None = None
    equipment: Line = ""
    symptom: Note = ""
    since_when: Line = ""
    service_mode: Line | None = None
    priority: int = 2
    note: Note = ""
    holder_role: Line | None = None
    due_at: AwareDatetime | None = None


class CallbackWanted(Strict):
    """`number` empty: the caller's."""

    due_at: AwareDatetime
    note: Note = ""
    number: Line = ""


class WrapUpSaid(Strict):
    """What the agent's panel sends. `owner`: whom he picked when the core had let him go; until then `call.owner` says it."""

    disposition: Id
    owner: Id | None = None
    note: Note = ""
    ticket: TicketWanted | None = None
    callback: CallbackWanted | None = None


class WrapUpDone(BaseModel):
    """`finished`: the core has ended the wrap-up; false: it is away, or had ended it already. The rows are written either way."""

    ticket: str | None
    callback: str | None
    finished: bool


class _Call(BaseModel):
    """What is taken from the call itself."""

    owner: str | None
    ticket: str | None
    callback: str | None
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saying:
    """One save of the panel: by whom, of which call, and what his save before left. `again`: in the same stay with the call."""

    deps: Deps
    session: Session
    actor: Actor
    call: str
    about: _Call
    said: WrapUpSaid
    row: WrapUp
    again: bool


@ROUTES.post("/calls/{call}/wrap-up", dependencies=allow(AT_DESK))
async def wrap_up(call: Id, said: WrapUpSaid, actor: Who, deps: Has) -> WrapUpDone:
    """Said again, it changes disposition and note and makes nothing twice. Each of a call's agents has a wrap-up of his own."""
    about = await _with_owner(deps, actor, call, await _own_call(deps, actor, call), said)
    stay = _stay(deps, actor, call)
    async with deps.uow.write() as session:
        await deps.codes.check_disposition(session, said.disposition)
        row, is_new = await _row(session, call, actor.agent, deps.clock.now())
        again = not is_new and stay == row.stay
        saying = _Saying(deps=deps, session=session, actor=actor, call=call, about=about, said=said, row=row, again=again)
        row.disposition, row.note = said.disposition, said.note if again else _joined(row.note, said.note)
        row.stay = stay or row.stay
        row.ticket_id = await _ticket(saying)
        row.callback_id = await _callback(saying)
        if about.callback and not again:
            await deps.callbacks.kept(session, about.callback, actor.crm, deps.clock.now())
        done = WrapUpDone(ticket=row.ticket_id or about.ticket, callback=row.callback_id, finished=False)
        command_id = f"wrapup-{call}-{row.stay}"
    done.finished = await _finish(deps, actor, command_id, call, said.disposition, done.ticket)
    return done


async def _own_call(deps: Deps, actor: Actor, call: str) -> _Call:
    """One of the call's agents, by what the core says now, else by the record and its facts. Raises no_such_call."""
    live = deps.console.house.of("call").get(call)
    if live is not None and _has_it(live, actor.agent, _entity(deps, actor)):
        number = live.get("from") if live.get("direction") == "in" else live.get("to")
        links = {name: live.get(name) or None for name in ("owner", "ticket", "callback")}
        return _Call(**links, number=str(number or ""))
    async with deps.uow.read() as session:
        record = await call_records.handled(session, actor.agent, call)
    if record is None:
        raise ApiError("no_such_call")
    number = record.from_e164 if record.direction == "in" else record.to_number
    return _Call(owner=record.owner_id, ticket=record.ticket_id, callback=record.callback_id, number=number)


def _has_it(live: Entity, agent: str, entity: Entity) -> bool:
    """His by the core's word. Whom it only rings for, and who is only asked about it, has nothing to write up."""
    if agent == (live.get("consult") or {}).get("engineer"):
        return False
    bound = entity.get("call") == live["id"] and entity.get("state") not in ("RESERVED", "RINGING")
    return bound or agent in parties(live)


async def _with_owner(deps: Deps, actor: Actor, call: str, about: _Call, said: WrapUpSaid) -> _Call:
    """The record is the core's to write, so that it hears of the owner first; when it cannot, nothing is saved.

    Raises InvalidValue, CoreAway, CommandTimeout, CommandRefused.
    """
    owner = said.owner
    if owner is None or owner == about.owner:
        return about
    async with deps.uow.read() as session:
        await known_owner(session, owner)
        await deps.codes.check_disposition(session, said.disposition)
    await deps.commands.send(actor, _page(deps, actor), f"owner-{new_id()}", "wrapup.owner", {"call": call, "owner": owner})
    return about.model_copy(update={"owner": owner})


def _page(deps: Deps, actor: Actor) -> str:
    leader = deps.console.pages.leader(actor.agent)
    return leader.id if leader else ""


def _entity(deps: Deps, actor: Actor) -> Entity:
    return deps.console.house.of("agent").get(actor.agent, {})


def _stay(deps: Deps, actor: Actor, call: str) -> str:
    """Since when he is where he is with this call; '' when he is not with it (any more). It may come back to him later."""
    entity = _entity(deps, actor)
    since = str(entity.get("since") or "") if entity.get("call") == call else ""
    return "".join(char for char in since if char.isalnum())


async def _row(session: Session, call: str, agent: str, now: datetime) -> tuple[WrapUp, bool]:
    """His row, made when there is none; whoever saves the same twice at once waits here. True: it is new."""
    values = {"call_id": call, "agent_id": agent, "disposition": "", "note": "", "created_at": now, "stay": ""}
    fresh = insert_for(session, WrapUp).values(values).on_conflict_do_nothing().returning(WrapUp.call_id)
    is_new = (await session.execute(fresh)).first() is not None
    row = await session.get_one(WrapUp, (call, agent), with_for_update=True)
    return row, is_new


def _joined(before: str, now: str) -> str:
    """What he said in an earlier stay is kept; the panel may have sent it along."""
    return now if not before or before in now else f"{before}\n{now}".strip()


async def _ticket(saying: _Saying) -> str | None:
    """What this save or the one before it made or linked; None: nothing was asked for."""
    deps, session, wanted, now = saying.deps, saying.session, saying.said.ticket, saying.deps.clock.now()
    earlier = await session.get(Ticket, saying.row.ticket_id) if saying.row.ticket_id else None
    if wanted is None or (earlier is not None and (saying.again or _same(wanted, earlier))):
        return saying.row.ticket_id
    if wanted.id is not None:
        return (await deps.tickets.link(session, wanted.id, call=saying.call, actor=saying.actor.crm, now=now)).id
    if not wanted.title.strip():
        raise ApiError("fields_missing", fields=["title"])
    fields = wanted.model_dump(exclude={"id", "owner"})
    about = saying.about
    new = NewTicket(**fields, owner=wanted.owner or about.owner, phone=about.number, call=saying.call)
    return (await deps.tickets.add(session, new, saying.actor.crm, now)).id


def _same(wanted: TicketWanted, earlier: Ticket) -> bool:
    return wanted.id == earlier.id if wanted.id is not None else wanted.title == earlier.title


async def _callback(saying: _Saying) -> str | None:
    """As for the ticket. Raises ApiError `number_needed`: the caller withheld his number and no owner's is known."""
    deps, session, wanted = saying.deps, saying.session, saying.said.callback
    earlier = await session.get(Callback, saying.row.callback_id) if saying.row.callback_id else None
    if wanted is None or (earlier is not None and (saying.again or wanted.due_at == earlier.due_at)):
        return saying.row.callback_id
    new = NewCallback(
        due_at=wanted.due_at,
        owner=saying.about.owner,
        number=wanted.number or saying.about.number,
        note=wanted.note,
        agent=saying.actor.agent,
        ticket=saying.row.ticket_id or saying.about.ticket,
        call=saying.call,
    )
    try:
        return (await deps.callbacks.add(session, new, saying.actor.crm, deps.clock.now())).id
    except InvalidValue as error:
        if error.params["field"] != "number":
            raise
        code = "invalid_value" if wanted.number else "number_needed"
        raise ApiError(code, field="callback.number", reason=error.params["reason"]) from error


async def _finish(deps: Deps, actor: Actor, command_id: str, call: str, disposition: str, ticket: str | None) -> bool:
    """The id is the stay's: said again it gets the first answer, and a call that came back is finished anew."""
    args = {"call": call, "disposition": disposition, **({"ticket": ticket} if ticket else {})}
    try:
        await deps.commands.send(actor, _page(deps, actor), command_id, "wrapup.finish", args)
    except (CommandRefused, CommandTimeout, CoreAway):
        return False
    return True
