"""Runs a flow for one caller, one input at a time. Pure: equal inputs give equal actions.

Bounded whatever the flow and the caller do: after MOST_NODES nodes he goes to the default queue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ivr.actions import Action, Enqueue
from ivr.flow import Flow
from ivr.inputs import Gone, Input, key_of
from ivr.node import Turn
from ivr.state import CallFacts, State

MOST_NODES = 50


@dataclass(frozen=True, slots=True)
class Passed:
    """A node that was left, and how: for the call's time line (`ivr.step`)."""

    node: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Step:
    """Do `actions` in order; the last one is a Play or Collect to be answered, or the end (`state.done`)."""

    state: State
    actions: tuple[Action, ...] = ()
    passed: tuple[Passed, ...] = ()


def start(flow: Flow, facts: CallFacts) -> Step:
    """The caller was answered."""
    state = State(node=flow.start, language=facts.language or flow.language, default_queue=facts.default_queue)
    return _follow(flow, Turn(state, to=flow.start))


def step(flow: Flow, state: State, given: Input) -> Step:
    """The answer to the last action. After the end nothing happens any more."""
    if state.done:
        return Step(state)
    if isinstance(given, Gone):
        return Step(replace(state, done=True), (), (Passed(state.node, "gone"),))
    return _follow(flow, flow.nodes[state.node].take(state, key_of(given)))


def _follow(flow: Flow, turn: Turn) -> Step:
    actions: tuple[Action, ...] = turn.actions
    passed: tuple[Passed, ...] = ()
    while turn.to:
        if turn.outcome:
            passed = (*passed, Passed(turn.state.node, turn.outcome))
        state = replace(turn.state, node=turn.to, prompt=0, tries=0, entered=turn.state.entered + 1)
        if state.entered > MOST_NODES:
            return _give_up(state, actions, passed)
        turn = flow.nodes[state.node].enter(state)
        actions += turn.actions
    if turn.state.done:
        passed = (*passed, Passed(turn.state.node, turn.outcome))
    return Step(turn.state, actions, passed)


def _give_up(state: State, actions: tuple[Action, ...], passed: tuple[Passed, ...]) -> Step:
    queue, language = state.default_queue, state.language
    action = Enqueue(queue, language, 0, frozenset({queue, language}))
    return Step(replace(state, done=True), (*actions, action), (*passed, Passed(state.node, "too_many_nodes")))
