"""Callbacks as they leave this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackView:
    """A promise; `agent` None: anybody's."""

    id: str
    owner: str | None
    owner_name: str
    number: str
    due_at: datetime
    note: str
    agent: str | None
    state: str
    ticket: str | None
    call: str | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCallback:
    """`number` empty: the owner's first one. `agent` None: anybody's."""

    due_at: datetime
    owner: str | None = None
    number: str = ""
    note: str = ""
    agent: str | None = None
    ticket: str | None = None
    call: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackChange:
    """None: stays as it is. `agent`: reassign."""

    state: str | None = None
    due_at: datetime | None = None
    note: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFilter:
    """Which callbacks a list shows. `agent`: his and nobody's."""

    state: str | None = None
    owner: str | None = None
    agent: str | None = None
