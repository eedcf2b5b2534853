"""routing.acd alone: events per second with 100, 1,000 and 10,000 agents, beside a plain scan of agents and callers.

    python -m bench.acd [--rounds 5] [--events 40000]

Traffic is recorded once per size and load as a list of events: `light`, most agents idle; `full`, all agents on calls and
the queues swinging between a few idle agents and many waiting callers. Both engines replay the same list, taking turns, and
must decide the same. Goals (of the worse load): at least 20,000 events a second at 1,000 agents; an event at 10,000 agents
costs at most twice one at 100. Figures are CPU time of this process. The plain scan gives no reasons and knows no places.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import platform
import random
import statistics
import time
from pathlib import Path

from routing.acd import Acd
from routing.model import events as ev

LOADS = ("light", "full")
SIZES = (100, 1_000, 10_000)
RESULTS = Path(__file__).parent / "results" / "acd.json"
QUEUES = ("repairs", "enquiries", "complaints")
LANGUAGES = ("zh", "en")
PEER_WORK = 12_000_000  # agents × events of one round: the peer's time grows with both
GOAL_RATE, GOAL_RATIO = 20_000, 2.0


class PlainScan:
    """What one writes first: a list of idle agents and a list of callers, both kept in order, searched from the front."""

    def __init__(self) -> None:
        self.idle: list[tuple[float, int, str]] = []
        self.callers: list[tuple[tuple[int, int, float, int], str]] = []
        self.skills: dict[str, frozenset[str]] = {}
        self.calls: dict[str, ev.CallWaiting] = {}
        self.offers: dict[str, tuple[str, str]] = {}
        self.offered: dict[str, str] = {}
        self.order = self.count = 0

    def apply(self, event: ev.Event, _now: float) -> tuple[str, str] | None:
        return getattr(self, "on_" + type(event).__name__)(event)

    def on_AgentReady(self, event: ev.AgentReady):  # noqa: N802
        self.skills[event.agent] = frozenset(skill for skill, level in event.skills.items() if level > 0)
        for index, (_, call) in enumerate(self.callers):
            if self.calls[call].skills <= self.skills[event.agent]:
                del self.callers[index]
                return self.offer(call, event.agent)
        self.order += 1
        self.idle.append((event.idle_since, self.order, event.agent))
        self.idle.sort()  # nearly sorted: linear
        return None

    def on_AgentGone(self, event: ev.AgentGone):  # noqa: N802
        self.idle = [entry for entry in self.idle if entry[2] != event.agent]

    def on_CallWaiting(self, event: ev.CallWaiting):  # noqa: N802
        self.calls[event.call] = event

    def on_CallOfferable(self, event: ev.CallOfferable):  # noqa: N802
        return self.seek_agent(event.call)

    def on_CallGone(self, event: ev.CallGone):  # noqa: N802
        del self.calls[event.call]
        self.offers.pop(self.offered.pop(event.call, ""), None)
        self.callers = [entry for entry in self.callers if entry[1] != event.call]

    def on_OfferAccepted(self, event: ev.OfferAccepted):  # noqa: N802
        call, _ = self.offers.pop(event.offer)
        del self.offered[call], self.calls[call]

    def on_OfferFailed(self, event: ev.OfferFailed):  # noqa: N802
        call, _ = self.offers.pop(event.offer)
        del self.offered[call]
        return self.seek_agent(call)

    def seek_agent(self, call: str):
        need = self.calls[call].skills
        for index, (_, _, agent) in enumerate(self.idle):
            if need <= self.skills[agent]:
                del self.idle[index]
                return self.offer(call, agent)
        waiting = self.calls[call]
        self.callers.append(((-waiting.priority, 0 if waiting.first else 1, waiting.entered_at, int(call[1:])), call))
        self.callers.sort()
        return None

    def offer(self, call: str, agent: str) -> tuple[str, str]:
        self.count += 1
        offer = f"0-{self.count}"
        self.offers[offer] = (call, agent)
        self.offered[call] = offer
        return call, agent


class Day:
    """Makes the traffic: it answers the engine's offers, so it is recorded with one engine and replayed to both."""

    def __init__(self, agents: int, events: int, load: str, seed: int = 7) -> None:
        self.rng, self.now = random.Random(seed), 0.0
        self.acd, self.history, self.decisions = Acd(), [], []
        self.skills = {f"a{n}": self.some_skills() for n in range(agents)}
        self.busy, self.waiting, self.calls = list(self.skills), [], 0
        for agent in list(self.busy):
            self.ready(agent)
        while load == "full" and len(self.waiting) < 20:
            self.arrive()
        self.most_waiting = 0
        self.warm_up, self.decided_before = len(self.history), len(self.decisions)
        while len(self.history) < self.warm_up + events:
            self.happen(len(self.history) - self.warm_up, events)
            self.most_waiting = max(self.most_waiting, len(self.waiting))

    def some_skills(self) -> dict[str, int]:
        queues = self.rng.sample(QUEUES, self.rng.choice([1, 2, 2, 3]))
        languages = self.rng.sample(LANGUAGES, self.rng.choice([1, 1, 2]))
        return {skill: self.rng.randint(1, 5) for skill in [*queues, *languages]}

    def tell(self, event: ev.Event) -> None:
        self.now += 0.01
        self.history.append((event, self.now))
        for offer in self.acd.apply(event, self.now):
            self.decisions.append((offer.call, offer.agent))
            if self.rng.random() < 0.03:
                self.busy.append(offer.agent)
                self.tell(ev.OfferFailed(offer.id, ev.OfferFailure.NO_ANSWER))
            else:
                self.waiting = [call for call in self.waiting if call != offer.call] if self.waiting else []
                self.tell(ev.OfferAccepted(offer.id))
                self.busy.append(offer.agent)

    def ready(self, agent: str) -> None:
        self.busy.remove(agent)
        self.tell(ev.AgentReady(agent, self.skills[agent], self.now))

    def happen(self, done: int, events: int) -> None:
        share = 0.5 + 0.06 * math.sin(done / events * 6 * math.pi)  # three swings: agents idle, callers waiting
        chance = self.rng.random()
        if chance < 0.01 and self.waiting:
            self.tell(ev.CallGone(self.waiting.pop(self.rng.randrange(len(self.waiting)))))
        elif chance < share or not self.busy:
            self.arrive()
        else:
            self.ready(self.busy[self.rng.randrange(len(self.busy))])

    def arrive(self) -> None:
        self.calls += 1
        call, need = f"c{self.calls}", frozenset({self.rng.choice(QUEUES), self.rng.choices(LANGUAGES, [4, 1])[0]})
        priority = self.rng.choices([0, 1, 5], [90, 8, 2])[0]
        self.waiting.append(call)
        self.tell(ev.CallWaiting(call, sorted(need & set(QUEUES))[0], need, self.now, priority))
        self.tell(ev.CallOfferable(call))


