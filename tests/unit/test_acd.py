"""The ACD's rule, one sentence a test. Property tests against a naive oracle are in test_acd_property.py."""

from __future__ import annotations

from routing.acd import Acd
from routing.model.decisions import Offer
from routing.model.events import (
    AgentGone,
    AgentReady,
    CallGone,
    CallNotOfferable,
    CallOfferable,
    CallWaiting,
    Event,
    OfferAccepted,
    OfferFailed,
    OfferFailure,
    Pause,
    SkillsChanged,
    Tick,
)

ZH = {"repairs": 3, "zh": 5}
BOTH = {"repairs": 1, "enquiries": 2, "zh": 5, "en": 3}


def run(acd: Acd, *events: Event, now: float = 100.0) -> list[Offer]:
    return [offer for event in events for offer in acd.apply(event, now)]


def pairs(offers: list[Offer]) -> list[tuple[str, str]]:
    return [(offer.call, offer.agent) for offer in offers]


def waiting(call: str, entered: float = 0.0, *, queue: str = "repairs", language: str = "zh", **more) -> CallWaiting:
    return CallWaiting(call, queue, frozenset({queue, language}), entered, **more)


def offerable(acd: Acd, call: str, entered: float = 0.0, now: float = 100.0, **more) -> list[Offer]:
    return run(acd, waiting(call, entered, **more), CallOfferable(call), now=now)


def ready(agent: str, since: float = 0.0, skills: dict[str, int] | None = None) -> AgentReady:
    return AgentReady(agent, skills or ZH, since)


def test_the_longest_idle_agent_is_offered_the_call():
    acd = Acd()
    run(acd, ready("young", 90), ready("old", 10), ready("middle", 50))
    assert pairs(offerable(acd, "c1")) == [("c1", "old")]


def test_a_call_is_not_offered_before_its_music_runs():
    acd = Acd()
    assert run(acd, ready("a"), waiting("c1")) == []
    assert pairs(run(acd, CallOfferable("c1"))) == [("c1", "a")]


def test_an_agent_without_one_of_the_needed_skills_is_passed_over():
    acd = Acd()
    run(acd, ready("a", 0, {"repairs": 9}), ready("b", 50, ZH))
    assert pairs(offerable(acd, "c1")) == [("c1", "b")]


def test_a_skill_of_level_zero_is_no_skill():
    acd = Acd()
    run(acd, ready("a", 0, {"repairs": 0, "zh": 5}))
    assert offerable(acd, "c1") == []


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


def test_an_agent_is_offered_one_call_at_a_time():
    acd = Acd()
    run(acd, ready("a"))
    offerable(acd, "c1")
    assert offerable(acd, "c2") == []


def test_a_call_is_offered_to_one_agent_at_a_time():
    acd = Acd()
    run(acd, ready("a"), ready("b"))
    offerable(acd, "c1")
    assert run(acd, CallOfferable("c1"), ready("c")) == []


def test_a_failed_offer_goes_to_the_next_agent():
    acd = Acd()
    run(acd, ready("a", 0), ready("b", 1))
    (offer,) = offerable(acd, "c1")
    assert pairs(run(acd, OfferFailed(offer.id, OfferFailure.PAGE_SILENT))) == [("c1", "b")]


def test_after_a_failed_offer_the_caller_keeps_his_place():
    acd = Acd()
    run(acd, ready("a"))
    (offer,) = offerable(acd, "c1", 10)
    offerable(acd, "c2", 20)
    run(acd, OfferFailed(offer.id, OfferFailure.NO_ANSWER))
    assert acd.position("c1") == 1
    assert pairs(run(acd, ready("b"))) == [("c1", "b")]


def test_after_a_failed_offer_the_agent_is_out_until_he_is_ready_again():
    acd = Acd()
    run(acd, ready("a"))
    (offer,) = offerable(acd, "c1")
    assert run(acd, OfferFailed(offer.id, OfferFailure.BUSY)) == []
    assert pairs(run(acd, ready("a"))) == [("c1", "a")]


def test_ready_said_during_an_offer_counts_from_its_end():
    acd = Acd()
    run(acd, ready("a"))
    offerable(acd, "c1")
    assert run(acd, ready("a", 5)) == []
    assert run(acd, CallGone("c1")) == []
    assert pairs(offerable(acd, "c2")) == [("c2", "a")]


def test_a_failed_call_that_is_being_moved_waits_for_its_music():
    acd = Acd()
    run(acd, ready("a", 0), ready("b", 1))
    (offer,) = offerable(acd, "c1")
    assert run(acd, CallNotOfferable("c1"), OfferFailed(offer.id, OfferFailure.NO_ANSWER)) == []
    assert pairs(run(acd, CallOfferable("c1"))) == [("c1", "b")]


