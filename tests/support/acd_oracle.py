"""The ACD's rule written as plainly as possible: flat lists, full scans, no index. Slow, and the judge of routing.acd."""

from __future__ import annotations

from dataclasses import dataclass, field

from routing.model import events as ev


@dataclass
class OracleAgent:
    skills: dict[str, int] = field(default_factory=dict)
    ready: bool = False
    offer: str = ""
    since: float = 0.0
    idle_order: int = 0  # when he last became idle; 0 = not idle


@dataclass
class OracleCall:
    event: ev.CallWaiting
    arrival: int
    own: str
    offerable: bool = False
    offer: str = ""

    @property
    def place(self) -> tuple[int, bool, float, int]:
        return (-self.event.priority, not self.event.first, self.event.entered_at, self.arrival)


class OracleAcd:
    """Answers `apply` with (offer id, call, agent) in the order of deciding."""

    def __init__(self) -> None:
        self.agents: dict[str, OracleAgent] = {}
        self.calls: dict[str, OracleCall] = {}
        self.paused: set[str] = set()
        self.count = self.arrivals = self.offers = 0
        self.decided: list[tuple[str, str, str]] = []

    def apply(self, event: ev.Event, now: float) -> list[tuple[str, str, str]]:
        self.decided = []
        due = [call for call in self.calls.values() if call.own and call.event.preferred_until <= now]
        for call in due:
            call.own = ""
        for call in sorted(due, key=lambda call: call.place):
            self.seek_agent(call)
        getattr(self, "on_" + type(event).__name__.lower())(event)
        return self.decided

    # ---- what happens

    def on_agentready(self, event):
        agent = self.agents.setdefault(event.agent, OracleAgent())
        agent.skills, agent.ready, agent.since, agent.idle_order = event.skills, True, event.idle_since, 0
        self.seek_call(event.agent)

    def on_agentgone(self, event):
        if event.agent in self.agents:
            self.agents[event.agent].ready, self.agents[event.agent].idle_order = False, 0

    def on_skillschanged(self, event):
        agent = self.agents.setdefault(event.agent, OracleAgent())
        agent.skills, agent.idle_order = event.skills, 0
        self.seek_call(event.agent)

    def on_callwaiting(self, event):
        before = self.calls.pop(event.call, None)
        self.arrivals += 1
        call = self.calls[event.call] = OracleCall(event, self.arrivals, event.preferred_agent)
        if before:
            call.offerable, call.offer = before.offerable, before.offer
            self.seek_agent(call)

    def on_callgone(self, event):
        call = self.calls.pop(event.call, None)
        if call and call.offer:
            self.seek_call(self.end_offer(call))

    def on_callofferable(self, event):
        call = self.calls.get(event.call)
        if call and not call.offerable:
            call.offerable = True
            self.seek_agent(call)

    def on_callnotofferable(self, event):
        if event.call in self.calls:
            self.calls[event.call].offerable = False

    def on_offerfailed(self, event):
        for call in self.calls.values():
            if call.offer == event.offer:
                agent = self.end_offer(call)
                if call.own == agent:
                    call.own = ""
                self.seek_agent(call)
                self.seek_call(agent)
                return

    def on_offeraccepted(self, event):
        for call in list(self.calls.values()):
            if call.offer == event.offer:
                self.agents[self.end_offer(call)].ready = False
                del self.calls[call.event.call]

    def on_pause(self, event):
        (self.paused.add if event.on else self.paused.discard)(event.why)
        if not event.on and not self.paused:
            waiting = sorted(self.calls.values(), key=lambda call: (not call.own, call.place))
            for call in waiting:
                self.seek_agent(call)

    def on_tick(self, event):
        pass

    # ---- who fits whom

    def end_offer(self, call: OracleCall) -> str:
        for name, agent in self.agents.items():
            if agent.offer == call.offer:
                agent.offer = call.offer = ""
                return name
        raise AssertionError("an offer without its agent")

    def fits(self, call: OracleCall, name: str) -> bool:
        skills = self.agents[name].skills
        return call.own == name if call.own else all(skills.get(need, 0) > 0 for need in call.event.skills)

    def seek_agent(self, call: OracleCall) -> None:
        if self.paused or not call.offerable or call.offer:
            return
        idle = [name for name, agent in self.agents.items() if agent.idle_order and self.fits(call, name)]
        if idle:
            self.offer(call, min(idle, key=lambda name: (self.agents[name].since, self.agents[name].idle_order)))

    def seek_call(self, name: str) -> None:
        agent = self.agents[name]
        if not agent.ready or agent.offer:
            return
        self.count += 1
        agent.idle_order = self.count
        calls = [call for call in self.calls.values() if call.offerable and not call.offer and self.fits(call, name)]
        if calls and not self.paused:
            self.offer(min(calls, key=lambda call: (not call.own, call.place)), name)

    def offer(self, call: OracleCall, name: str) -> None:
        agent = self.agents[name]
        self.offers += 1
        call.offer = agent.offer = f"0-{self.offers}"
        agent.ready, agent.idle_order = False, 0
        self.decided.append((call.offer, call.event.call, name))

    def order(self, queue: str) -> tuple[str, ...]:
        calls = [call for call in self.calls.values() if call.event.queue == queue]
        return tuple(call.event.call for call in sorted(calls, key=lambda call: call.place))
