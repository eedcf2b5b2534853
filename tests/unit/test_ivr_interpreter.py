"""The interpreter over any flow and any caller."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.actions import ANY_KEY, Enqueue, Hangup, Play
from ivr.flow import Flow, read_flow
from ivr.inputs import Digits, Gone, Played, Timeout
from ivr.interpreter import MOST_NODES, start, step
from ivr.node import Prompt
from ivr.nodes.enqueue import Enqueue as EnqueueNode
from ivr.nodes.hangup import Hangup as HangupNode
from ivr.nodes.language import Language
from ivr.nodes.menu import Menu
from ivr.nodes.say import Say
from ivr.state import CallFacts, State

FACTS = CallFacts(default_queue="repairs")
NAMES = [f"n{n}" for n in range(6)]
names = st.sampled_from(NAMES)
prompts = st.lists(st.builds(Prompt, st.sampled_from(["p", "q"]), st.sampled_from(["", "en"])), min_size=1, max_size=3).map(tuple)
keymaps = st.dictionaries(st.sampled_from(ANY_KEY), names, min_size=1)
kinds = [
    lambda name: st.builds(Say, st.just(name), prompts, names, st.booleans()),
    lambda name: st.builds(
        Menu, st.just(name), prompts, keymaps, st.just(500), names, st.integers(1, 3), st.just(Prompt("invalid"))
    ),
    lambda name: st.builds(Language, st.just(name), st.sampled_from(["zh", "en"]), names),
    lambda name: st.builds(
        EnqueueNode, st.just(name), st.sampled_from(["default", "x"]), st.just(1), st.just(frozenset({"vip"}))
    ),
    lambda name: st.builds(HangupNode, st.just(name)),
]
nodes = st.fixed_dictionaries({name: st.one_of([kind(name) for kind in kinds]) for name in NAMES})
flows = st.builds(Flow, st.just("any"), st.just("zh"), names, nodes)
keys = st.one_of(st.just(""), st.sampled_from(ANY_KEY), st.text(max_size=3))
inputs = st.one_of(st.builds(Played, keys), st.builds(Digits, keys), st.builds(Timeout))
MOST_INPUTS = MOST_NODES * 20  # a node waits for at most 3 tries of at most 3 prompts, a wrong-key prompt and a wait


@settings(max_examples=150, deadline=None)
@given(flows, st.lists(inputs, max_size=60))
def test_every_path_of_every_flow_ends_in_enqueue_or_hangup_in_bounded_steps(flow, given_inputs):
    now, count = start(flow, FACTS), 0
    while not now.state.done:
        assert now.actions, "a caller who is asked nothing is lost"
        now = step(flow, now.state, given_inputs[count % len(given_inputs)] if given_inputs else Timeout())
        count += 1
        assert count <= MOST_INPUTS
    assert isinstance(now.actions[-1], (Enqueue, Hangup))


@settings(max_examples=60, deadline=None)
@given(flows, st.lists(inputs, max_size=30))
def test_only_the_last_action_of_a_step_waits(flow, given_inputs):
    now = start(flow, FACTS)
    for each in given_inputs:
        assert not any(isinstance(action, (Play, Enqueue, Hangup)) for action in now.actions[:-1])
        now = step(flow, now.state, each)


@settings(max_examples=50, deadline=None)
@given(flows, st.lists(inputs, max_size=30))
def test_equal_inputs_give_equal_steps(flow, given_inputs):
    one, two = start(flow, FACTS), start(flow, FACTS)
    for each in given_inputs:
        assert one == two
        one, two = step(flow, one.state, each), step(flow, two.state, each)


def test_after_the_end_nothing_happens_any_more():
    flow = read_flow("{flow: a, language: zh, start: e, nodes: {e: {enqueue: default}}}", "a.yaml")
    done = start(flow, FACTS)
    assert step(flow, done.state, Played("1")).actions == ()
    assert step(flow, done.state, Gone()).passed == ()


def test_a_flow_that_goes_in_a_circle_ends_in_the_default_queue():
    text = "{flow: a, language: zh, start: x, nodes: {x: {language: en, then: y}, y: {language: zh, then: x}}}"
    now = start(read_flow(text, "a.yaml"), FACTS)
    assert now.actions[-1].queue == "repairs"
    assert now.passed[-1].outcome == "too_many_nodes"


def test_a_callers_known_language_wins_over_the_flows():
    flow = read_flow("{flow: a, language: zh, start: e, nodes: {e: {enqueue: default}}}", "a.yaml")
    assert start(flow, CallFacts("repairs", "en")).actions[0].language == "en"


def test_enqueue_adds_its_skills_and_priority():
    text = "{flow: a, language: zh, start: e, nodes: {e: {enqueue: repairs, priority: 5, skills: [lifts]}}}"
    assert start(read_flow(text, "a.yaml"), FACTS).actions == (
        Enqueue("repairs", "zh", 5, frozenset({"repairs", "zh", "lifts"})),
    )


def test_hangup_ends_a_flow_that_only_tells_something():
    text = "{flow: a, language: zh, start: s, nodes: {s: {say: [goodbye, goodbye], then: h}, h: {hangup: yes}}}"
    flow = read_flow(text, "a.yaml")
    now = start(flow, FACTS)
    now = step(flow, now.state, Played())
    assert now.actions == (Play("goodbye", "zh"),)
    assert step(flow, now.state, Played()).actions == (Hangup(),)


AHEAD = """
flow: a
language: zh
start: one
nodes:
  one: {say: p, interrupt: yes, then: two}
  two: {say: p, interrupt: yes, then: m}
  m: {menu: p, keys: {5: e}, wait_ms: 100, silent: h}
  e: {enqueue: default}
  h: {hangup: yes}
"""


def test_a_key_pressed_ahead_skips_what_is_said_before_its_menu():
    flow = read_flow(AHEAD, "a.yaml")
    now = step(flow, start(flow, FACTS).state, Played("5"))
    assert isinstance(now.actions[-1], Enqueue)


def test_a_key_pressed_ahead_does_not_skip_what_must_be_heard():
    flow = read_flow(AHEAD.replace("two: {say: p, interrupt: yes", "two: {say: law"), "a.yaml")
    now = step(flow, start(flow, FACTS).state, Played("5"))
    assert now.actions == (Play("law", "zh"),)
    assert isinstance(step(flow, now.state, Played()).actions[-1], Enqueue)


def test_a_node_that_never_waits_still_answers_an_input():
    state = State("x", "zh", "repairs")
    assert Language("x", "en", "y").take(state, "").to == "y"
    assert EnqueueNode("x", "default", 0, frozenset()).take(state, "").state.done
    assert HangupNode("x").take(state, "").state.done
