"""A caller who follows a script, and what became of it."""

from __future__ import annotations

import asyncio
from enum import StrEnum

from carillon.softphone.call import CallState
from carillon.softphone.caller import Caller
from carillon.softphone.script import Answer, Dtmf, Hangup, Step, Wait
from carillon.softphone.verdict import Judge

VERDICT_SECONDS = 10.0
AWAY_SECONDS = 20.0


class Ending(StrEnum):
    """How it went."""

    BY_SCRIPT = "by_script"  # answered, and ended as the script says
    CUT_SHORT = "cut_short"  # answered, and the other side hung up first
    NEVER_ANSWERED = "never_answered"
    UNKNOWN = "unknown"  # core or api stayed away


class _Stop(Exception):
    """The rest of the script cannot be done."""


class ScriptedCaller:
    """Plays a script on a call that the switch has taken; `longest_wait` bounds the wait for an agent."""

    def __init__(self, caller: Caller, judge: Judge, longest_wait: float) -> None:
        self._caller, self._judge, self._longest_wait = caller, judge, longest_wait

    async def play(self, steps: tuple[Step, ...]) -> Ending:
        """Do all steps; the caller hangs up afterwards."""
        if not self._caller.up:
            return Ending.NEVER_ANSWERED  # the switch refused it: there is no record
        whole = True
        try:
            for step in steps:
                if isinstance(step, Hangup):
                    break
                await self._do(step)
        except _Stop:
            whole = False
        return await self._ending(whole=whole)

    async def _do(self, step: Step) -> None:
        match step:
            case Answer():
                await self._answered()
            case Wait(seconds):
                await self._stay(seconds)
            case Dtmf(digits):
                self._still_up()
                await self._caller.press(digits)

    async def _answered(self) -> None:
        """Until the instance says so, the call ends, or the patience does."""
        asking = asyncio.ensure_future(self._judge.until("answered", self._longest_wait))
        over = asyncio.ensure_future(self._caller.call.wait(CallState.ENDED, timeout=None))
        try:
            await asyncio.wait({asking, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
            asking.cancel()
        if not self._judge.verdict.answered:
            raise _Stop

    async def _stay(self, seconds: float) -> None:
        self._still_up()
        try:
            await self._caller.call.wait(CallState.ENDED, timeout=seconds)
        except TimeoutError:
            return
        raise _Stop

    def _still_up(self) -> None:
        if not self._caller.up:
            raise _Stop

    async def _ending(self, *, whole: bool) -> Ending:
        """A call that was never seen answered is asked for once more: the answer may have come in its last moment."""
        cut = not self._caller.up
        if not self._judge.verdict.answered:
            await self._judge.until("ended" if cut else "known", VERDICT_SECONDS)
            if not self._judge.verdict.known:
                await self._judge.until("known", AWAY_SECONDS)
        verdict = self._judge.verdict
        if verdict.answered:
            return Ending.BY_SCRIPT if whole else Ending.CUT_SHORT
        return Ending.NEVER_ANSWERED if verdict.known else Ending.UNKNOWN
