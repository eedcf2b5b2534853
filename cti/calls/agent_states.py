"""The agent's states as a table: row = state, key = event, value = next state. A missing key is refused, changing nothing."""

from __future__ import annotations

from enum import StrEnum


class AgentState(StrEnum):
    """Where an agent stands; the words are the field's (docs/glossary.md)."""

    LOGGED_OUT = "LOGGED_OUT"
    READY = "READY"
    AUX = "AUX"
    RESERVED = "RESERVED"
    RINGING = "RINGING"
    ON_CALL = "ON_CALL"
    CONSULTING = "CONSULTING"
    WRAP_UP = "WRAP_UP"
    LOST = "LOST"


class AgentEvent(StrEnum):
    """What can happen to an agent's state."""

    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    GO_READY = "go_ready"
    GO_AUX = "go_aux"
    RESERVE = "reserve"  # an offer was made, the page has not yet acknowledged
    RELEASE = "release"  # the offer was withdrawn (caller gone, page silent, taken elsewhere)
    RING = "ring"  # INVITE sent
    NO_ANSWER = "no_answer"
    ANSWER = "answer"
    CONSULT = "consult"
    CONSULT_END = "consult_end"
    CALL_END = "call_end"
    WRAPPED_UP = "wrapped_up"
    PAGE_LOST = "page_lost"
    PAGE_BACK = "page_back"


class IllegalTransition(ValueError):
    """The event does not fit the state; nothing was changed."""

    def __init__(self, state: AgentState, event: AgentEvent) -> None:
        super().__init__(f"agent in {state} cannot {event}")
        self.state, self.event = state, event


_S, _E = AgentState, AgentEvent
TRANSITIONS: dict[AgentState, dict[AgentEvent, AgentState]] = {
    _S.LOGGED_OUT: {_E.LOG_IN: _S.AUX},
    _S.READY: {
        _E.GO_READY: _S.READY,
        _E.GO_AUX: _S.AUX,
        _E.RESERVE: _S.RESERVED,
        _E.RING: _S.RINGING,
        _E.LOG_OUT: _S.LOGGED_OUT,
        _E.PAGE_LOST: _S.LOST,
        _E.ANSWER: _S.ON_CALL,
    },
    _S.AUX: {
        _E.GO_READY: _S.READY,
        _E.GO_AUX: _S.AUX,
        _E.RING: _S.RINGING,
        _E.LOG_OUT: _S.LOGGED_OUT,
        _E.PAGE_LOST: _S.LOST,
        _E.ANSWER: _S.ON_CALL,
    },
    _S.RESERVED: {
        _E.RELEASE: _S.READY,
        _E.RING: _S.RINGING,
        _E.PAGE_LOST: _S.LOST,
        _E.LOG_OUT: _S.LOGGED_OUT,
        _E.NO_ANSWER: _S.AUX,
        _E.GO_AUX: _S.AUX,
        _E.ANSWER: _S.ON_CALL,
    },
    _S.RINGING: {
        _E.ANSWER: _S.ON_CALL,
        _E.NO_ANSWER: _S.AUX,
        _E.RELEASE: _S.READY,
        _E.PAGE_LOST: _S.LOST,
        _E.LOG_OUT: _S.LOGGED_OUT,
        _E.GO_READY: _S.READY,  # a call of his own that nobody answered
        _E.GO_AUX: _S.AUX,
    },
    _S.ON_CALL: {
        _E.CONSULT: _S.CONSULTING,
        _E.CALL_END: _S.WRAP_UP,
        _E.PAGE_LOST: _S.LOST,
        _E.LOG_OUT: _S.LOGGED_OUT,
        _E.RELEASE: _S.READY,  # an engineer who was asked: no wrap-up,
        _E.GO_AUX: _S.AUX,  # and the break that he chose for after it
    },
    _S.CONSULTING: {
        _E.CONSULT_END: _S.ON_CALL,
        _E.CALL_END: _S.WRAP_UP,
        _E.PAGE_LOST: _S.LOST,
        _E.LOG_OUT: _S.LOGGED_OUT,
    },
    _S.WRAP_UP: {
        _E.WRAPPED_UP: _S.READY,
        _E.GO_AUX: _S.AUX,
        _E.GO_READY: _S.READY,
        _E.LOG_OUT: _S.LOGGED_OUT,
        _E.PAGE_LOST: _S.LOST,
        _E.RING: _S.RINGING,
        _E.ANSWER: _S.ON_CALL,  # the emergency path rang him while the core was away
    },
    _S.LOST: {
        _E.PAGE_BACK: _S.AUX,
        _E.LOG_OUT: _S.LOGGED_OUT,
        _E.ANSWER: _S.ON_CALL,
        _E.CALL_END: _S.WRAP_UP,
        _E.GO_READY: _S.READY,
        _E.GO_AUX: _S.AUX,
        _E.PAGE_LOST: _S.LOST,
        _E.RING: _S.RINGING,
    },
}


def next_state(state: AgentState, event: AgentEvent) -> AgentState:
    """Raise IllegalTransition where the table has no entry."""
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalTransition(state, event) from None