def replay_acd(day: Day, events: int) -> tuple[float, list[tuple[str, str]]]:
    acd, decided = Acd(), []
    for event, now in day.history[: day.warm_up]:
        acd.apply(event, now)
    measured = day.history[day.warm_up : day.warm_up + events]
    gc.collect()
    started = time.process_time()
    for event, now in measured:
        decided += acd.apply(event, now)
    seconds = time.process_time() - started
    return seconds / len(measured), [(offer.call, offer.agent) for offer in decided]


def replay_plain(day: Day, events: int) -> tuple[float, list[tuple[str, str]]]:
    plain, decided = PlainScan(), []
    for event, now in day.history[: day.warm_up]:
        plain.apply(event, now)
    measured = day.history[day.warm_up : day.warm_up + events]
    gc.collect()
    started = time.process_time()
    for event, now in measured:
        decided.append(plain.apply(event, now))
    seconds = time.process_time() - started
    return seconds / len(measured), [pair for pair in decided if pair]


def bench(agents: int, load: str, events: int, rounds: int) -> dict[str, object]:
    day = Day(agents, events, load)
    expected = day.decisions[day.decided_before :]
    peer_events = min(events, PEER_WORK // agents)
    ours, plain = [], []
    for _ in range(rounds):
        cost, decided = replay_acd(day, events)
        ours.append(cost)
        assert decided == expected[: len(decided)]
        cost, decided = replay_plain(day, peer_events)
        plain.append(cost)
        assert decided == expected[: len(decided)], "the peer follows another rule"
    middle, peer = statistics.median(ours), statistics.median(plain)
    return {
        "agents": agents,
        "load": load,
        "most_waiting": day.most_waiting,
        "events": events,
        "calls": day.calls,
        "microseconds_per_event": round(middle * 1e6, 2),
        "spread_microseconds": [round(min(ours) * 1e6, 2), round(max(ours) * 1e6, 2)],
        "events_per_second": round(1 / middle),
        "plain_scan_events": peer_events,
        "plain_scan_microseconds_per_event": round(peer * 1e6, 2),
        "plain_scan_events_per_second": round(1 / peer),
        "times_the_plain_scan": round(peer / middle, 1),
    }


def print_table(rows: list[dict]) -> None:
    columns = {
        "load": "load",
        "agents": "agents",
        "most_waiting": "most waiting",
        "microseconds_per_event": "µs/event",
        "spread_microseconds": "spread",
        "events_per_second": "events/s",
        "plain_scan_microseconds_per_event": "plain scan µs",
        "times_the_plain_scan": "× plain scan",
    }
    print("".join(f"{title:>16}" for title in columns.values()))
    for row in rows:
        print("".join(f"{row[column]!s:>16}" for column in columns))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--events", type=int, default=40_000)
    asked = parser.parse_args()
    rows = [bench(agents, load, asked.events, asked.rounds) for load in LOADS for agents in SIZES]
    cost = {(row["load"], row["agents"]): row["microseconds_per_event"] for row in rows}
    ratio = max(cost[load, SIZES[-1]] / cost[load, SIZES[0]] for load in LOADS)
    rate = min(row["events_per_second"] for row in rows if row["agents"] == 1_000)
    result = {
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "rounds": asked.rounds,
        "rows": rows,
        "goals": {
            "events_per_second_at_1000": {"goal": GOAL_RATE, "found": rate, "met": rate >= GOAL_RATE},
            "cost_10000_over_100": {"goal": GOAL_RATIO, "found": round(ratio, 2), "met": ratio <= GOAL_RATIO},
        },
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print_table(rows)
    print(
        f"cost at 10,000 agents ÷ at 100: {ratio:.2f} (goal ≤ {GOAL_RATIO}); at 1,000: {rate:,} events/s (goal ≥ {GOAL_RATE:,})"
    )


if __name__ == "__main__":
    main()
