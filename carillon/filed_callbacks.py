"""Callers whom the emergency path promised a call become callbacks: files in the switch's folder, read by the api, the one writer
of callbacks. A file is forgotten only when its callback is committed."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import structlog

from crm_core.actor import SYSTEM
from crm_core.callbacks.service import Callbacks
from crm_core.callbacks.views import NewCallback
from crm_core.errors import CrmError
from cti.agi.filed_callbacks import FiledCallback, forget, read_filed
from cti.ports.clock import Clock
from storage.errors import StorageError

log = structlog.get_logger("carillon.callbacks")
EVERY_SECONDS = 5.0


class FiledCallbacks:
    """`run` until cancelled."""

    def __init__(self, folder: Path, callbacks: Callbacks, clock: Clock) -> None:
        self._folder, self._callbacks, self._clock = folder, callbacks, clock

    async def run(self) -> None:
        """Look now and then; there is nothing in the folder while the core lives."""
        while True:
            for filed in await asyncio.to_thread(read_filed, self._folder):
                await self._take(filed, self._clock.now())
            await asyncio.sleep(EVERY_SECONDS)

    async def _take(self, filed: FiledCallback, now: datetime) -> None:
        try:
            await self._callbacks.create(NewCallback(due_at=now, number=filed.number, note="", call=filed.call), SYSTEM, now)
        except StorageError as error:
            log.warning("callback not filed yet", action="callback_waits", call=filed.call, error=str(error))
            return
        except CrmError as error:  # a withheld number: nobody can be called, the call record says who waited
            log.warning("callback cannot be made", action="callback_refused", call=filed.call, error=str(error))
        await asyncio.to_thread(forget, filed)
