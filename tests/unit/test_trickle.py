"""The demo's callers: the same for the same seed, and believable."""

from __future__ import annotations

import random

from carillon.softphone.script import Answer, Hangup
from carillon.softphone.trickle import Trickle

KNOWN = ["+8613800000001", "+8613800000002"]


def visits(seed, count=400, *, a_minute=4.0, known=KNOWN):
    chance = random.Random(seed)  # noqa: S311 - callers of a test
    trickle = Trickle(chance, a_minute=a_minute, known=known, lines=("4001", "4002"))
    return [trickle.next() for _ in range(count)]


def test_the_same_seed_brings_the_same_callers():
    assert visits(7) == visits(7)
    assert visits(7) != visits(8)


def test_they_come_as_often_as_asked():
    pauses = [visit.pause for visit in visits(1, 2000)]
    assert 13 < sum(pauses) / len(pauses) < 17


def test_most_are_known_and_some_are_strangers():
    known = sum(visit.number in KNOWN for visit in visits(1))
    assert 0.6 < known / 400 < 0.9


def test_a_house_without_owners_has_strangers_only():
    assert all(visit.number.startswith("+86139") for visit in visits(1, known=[]))


def test_everybody_waits_for_an_answer_talks_and_hangs_up():
    assert all(visit.steps[-3] == Answer() and visit.steps[-1] == Hangup() for visit in visits(2))


def test_some_lose_patience():
    assert 5 < sum(visit.patience < 20 for visit in visits(3)) < 80
