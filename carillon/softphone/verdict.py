"""Whether an agent answered: told by the instance's record, never by SIP, for the IVR answers every call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from carillon.client import ApiAway, ApiRefused, Json


class Asks(Protocol):
    """The api, or a part of it."""

    async def get(self, path: str, **query: str | int) -> Json: ...


@dataclass(slots=True)
class Verdict:
    """What the instance says of a call. `known`: the last question was answered."""

    known: bool = False
    answered: bool = False
    ended: bool = False
    final: bool = False
    record: Json = field(default_factory=dict)


class Judge:
    """Asks about one call, again and again when core or api is away; what was once `answered` stays so."""

    def __init__(self, api: Asks, sip_call_id: str, *, pause: float = 0.25) -> None:
        self._api, self._path, self._pause = api, f"/cli/calls/by-sip-call-id/{quote(sip_call_id, safe='')}", pause
        self.verdict = Verdict()

    async def ask(self) -> Verdict:
        """Once."""
        try:
            said = await self._api.get(self._path)
        except (ApiAway, ApiRefused) as reason:
            # 404: the core does not know the call yet, or it lives in the emergency path and will be rebuilt
            self.verdict.known = isinstance(reason, ApiRefused) and reason.status == 404
            return self.verdict
        self.verdict = Verdict(
            known=True,
            answered=self.verdict.answered or bool(said.get("answered")),
            ended=bool(said.get("ended")),
            final=bool(said.get("final")),
            record=said.get("record") or {},
        )
        return self.verdict

    async def until(self, what: str, timeout: float) -> bool:
        """Ask until `answered`, `ended` or `final` is true; False when the time is over."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    if getattr(await self.ask(), what):
                        return True
                    await asyncio.sleep(self._pause)
        except TimeoutError:
            return False
