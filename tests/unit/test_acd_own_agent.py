"""The ACD's rule: a caller who waits for his own agent."""

from __future__ import annotations

from routing.acd import Acd
from routing.model.events import CallGone, OfferFailed, OfferFailure, Tick
from tests.support.acd_events import offerable, pairs, ready, run


def test_a_caller_waits_for_his_own_agent_even_if_another_is_idle():
    acd = Acd()
    run(acd, ready("other"))
    assert offerable(acd, "c1", first=True, preferred_agent="mine", preferred_until=120) == []
    assert acd.next_deadline() == 120
    assert pairs(run(acd, ready("mine"), now=110)) == [("c1", "mine")]


def test_his_own_agent_gets_him_whatever_skills_he_has():
    acd = Acd()
    offerable(acd, "c1", first=True, preferred_agent="mine", preferred_until=120)
    (offer,) = run(acd, ready("mine", 0, {"nothing": 1}), now=110)
    assert [reason.code for reason in offer.reasons] == ["same_agent", "first_in_queue", "waited"]


def test_his_own_agent_who_is_idle_already_gets_him_at_once():
    acd = Acd()
    run(acd, ready("mine", 50), ready("other", 10))
    assert pairs(offerable(acd, "c1", preferred_agent="mine", preferred_until=120)) == [("c1", "mine")]


def test_an_agents_own_caller_comes_before_longer_waiting_ones():
    acd = Acd()
    offerable(acd, "early", 1)
    offerable(acd, "own", 90, preferred_agent="mine", preferred_until=120)
    assert pairs(run(acd, ready("mine"), now=110)) == [("own", "mine")]


def test_when_his_own_agent_does_not_come_in_time_anybody_gets_him():
    acd = Acd()
    run(acd, ready("other"))
    offerable(acd, "c1", preferred_agent="mine", preferred_until=120)
    assert run(acd, Tick(), now=119.9) == []
    assert pairs(run(acd, Tick(), now=120)) == [("c1", "other")]
    assert acd.next_deadline() is None


def test_when_his_own_agent_fails_anybody_gets_him():
    acd = Acd()
    run(acd, ready("other"), ready("mine"))
    (offer,) = offerable(acd, "c1", preferred_agent="mine", preferred_until=120)
    assert pairs(run(acd, OfferFailed(offer.id, OfferFailure.PAGE_SILENT))) == [("c1", "other")]


def test_two_callers_may_wait_for_the_same_agent():
    acd = Acd()
    offerable(acd, "c2", 20, preferred_agent="mine", preferred_until=130)
    offerable(acd, "c1", 10, preferred_agent="mine", preferred_until=120)
    assert pairs(run(acd, ready("mine"), now=110)) == [("c1", "mine")]


def test_the_deadline_of_a_caller_who_is_gone_is_forgotten():
    acd = Acd()
    offerable(acd, "c1", preferred_agent="mine", preferred_until=120)
    offerable(acd, "c2", preferred_agent="mine", preferred_until=125)
    run(acd, CallGone("c1"))
    assert acd.next_deadline() == 125
    assert run(acd, Tick(), now=130) == []
    assert acd.position("c2") == 1


def test_the_same_deadline_stated_twice_is_no_trouble():
    acd = Acd()
    run(acd, ready("other"))
    for _ in range(2):
        offerable(acd, "c1", preferred_agent="mine", preferred_until=120)
    assert pairs(run(acd, Tick(), now=121)) == [("c1", "other")]
