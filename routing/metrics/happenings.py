"""What can happen to an entry into a queue. Every entry ends in exactly one of the last three."""

from __future__ import annotations

from enum import StrEnum


class QueueHappening(StrEnum):
    """Entered, and how the entry ended."""

    ENTERED = "entered"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    FLOW_OUT = "flow_out"


class FlowOut(StrEnum):
    """Where an entry went that was neither answered nor abandoned."""

    CALLBACK = "callback"
    OVERFLOW = "overflow"
    TRANSFER = "transfer"
    VOICEMAIL = "voicemail"
    FALLBACK = "fallback"  # into the emergency queue
