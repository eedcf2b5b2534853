"""Where a call stands, and which fact leads where. The table is the specification; the diagram in docs/states is made from it.

A fact that does not fit the state is refused by `next_state` (the live core logs it and takes a snapshot); facts that say nothing
about the state are not in the table.
"""

from __future__ import annotations

from enum import StrEnum

from cti.calls.facts import FactKind


class CallState(StrEnum):
    """The state of a whole call, as the console shows it."""

    NEW = "new"
    IVR = "ivr"
    WAITING = "waiting"
    OFFERED = "offered"
    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"
    CONSULTING = "consulting"
    CONFERENCE = "conference"
    LOST_AGENT = "lost_agent"
    FALLBACK = "fallback"
    DIALLING = "dialling"
    ENDED = "ended"


_S, _F = CallState, FactKind
_ALIVE = (_S.IVR, _S.WAITING, _S.OFFERED, _S.RINGING, _S.TALKING, _S.HELD, _S.CONSULTING, _S.CONFERENCE, _S.LOST_AGENT)

TRANSITIONS: dict[CallState, dict[FactKind, CallState]] = {
    _S.NEW: {_F.CALL_ARRIVED: _S.IVR, _F.CALL_DIALLED: _S.DIALLING, _F.CALL_REBUILT: _S.ENDED},
    _S.IVR: {_F.CALL_QUEUED: _S.WAITING},
    _S.WAITING: {_F.OFFER_MADE: _S.OFFERED, _F.CALL_QUEUED: _S.WAITING, _F.CALL_ANSWERED: _S.TALKING},
    _S.OFFERED: {
        _F.RING_REQUESTED: _S.RINGING,
        _F.OFFER_WITHDRAWN: _S.WAITING,
        _F.CALL_QUEUED: _S.WAITING,
        _F.CALL_ANSWERED: _S.TALKING,
    },
    _S.RINGING: {
        _F.CALL_ANSWERED: _S.TALKING,
        _F.OFFER_WITHDRAWN: _S.WAITING,
        _F.RING_ENDED: _S.WAITING,
        _F.CALL_QUEUED: _S.WAITING,
    },
    _S.TALKING: {
        _F.CALL_HELD: _S.HELD,
        _F.CONSULT_STARTED: _S.CONSULTING,
        _F.AGENT_LEFT: _S.LOST_AGENT,
        _F.TRANSFERRED: _S.WAITING,
        _F.CALL_QUEUED: _S.WAITING,
        _F.CALL_ANSWERED: _S.TALKING,
        _F.CALL_REATTACHED: _S.TALKING,
    },
    _S.HELD: {
        _F.CALL_RESUMED: _S.TALKING,
        _F.AGENT_LEFT: _S.LOST_AGENT,
        _F.TRANSFERRED: _S.WAITING,
        _F.CONSULT_STARTED: _S.CONSULTING,
    },
    _S.CONSULTING: {
        _F.CONSULT_JOINED: _S.CONFERENCE,
        _F.CONSULT_COMPLETED: _S.TALKING,
        _F.CONSULT_CANCELLED: _S.TALKING,
        _F.AGENT_LEFT: _S.LOST_AGENT,
    },
    _S.CONFERENCE: {
        _F.CONSULT_COMPLETED: _S.TALKING,
        _F.CONSULT_CANCELLED: _S.TALKING,
        _F.AGENT_LEFT: _S.LOST_AGENT,
    },
    _S.LOST_AGENT: {_F.CALL_REATTACHED: _S.TALKING, _F.CALL_QUEUED: _S.WAITING, _F.CALL_ANSWERED: _S.TALKING},
    _S.FALLBACK: {_F.CALL_QUEUED: _S.WAITING, _F.CALL_ANSWERED: _S.TALKING},
    _S.DIALLING: {_F.CALL_ANSWERED: _S.TALKING},
    _S.ENDED: {},
}
for _state in (*_ALIVE, _S.DIALLING, _S.FALLBACK):
    TRANSITIONS[_state][_F.CALL_ENDED] = _S.ENDED
for _state in (_S.NEW, _S.IVR, _S.WAITING, _S.OFFERED, _S.RINGING):
    TRANSITIONS[_state][_F.FALLBACK_ENTERED] = _S.FALLBACK

MOVING = frozenset(kind for row in TRANSITIONS.values() for kind in row)


def next_state(state: CallState, kind: FactKind) -> CallState | None:
    """The state after a fact of this kind; the same state for kinds that move nothing; None where it does not fit."""
    if kind not in MOVING:
        return state
    return TRANSITIONS[state].get(kind)
