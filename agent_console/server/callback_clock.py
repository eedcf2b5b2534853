"""A callback comes up by itself for its agent when its time has come; one that is nobody's comes up for everybody at a desk.

Told once to each page for each time it is due: whoever was away finds it when his page opens, one that was put to another
time comes up again, and nothing needs to be marked.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from agent_console.server.console import Console
from agent_console.server.pages import Page
from crm_core.callbacks.service import Callbacks
from crm_core.callbacks.views import CallbackView
from crm_core.people.service import Role
from cti.ports.clock import Clock
from storage.base import iso
from storage.errors import StorageError

log = structlog.get_logger("api")
LOOK_S = 3.0
_DESK = (Role.AGENT, Role.HOTLINE_ENGINEER)


class CallbackClock:
    """Looks for due callbacks while pages are open."""

    def __init__(self, callbacks: Callbacks, console: Console, clock: Clock) -> None:
        self._callbacks, self._console, self._clock = callbacks, console, clock

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            if not len(self._console.pages):
                continue
            try:
                await self.look()
            except StorageError:
                log.warning("due callbacks could not be read", action="callbacks_blind")

    async def look(self) -> None:
        """One round."""
        agents = {page.actor.agent for page in self._console.pages if page.actor.agent}
        for callback in await self._callbacks.due(self._clock.now(), agents):
            promise = (callback.id, callback.due_at)
            for page in self._console.pages:
                if _concerns(page, callback) and promise not in page.told:
                    page.told.add(promise)
                    page.send({"type": "callback_due", "callback": _view(callback)})


def _concerns(page: Page, callback: CallbackView) -> bool:
    if callback.agent:
        return page.actor.agent == callback.agent
    return page.actor.role in _DESK


def _view(callback: CallbackView) -> dict[str, Any]:
    names = ("id", "owner", "owner_name", "number", "note", "agent", "state", "ticket", "call", "version")
    return {**{name: getattr(callback, name) for name in names}, "due_at": iso(callback.due_at)}
