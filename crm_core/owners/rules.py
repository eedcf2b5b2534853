"""Which of a number's owners is most likely calling, and why: pure, the agent sees the reason beside each candidate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storage.base import iso

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
Rows = list[dict[str, Json]]

RECENT = timedelta(days=7)  # within first contact resolution's window a call is likely about the same matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One owner of the number, with what the pop shows; times inside are texts as the database gave them."""

    id: str
    name: str
    level: str
    primary: bool
    properties: Rows
    equipment: Rows
    open_tickets: Rows
    last_calls: Rows
    callbacks: Rows


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code with its parameters (docs/protocol.md, Candidate)."""

    code: str
    params: dict[str, Json]


def rank(found: list[Found], now: datetime) -> list[tuple[Found, Reason]]:
    """Best first: who called lately, who waits for something, whose first number it is; then by name, always the same order."""
    if len(found) == 1:
        return [(found[0], Reason("only_owner", {}))]
    ranked = [(each, _strongest(each, len(found), now)) for each in found]
    return sorted(ranked, key=_order)


def candidate(owner: Found, reason: Reason) -> dict[str, Json]:
    """As it travels to the page."""
    return {
        "owner": owner.id,
        "name": owner.name,
        "level": owner.level,
        "reason": {"code": reason.code, "params": reason.params},
        "properties": [*owner.properties],
        "equipment": [*owner.equipment],
        "open_tickets": [{**each, "due_at": wire_time(each["due_at"])} for each in owner.open_tickets],
        "last_calls": [{**each, "at": wire_time(each["at"])} for each in owner.last_calls],
        "callbacks": [{**each, "due_at": wire_time(each["due_at"])} for each in owner.callbacks],
    }


def wire_time(text: Json) -> str | None:
    """A database's time text (`2026-11-22 08:00:00` or with an offset), which is UTC, as ISO 8601 with Z."""
    moment = _moment(text)
    return None if moment is None else iso(moment)


STRENGTH = ("recent_call", "open_ticket", "primary_number", "shared_number")


def _strongest(owner: Found, owners: int, now: datetime) -> Reason:
    last = _last_call(owner)
    if last is not None and now - last <= RECENT:
        return Reason("recent_call", {"at": iso(last)})
    if owner.open_tickets:
        return Reason("open_ticket", {"number": owner.open_tickets[0]["number"]})
    if owner.primary:
        return Reason("primary_number", {})
    return Reason("shared_number", {"owners": owners})


def _order(ranked: tuple[Found, Reason]) -> tuple[int, float, int, str, str]:
    owner, reason = ranked
    last = _last_call(owner)
    age = 0.0 if last is None else -last.timestamp()
    return STRENGTH.index(reason.code), age, -len(owner.open_tickets), owner.name, owner.id


def _last_call(owner: Found) -> datetime | None:
    return _moment(owner.last_calls[0]["at"]) if owner.last_calls else None


def _moment(text: Json) -> datetime | None:
    if not isinstance(text, str):
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
