"""One FastAGI session as an IvrChannel.

Measured faults of other servers that are closed here: a HANGUP line is a flag, never a command's answer; the end of the
socket is an error at once; every command has a time-out; CancelledError passes.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping

from cti.agi.commands import Result, command, parse_result
from cti.ports.ivr_channel import ChannelGone
from cti.ports.telephony import InvalidValue

log = logging.getLogger(__name__)

ANSWER_WITHIN = 10.0  # beyond the command's own time (a prompt, a wait for a digit)
LONGEST_PROMPT = 120.0
_HANGUP = "-1"
# Plain variables: a name in the form of a function would run it (SHELL, FILE, DB …)
_READABLE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_WRITABLE = re.compile(r"CTI_[A-Z_]{1,32}")
_PLAIN = re.compile(r"[A-Za-z0-9_-]{0,64}")  # in a list of MSet nothing else needs no quoting
_LANGUAGE = re.compile(r"[a-z]{2}(?:_[A-Z]{2})?")


def _checked_name(pattern: re.Pattern[str], name: str) -> None:
    if pattern.fullmatch(name) is None:
        raise InvalidValue(f"{name!r} is not allowed here")


class AgiSession:
    """Implements IvrChannel. One command at a time, as AGI is."""

    def __init__(self, variables: dict[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.variables = variables
        self.uniqueid = variables.get("uniqueid", "")
        self.call = variables.get("accountcode", "")  # the dialplan writes CTI_CALL there too
        self.hung_up = False
        self._reader, self._writer = reader, writer
        self._language = variables.get("language", "")

    # ---- IvrChannel -------------------------------------------------------------------------------------------------

    async def answer(self) -> None:
        await self._do("ANSWER")

    async def play(self, prompt: str, language: str, interrupt: str = "") -> str:
        _checked_name(_LANGUAGE, language)
        if language != self._language:
            await self._do("SET VARIABLE", "CHANNEL(language)", language)
            self._language = language
        result = await self._do("STREAM FILE", prompt, interrupt, within=LONGEST_PROMPT)
        return _digit(result)

    async def collect(self, timeout_ms: int, digits: str) -> str:
        """Digits that are not asked for are passed over; they do not make the caller wait longer."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout_ms / 1000
        while (left := int((until - loop.time()) * 1000)) > 0:
            digit = _digit(await self._do("WAIT FOR DIGIT", left, within=left / 1000 + ANSWER_WITHIN))
            if digit == "" or digit in digits:
                return digit
        return ""

    async def get_variable(self, name: str) -> str:
        _checked_name(_READABLE, name)
        result = await self._do("GET VARIABLE", name)
        return result.value if result.result == "1" else ""

    async def set_variable(self, name: str, value: str) -> None:
        _checked_name(_WRITABLE, name)
        await self._do("SET VARIABLE", name, value)

    async def set_variables(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            _checked_name(_WRITABLE, name)
            _checked_name(_PLAIN, value)
        await self._do("EXEC MSet", ",".join(f"{name}={value}" for name, value in values.items()))

    # ---- the wire ---------------------------------------------------------------------------------------------------

    async def learn_call(self) -> None:
        """CTI_CALL of this channel, where the head did not tell it."""
        self.call = self.call or await self.get_variable("CTI_CALL")

    async def _do(self, *words: str | int, within: float = ANSWER_WITHIN) -> Result:
        line = command(*words)
        if self.hung_up:
            raise ChannelGone("the caller has hung up")
        try:
            async with asyncio.timeout(within):
                self._writer.write(line.encode() + b"\n")
                await self._writer.drain()
                result = await self._answer()
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            self.hung_up = True  # after a lost answer every later one would belong to another command
            raise ChannelGone(f"{words[0]}: {error or 'no answer in time'}") from error
        return self._checked(str(words[0]), result)

    def _checked(self, verb: str, result: Result) -> Result:
        if result.code == 511 or (result.code == 200 and result.result == _HANGUP):  # 511: not on a dead channel
            self.hung_up = True
            raise ChannelGone(f"{verb}: the caller has hung up")
        if result.code != 200:
            raise InvalidValue(f"{verb}: Asterisk answered {result.code} {result.rest}")
        return result

    async def _answer(self) -> Result:
        """The next line that is an answer: HANGUP lines come in between, and a usage text has several lines."""
        wanted = 200  # below it is "trying"
        while True:
            raw = await self._reader.readline()
            if not raw.endswith(b"\n"):
                raise EOFError("the socket was closed")
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            if line == "HANGUP":
                self.hung_up = True
            elif line.startswith("520-"):  # several lines of usage, ended by one that begins with 520 and a space
                wanted = 520
            elif (result := parse_result(line)) is not None and result.code >= wanted:
                return result


def _digit(result: Result) -> str:
    """The result of a command that a digit may end is its ASCII code; 0 for none."""
    return chr(int(result.result)) if result.result.isdigit() and int(result.result) > 0 else ""
