"""A callback is open until it is done or cancelled, and can be opened again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from crm_core.errors import WrongState


class CallbackState(StrEnum):
    """Where a promise stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


NEXT: Mapping[CallbackState, frozenset[CallbackState]] = {
    CallbackState.OPEN: frozenset({CallbackState.DONE, CallbackState.CANCELLED}),
    CallbackState.DONE: frozenset({CallbackState.OPEN}),
    CallbackState.CANCELLED: frozenset({CallbackState.OPEN}),
}


def move(before: CallbackState, after: CallbackState) -> CallbackState:
    """`after`, when the table allows it; the same state again succeeds. Raises WrongState."""
    if after != before and after not in NEXT[before]:
        raise WrongState(before, after)
    return after
