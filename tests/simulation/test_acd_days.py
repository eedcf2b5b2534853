"""Whole days in virtual time, many seeds; the invariants are checked after every step (tests/simulation/centre.py).

CARILLON_SIM_SEEDS=5000 runs more of them.
"""

from __future__ import annotations

import os

import pytest

from routing.acd import Acd, engine
from routing.acd.floor import Floor
from routing.acd.line import Line
from routing.acd.parties import QueuedCall
from routing.acd.queues import Queues
from tests.simulation.centre import Centre

SEEDS = int(os.environ.get("CARILLON_SIM_SEEDS", "100"))
SLICES = 10


def run_days(seeds: int) -> None:
    for seed in range(seeds):
        day(seed)


def day(seed: int) -> Centre:
    centre = Centre(seed)
    centre.run(agents=5 + seed % 20, calls=60 + 7 * (seed % 15))
    return centre


@pytest.mark.parametrize("part", range(SLICES))
def test_no_day_breaks_an_invariant(part):
    answered = 0
    for seed in range(part, SEEDS, SLICES):
        centre = day(seed)
        assert centre.answered + centre.abandoned >= len(centre.callers)  # who lost his agent may be counted twice
        answered += centre.answered
    assert answered > 0


def test_a_seed_tells_the_same_story_every_time():
    assert day(3).story == day(3).story


# ---- the harness itself: each planted fault must be found ---------------------------------------------------------------


def most_recent_agent(monkeypatch):
    def add_agent(self, agent, alive):
        self._agents.append((-agent.idle_since, agent.stamp, agent))
        self._agents.sort()

    monkeypatch.setattr(Line, "add_agent", add_agent)


def gone_agents_stay(monkeypatch):
    monkeypatch.setattr(Acd, "_agent_gone", lambda self, event, now: None)


def returned_callers_go_last(monkeypatch):
    real = QueuedCall.__init__

    def init(self, event, arrival):
        real(self, event, arrival)
        self.key = (-event.priority, 1, event.entered_at + 1000 * event.first, arrival, event.call)

    monkeypatch.setattr(QueuedCall, "__init__", init)


def priority_is_forgotten(monkeypatch):
    real = QueuedCall.__init__

    def init(self, event, arrival):
        real(self, event, arrival)
        self.key = (0, *self.key[1:])

    monkeypatch.setattr(QueuedCall, "__init__", init)


def music_is_not_awaited(monkeypatch):
    monkeypatch.setattr(Acd, "_call_not_offerable", lambda self, event, now: None)


def failed_calls_are_forgotten(monkeypatch):
    def failed(self, event, now):
        if event.offer in self._open:
            call, _ = self._close(event.offer)
            self._queues.leave(call)

    monkeypatch.setattr(Acd, "_offer_failed", failed)


def dead_entries_live(monkeypatch):
    monkeypatch.setattr(Line, "first_agent", lambda self: self._agents[0][2] if self._agents else None)


def own_callers_wait_for_ever(monkeypatch):
    monkeypatch.setattr(Queues, "release_due", lambda self, now: [])


def pauses_are_ignored(monkeypatch):
    monkeypatch.setattr(engine.Acd, "_pause", lambda self, event, now: None)


def new_lines_start_empty(monkeypatch):
    def line(self, need):
        return self._lines.setdefault(need, Line(need))

    monkeypatch.setattr(Floor, "line", line)


FAULTS = [
    most_recent_agent,
    gone_agents_stay,
    returned_callers_go_last,
    priority_is_forgotten,
    music_is_not_awaited,
    failed_calls_are_forgotten,
    dead_entries_live,
    own_callers_wait_for_ever,
    pauses_are_ignored,
    new_lines_start_empty,
]


@pytest.mark.parametrize("plant", FAULTS)
def test_a_planted_fault_is_found(plant, monkeypatch):
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        run_days(50)
