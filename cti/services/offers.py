"""From the ACD's decision to the ring: reserve the agent, pop his page with a nonce, take its acknowledgement as proof of life,
then move the caller to the ring context. The offer is journaled before each action."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from cti.calls.agent_states import AgentEvent, AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import FactKind, JsonValue
from cti.ports.accounts import EndpointClass
from cti.ports.journal import JournalFailed
from cti.ports.telephony import Place
from cti.services.entities import call_entity
from cti.services.house import House
from cti.services.sessions import AgentSessions
from cti.services.state import Agent, Call, OfferInProgress
from routing.acd import Acd
from routing.model import events as ev
from routing.model.decisions import Offer


class Offers:
    """Owns the ACD. Every event for it goes through `tell`, every decision of it is carried out here."""

    def __init__(self, house: House, acd: Acd, sessions: AgentSessions) -> None:
        self._house, self.acd, self._sessions = house, acd, sessions
        self._nonces: dict[str, str] = {}
        self.on_journal_failed: list[Callable[[], None]] = []
        sessions.on_change.append(self._agent_changed)

    def tell(self, event: ev.Event) -> None:
        """Let the ACD know, and carry out what it decides."""
        for offer in self.acd.apply(event, self._house.clock.monotonic()):
            self._make(offer)
        deadline = self.acd.next_deadline()
        if deadline is not None:
            wait = max(0.0, deadline - self._house.clock.monotonic())
            self._house.timers.start("acd-tick", wait + 0.01, lambda: self.tell(ev.Tick()))

    def _agent_changed(self, agent: Agent, _old: AgentState) -> None:
        if agent.state is AgentState.READY and agent.reachable:
            self.tell(ev.AgentReady(agent.id, agent.skills, agent.idle_since))
        elif agent.state is not AgentState.RESERVED:
            self.tell(ev.AgentGone(agent.id))

    # ---- waiting ----------------------------------------------------------------------------------------------------

    def wait(self, call: Call, *, first: bool = False, only: str = "", seconds: float = 0.0) -> None:
        """The call waits in its queue at its place; `only`: kept for this agent for some seconds."""
        until = self._house.clock.monotonic() + seconds
        self.tell(
            ev.CallWaiting(
                call=call.id,
                queue=call.record.queue,
                skills=call.skills,
                entered_at=call.entered,
                priority=call.record.priority,
                first=first,
                preferred_agent=only,
                preferred_until=until,
            )
        )
        if call.holding:
            self.tell(ev.CallOfferable(call.id))

    # ---- offer ------------------------------------------------------------------------------------------------------

    def _make(self, decision: Offer) -> None:
        call, agent = self._house.floor.calls.get(decision.call), self._house.floor.agents.get(decision.agent)
        if call is None or agent is None or agent.state is not AgentState.READY or call.offer is not None:
            self.tell(ev.OfferFailed(decision.id, ev.OfferFailure.FAILED))
            return
        reasons: list[JsonValue] = [{"code": reason.code, "params": dict(reason.params)} for reason in decision.reasons]
        call.offer = OfferInProgress(
            id=decision.id, agent=agent.id, generation=decision.generation, reasons=[r for r in reasons if isinstance(r, dict)]
        )
        call.reasons, agent.call = call.offer.reasons, call.id
        self._sessions.move(agent, AgentEvent.RESERVE)
        self._house.recorder.emit(
            FactKind.OFFER_MADE,
            call=call,
            agent=agent.id,
            offer=decision.id,
            generation=decision.generation,
            reasons=reasons,
        )
        self.ask_page(call, agent)

    def ask_page(self, call: Call, agent: Agent) -> None:
        """Pop the page; the plain class (loopback, load) has none and rings at once."""
        offer = call.offer
        if offer is None:
            return
        if agent.endpoint_class is EndpointClass.PLAIN:
            self._pop(call, agent, offer)
            self.ring(call, agent)
            return
        self._house.act(call, lambda: self._pop_with_owner(call, agent, offer), partial(self._not_carried_out, call, offer))

    def _not_carried_out(self, call: Call, offer: OfferInProgress, error: Exception) -> None:
        """It is nobody's fault at a desk when facts cannot be written: routing stops, and the agent is as he was."""
        if not isinstance(error, JournalFailed):
            self.fail(call, offer, ev.OfferFailure.FAILED, "failed")
        elif call.offer is offer:
            for listener in self.on_journal_failed:
                listener()
            self.withdraw(call, "failed")
            self.tell(ev.OfferFailed(offer.id, ev.OfferFailure.FAILED))

    async def _pop_with_owner(self, call: Call, agent: Agent, offer: OfferInProgress) -> None:
        await self._find_owner(call)
        if call.offer is not offer:  # the caller hung up while we looked
            return
        offer.nonce = self._house.new_id()
        self._nonces[offer.nonce] = call.id
        self._house.timers.start(f"ack:{offer.id}", self._house.limits.page_ack, lambda: self._silent(call, offer))
        self._pop(call, agent, offer)

    async def _find_owner(self, call: Call) -> None:
        if call.candidates or not call.record.from_number:
            return
        try:
            async with asyncio.timeout(self._house.limits.owner_lookup):
                call.candidates = [dict(row) for row in await self._house.owners.candidates(call.record.from_number)]
        except TimeoutError:
            return  # the pop goes without the owner; the page asks the api itself
        if len(call.candidates) == 1 and not call.record.owner:
            owner = str(call.candidates[0]["owner"])
            self._house.recorder.emit(FactKind.OWNER_CHOSEN, call=call, owner=owner, by="ani")

    def _pop(self, call: Call, agent: Agent, offer: OfferInProgress) -> None:
        if agent.page is None:
            return
        candidates: list[JsonValue] = list(call.candidates)
        reasons: list[JsonValue] = list(offer.reasons)
        self._house.consoles.send_page(
            agent.page,
            {
                "type": "pop",
                "nonce": offer.nonce,
                "offer": offer.id,
                "call": dict(call_entity(self._house, call, self.acd.position(call.id))),
                "candidates": candidates,
                "reasons": reasons,
                "ring_seconds": self._house.limits.ring,
            },
        )

    def acknowledged(self, page: str, nonce: str) -> bool:
        """The page is alive: ring it. False: the nonce is none of ours (a probe's, or too late)."""
        call = self._house.floor.calls.get(self._nonces.pop(nonce, ""))
        agent = self._house.floor.agent_of_page(page)
        if call is None or agent is None or call.offer is None or call.offer.nonce != nonce:
            return False
        self._house.timers.cancel(f"ack:{call.offer.id}")
        self._house.recorder.emit(FactKind.OFFER_ACKNOWLEDGED, call=call, agent=agent.id, offer=call.offer.id, page=page)
        if call.offer.consult:
            call.offer.nonce = ""
            return True
        self.ring(call, agent)
        return True

    def ring(self, call: Call, agent: Agent) -> None:
        """Send the caller to the ring context."""
        offer = call.offer
        if offer is None or not call.customer:
            return
        self.tell(ev.CallNotOfferable(call.id))
        call.holding, offer.ringing = False, True
        self._house.recorder.emit(FactKind.RING_REQUESTED, call=call, agent=agent.id, offer=offer.id, endpoint=agent.endpoint)
        self._sessions.move(agent, AgentEvent.RING)
        place, customer = Place("cti-ring", agent.endpoint), call.customer
        self._house.act(
            call,
            lambda: self._house.telephony.redirect(customer, place),
            partial(self._not_carried_out, call, offer),
        )

    # ---- how an offer ends ------------------------------------------------------------------------------------------

    def _silent(self, call: Call, offer: OfferInProgress) -> None:
        """No acknowledgement in time: the page is not alive, the agent is LOST, the caller keeps his place."""
        self.fail(call, offer, ev.OfferFailure.PAGE_SILENT, "page_silent")

    def fail(self, call: Call, offer: OfferInProgress, why: ev.OfferFailure, code: str) -> None:
        """The offer came to nothing; agent and caller go where the reason says. Too late (another offer stands): nothing."""
        if call.offer is not offer:
            return
        self._end_offer(call, offer, code)
        agent = self._house.floor.agents[offer.agent]
        if self._bound(agent, call):  # else he has moved meanwhile (an audit, another page): only the caller is left to see to
            agent.call, agent.next = None, None
            self._disappoint(agent, why, code)
        self.tell(ev.OfferFailed(offer.id, why))

    @staticmethod
    def _bound(agent: Agent, call: Call) -> bool:
        return agent.call == call.id and agent.state in (AgentState.RESERVED, AgentState.RINGING)

    def _disappoint(self, agent: Agent, why: ev.OfferFailure, code: str) -> None:
        if why is ev.OfferFailure.PAGE_SILENT:
            agent.before_lost = AgentState.READY
            self._sessions.move(agent, AgentEvent.PAGE_LOST, "page_silent")
        elif why is ev.OfferFailure.FAILED:
            event = AgentEvent.GO_AUX if agent.state is AgentState.RESERVED else AgentEvent.NO_ANSWER
            self._sessions.move(agent, event, "ring_failed")
        else:
            self._sessions.move(agent, AgentEvent.NO_ANSWER, code)

    def withdraw(self, call: Call, why: str) -> None:
        """The caller hung up or is taken elsewhere: the agent is as he was before."""
        offer = call.offer
        if offer is None:
            return
        self._end_offer(call, offer, why)
        agent = self._house.floor.agents[offer.agent]
        if self._bound(agent, call):
            agent.call = None
            self._release(agent)

    def _release(self, agent: Agent) -> None:
        """READY again at his place in line, unless he chose a break while it rang."""
        state, reason = agent.next or (AgentState.READY, "")
        agent.next = None
        if state is AgentState.AUX:
            self._sessions.move(agent, AgentEvent.GO_AUX, reason)
        else:
            self._sessions.move(agent, AgentEvent.RELEASE)

    def accepted(self, call: Call) -> None:
        """Answered: the queue has done its work."""
        if call.offer is not None:
            self.tell(ev.OfferAccepted(call.offer.id))
            self._forget(call.offer)
            call.offer = None
        self.tell(ev.CallGone(call.id))

    def _end_offer(self, call: Call, offer: OfferInProgress, why: str) -> None:
        self._forget(offer)
        call.offer = None
        if call.state in (CallState.OFFERED, CallState.RINGING, CallState.LOST_AGENT):
            self._house.recorder.emit(FactKind.OFFER_WITHDRAWN, call=call, agent=offer.agent, offer=offer.id, why=why)
        page = self._house.floor.agents[offer.agent].page
        if page is not None:
            self._house.consoles.send_page(page, {"type": "pop_end", "offer": offer.id, "why": why})

    def _forget(self, offer: OfferInProgress) -> None:
        self._house.timers.cancel(f"ack:{offer.id}")
        self._nonces.pop(offer.nonce, None)
