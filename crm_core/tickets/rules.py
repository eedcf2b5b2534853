"""The stages of a ticket as data: who may follow whom, what a task sheet needs, which clock runs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crm_core.errors import FieldsMissing, NotAllowed, WrongState


class Kind(StrEnum):
    """What the paper would have been."""

    REQUEST = "request"
    TASK_SHEET = "task_sheet"  # 任务单: an engineer rings the owner back


class State(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    HANDED_OVER = "handed_over"
    IN_PROGRESS = "in_progress"
    SOLVED = "solved"
    CLOSED = "closed"


FINISHED = frozenset({State.SOLVED, State.CLOSED})
UNFINISHED = frozenset(State) - FINISHED

# Reassigning, escalating and re-opening are always possible; what is missing here is refused.
NEXT: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.HANDED_OVER, State.IN_PROGRESS, State.SOLVED, State.CLOSED}),
    State.HANDED_OVER: frozenset({State.OPEN, State.HANDED_OVER, State.IN_PROGRESS, State.SOLVED}),
    State.IN_PROGRESS: frozenset({State.OPEN, State.HANDED_OVER, State.SOLVED}),
    State.SOLVED: frozenset({State.OPEN, State.CLOSED}),
    State.CLOSED: frozenset({State.OPEN}),
}

# A live call hands over within 15 minutes.
HAND_OVER_CLOCK = timedelta(minutes=15)

HOLDER_ROLES = frozenset({"agent", "hotline_engineer", "coordinator", "field_engineer", "supervisor"})

# A task sheet is worked on by engineers and arranged by those who lead; who took the call adds to its note.
SHEET_WORKERS = frozenset({"hotline_engineer", "coordinator", "supervisor", "admin"})

TASK_SHEET_FIELDS = ("equipment", "symptom", "since_when", "note")


class ServiceMode(StrEnum):
    """How the service is given: 上门, 送修, 寄修, 有偿服务, 电话解决."""

    ON_SITE = "on_site"
    CARRY_IN = "carry_in"
    MAIL_IN = "mail_in"
    PAID = "paid"
    BY_PHONE = "by_phone"


class Outcome(StrEnum):
    """How an engineer leaves a task sheet."""

    SOLVED_BY_PHONE = "solved_by_phone"
    TO_COORDINATOR = "to_coordinator"
    CALL_AGAIN = "call_again"


def move(before: State, after: State) -> State:
    """`after`, when the table allows it. Raises WrongState."""
    if after not in NEXT[before]:
        raise WrongState(before, after)
    return after


def check_task_sheet(fields: Mapping[str, str | None]) -> None:
    """`fields`: owner, number, equipment, symptom, since_when, note. Raises FieldsMissing."""
    missing = [] if (fields.get("number") or "").strip() else ["number"]
    missing += [name for name in TASK_SHEET_FIELDS if not (fields.get(name) or "").strip()]
    if missing:
        raise FieldsMissing(missing)


def check_sheet_change(role: str, *, steers: bool, note_before: str, note: str | None) -> None:
    """`steers`: state, holder, clock or service mode change. What others noted may be added to only. Raises NotAllowed."""
    if role not in SHEET_WORKERS and (steers or (note is not None and not note.startswith(note_before))):
        raise NotAllowed


def check_outcome(outcome: Outcome, note: str, due_at: datetime | None) -> None:
    """A note always; a time when the owner is to be rung again. Raises FieldsMissing."""
    missing = [] if note.strip() else ["note"]
    if outcome is Outcome.CALL_AGAIN and due_at is None:
        missing.append("due_at")
    if missing:
        raise FieldsMissing(missing)


def day_of(now: datetime, zone: ZoneInfo) -> date:
    """The day a ticket is numbered by: the site's, not UTC's."""
    return now.astimezone(zone).date()


def number_of(day: date, last: int) -> str:
    """`T-1123-0033`."""
    return f"T-{day:%m%d}-{last:04d}"
