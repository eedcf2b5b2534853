"""The ACD's rule: when an offer is made, how it ends, what it says."""

from __future__ import annotations

from routing.acd import Acd
from routing.model.events import AgentGone, CallGone, CallNotOfferable, CallOfferable, OfferAccepted, OfferFailed, OfferFailure
from tests.support.acd_events import offerable, pairs, ready, run, waiting


def test_a_call_is_not_offered_before_its_music_runs():
    acd = Acd()
    assert run(acd, ready("a"), waiting("c1")) == []
    assert pairs(run(acd, CallOfferable("c1"))) == [("c1", "a")]


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


def test_a_place_stated_anew_keeps_the_open_offer():
    acd = Acd()
    run(acd, ready("a"))
    (offer,) = offerable(acd, "c1")
    run(acd, waiting("c1", 5), ready("b"))
    assert acd.offer_of("c1") == offer.id
    assert pairs(run(acd, OfferFailed(offer.id, OfferFailure.FAILED))) == [("c1", "b")]


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
