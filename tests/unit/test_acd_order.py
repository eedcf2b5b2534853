"""The ACD's rule, one sentence a test: who is next. Property tests against a naive oracle are in test_acd_property.py."""

from __future__ import annotations

from routing.acd import Acd
from routing.model.events import AgentGone, CallGone, CallNotOfferable, CallOfferable
from tests.support.acd_events import BOTH, offerable, pairs, ready, run, waiting


def test_the_longest_idle_agent_is_offered_the_call():
    acd = Acd()
    run(acd, ready("young", 90), ready("old", 10), ready("middle", 50))
    assert pairs(offerable(acd, "c1")) == [("c1", "old")]


def test_equal_idle_times_are_served_in_the_order_of_becoming_ready():
    acd = Acd()
    run(acd, ready("b", 10), ready("a", 10))
    assert pairs(offerable(acd, "c1")) == [("c1", "b")]


def test_an_agent_who_becomes_ready_gets_the_longest_waiting_call():
    acd = Acd()
    offerable(acd, "late", 20)
    offerable(acd, "early", 10)
    assert pairs(run(acd, ready("a"))) == [("early", "a")]


def test_priority_goes_before_waiting_time():
    acd = Acd()
    offerable(acd, "early", 10)
    offerable(acd, "vip", 20, priority=5)
    assert pairs(run(acd, ready("a"))) == [("vip", "a")]


def test_overlapping_skills_take_the_first_caller_of_all_their_queues():
    acd = Acd()
    offerable(acd, "zh-repair", 30)
    offerable(acd, "en-enquiry", 10, queue="enquiries", language="en")
    offerable(acd, "zh-complaint", 1, queue="complaints")
    assert pairs(run(acd, ready("a", 0, BOTH))) == [("en-enquiry", "a")]


def test_a_returned_caller_is_ahead_of_all_of_equal_priority():
    acd = Acd()
    offerable(acd, "early", 10)
    offerable(acd, "returned", 90, first=True)
    assert acd.calls("repairs") == ("returned", "early")


def test_a_returned_caller_is_behind_a_higher_priority():
    acd = Acd()
    offerable(acd, "returned", 1, first=True)
    offerable(acd, "vip", 90, priority=1)
    assert acd.position("returned") == 2


def test_a_place_stated_anew_moves_the_call():
    acd = Acd()
    offerable(acd, "c1", 10)
    offerable(acd, "c2", 20)
    run(acd, waiting("c1", 10, queue="enquiries"))
    assert (acd.calls("repairs"), acd.calls("enquiries")) == (("c2",), ("c1",))
    assert pairs(run(acd, ready("a", 0, {"enquiries": 1, "zh": 1}))) == [("c1", "a")]


def test_a_call_that_is_no_longer_offerable_leaves_its_line_not_its_place():
    acd = Acd()
    offerable(acd, "c1", 10)
    offerable(acd, "c2", 20)
    run(acd, CallNotOfferable("c1"))
    assert pairs(run(acd, ready("a"))) == [("c2", "a")]
    assert acd.position("c1") == 1


def test_dead_entries_do_not_pile_up():
    acd = Acd()
    offerable(acd, "c0")
    for n in range(2000):
        run(acd, CallNotOfferable("c0"), CallOfferable("c0"))
        run(acd, ready("a", n, {"repairs": 1}), AgentGone("a"))
    offerable(acd, "other", queue="x", language="y")
    for n in range(2000):
        run(acd, ready("b", n, {"x": 1, "zh": 1}))
    sizes = [len(line._calls) + len(line._agents) for line in acd._floor.lines()]
    assert max(sizes) < 300


def test_dead_agents_of_a_line_are_swept_out():
    acd = Acd()
    offerable(acd, "c0")
    run(acd, CallGone("c0"))
    for n in range(2000):
        run(acd, ready("a", n))
    assert max(len(line._agents) for line in acd._floor.lines()) < 100
    assert pairs(offerable(acd, "c1")) == [("c1", "a")]
