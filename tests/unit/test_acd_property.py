"""routing.acd against a naive oracle, over any history of events."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.acd import Acd
from routing.model import events as ev
from tests.support.acd_oracle import OracleAcd

SKILLS = ["repairs", "enquiries", "complaints", "zh", "en"]
QUEUES = SKILLS[:3]
agents = st.sampled_from([f"a{n}" for n in range(4)])
calls = st.sampled_from([f"c{n}" for n in range(6)])
offers = st.integers(1, 12).map(lambda n: f"0-{n}")  # offer ids are 0-1, 0-2, …: some are open, some were, some will be
moments = st.integers(0, 6).map(float)  # few values: ties are wanted
skills = st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 3))
needs = st.builds(lambda queue, language: frozenset({queue, language}), st.sampled_from(QUEUES), st.sampled_from(["zh", "en"]))
waitings = st.builds(
    ev.CallWaiting,
    calls,
    st.sampled_from(QUEUES),
    needs,
    moments,
    priority=st.integers(0, 2),
    first=st.booleans(),
    preferred_agent=st.one_of(st.just(""), agents),
    preferred_until=st.sampled_from([0.0, 5.0, 20.0, 1000.0]),
)
generalist = st.builds(ev.AgentReady, agents, st.just(dict.fromkeys(SKILLS, 1)), moments).map(lambda event: [event])
arrivals = waitings.map(lambda event: [event, ev.CallOfferable(event.call)])
single = st.one_of(
    st.builds(ev.AgentReady, agents, skills, moments),
    st.builds(ev.AgentGone, agents),
    st.builds(ev.SkillsChanged, agents, skills),
    waitings,
    st.builds(ev.CallOfferable, calls),
    st.builds(ev.CallNotOfferable, calls),
    st.builds(ev.CallGone, calls),
    st.builds(ev.OfferFailed, offers, st.sampled_from(ev.OfferFailure)),
    st.builds(ev.OfferAccepted, offers),
    st.builds(ev.Pause, st.booleans(), st.sampled_from(["api_away", "journal_failed"])),
    st.builds(ev.Tick),
).map(lambda event: [event])
burst = st.lists(st.one_of(generalist, arrivals), min_size=2, max_size=8).map(lambda events: [e for part in events for e in part])
pauses = burst.map(lambda events: [ev.Pause(True, "burst"), *events, ev.Pause(False, "burst"), ev.Pause(False, "api_away")])
steps = st.one_of(single, single, generalist, arrivals, pauses)
histories = st.lists(st.tuples(steps, st.integers(0, 3)), max_size=40).map(
    lambda history: [(event, seconds if n == 0 else 0) for events, seconds in history for n, event in enumerate(events)]
)


@settings(max_examples=300, deadline=None)
@given(histories)
def test_every_decision_and_every_place_is_the_oracles(history):
    acd, oracle, now = Acd(), OracleAcd(), 0.0
    for event, step in history:
        now += step
        decided = [(offer.id, offer.call, offer.agent) for offer in acd.apply(event, now)]
        assert decided == oracle.apply(event, now), event
        for queue in QUEUES:
            assert acd.calls(queue) == oracle.order(queue)
            assert acd.waiting(queue) == len(oracle.order(queue))


@settings(max_examples=60, deadline=None)
@given(histories)
def test_no_call_has_two_agents_and_no_agent_two_calls(history):
    acd, now = Acd(), 0.0
    open_offers: dict[str, tuple[str, str]] = {}
    for event, step in history:
        now += step
        if isinstance(event, (ev.OfferFailed, ev.OfferAccepted)):
            open_offers.pop(event.offer, None)
        if isinstance(event, ev.CallGone):
            open_offers = {offer: pair for offer, pair in open_offers.items() if pair[0] != event.call}
        for offer in acd.apply(event, now):
            assert offer.call not in [call for call, _ in open_offers.values()]
            assert offer.agent not in [agent for _, agent in open_offers.values()]
            open_offers[offer.id] = (offer.call, offer.agent)


@settings(max_examples=40, deadline=None)
@given(histories)
def test_equal_histories_give_equal_decisions_and_reasons(history):
    one, two, now = Acd("e"), Acd("e"), 0.0
    for event, step in history:
        now += step
        assert one.apply(event, now) == two.apply(event, now)


@settings(max_examples=40, deadline=None)
@given(histories)
def test_positions_count_from_one_without_gaps(history):
    acd, now = Acd(), 0.0
    for event, step in history:
        now += step
        acd.apply(event, now)
        for queue in QUEUES:
            assert [acd.position(call) for call in acd.calls(queue)] == list(range(1, acd.waiting(queue) + 1))
