"""The ACD's rule: who may take a call."""

from __future__ import annotations

from routing.acd import Acd
from routing.model.events import CallGone, SkillsChanged
from tests.support.acd_events import BOTH, ZH, offerable, pairs, ready, run


def test_an_agent_without_one_of_the_needed_skills_is_passed_over():
    acd = Acd()
    run(acd, ready("a", 0, {"repairs": 9}), ready("b", 50, ZH))
    assert pairs(offerable(acd, "c1")) == [("c1", "b")]


def test_a_skill_of_level_zero_is_no_skill():
    acd = Acd()
    run(acd, ready("a", 0, {"repairs": 0, "zh": 5}))
    assert offerable(acd, "c1") == []


def test_new_skills_bring_a_waiting_call_at_once():
    acd = Acd()
    run(acd, ready("a", 0, {"enquiries": 1, "zh": 5}))
    offerable(acd, "c1")
    assert pairs(run(acd, SkillsChanged("a", BOTH))) == [("c1", "a")]


def test_new_skills_of_an_agent_who_is_not_ready_wait_for_him():
    acd = Acd()
    offerable(acd, "c1")
    assert run(acd, SkillsChanged("a", BOTH)) == []


def test_a_lost_skill_takes_the_agent_out_of_that_line():
    acd = Acd()
    offerable(acd, "c0")
    run(acd, CallGone("c0"), ready("a", 0, BOTH), SkillsChanged("a", {"enquiries": 1, "zh": 1}))
    assert offerable(acd, "c1") == []