def test_a_call_that_is_no_longer_offerable_leaves_its_line_not_its_place():
    acd = Acd()
    offerable(acd, "c1", 10)
    offerable(acd, "c2", 20)
    run(acd, CallNotOfferable("c1"))
    assert pairs(run(acd, ready("a"))) == [("c2", "a")]
    assert acd.position("c1") == 1


def test_an_accepted_call_leaves_the_queue():
    acd = Acd()
    run(acd, ready("a"))
    (offer,) = offerable(acd, "c1")
    run(acd, OfferAccepted(offer.id))
    assert (acd.waiting("repairs"), acd.position("c1"), acd.offer_of("c1")) == (0, None, "")


def test_an_offered_caller_still_waits():
    acd = Acd()
    run(acd, ready("a"))
    (offer,) = offerable(acd, "c1")
    assert (acd.waiting("repairs"), acd.position("c1"), acd.offer_of("c1")) == (1, 1, offer.id)


def test_a_caller_who_hangs_up_is_offered_to_nobody():
    acd = Acd()
    offerable(acd, "c1")
    run(acd, CallGone("c1"))
    assert run(acd, ready("a")) == []


def test_an_agent_who_is_gone_is_offered_nothing():
    acd = Acd()
    run(acd, ready("a"), AgentGone("a"))
    assert offerable(acd, "c1") == []


def test_an_agent_gone_during_an_offer_is_not_idle_after_it():
    acd = Acd()
    run(acd, ready("a"))
    (offer,) = offerable(acd, "c1")
    run(acd, ready("a"), AgentGone("a"))
    assert run(acd, OfferFailed(offer.id, OfferFailure.FAILED)) == []


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


def test_a_caller_waits_for_his_own_agent_even_if_another_is_idle():
    acd = Acd()
    run(acd, ready("other"))
    assert offerable(acd, "c1", first=True, preferred_agent="mine", preferred_until=120) == []
    assert acd.next_deadline() == 120
    assert pairs(run(acd, ready("mine"), now=110)) == [("c1", "mine")]


def test_his_own_agent_gets_him_whatever_skills_he_has():
    acd = Acd()
    offerable(acd, "c1", preferred_agent="mine", preferred_until=120)
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


def test_a_place_stated_anew_moves_the_call():
    acd = Acd()
    offerable(acd, "c1", 10)
    offerable(acd, "c2", 20)
    run(acd, waiting("c1", 10, queue="enquiries"))
    assert (acd.calls("repairs"), acd.calls("enquiries")) == (("c2",), ("c1",))
    assert pairs(run(acd, ready("a", 0, {"enquiries": 1, "zh": 1}))) == [("c1", "a")]


def test_a_place_stated_anew_keeps_the_open_offer():
    acd = Acd()
    run(acd, ready("a"))
    (offer,) = offerable(acd, "c1")
    run(acd, waiting("c1", 5), ready("b"))
    assert acd.offer_of("c1") == offer.id
    assert pairs(run(acd, OfferFailed(offer.id, OfferFailure.FAILED))) == [("c1", "b")]


def test_the_same_deadline_stated_twice_is_no_trouble():
    acd = Acd()
    run(acd, ready("other"))
    for _ in range(2):
        offerable(acd, "c1", preferred_agent="mine", preferred_until=120)
    assert pairs(run(acd, Tick(), now=121)) == [("c1", "other")]


def test_events_about_unknown_things_change_nothing():
    acd = Acd()
    strange = [AgentGone("x"), CallGone("x"), CallOfferable("x"), CallNotOfferable("x"), OfferAccepted("x")]
    assert run(acd, *strange, OfferFailed("x", OfferFailure.FAILED)) == []


def test_an_offer_says_why():
    acd = Acd("epoch7")
    run(acd, ready("a", 40))
    (offer,) = offerable(acd, "c1", 70, priority=2, first=True, now=100)
    assert offer.id == "epoch7-1"
    assert offer.reasons == (
        ("skill_matched", {"skill": "repairs", "level": 3}),
        ("skill_matched", {"skill": "zh", "level": 5}),
        ("longest_idle", {"seconds": 60.0}),
        ("returned_first", {}),
        ("priority", {"value": 2}),
        ("first_in_queue", {"position": 1}),
        ("waited", {"seconds": 30.0}),
    )


def test_equal_idle_times_are_served_in_the_order_of_becoming_ready():
    acd = Acd()
    run(acd, ready("b", 10), ready("a", 10))
    assert pairs(offerable(acd, "c1")) == [("c1", "b")]


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


def test_after_a_pause_own_callers_too_are_matched_in_the_order_of_their_places():
    acd = Acd()
    run(acd, Pause(True), ready("a"), ready("b"))
    offerable(acd, "late", 20, preferred_agent="a", preferred_until=200)
    offerable(acd, "early", 10, preferred_agent="b", preferred_until=200)
    assert pairs(run(acd, Pause(False))) == [("early", "b"), ("late", "a")]
