"""Acting after deciding: what a decision asks of the switch runs in order per call, after its facts are committed.

An action that fails because its channel is gone is normal (the caller hung up) and is told to `refused`; a switch that is
away is told by the switch's own events. Nothing here is sent twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from cti.ports.journal import JournalFailed
from cti.ports.telephony import ActionRefused, InvalidValue, SwitchUnavailable

log = structlog.get_logger("cti.effects")

Effect = Callable[[], Awaitable[None]]
Refused = Callable[[Exception], None]


class Effects:
    """One serial lane per key (a call, an agent's account, the emergency queue). `run()` owns all tasks."""

    def __init__(self, commit: Callable[[], asyncio.Future[None]]) -> None:
        self._commit = commit
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._group: asyncio.TaskGroup | None = None

    async def run(self) -> None:
        """Own the lanes until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            await asyncio.Event().wait()

    def later(self, key: str, effect: Effect, refused: Refused | None = None) -> None:
        """Run `effect` after the facts emitted so far are committed and after earlier effects of the same key."""
        if self._group is None:
            message = "effects are not running"
            raise RuntimeError(message)
        before, committed = self._lanes.get(key), self._commit()
        task = self._group.create_task(self._one(effect, refused, before, committed), name=f"effect {key}")
        self._lanes[key] = task
        task.add_done_callback(lambda done: self._lanes.pop(key) if self._lanes.get(key) is done else None)

    async def _one(
        self, effect: Effect, refused: Refused | None, before: asyncio.Task[None] | None, committed: asyncio.Future[None]
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            await asyncio.shield(committed)
            await effect()
        except (ActionRefused, InvalidValue, SwitchUnavailable, JournalFailed) as error:
            log.warning("action not carried out", action="effect_refused", error=str(error))
            self._tell(refused, error)
        except Exception as error:  # the task supervisor of the core: one call's fault must not end the others
            log.exception("effect failed", action="effect_failed")
            self._tell(refused, error)

    @staticmethod
    def _tell(refused: Refused | None, error: Exception) -> None:
        if refused is None:
            return
        try:
            refused(error)
        except Exception:  # as above
            log.exception("the way out of a failed effect failed", action="effect_failed")
