"""Agents of the plain class without an api: this process holds the core's bus and does what an api would (live pages, which get
their pops; the end of each wrap-up). Their softphones are SIPp's: registered here, ringing there.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

from bench.house import Staff
from carillon.softphone.digest import Credentials, authorization
from carillon.softphone.sip import Response, parse
from cti.bus.local import LocalBusClient
from cti.bus.messages import Actor, Command, Delta, JsonObject, LivePage, Snapshot
from cti.bus.port import BusError, CommandRefused
from cti.calls.facts import JsonValue


class LoadAgents:
    """A CoreListener: finishes each wrap-up as soon as it is told of it."""

    def __init__(self, bus: Path, staff: list[Staff]) -> None:
        self._client = LocalBusClient(bus, f"bench-{secrets.token_hex(4)}", random.Random(1))
        self._staff = {one.agent: one for one in staff}
        self._numbers, self._tasks = itertools.count(1), set[asyncio.Task[None]]()
        self.states: dict[str, str] = {}
        self.up = asyncio.Event()
        self.credentials: dict[str, Credentials] = {}

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[LoadAgents]:
        running = asyncio.ensure_future(self._client.run(self))
        try:
            async with asyncio.timeout(20):
                await self.up.wait()
            yield self
        finally:
            running.cancel()
            await asyncio.gather(running, *self._tasks, return_exceptions=True)
            self.up.clear()

    # ---- CoreListener -----------------------------------------------------------------------------------------------

    def live_pages(self) -> list[LivePage]:
        return [LivePage(f"page-{one.agent}", one.agent, one.user, "2026-11-22T01:00:00Z") for one in self._staff.values()]

    def on_core(self, up: bool) -> None:
        (self.up.set if up else self.up.clear)()

    def on_snapshot(self, snapshot: Snapshot) -> None:
        for agent in snapshot.entities.get("agent", ()):
            self._agent(agent)

    def on_delta(self, delta: Delta) -> None:
        for change in delta.changes:
            if change.kind == "agent" and change.value is not None:
                self._agent(change.value)

    def on_page_message(self, page: str, message: JsonObject) -> None: ...

    def _agent(self, value: JsonObject) -> None:
        agent, state = str(value["id"]), str(value["state"])
        before, self.states[agent] = self.states.get(agent), state
        if state == "WRAP_UP" and before != state and value.get("call"):
            task = asyncio.ensure_future(self._finish(agent, str(value["call"])))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _finish(self, agent: str, call: str) -> None:
        with contextlib.suppress(BusError, CommandRefused):
            await self.command(agent, "wrapup.finish", call=call, disposition="resolved")

    async def command(self, agent: str, name: str, **args: JsonValue) -> JsonValue:
        one = self._staff[agent]
        actor = Actor(one.user, "agent", agent)
        return await self._client.command(Command(f"{one.user}/{next(self._numbers)}", actor, "", name, args))

    # ---- at work ----------------------------------------------------------------------------------------------------

    async def mint(self, switch: tuple[str, int], contact: str) -> None:
        """A softphone for everybody, registered with SIPp's address as its contact."""
        async with _registrar(switch) as register:
            for agent in self._staff:
                made = await self.command(agent, "softphone.mint", page=f"page-{agent}", kind="plain")
                assert isinstance(made, dict)
                self.credentials[agent] = Credentials(str(made["endpoint"]), str(made["secret"]))
                await register(self.credentials[agent], contact)

    async def ready(self) -> None:
        """Everybody is READY; also after a restart of the core, which may have missed a registration."""
        for agent, credentials in self.credentials.items():
            if self.states.get(agent) != "READY":
                await self.command(agent, "softphone.registered", endpoint=credentials.user)
                with contextlib.suppress(CommandRefused):
                    await self.command(agent, "agent.state", state="READY")
        async with asyncio.timeout(20):
            while sum(state == "READY" for state in self.states.values()) < len(self._staff):  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def _registrar(switch: tuple[str, int]) -> AsyncIterator:
    """REGISTER for somebody else's contact: outside a call nothing ever comes to this socket but answers."""
    loop, answers = asyncio.get_running_loop(), asyncio.Queue[bytes]()

    class Socket(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            answers.put_nowait(data)

    socket, _ = await loop.create_datagram_endpoint(Socket, local_addr=("127.0.0.1", 0))
    port = socket.get_extra_info("sockname")[1]

    async def ask(user: str, contact: str, cseq: int, tag: str, extra: str) -> Response:
        uri = f"sip:{switch[0]}:{switch[1]}"
        socket.sendto(
            f"REGISTER {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};rport;branch=z9hG4bK{secrets.token_hex(6)}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{user}@127.0.0.1>;tag={tag}\r\nTo: <sip:{user}@127.0.0.1>\r\n"
            f"Call-ID: {tag}@bench\r\nCSeq: {cseq} REGISTER\r\nContact: <sip:{user}@{contact}>\r\nExpires: 3600\r\n"
            f"{extra}Content-Length: 0\r\n\r\n".encode(),
            switch,
        )
        while True:
            answer = parse(await asyncio.wait_for(answers.get(), 5))
            if isinstance(answer, Response) and answer.cseq[0] == cseq and answer.code >= 200:
                return answer

    async def register(credentials: Credentials, contact: str) -> None:
        tag = secrets.token_hex(6)
        answer = await ask(credentials.user, contact, 1, tag, "")
        if answer.code == 401:
            name, value = authorization(answer, credentials, "REGISTER", f"sip:{switch[0]}:{switch[1]}")
            answer = await ask(credentials.user, contact, 2, tag, f"{name}: {value}\r\n")
        if answer.code != 200:
            raise SystemExit(f"{credentials.user} cannot register: {answer.code}")

    try:
        yield register
    finally:
        socket.close()
