"""After a start or a reconnect: make the core's picture equal to the switch's. Asterisk is right about channels, the journal
about why.

Callers found in hold or in the emergency queue are adopted; bridged ones are left alone; calls without channels are closed;
agents keep the state that the journal and their legs tell. Nobody is rung who already rings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from cti.calls.agent_states import AgentEvent, AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.calls.visible import spoken_name
from cti.ports.telephony import ChannelRow, Snapshot
from cti.services.arrivals import Arrivals, Normalise
from cti.services.emergency import Emergency
from cti.services.found_agents import TRUNK, FoundAgents
from cti.services.house import House
from cti.services.offers import Offers
from cti.services.sessions import AgentSessions
from cti.services.state import Agent, Call, OfferInProgress
from cti.services.talks import HOLD, WITH_AGENT, Talks
from routing.model import events as ev

log = structlog.get_logger("cti.resync")
STILL_FOR = timedelta(seconds=2)


def _alone(row: ChannelRow, snapshot: Snapshot) -> bool:
    """A caller in a room in which nobody is, and to which nobody is on his way."""
    inside = {other.uniqueid for other in snapshot.channels if other.exten == row.exten and other.context.startswith("cti-room-")}
    return row.context == "cti-room-caller" and inside | set(snapshot.rooms.get(row.exten, ())) == {row.uniqueid}


class Resync:
    """One diff of the switch's snapshot against the floor."""

    def __init__(
        self,
        house: House,
        sessions: AgentSessions,
        offers: Offers,
        arrivals: Arrivals,
        talks: Talks,
        emergency: Emergency,
        normalise: Normalise,
    ) -> None:
        self._house, self._sessions, self._offers, self._normalise = house, sessions, offers, normalise
        self._arrivals, self._talks, self._emergency = arrivals, talks, emergency
        self._agents = FoundAgents(house, sessions)
        self.on_found: list[Callable[[Call, Sequence[ChannelRow]], None]] = []  # a living call, and all channels there are
        self._strangers: set[str] = set()  # calls that the audit before this one saw and nobody knew
        self.rung: dict[str, str] = {}  # call -> the offer that it was rung for last, as the journal tells
        self.on_vanished: list[Callable[[Call], None]] = []

    def run(self, snapshot: Snapshot, *, restarted: bool) -> None:
        """After a (re)connect: no event was handled while the snapshot was taken. `restarted`: another Asterisk process than
        before; none of the known channels can live."""
        self._compare(snapshot, lambda _since: True, restarted=restarted)
        self.rung.clear()

    def audit(self, snapshot: Snapshot) -> None:
        """Beside the events: what moved while the snapshot was taken, or just before, is not in it as it is now. Only what has
        stood still is compared; a call that nobody knows is adopted when the next audit sees it too."""
        before = snapshot.at - STILL_FOR
        self._compare(snapshot, lambda since: since is None or since < before, restarted=False, audit=True)

    def _compare(
        self, snapshot: Snapshot, still: Callable[[datetime | None], bool], *, restarted: bool, audit: bool = False
    ) -> None:
        calls = self._house.floor.calls
        customers = self._customers(snapshot)
        unknown = {call for call in customers if call not in calls}
        doubtful = unknown - self._strangers if audit else set[str]()
        self._strangers = unknown
        for call in list(calls.values()):
            if call.state is not CallState.ENDED and call.id not in customers and still(call.touched):
                self._each("call", call.id, partial(self._vanished, call, snapshot, restarted=restarted))
        for call_id, row in customers.items():
            if call_id not in doubtful and (call_id not in calls or still(calls[call_id].touched)):
                self._each("call", call_id, partial(self._customer, call_id, row, snapshot))
        for agent in self._house.floor.agents.values():
            if still(agent.since):
                self._each("agent", agent.id, partial(self._agents.compare, agent, snapshot, restarted=restarted))
        # who wrote up an ended call may have left it by another way than the end of his wrap-up
        for call in list(calls.values()):
            self._talks.release(call)
        self._agents.orphans(snapshot)
        self._emergency.compare(snapshot)

    @staticmethod
    def _each(kind: str, name: str, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:  # one call that does not fit must not keep the core from all others
            log.exception("not repaired", action="resync_failed", **{kind: name})

    def _customers(self, snapshot: Snapshot) -> dict[str, ChannelRow]:
        """The customer's leg of each call. Whom he was sent to (transfer, emergency number) is on the trunk too."""
        legs: dict[str, list[ChannelRow]] = {}
        for row in snapshot.channels:
            if row.call and row.endpoint == TRUNK:
                legs.setdefault(row.call, []).append(row)
        return {call: self._customer_leg(call, rows) for call, rows in legs.items()}

    def _customer_leg(self, call_id: str, rows: Sequence[ChannelRow]) -> ChannelRow:
        """The one that is known; else the older of those that the dialplan calls so (it says it of a called party too)."""
        call = self._house.floor.calls.get(call_id)
        known = (call.customer or call.record.uniqueid) if call is not None else ""
        return max(rows, key=lambda row: (row.uniqueid == known, row.variables.get("CTI_SIDE") == "customer", row.seconds))

    def _vanished(self, call: Call, snapshot: Snapshot, *, restarted: bool) -> None:
        """Its channel is gone: it ended while we were away, or has not been dialled yet."""
        if (
            call.state is CallState.DIALLING
            and not restarted
            and any(row.uniqueid == call.agent_leg for row in snapshot.channels)
        ):
            return  # the agent's page is being rung; the called party's leg does not exist yet
        for listener in self.on_vanished:
            listener(call)
        self._talks.end(call, cause=0, reason="pbx_restart" if restarted else "lost_while_away")

    # ---- customers --------------------------------------------------------------------------------------------------

    def _customer(self, call_id: str, row: ChannelRow, snapshot: Snapshot) -> None:
        call = self._house.floor.calls.get(call_id) or self._adopt(call_id, row)
        if call.state is CallState.ENDED:
            return
        call.customer = row.uniqueid
        self._house.floor.bind_leg(row.uniqueid, call)
        self._recording(call, row)
        for listener in self.on_found:
            listener(call, snapshot.channels)
        if not call.in_room or _alone(row, snapshot):
            self._where_he_is(call, row, snapshot)

    @staticmethod
    def _recording(call: Call, row: ChannelRow) -> None:
        """What a core that comes back does not know; what an agent paused, or has failed, stays so."""
        if call.recording != "off" or call.record.recording_status != "running":
            return
        if row.variables.get("CTI_PAUSED") == "1":
            call.recording = "paused"
        elif not call.record.recording_paused:
            call.recording = "on"

    def _where_he_is(self, call: Call, row: ChannelRow, snapshot: Snapshot) -> None:
        partner = self._partner(row, snapshot)
        if partner is not None and partner.endpoint == TRUNK:
            return  # a number that is not ours has him
        if partner is not None:
            self._bridged(call, partner)
        elif row.uniqueid in snapshot.queue_callers or row.application == "Queue":
            self.take_back(call, agent_waits=any(other.uniqueid == call.agent_leg for other in snapshot.channels))
        elif _alone(row, snapshot):
            self._left(call)
        elif row.context == "cti-hold":
            self._holding(call, row, snapshot)
        elif row.context in ("cti-ring", "cti-again"):
            self._ringing(call, row, snapshot)

    def _adopt(self, call_id: str, row: ChannelRow) -> Call:
        """A caller of whom the journal knows nothing: he came while the core was away."""
        call = self._arrivals.open(call_id, row.uniqueid)
        raw, dnis = row.caller_number, row.variables.get("CTI_DNIS", "")
        self._house.recorder.emit(
            FactKind.CALL_ARRIVED,
            call=call,
            switch=self._house.switch,
            uniqueid=row.uniqueid,
            sip_call_id=row.variables.get("CTI_SIPCALLID", ""),
            ani_raw=raw,
            ani=self._normalise(raw, self._house.caller_region(dnis)),
            name_raw=spoken_name(row.caller_name),
            dnis=dnis,
            trunk=TRUNK,
            adopted=True,
        )
        return call

    @staticmethod
    def _partner(row: ChannelRow, snapshot: Snapshot) -> ChannelRow | None:
        if not row.bridge:
            return None
        others = [o for o in snapshot.channels if o.bridge == row.bridge and o.uniqueid != row.uniqueid]
        return next((o for o in others if o.endpoint != TRUNK), others[0] if others else None)

    def _bridged(self, call: Call, partner: ChannelRow) -> None:
        """He talks to somebody: bind the legs, touch nothing."""
        agent = self._house.floor.agent_of_endpoint(partner.endpoint)
        call.agent_leg = partner.uniqueid
        self._house.floor.bind_leg(partner.uniqueid, call)
        if agent is None or call.state in (CallState.TALKING, CallState.CONFERENCE):
            return
        if call.state is CallState.HELD and agent.id != call.record.holder:
            self._other_has_him(call)
        elif call.state in (CallState.HELD, CallState.CONSULTING):
            self._house.recorder.emit(FactKind.CALL_RESUMED, call=call, agent=agent.id)
            return
        records = call.recording == "off"
        self._talks.answered(call, agent, partner.uniqueid, records=records)

    def _other_has_him(self, call: Call) -> None:
        """On hold when the core went: the emergency queue gave him to somebody else, and for his agent the call is over."""
        before = self._house.floor.agents.get(call.record.holder)
        self._house.recorder.emit(FactKind.AGENT_LEFT, call=call, agent=call.record.holder or None, why="leg_lost")
        if before is not None and before.call == call.id and before.state in (AgentState.ON_CALL, AgentState.LOST):
            self._sessions.begin_wrap_up(before, self._house.limits.wrap_up)

    def take_back(self, call: Call, *, agent_waits: bool = False) -> None:
        """He is in the emergency path: back to hold, at his place, and into our queue. One whose agent has him on hold or asks an
        engineer stays that agent's, whose leg is still there (`agent_waits`) or went as well."""
        call.holding = False
        if call.state in WITH_AGENT and not agent_waits:
            self._left(call)
            if self._kept(call):  # he is on his way to hold already: who is moved twice before his music runs may be lost
                return
        customer = call.customer
        self._house.act(call, lambda: self._house.telephony.redirect(customer, HOLD))
        if call.state not in WITH_AGENT and not self._kept(call):
            self._wait(call)

    @staticmethod
    def _kept(call: Call) -> bool:
        return call.state is CallState.LOST_AGENT and bool(call.kept_for)

    def _holding(self, call: Call, row: ChannelRow, snapshot: Snapshot) -> None:
        if call.state is CallState.TALKING and row.variables.get("CTI_STATE") == "talk":
            return  # a Bridge has ended; within two seconds the dialplan asks what is to become of him (cti-after)
        call.holding = True
        if call.state in WITH_AGENT:
            self._without_agent(call, snapshot)
        elif not self._kept(call):
            self._wait(call)

    def _without_agent(self, call: Call, snapshot: Snapshot) -> None:
        """On music in the middle of a conversation. His agent's leg is parked, or went while the core was away."""
        parked = any(row.uniqueid == call.agent_leg for row in snapshot.channels)
        if call.state is CallState.TALKING or not parked:
            self._left(call)

    def _left(self, call: Call) -> None:
        """Nobody is with him any more: kept for his agent, or queued again when that one has gone on to something else."""
        agent = self._house.floor.agents.get(call.record.holder)
        if call.state not in WITH_AGENT:
            return
        if agent is None or agent.call != call.id or agent.state not in (AgentState.ON_CALL, AgentState.CONSULTING):
            self._house.recorder.emit(FactKind.AGENT_LEFT, call=call, agent=call.record.holder or None, why="leg_lost")
            self._wait(call)
        else:
            self._talks.lose_agent(call, agent, "leg_lost")

    def _wait(self, call: Call) -> None:
        if call.offer is not None:
            return
        if call.state is CallState.WAITING and self._offers.acd.position(call.id) is not None:
            if call.holding:
                self._offers.tell(ev.CallOfferable(call.id))
            return
        first = call.state in WITH_AGENT or call.state is CallState.LOST_AGENT
        if not call.skills:
            self._arrivals.enqueue(call, call.record.queue or self._house.default_queue, call.record.language)
        else:
            self._arrivals.requeue(call, first=first)

    def _ringing(self, call: Call, row: ChannelRow, snapshot: Snapshot) -> None:
        """A ring from before: let it ring. Its answer or its end comes as an event."""
        agent = self._house.floor.agent_of_endpoint(row.exten)
        leg = next((o for o in snapshot.channels if o.endpoint == row.exten and o.call == call.id), None)
        if leg is not None:
            call.agent_leg = leg.uniqueid
            self._house.floor.bind_leg(leg.uniqueid, call)
        if agent is not None and agent.state in (AgentState.READY, AgentState.RESERVED):
            agent.call = call.id
            self._sessions.move(agent, AgentEvent.RING)
        if agent is not None and call.offer is None:
            self._offered(call, agent)

    def _offered(self, call: Call, agent: Agent) -> None:
        """The offer that he rings for, so that its end is known for what it is. The caller keeps his place meanwhile: the ACD
        has him in his queue, but not to be offered before his music runs again."""
        if call.state is CallState.LOST_AGENT and call.kept_for == agent.id:
            call.offer = OfferInProgress(id=self._house.new_id(), agent=agent.id, generation=0, reasons=[], resume=True)
        elif call.state is CallState.RINGING and agent.call == call.id and agent.state is AgentState.RINGING:
            offer = self.rung.pop(call.id, "") or self._house.new_id()
            call.offer = OfferInProgress(id=offer, agent=agent.id, generation=0, reasons=[], ringing=True)
            self._offers.wait(call)
