"""Owners as they leave this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class OwnerHit:
    """One line of a search."""

    id: str
    name: str
    level: str
    phones: list[str]
    address: str


@dataclass(frozen=True, slots=True)
class PossibleDuplicate(OwnerHit):
    """An owner that a new entry may be: `reasons` are same_number, same_name, same_address."""

    reasons: list[str]


@dataclass(frozen=True, slots=True)
class PhoneView:
    """`shared_by`: how many other owners have the same number."""

    id: str
    e164: str
    label: str
    primary: bool
    shared_by: int


@dataclass(frozen=True, slots=True)
class PropertyView:
    """A property and how the owner stands to it."""

    id: str
    address: str
    relation: str
    since: date | None


@dataclass(frozen=True, slots=True)
class EquipmentView:
    """`property` is the id of the property it stands in."""

    id: str
    name: str
    model: str
    property: str | None
    warranty_until: date | None


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in an owner's list."""

    id: str
    number: str
    title: str
    state: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallbackLine:
    """An open callback in an owner's list."""

    id: str
    due_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class SameNumber:
    """Another owner with one of his numbers: family, tenant, caretaker."""

    owner: str
    name: str
    address: str
    number: str


@dataclass(frozen=True, slots=True)
class OwnerView:
    """An owner's page."""

    id: str
    name: str
    level: str
    district: str
    note: str
    phones: list[PhoneView]
    properties: list[PropertyView]
    equipment: list[EquipmentView]
    open_tickets: list[TicketLine]
    callbacks: list[CallbackLine]
    same_number: list[SameNumber]
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLine:
    """Something that happened with an owner; fields that a kind does not have are None."""

    kind: str  # call | ticket | callback
    at: datetime
    id: str
    number: str | None = None
    title: str | None = None
    state: str | None = None
    direction: str | None = None
    queue: str | None = None
    agent: str | None = None
    disposition: str | None = None
    wait_s: float | None = None
    talk_s: float | None = None
    ended_by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NewPhone:
    """A number as entered."""

    number: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class NewOwner:
    """A quick entry: a name is enough."""

    name: str
    level: str = "standard"
    phones: tuple[NewPhone, ...] = ()
    address: str = ""
    note: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """What may be changed; None: stays as it is. `phones` replaces all of them."""

    version: int
    name: str | None = None
    level: str | None = None
    district: str | None = None
    note: str | None = None
    phones: tuple[NewPhone, ...] | None = None
