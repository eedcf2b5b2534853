"""The agents' softphone accounts. One is made beforehand: a page that was reloaded in a call has a caller who hears music.

The secret of that one is known to the core alone until a page asks; an account that was handed out is never handed out again.
"""

from __future__ import annotations

import re
from functools import partial

import structlog

from cti.ports.accounts import EndpointClass, SoftphoneAccount
from cti.ports.telephony import SwitchUnavailable
from cti.services.house import House

log = structlog.get_logger("cti.softphones")

_PREFIX = {EndpointClass.WEBRTC: "w", EndpointClass.PLAIN: "p"}
_OURS = re.compile(r"[wp][0-9a-f]{16}")


class Softphones:
    """Makes accounts, takes them back, and clears away what a core that was killed has left on the switch."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._spare: SoftphoneAccount | None = None
        self._known: set[str] = set()  # made or being made, and of no agent yet
        self._away = True
        self._fresh: set[str] = set()  # handed out since the switch went: the new process has them

    async def take(self, kind: EndpointClass) -> SoftphoneAccount:
        """A fresh account. Raises SwitchUnavailable."""
        self._soon()
        spare = self._spare
        if kind is EndpointClass.WEBRTC and spare is not None:
            self._spare = None
            return spare
        return await self._make(kind)

    def taken(self, endpoint: str) -> None:
        """It is an agent's now."""
        self._known.discard(endpoint)
        if self._away:
            self._fresh.add(endpoint)

    def lives_on(self, endpoint: str) -> bool:
        """A new Asterisk process has it: it was made there, before the core was connected (ARI is up before AMI is tried again).
        Should it have been the old one's last, its page hears 401 and asks for another."""
        return endpoint in self._fresh

    def retire(self, endpoint: str) -> None:
        """Another has taken its place; nobody rings it any more."""
        self._house.timers.start(f"retire:{endpoint}", self._house.limits.retire_account, lambda: self.kill(endpoint))

    def kill(self, endpoint: str) -> None:
        """Dead now: a REGISTER with its secret gets 401. Tried again until it is."""
        revoke = partial(self._house.accounts.revoke, endpoint)
        self._house.effects.later(f"account:{endpoint}", revoke, lambda _error: self.retire(endpoint))

    def switch_up(self, *, restarted: bool) -> None:
        """A new Asterisk process has none of the accounts; one that lived on may have some that nobody knows."""
        if restarted:
            self.switch_down()
        else:
            self._house.effects.later("accounts", self._sweep)
        self._away = False
        self._fresh.clear()
        self._soon()

    def switch_down(self) -> None:
        """It may be another process that comes back. If not, the sweep finds what was in hand."""
        self._spare = None
        self._known.clear()
        self._away = True

    def _soon(self) -> None:
        fill = partial(self._house.effects.later, "accounts", self._fill)
        self._house.timers.start("spare-account", self._house.limits.spare_account, fill)

    async def _fill(self) -> None:
        if self._spare is None:
            made = await self._make(EndpointClass.WEBRTC)
            if made.endpoint in self._known:  # else it was made at an Asterisk that is no more
                self._spare = made

    async def _make(self, kind: EndpointClass) -> SoftphoneAccount:
        name = _PREFIX[kind] + self._house.new_id().replace("-", "")[:16]
        made = SoftphoneAccount(name, self._house.new_secret())
        self._known.add(name)
        try:
            await self._house.accounts.mint(made.endpoint, made.secret, kind)
        except SwitchUnavailable:
            self._known.discard(name)
            raise
        return made

    async def _sweep(self) -> None:
        there = await self._house.accounts.list()
        bound = {agent.endpoint for agent in self._house.floor.agents.values()}
        left = [name for name in there if _OURS.fullmatch(name) and name not in bound | self._known]
        for name in left:
            log.info("account of nobody revoked", action="account_swept", endpoint=name)
            await self._house.accounts.revoke(name)
