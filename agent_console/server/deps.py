"""Everything a request may need, made once by `carillon/api_wiring.py` and kept at `app.state.deps`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from agent_console.server.audit import Audit
from agent_console.server.auth import Auth
from agent_console.server.commands import Commands
from agent_console.server.config import ServerConfig
from agent_console.server.console import Console
from agent_console.server.departures import Departures
from agent_console.server.guessing import Guessing
from agent_console.server.plays import Plays
from agent_console.server.sessions import Sessions
from agent_console.server.sip_relay import SipRelay
from agent_console.server.stream_tickets import StreamTickets
from agent_console.server.watch import Watch
from crm_core.callbacks.service import Callbacks
from crm_core.dispositions.service import Codes
from crm_core.owners.service import Owners
from crm_core.people.service import People
from crm_core.tickets.service import Tickets
from crm_core.tickets.task_sheets import TaskSheets
from cti.bus.port import BusClient
from cti.ports.clock import Clock
from recordings.storage import LocalStorage
from storage.unit_of_work import UnitOfWork


def leave_it(_connection: HTTPConnection) -> None:
    """Where no server is known (an app in a test): its end is the peer's."""


@dataclass(slots=True)
class Deps:
    """Plain constructor calls fill it; nothing here is opened by importing."""

    config: ServerConfig
    clock: Clock
    uow: UnitOfWork
    people: People
    bus: BusClient
    sessions: Sessions
    auth: Auth
    guessing: Guessing
    audit: Audit
    stream_tickets: StreamTickets
    console: Console
    relay: SipRelay
    watch: Watch
    commands: Commands
    departures: Departures
    plays: Plays
    recordings: LocalStorage
    owners: Owners
    tickets: Tickets
    task_sheets: TaskSheets
    callbacks: Callbacks
    codes: Codes
    cut: Callable[[HTTPConnection], None] = leave_it  # ends a connection whose peer reads nothing; the server knows how


def deps_of(connection: HTTPConnection) -> Deps:
    """For routes."""
    deps: Deps = connection.app.state.deps
    return deps


Has = Annotated[Deps, Depends(deps_of)]
"""Parameter type of a route that needs services."""
