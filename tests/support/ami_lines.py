"""The bare manager interface for tests of the switch alone: events in order, actions with answers. No core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import unquote

from carillon.switch.secrets import AMI_CTL_USER, AMI_READ_USER
from tests.support.asterisk import RealAsterisk

Block = dict[str, str]


class AmiLine:
    """One log-in. `events` keeps all that came; `wait` looks at them from the start, so nothing is missed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.events: list[Block] = []
        self._answers: dict[str, asyncio.Future[Block]] = {}
        self._news = asyncio.Condition()
        self._count = 0

    async def read(self) -> None:
        await self._reader.readline()
        while True:
            block = _parse(await self._reader.readuntil(b"\r\n\r\n"))
            waiting = self._answers.pop(block.get("ActionID", ""), None) if "Response" in block else None
            if waiting is not None:
                waiting.set_result(block)
            else:
                async with self._news:
                    self.events.append(block)
                    self._news.notify_all()

    async def action(self, name: str, **headers: str) -> Block:
        self._count += 1
        number = str(self._count)
        self._answers[number] = asyncio.get_running_loop().create_future()
        lines = {"Action": name, "ActionID": number} | headers
        self._writer.write("".join(f"{key}: {value}\r\n" for key, value in lines.items()).encode() + b"\r\n")
        return await asyncio.wait_for(self._answers[number], 5)

    async def wait(self, wanted: Callable[[Block], bool], timeout: float = 10.0) -> Block:
        async with asyncio.timeout(timeout), self._news:
            while True:
                for block in self.events:
                    if wanted(block):
                        return block
                await self._news.wait()

    async def user_event(self, name: str, call: str = "", timeout: float = 10.0) -> Block:
        """The first UserEvent of that name (of that call); its keys are decoded."""
        found = await self.wait(lambda b: b.get("UserEvent") == name and call in ("", b.get("CTICall")), timeout)
        return {key: unquote(value) for key, value in found.items()}


def _parse(raw: bytes) -> Block:
    lines = raw.decode(errors="replace").split("\r\n")
    return {key: value for key, _, value in (line.partition(": ") for line in lines if line)}


@asynccontextmanager
async def ami_line(switch: RealAsterisk, user: str = AMI_READ_USER) -> AsyncIterator[AmiLine]:
    secret = switch.secrets.ami_read if user == AMI_READ_USER else switch.secrets.ami_ctl
    reader, writer = await asyncio.open_connection("127.0.0.1", switch.settings.ami_port)
    line = AmiLine(reader, writer)
    reading = asyncio.ensure_future(line.read())
    try:
        assert (await line.action("Login", Username=user, Secret=secret))["Response"] == "Success"
        yield line
    finally:
        reading.cancel()
        writer.close()


def ami_control(switch: RealAsterisk):
    """The acting account."""
    return ami_line(switch, AMI_CTL_USER)
