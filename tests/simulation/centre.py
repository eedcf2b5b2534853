"""A call centre in virtual time around the real ACD: callers, agents, pages, a switch that is slow, and faults.

It keeps the truth (who is where) apart from the ACD's own state and checks after every step that they agree.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass

from routing.acd import Acd
from routing.model import events as ev
from routing.model.decisions import Offer

QUEUES = ("repairs", "enquiries", "complaints")
LANGUAGES = ("zh", "en")


@dataclass
class Caller:
    id: str
    queue: str
    need: frozenset[str]
    priority: int
    entered: float
    order: int
    at: str = "ivr"  # ivr, waiting, talking, ended
    music: bool = False
    first: bool = False
    own: str = ""
    own_until: float = 0.0
    offer: str = ""

    @property
    def place(self) -> tuple[int, bool, float, int]:
        return (-self.priority, not self.first, self.entered, self.order)


@dataclass
class Agent:
    id: str
    skills: dict[str, int]
    state: str = "AUX"  # AUX, READY, RESERVED, ON_CALL, WRAP_UP, LOST
    since: float = 0.0
    order: int = 0
    call: str = ""


class Centre:
    """One seed, one day. `story` is what happened, for a failure that can be read."""

    def __init__(self, seed: int, acd: Acd | None = None) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a simulation
        self.acd = acd or Acd("sim")
        self.now = 0.0
        self.due: list[tuple[float, int, Callable[[], None]]] = []
        self.ticket = itertools.count(1)
        self.callers: dict[str, Caller] = {}
        self.agents: dict[str, Agent] = {}
        self.offers: dict[str, tuple[str, str]] = {}
        self.paused = False
        self.faults = True
        self.story: list[str] = []
        self.answered = self.abandoned = 0

    # ---- the day ----------------------------------------------------------------------------------------------------

    def run(self, agents: int, calls: int) -> None:
        for n in range(agents):
            agent = self.agents[f"a{n}"] = Agent(f"a{n}", self.some_skills())
            self.later(self.rng.expovariate(1 / 5), lambda agent=agent: self.go_ready(agent))
        pace = agents / 70 * self.rng.uniform(0.6, 1.3)  # from quiet to hopelessly busy
        moment = 0.0
        for n in range(calls):
            moment += self.rng.expovariate(pace)
            self.later(moment, lambda n=n: self.arrive(n))
        for _ in range(self.rng.randrange(4)):
            self.later(self.rng.uniform(0, moment), self.api_away)
        self.until_quiet(moment)
        self.settle()

    def until_quiet(self, last_arrival: float) -> None:
        for _ in range(50_000):
            if not self.due or (self.now > last_arrival and all(c.at == "ended" for c in self.callers.values())):
                return
            self.now, _, happen = heapq.heappop(self.due)
            happen()
            self.check()
        raise AssertionError("the day does not end")

    def settle(self) -> None:
        """Faults off: every caller got somewhere, nothing hangs."""
        self.tell(ev.Tick())
        assert all(caller.at == "ended" for caller in self.callers.values()), self.tail()
        assert self.offers == {}, self.tail()
        assert [self.acd.waiting(queue) for queue in QUEUES] == [0, 0, 0], self.tail()

    def some_skills(self) -> dict[str, int]:
        queues = self.rng.sample(QUEUES, self.rng.choice([1, 2, 3]))
        return dict.fromkeys([*queues, *self.rng.sample(LANGUAGES, self.rng.choice([1, 2]))], 1)

    def later(self, seconds: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self.due, (self.now + seconds, next(self.ticket), happen))

    def tell(self, event: ev.Event) -> None:
        self.story.append(f"{self.now:8.2f} {event}")
        for offer in self.acd.apply(event, self.now):
            self.story.append(f"{self.now:8.2f}   -> {offer.call} to {offer.agent}")
            self.offered(offer)
        deadline = self.acd.next_deadline()
        if deadline is not None:
            self.later(max(0.0, deadline - self.now), lambda: self.tell(ev.Tick()))

    # ---- callers ----------------------------------------------------------------------------------------------------

    def arrive(self, n: int) -> None:
        queue, language = self.rng.choice(QUEUES), self.rng.choice(LANGUAGES)
        caller = Caller(f"c{n}", queue, frozenset({queue, language}), self.rng.choice([0, 0, 0, 5]), self.now, next(self.ticket))
        self.callers[caller.id] = caller
        self.later(self.rng.uniform(0, 3), lambda: self.enter(caller))
        self.later(self.rng.expovariate(1 / 120), lambda: self.hang_up(caller))

    def enter(self, caller: Caller) -> None:
        if caller.at != "ivr":
            return
        caller.at, caller.entered, caller.order = "waiting", self.now, next(self.ticket)
        self.tell_waiting(caller)
        self.music_soon(caller)

    def tell_waiting(self, caller: Caller) -> None:
        self.tell(
            ev.CallWaiting(
                caller.id,
                caller.queue,
                caller.need,
                caller.entered,
                caller.priority,
                caller.first,
                preferred_agent=caller.own,
                preferred_until=caller.own_until,
            )
        )

    def music_soon(self, caller: Caller) -> None:
        self.later(self.rng.uniform(0.01, 0.5), lambda: self.music(caller))
        if self.faults and self.rng.random() < 0.05:
            self.later(self.rng.uniform(0.01, 1), lambda: self.music(caller))  # the event comes twice

    def music(self, caller: Caller) -> None:
        if caller.at == "waiting" and not self.ringing(caller):
            caller.music = True
            self.tell(ev.CallOfferable(caller.id))

    def ringing(self, caller: Caller) -> bool:
        return bool(caller.offer) and not caller.music

    def hang_up(self, caller: Caller) -> None:
        if caller.at not in {"ivr", "waiting"}:
            return
        self.abandoned += 1
        caller.at, offer = "ended", caller.offer
        if offer:
            agent = self.agents[self.close(offer)[1]]
            self.set(agent, "WRAP_UP")
            self.later(0.1, lambda: self.go_ready(agent))
        self.tell(ev.CallGone(caller.id))

    # ---- offers -----------------------------------------------------------------------------------------------------

    def offered(self, offer: Offer) -> None:
        caller, agent = self.callers[offer.call], self.agents[offer.agent]
        self.check_choice(caller, agent)
        caller.offer, agent.call = offer.id, caller.id
        self.offers[offer.id] = (caller.id, agent.id)
        self.set(agent, "RESERVED")
        chance = self.rng.random() if self.faults else 1.0
        if chance < 0.05:
            self.later(1.0, lambda: self.fail(offer.id, ev.OfferFailure.PAGE_SILENT, "LOST"))
        else:
            self.later(self.rng.uniform(0.01, 0.2), lambda: self.ring(offer.id, will_answer=chance > 0.15))

    def ring(self, offer: str, *, will_answer: bool) -> None:
        if offer not in self.offers:
            return
        caller = self.callers[self.offers[offer][0]]
        caller.music = False
        self.tell(ev.CallNotOfferable(caller.id))
        if will_answer:
            self.later(self.rng.uniform(1, 8), lambda: self.answer(offer))
        else:
            self.later(15.0, lambda: self.fail(offer, ev.OfferFailure.NO_ANSWER, "AUX"))

    def fail(self, offer: str, why: ev.OfferFailure, state: str) -> None:
        if offer not in self.offers:
            return
        caller, agent = (each[key] for each, key in zip((self.callers, self.agents), self.close(offer), strict=True))
        if caller.own == agent.id:
            caller.own = ""
        self.set(agent, state)
        first, second = ev.AgentGone(agent.id), ev.OfferFailed(offer, why)
        for event in (first, second) if self.rng.random() < 0.5 else (second, first):  # services may tell in either order
            self.tell(event)
        if not caller.music:
            self.music_soon(caller)
        self.later(self.rng.uniform(2, 40), lambda: self.go_ready(agent))

    def answer(self, offer: str) -> None:
        if offer not in self.offers:
            return
        caller, agent = (each[key] for each, key in zip((self.callers, self.agents), self.close(offer), strict=True))
        self.answered += 1
        caller.at = "talking"
        self.set(agent, "ON_CALL", caller.id)
        self.tell(ev.OfferAccepted(offer))
        talk = self.rng.expovariate(1 / 40)
        if self.faults and self.rng.random() < 0.08:
            self.later(talk / 2, lambda: self.page_dies(caller, agent))
        else:
            self.later(talk, lambda: self.end(caller, agent))

    def page_dies(self, caller: Caller, agent: Agent) -> None:
        """The caller goes to hold, first in line, and is the same agent's for 20 s."""
        self.set(agent, "LOST")
        caller.at, caller.music, caller.first = "waiting", False, True
        caller.own, caller.own_until = agent.id, self.now + 20
        self.tell_waiting(caller)
        self.music_soon(caller)
        self.later(self.rng.choice([0.2, 5, 30]), lambda: self.go_ready(agent))
        self.later(self.rng.expovariate(1 / 120), lambda: self.hang_up(caller))

    def end(self, caller: Caller, agent: Agent) -> None:
        caller.at = "ended"
        self.set(agent, "WRAP_UP")
        self.later(self.rng.expovariate(1 / 10), lambda: self.go_ready(agent))

    def close(self, offer: str) -> tuple[str, str]:
        caller, agent = self.offers.pop(offer)
        self.callers[caller].offer = self.agents[agent].call = ""
        return caller, agent

    # ---- agents and faults ------------------------------------------------------------------------------------------

    def set(self, agent: Agent, state: str, call: str = "") -> None:
        agent.state = state
        if state != "RESERVED":
            agent.call = call

    def go_ready(self, agent: Agent) -> None:
        if agent.state not in {"AUX", "LOST", "WRAP_UP"}:
            return
        self.set(agent, "READY")
        agent.since, agent.order = self.now, next(self.ticket)
        self.tell(ev.AgentReady(agent.id, agent.skills, self.now))
        if self.faults and agent.state == "READY" and self.rng.random() < 0.1:
            self.later(self.rng.uniform(0, 20), lambda: self.take_a_break(agent))

    def take_a_break(self, agent: Agent) -> None:
        if agent.state == "READY":
            self.set(agent, "AUX")
            self.tell(ev.AgentGone(agent.id))
            if self.rng.random() < 0.3:
                agent.skills = self.some_skills()
                self.tell(ev.SkillsChanged(agent.id, agent.skills))
            self.later(self.rng.uniform(1, 60), lambda: self.go_ready(agent))

    def api_away(self) -> None:
        self.paused = True
        self.tell(ev.Pause(True, "api_away"))
        self.later(self.rng.uniform(0.1, 15), self.api_back)

    def api_back(self) -> None:
        self.paused = False
        self.tell(ev.Pause(False, "api_away"))

    # ---- invariants: 1 one call, one agent; 2 nobody lost; 4 first come, first served; 5 only who is READY -------------

    def fits(self, caller: Caller, agent: Agent) -> bool:
        if caller.own and self.now < caller.own_until:
            return caller.own == agent.id
        return all(agent.skills.get(need, 0) > 0 for need in caller.need)

    def free(self) -> list[Caller]:
        return [c for c in self.callers.values() if c.at == "waiting" and c.music and not c.offer]

    def check_choice(self, caller: Caller, agent: Agent) -> None:
        """At each offer, before it is entered into the truth."""
        assert not self.paused, f"an offer while paused\n{self.tail()}"
        assert agent.state == "READY", f"5: {agent.id} is {agent.state} and was offered {caller.id}\n{self.tail()}"
        assert agent.call == "", f"1: {agent.id} has {agent.call} and was offered {caller.id}\n{self.tail()}"
        assert (caller.at, caller.music) == ("waiting", True), f"2: {caller.id} is not to be moved\n{self.tail()}"
        assert caller.offer == "", f"1: {caller.id} is offered twice\n{self.tail()}"
        assert self.fits(caller, agent), f"{agent.id} cannot serve {caller.id}\n{self.tail()}"
        if not caller.own:
            earlier = [
                a.id
                for a in self.agents.values()
                if a.state == "READY" and self.fits(caller, a) and self.is_longer_idle(a, agent)
            ]
            assert not earlier, f"{earlier} were idle longer than {agent.id}\n{self.tail()}"
            ahead = [c.id for c in self.free() if c.place < caller.place and not c.own and self.fits(c, agent)]
            assert not ahead, f"4: {ahead} were ahead of {caller.id}\n{self.tail()}"

    @staticmethod
    def is_longer_idle(one: Agent, other: Agent) -> bool:
        return (one.since, one.order) < (other.since, other.order)

    def check(self) -> None:
        """After every step."""
        waiting = {c.id for c in self.callers.values() if c.at == "waiting"}
        known = {call for queue in QUEUES for call in self.acd.calls(queue)}
        assert waiting == known, f"2: lost or ghost callers {waiting ^ known}\n{self.tail()}"
        talking = [c.id for c in self.callers.values() if c.at == "talking"]
        on_call = [a.call for a in self.agents.values() if a.state == "ON_CALL"]
        assert sorted(talking) == sorted(on_call), f"1: talks and agents disagree\n{self.tail()}"
        for offer, (caller, agent) in self.offers.items():
            assert self.acd.offer_of(caller) == offer, self.tail()
            assert self.agents[agent].call == caller, self.tail()
        if not self.paused:
            idle = [agent for agent in self.agents.values() if agent.state == "READY"]
            stuck = [(c.id, a.id) for c in self.free() for a in idle if self.fits(c, a)]
            assert not stuck, f"4: these wait for each other {stuck}\n{self.tail()}"

    def tail(self) -> str:
        """The end of the story, for the message of a failure."""
        return "\n".join(self.story[-25:])
