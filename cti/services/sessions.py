"""Agents at work: log-in, READY, AUX with reason, next status, wrap-up, log-out; and their softphone accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from cti.calls.agent_states import AgentEvent, AgentState, IllegalTransition, next_state
from cti.calls.facts import FactKind, JsonValue
from cti.ports.accounts import EndpointClass
from cti.ports.consoles import CommandRefused
from cti.services.house import House
from cti.services.softphones import Softphones
from cti.services.state import Agent, Call

AT_WORK = (AgentState.READY, AgentState.RESERVED, AgentState.RINGING, AgentState.ON_CALL, AgentState.CONSULTING)
WRAP_UP_RESUMED = 5.0  # s beyond the time that pages have to come back to a new core


class AgentSessions:
    """Owns the agents' states. `on_change` listeners (ACD, emergency queue) hear every move."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.softphones = Softphones(house)
        self.on_change: list[Callable[[Agent, AgentState], None]] = []
        self.on_registered: list[Callable[[Agent], None]] = []
        self.on_released: list[Callable[[Call], None]] = []
        self.on_log_out: list[Callable[[Agent], None]] = []
        self.on_logged_out: list[Callable[[Agent, Call], None]] = []

    # ---- moves ------------------------------------------------------------------------------------------------------

    def move(self, agent: Agent, event: AgentEvent, reason: str = "") -> None:
        """One step of the table; raises IllegalTransition, changing nothing."""
        old, new = agent.state, next_state(agent.state, event)
        if new is old and agent.reason == reason:
            return
        agent.state, agent.reason, agent.since = new, reason, self._house.clock.now()
        if new is AgentState.READY and event is not AgentEvent.RELEASE:  # a caller who hung up costs him not his place
            agent.idle_since = self._house.clock.monotonic()
        if new is not AgentState.WRAP_UP:
            agent.wrap_up_until = None
            self._house.timers.cancel(f"wrap-up:{agent.id}")
        data: dict[str, JsonValue] = {"from": old.value, "to": new.value, "reason": reason, "with": agent.call}
        self._house.recorder.emit(FactKind.AGENT_STATE, agent=agent.id, data=data)
        for listener in self.on_change:
            listener(agent, old)

    def refresh(self, agent: Agent) -> None:
        """Nothing moved, but what hangs on it may have (page, softphone, skills)."""
        for listener in self.on_change:
            listener(agent, agent.state)

    # ---- commands ---------------------------------------------------------------------------------------------------

    def log_in(self, agent: Agent) -> None:
        """Begin the shift in AUX `logged_in`; already at work: nothing changes."""
        if agent.state is AgentState.LOGGED_OUT:
            self.move(agent, AgentEvent.LOG_IN, "logged_in")

    def log_out(self, agent: Agent) -> None:
        """End the shift. `on_log_out` sees to his call while it is still his, `on_logged_out` when he is gone."""
        call = self._house.floor.call_of_agent(agent)
        for leaving in self.on_log_out:
            leaving(agent)
        self.revoke(agent)
        agent.call, agent.next = None, None
        if agent.state is not AgentState.LOGGED_OUT:
            self.move(agent, AgentEvent.LOG_OUT)
        self._house.floor.bind_page(agent, None)
        if call is not None:
            for left in self.on_logged_out:
                left(agent, call)

    def choose(self, agent: Agent, state: AgentState, reason: str) -> None:
        """READY or AUX: at once when free, as next status while bound to a call."""
        if state not in (AgentState.READY, AgentState.AUX):
            raise CommandRefused("invalid_value", field="state")
        if agent.state in (AgentState.RESERVED, AgentState.RINGING, AgentState.ON_CALL, AgentState.CONSULTING):
            self._choose_next(agent, state, reason)
            return
        if agent.state is AgentState.WRAP_UP and self._house.floor.call_of_agent(agent) is not None:
            self._choose_next(agent, state, reason)
            return
        agent.next = None
        if state is AgentState.READY:
            if not agent.reachable:
                raise CommandRefused("not_reachable", page=agent.page is not None, registered=agent.registered)
            self._step(agent, AgentEvent.GO_READY, "")
        else:
            self._step(agent, AgentEvent.GO_AUX, reason or "break")

    def _choose_next(self, agent: Agent, state: AgentState, reason: str) -> None:
        self.then(agent, state, reason)
        self.refresh(agent)

    def then(self, agent: Agent, state: AgentState, reason: str) -> None:
        """What he is to be after his call; a core that is started again knows it too."""
        agent.next = (state, reason)
        data: dict[str, JsonValue] = {"state": state.value, "reason": reason, "with": agent.call}
        self._house.recorder.emit(FactKind.AGENT_NEXT, agent=agent.id, data=data)

    def _step(self, agent: Agent, event: AgentEvent, reason: str) -> None:
        try:
            self.move(agent, event, reason)
        except IllegalTransition as error:
            raise CommandRefused("wrong_state", state=agent.state.value) from error

    # ---- wrap-up ----------------------------------------------------------------------------------------------------

    def begin_wrap_up(self, agent: Agent, seconds: float) -> None:
        """After a call: time for disposition and note, ended by itself."""
        self.move(agent, AgentEvent.CALL_END)
        self._wrap_up_until(agent, seconds)

    def resume_wrap_up(self, agent: Agent, seconds: float) -> None:
        """After a restart of the core: what is left of it, but time enough for his page to find its way back."""
        self._wrap_up_until(agent, max(seconds, self._house.limits.api_away + WRAP_UP_RESUMED))

    def extend_wrap_up(self, agent: Agent, seconds: float) -> None:
        """+30 s: the end moves, never backwards."""
        if agent.state is not AgentState.WRAP_UP or agent.wrap_up_until is None:
            raise CommandRefused("wrong_state", state=agent.state.value)
        left = (agent.wrap_up_until - self._house.clock.now()).total_seconds()
        self._wrap_up_until(agent, max(0.0, left) + min(seconds, 600.0))
        data: dict[str, JsonValue] = {"until": agent.wrap_up_until.isoformat(), "with": agent.call}
        self._house.recorder.emit(FactKind.WRAP_UP_EXTENDED, agent=agent.id, data=data)
        self.refresh(agent)

    def _wrap_up_until(self, agent: Agent, seconds: float) -> None:
        agent.wrap_up_until = self._house.clock.now() + timedelta(seconds=seconds)
        self._house.timers.start(f"wrap-up:{agent.id}", seconds, lambda: self.end_wrap_up(agent))

    def end_wrap_up(self, agent: Agent) -> None:
        """Finished or timed out: next status, else READY (AUX when not reachable)."""
        if agent.state is not AgentState.WRAP_UP:
            return
        call = self._house.floor.call_of_agent(agent)
        agent.call = None
        self.after_work(agent)
        if call is not None:
            for listener in self.on_released:
                listener(call)

    def after_work(self, agent: Agent) -> None:
        """Leave WRAP_UP, RINGING or LOST for the status chosen before, else READY when reachable, else AUX."""
        state, reason = agent.next or (AgentState.READY, "")
        agent.next = None
        if state is AgentState.READY and agent.reachable:
            self.move(agent, AgentEvent.GO_READY)
        else:
            self.move(agent, AgentEvent.GO_AUX, reason or ("not_reachable" if state is AgentState.READY else "break"))

    # ---- softphone --------------------------------------------------------------------------------------------------

    async def mint(self, agent: Agent, page: str, kind: EndpointClass) -> dict[str, str]:
        """A fresh account for a page; the old one dies. The secret is returned once and kept nowhere."""
        at_work = agent.state is not AgentState.LOGGED_OUT
        account = await self.softphones.take(kind)
        self.softphones.taken(account.endpoint)
        if at_work and agent.state is AgentState.LOGGED_OUT:  # while the switch made it
            self.softphones.kill(account.endpoint)
            raise CommandRefused("wrong_state", state=agent.state.value)
        old, name = agent.endpoint, account.endpoint
        self._house.floor.bind_endpoint(agent, name)
        agent.endpoint_class, agent.registered, agent.softphone_page = kind, False, page
        self._house.recorder.emit(FactKind.ENDPOINT_MINTED, agent=agent.id, endpoint=name, page=page, kind=kind.value)
        if old:
            self.softphones.retire(old)
        return {"endpoint": name, "secret": account.secret}

    def revoke(self, agent: Agent) -> None:
        """The account dies now."""
        old = agent.endpoint
        self._house.floor.bind_endpoint(agent, "")
        agent.registered = False
        if old:
            self._house.recorder.emit(FactKind.ENDPOINT_MINTED, agent=agent.id, endpoint="", page="", kind="")
            self.softphones.kill(old)

    def contact(self, endpoint: str, *, reachable: bool) -> None:
        """ContactStatus of a softphone. A socket lost alone is not a lost page: the page registers again."""
        agent = self._house.floor.agent_of_endpoint(endpoint)
        if agent is None or agent.registered == reachable:
            return
        agent.registered = reachable
        self.refresh(agent)
        if reachable:
            for callback in self.on_registered:
                callback(agent)
