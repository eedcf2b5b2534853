"""The ACD. One rule: the longest idle READY agent who has all needed skills gets the first caller whom he can serve.

No I/O, no clock: `apply(event, now)` changes the indexed state in place and returns the offers that follow. Between two
events no caller and idle agent are left who could be matched (unless paused), so each event looks only at what it changed.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heapreplace
from typing import Any

from routing.acd.floor import Floor
from routing.acd.line import Line
from routing.acd.parties import Agent, PlaceKey, QueuedCall
from routing.acd.queues import Queues
from routing.acd.reasons import reasons_of
from routing.model import events as ev
from routing.model.decisions import Decision, Offer


class Acd:
    """State of all queues. `epoch` is the running core's: it makes offer ids unique over restarts."""

    def __init__(self, epoch: str = "0") -> None:
        self._epoch = epoch
        self._generation = 0
        self._floor = Floor()
        self._queues = Queues()
        self._open: dict[str, tuple[QueuedCall, Agent]] = {}
        self._paused: set[str] = set()
        self._decided: list[Decision] = []
        self._handlers: dict[type, Callable[[Any, ev.Seconds], None]] = {
            ev.AgentReady: self._agent_ready,
            ev.AgentGone: self._agent_gone,
            ev.SkillsChanged: self._skills_changed,
            ev.CallWaiting: self._call_waiting,
            ev.CallGone: self._call_gone,
            ev.CallOfferable: self._call_offerable,
            ev.CallNotOfferable: self._call_not_offerable,
            ev.OfferFailed: self._offer_failed,
            ev.OfferAccepted: self._offer_accepted,
            ev.Pause: self._pause,
            ev.Tick: self._tick,
        }

    def apply(self, event: ev.Event, now: ev.Seconds) -> tuple[Decision, ...]:
        """What happened in, what to do about it out. Equal histories give equal decisions."""
        self._decided = []
        for call in self._queues.release_due(now):
            self._seek_agent(call, now)
        self._handlers[type(event)](event, now)
        return tuple(self._decided)

    # ---- questions, all cheap ---------------------------------------------------------------------------------------

    def position(self, call: str) -> int | None:
        """1 = next; None = not in a queue. Offered and ringing callers keep their place."""
        found = self._queues.get(call)
        return self._queues.position(found) if found else None

    def waiting(self, queue: str) -> int:
        """Callers in the queue, offered and ringing ones included."""
        return self._queues.waiting(queue)

    def calls(self, queue: str) -> tuple[str, ...]:
        """Callers in the queue, next one first."""
        return self._queues.in_order(queue)

    def offer_of(self, call: str) -> str:
        """The open offer of a call, or ''."""
        found = self._queues.get(call)
        return found.offer if found else ""

    def paused(self) -> tuple[str, ...]:
        """Why no offers are made; empty = they are."""
        return tuple(sorted(self._paused))

    def next_deadline(self) -> ev.Seconds | None:
        """When a Tick is due at the latest."""
        return self._queues.next_deadline()

    # ---- agents -----------------------------------------------------------------------------------------------------

    def _agent_ready(self, event: ev.AgentReady, now: ev.Seconds) -> None:
        agent = self._floor.agent(event.agent)
        self._floor.take(agent)
        self._floor.re_skill(agent, event.skills)
        agent.ready, agent.idle_since = True, event.idle_since
        self._seek_call(agent, now)

    def _agent_gone(self, event: ev.AgentGone, _now: ev.Seconds) -> None:
        agent = self._floor.known(event.agent)
        if agent:
            agent.ready = False
            self._floor.take(agent)

    def _skills_changed(self, event: ev.SkillsChanged, now: ev.Seconds) -> None:
        agent = self._floor.agent(event.agent)
        self._floor.take(agent)
        self._floor.re_skill(agent, event.skills)
        self._seek_call(agent, now)

    # ---- calls ------------------------------------------------------------------------------------------------------

    def _call_waiting(self, event: ev.CallWaiting, now: ev.Seconds) -> None:
        before = self._queues.get(event.call)
        if before:
            self._queues.leave(before)
        call = self._queues.enter(event)
        if before:
            call.offerable = before.offerable
            self._carry_offer(before, call)
            self._seek_agent(call, now)

    def _carry_offer(self, before: QueuedCall, call: QueuedCall) -> None:
        if before.offer:
            call.offer = before.offer
            self._open[call.offer] = (call, self._open[call.offer][1])

    def _call_gone(self, event: ev.CallGone, now: ev.Seconds) -> None:
        call = self._queues.get(event.call)
        if call:
            self._queues.leave(call)
            if call.offer:
                _, agent = self._close(call.offer)
                self._seek_call(agent, now)

    def _call_offerable(self, event: ev.CallOfferable, now: ev.Seconds) -> None:
        call = self._queues.get(event.call)
        if call and not call.offerable:
            call.offerable = True
            self._seek_agent(call, now)

    def _call_not_offerable(self, event: ev.CallNotOfferable, _now: ev.Seconds) -> None:
        call = self._queues.get(event.call)
        if call:
            call.offerable = False
            call.stamp = 0

    # ---- offers -----------------------------------------------------------------------------------------------------

    def _offer_failed(self, event: ev.OfferFailed, now: ev.Seconds) -> None:
        if event.offer in self._open:
            call, agent = self._close(event.offer)
            if call.preferred == agent.id:
                self._queues.release(call)  # his own agent could not take him: now anybody
            self._seek_agent(call, now)
            self._seek_call(agent, now)

    def _offer_accepted(self, event: ev.OfferAccepted, _now: ev.Seconds) -> None:
        if event.offer in self._open:
            call, agent = self._close(event.offer)
            agent.ready = False
            self._queues.leave(call)

    def _close(self, offer: str) -> tuple[QueuedCall, Agent]:
        call, agent = self._open.pop(offer)
        call.offer = agent.offer = ""
        return call, agent

    def _pause(self, event: ev.Pause, now: ev.Seconds) -> None:
        if event.on:
            self._paused.add(event.why)
            return
        self._paused.discard(event.why)
        if not self._paused:
            self._match_all(now)

    def _tick(self, _event: ev.Tick, _now: ev.Seconds) -> None:
        """What is due was done before."""

    # ---- matching ---------------------------------------------------------------------------------------------------

    def _seek_agent(self, call: QueuedCall, now: ev.Seconds) -> None:
        """Offer the call, or let it wait in its line. A call waiting for its own agent is in no line."""
        if not call.offerable or call.offer:
            return
        agent = self._agent_for(call)
        if agent:
            self._offer(call, agent, now)
        elif not call.preferred:
            self._queues.stamp(call)
            self._floor.line(call.need).add_call(call, len(self._queues))

    def _agent_for(self, call: QueuedCall) -> Agent | None:
        if self._paused:
            return None
        if call.preferred:
            own = self._floor.known(call.preferred)
            return own if own and own.stamp else None
        return self._floor.line(call.need).first_agent()

    def _seek_call(self, agent: Agent, now: ev.Seconds) -> None:
        """Offer the agent a call, or let him be idle. His own caller comes before everybody else's."""
        if not agent.ready or agent.offer:
            return
        call = None if self._paused else self._queues.own_of(agent.id) or self._first_call(self._floor.served_by(agent))
        if call:
            self._offer(call, agent, now)
        else:
            self._floor.set_idle(agent)

    @staticmethod
    def _first_call(lines: list[Line]) -> QueuedCall | None:
        best = None
        for line in lines:
            call = line.first_call()
            if call and (best is None or call.key < best.key):
                best = call
        return best

    def _match_all(self, now: ev.Seconds) -> None:
        """After a pause: own callers first, then all lines together by the keys of their first callers."""
        for own in self._queues.own_callers():
            agent = self._floor.known(own.preferred)
            if agent and agent.stamp:
                self._offer(own, agent, now)
        heads = [(call.key, n, line) for n, line in enumerate(self._floor.lines()) if (call := line.first_call())]
        heapify(heads)
        while heads:
            self._match_head(heads, now)

    def _match_head(self, heads: list[tuple[PlaceKey, int, Line]], now: ev.Seconds) -> None:
        _, n, line = heads[0]
        call, agent = line.first_call(), line.first_agent()
        if call and agent:
            self._offer(call, agent, now)
            call = line.first_call()
            if call:
                heapreplace(heads, (call.key, n, line))
                return
        heappop(heads)  # nobody left to serve this line, or nobody in it

    def _offer(self, call: QueuedCall, agent: Agent, now: ev.Seconds) -> None:
        reasons = reasons_of(call, agent, self._queues.position(call), now)
        self._generation += 1
        offer = Offer(f"{self._epoch}-{self._generation}", self._generation, call.id, agent.id, call.queue, reasons)
        call.offer = agent.offer = offer.id
        call.stamp, agent.ready = 0, False
        self._floor.take(agent)
        self._open[offer.id] = (call, agent)
        self._decided.append(offer)
