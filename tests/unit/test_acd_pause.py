"""The ACD's rule: no offers while core, api or journal cannot answer for them, and what happens afterwards."""

from __future__ import annotations

from routing.acd import Acd
from routing.model.events import Pause
from tests.support.acd_events import BOTH, offerable, pairs, ready, run


def test_no_offers_while_paused():
    acd = Acd()
    run(acd, Pause(True, "api_away"), ready("a"))
    assert offerable(acd, "c1") == []
    assert acd.paused() == ("api_away",)


def test_the_last_reason_to_pause_must_end_before_offers_are_made():
    acd = Acd()
    run(acd, Pause(True, "api_away"), Pause(True, "journal_failed"), ready("a"))
    offerable(acd, "c1")
    assert run(acd, Pause(False, "api_away")) == []
    assert pairs(run(acd, Pause(False, "journal_failed"))) == [("c1", "a")]


def test_after_a_pause_all_are_matched_in_the_order_of_their_places():
    acd = Acd()
    run(acd, Pause(True), ready("a", 1, BOTH), ready("b", 2, BOTH), ready("mine", 0))
    offerable(acd, "zh", 20)
    offerable(acd, "en", 10, queue="enquiries", language="en")
    offerable(acd, "third", 30)
    offerable(acd, "own", 40, preferred_agent="mine", preferred_until=200)
    assert pairs(run(acd, Pause(False))) == [("own", "mine"), ("en", "a"), ("zh", "b")]


def test_after_a_pause_an_own_agent_who_is_busy_gets_nothing():
    acd = Acd()
    run(acd, Pause(True))
    offerable(acd, "own", 40, preferred_agent="mine", preferred_until=200)
    assert run(acd, Pause(False)) == []


def test_after_a_pause_own_callers_too_are_matched_in_the_order_of_their_places():
    acd = Acd()
    run(acd, Pause(True), ready("a"), ready("b"))
    offerable(acd, "late", 20, preferred_agent="a", preferred_until=200)
    offerable(acd, "early", 10, preferred_agent="b", preferred_until=200)
    assert pairs(run(acd, Pause(False))) == [("early", "b"), ("late", "a")]
