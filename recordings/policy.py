"""What is recorded: the queue's policy, the call's direction, and whether the notice was heard. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Who rang."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class RecordingPolicy:
    """Of one queue, or of outbound calls. `notice`: only after the caller was told."""

    inbound: bool = True
    outbound: bool = True
    notice: bool = False


class Why(StrEnum):
    """The reason of a verdict, as a code."""

    POLICY_ON = "policy_on"
    POLICY_OFF = "policy_off"
    NO_NOTICE = "no_notice"
    DISK_LOW = "disk_low"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Record or not, and why."""

    record: bool
    why: Why


def verdict(policy: RecordingPolicy, direction: Direction, *, notice_heard: bool) -> Verdict:
    """Asked once, when the agent's side is about to be connected."""
    wanted = policy.inbound if direction is Direction.IN else policy.outbound
    if not wanted:
        return Verdict(False, Why.POLICY_OFF)
    if policy.notice and not notice_heard:
        return Verdict(False, Why.NO_NOTICE)
    return Verdict(True, Why.POLICY_ON)


def may_dial(policy: RecordingPolicy, *, disk_low: bool) -> Verdict:
    """An outbound call that must be recorded is not begun when the disk is nearly full; calls that come in always go on."""
    if policy.outbound and disk_low:
        return Verdict(False, Why.DISK_LOW)
    return Verdict(True, Why.POLICY_ON if policy.outbound else Why.POLICY_OFF)
