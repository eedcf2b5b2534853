"""The state tables are the specification: their diagrams are fresh, and what they do not name is refused."""

from __future__ import annotations

import pytest

from carillon.state_diagrams import FOLDER, pages
from cti.calls.agent_states import TRANSITIONS, AgentEvent, AgentState, IllegalTransition, next_state
from cti.calls.call_states import CallState
from cti.calls.call_states import next_state as next_call_state
from cti.calls.facts import FactKind


@pytest.mark.parametrize("name", pages())
def test_the_diagrams_in_docs_are_made_from_the_tables(name):
    assert (FOLDER / name).read_text() == pages()[name]


@pytest.mark.parametrize("state", AgentState)
@pytest.mark.parametrize("event", AgentEvent)
def test_an_agents_event_that_does_not_fit_changes_nothing(state, event):
    if event in TRANSITIONS[state]:
        assert next_state(state, event) is TRANSITIONS[state][event]
    else:
        with pytest.raises(IllegalTransition):
            next_state(state, event)


@pytest.mark.parametrize("kind", FactKind)
def test_nothing_happens_to_a_call_that_has_ended(kind):
    assert next_call_state(CallState.ENDED, kind) in (None, CallState.ENDED)


def test_an_agent_in_aux_wrap_up_or_lost_is_never_reserved():
    for state in (AgentState.AUX, AgentState.WRAP_UP, AgentState.LOST, AgentState.LOGGED_OUT):
        assert AgentEvent.RESERVE not in TRANSITIONS[state]
