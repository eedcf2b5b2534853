"""The ACD against queueing theory: M/M/c without abandons must wait what Erlang C says."""

from __future__ import annotations

import heapq
import random
import statistics

import pytest

from routing.acd import Acd
from routing.metrics.erlang import mean_wait_s
from routing.model import events as ev

WARM_UP = 500  # calls: the first find an empty house
RUNS = 10


def simulated_mean_wait(agents: int, calls_per_s: float, handling_s: float, calls: int, seed: int) -> float:
    rng = random.Random(seed)  # noqa: S311 - a simulation
    acd, skills = Acd(), {"repairs": 1}
    entered: dict[str, float] = {}
    due: list[tuple[float, int, ev.Event]] = []
    waits: list[float] = []
    moment = 0.0
    for n in range(agents):
        acd.apply(ev.AgentReady(f"a{n}", skills, 0.0), 0.0)
    for n in range(calls):
        moment += rng.expovariate(calls_per_s)
        heapq.heappush(due, (moment, n, ev.CallWaiting(f"c{n}", "repairs", frozenset(skills), moment)))
    while due:
        now, _, event = heapq.heappop(due)
        offers = list(acd.apply(event, now))
        if isinstance(event, ev.CallWaiting):
            entered[event.call] = now
            offers += acd.apply(ev.CallOfferable(event.call), now)
        for offer in offers:
            waits.append(now - entered[offer.call])
            acd.apply(ev.OfferAccepted(offer.id), now)
            end = now + rng.expovariate(1 / handling_s)
            heapq.heappush(due, (end, calls + len(waits), ev.AgentReady(offer.agent, skills, end)))
    assert len(waits) == calls
    return statistics.fmean(waits[WARM_UP:])


@pytest.mark.parametrize(("agents", "load"), [(1, 0.5), (3, 0.7), (10, 0.8), (30, 0.85)])
def test_the_mean_wait_is_erlangs(agents, load):
    """Ten independent runs: their mean must lie within four of its own standard errors, which must be small enough to tell."""
    handling = 180.0
    rate = agents * load / handling
    expected = mean_wait_s(agents, rate, handling)
    found = [simulated_mean_wait(agents, rate, handling, calls=WARM_UP + 4_000, seed=seed) for seed in range(RUNS)]
    error = statistics.stdev(found) / RUNS**0.5
    assert error < 0.1 * expected
    assert abs(statistics.fmean(found) - expected) < 4 * error
