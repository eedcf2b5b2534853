"""A software agent: logs in, takes calls and wraps up by itself, over the same api and relay as a browser.

Three loops that each mend their own part: the console's socket, the softphone, and the work (READY, wrap-up).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from websockets.exceptions import InvalidHandshake

from carillon.client import SESSION_OVER, ApiAway, ApiClient, ApiError, ApiRefused, ConsoleStream, Json
from carillon.softphone.agent_phone import AgentPhone, Line, PhoneCall, SocketClosed
from carillon.softphone.digest import Credentials
from carillon.softphone.registration import RegistrationRefused
from carillon.softphone.sip import SipError
from carillon.softphone.sound import agent_frequency, read_wav, tone
from carillon.softphone.waiting import Changes

_log = structlog.get_logger(__name__)
RETRY_SECONDS = 0.5
RETRY_LONGEST = 3.0
GONE = {401, 403, 404}  # what REGISTER gets for an account that is dead


@dataclass(frozen=True, slots=True)
class AgentHabits:
    """How this agent works. `talk` None: until the other side ends the call. `sound` None: a tone of his own."""

    plain: bool = False
    answer_after: float = 1.0
    talk: float | None = None
    wrap_up_after: float = 2.0
    sound: Path | None = None
    note: str = ""


class SoftAgent:
    """One agent at work. `ready` is called once, when the core first counts him READY."""

    def __init__(
        self, api: ApiClient, login: str, password: str, *, habits: AgentHabits, ready: Callable[[], None] = lambda: None
    ) -> None:
        self._api, self._login, self._password, self._habits, self._tell_ready = api, login, password, habits, ready
        self._credentials: Credentials | None = None
        self._domain = ""
        self._minted_for = ""
        self._told = self._leaving = False
        self._wrapped: set[str] = set()
        self._dispositions: list[str] = []
        self.stream: ConsoleStream | None = None
        self.phone: AgentPhone | None = None
        self.agent_id = self.number = ""
        self.registered = False
        self.changes = Changes()

    @property
    def me(self) -> Json:
        """The core's own picture of this agent; {} while it is out of reach."""
        stream = self.stream
        return stream.entities.get("agent", {}).get(self.agent_id, {}) if stream is not None and stream.core_up else {}

    @property
    def state(self) -> str:
        return str(self.me.get("state", ""))

    async def run(self) -> None:
        """Until cancelled; raises ApiRefused when the account is not an agent's or the password is wrong."""
        await self._log_in()
        pcm = read_wav(self._habits.sound) if self._habits.sound else tone(agent_frequency(self.number))
        work = asyncio.ensure_future(self._at_work(pcm))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            self._leaving = True
            await self._log_out()  # while the console's socket is still there
            raise
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _at_work(self, pcm: bytes) -> None:
        phone = AgentPhone(pcm, plain=self._habits.plain, answer_after=self._habits.answer_after)
        async with phone:
            self.phone = phone
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_stream())
                group.create_task(self._keep_registered(phone))
                group.create_task(self._work())
                group.create_task(self._end_talks(phone))

    # ---- log-in -----------------------------------------------------------------------------------------------------

    async def _log_in(self) -> None:
        await self._patiently(lambda: self._api.log_in(self._login, self._password))
        session = await self._patiently(lambda: self._api.get("/session"))
        if not session.get("agent"):
            raise ApiRefused("not_an_agent", {"login": self._login})
        self.agent_id, self.number = str(session["agent"]["id"]), str(session["agent"]["number"])
        dispositions = await self._patiently(lambda: self._api.get("/dispositions"))
        self._dispositions = [str(one["id"]) for one in dispositions.get("items", [])]

    async def _patiently(self, ask: Callable[[], Any]) -> Any:
        """Ask again while the api is away."""
        pause = RETRY_SECONDS
        while True:
            try:
                return await ask()
            except ApiAway as reason:
                _log.info("The api is away; trying again.", action="agent_api_away", reason=str(reason))
                await asyncio.sleep(pause)
                pause = min(pause * 2, RETRY_LONGEST)

    async def _log_out(self) -> None:
        """The core ends the shift and the account; if it cannot be told, the lost page says the same."""
        try:
            async with asyncio.timeout(2):
                if self.stream is not None:
                    await self.stream.command("agent.logout")
                await self._api.post("/logout")
        except (ApiError, TimeoutError) as reason:
            _log.info("The log-out was not heard.", action="agent_logout_lost", reason=str(reason))

    # ---- the console's socket ---------------------------------------------------------------------------------------

    async def _keep_stream(self) -> None:
        pause = RETRY_SECONDS
        while True:
            try:
                async with ConsoleStream(self._api, on_message=lambda _message: self.changes.tell()) as stream:
                    self.stream = stream
                    pause = RETRY_SECONDS
                    code = await stream.run()
                if code == SESSION_OVER:
                    await self._api.log_in(self._login, self._password)
            except ApiAway as reason:
                _log.info("The console's socket is away.", action="agent_stream_away", reason=str(reason))
            except ApiRefused as reason:
                if reason.status != 401:
                    raise
                await self._patiently(lambda: self._api.log_in(self._login, self._password))
            self.stream = None
            self.changes.tell()
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_LONGEST)

    # ---- the softphone ----------------------------------------------------------------------------------------------

    async def _keep_registered(self, phone: AgentPhone) -> None:
        while True:
            await self.changes.until(lambda: bool(self.me), None)
            try:
                await phone.run(await self._line(), self._is_registered)
            except* (ApiError, SipError, SocketClosed, OSError, InvalidHandshake) as reasons:
                self._line_lost(reasons)
            self.registered = False
            self.changes.tell()
            await asyncio.sleep(RETRY_SECONDS)

    def _line_lost(self, reasons: BaseExceptionGroup[Any]) -> None:
        refused, _others = reasons.split(RegistrationRefused)
        if refused is not None and any(isinstance(one, RegistrationRefused) and one.code in GONE for one in refused.exceptions):
            self._credentials = None
        _log.info("The softphone's line is away.", action="agent_line_away", reason=repr(reasons.exceptions[0]))

    async def _line(self) -> Line:
        """The account that lives, else a new one: after a restart of the switch the old one is gone."""
        page = self.stream.page if self.stream is not None else ""
        if self._credentials is None:
            kind = "plain" if self._habits.plain else "webrtc"
            minted = await self._api.post("/softphone", {"page": page, "kind": kind})
            self._credentials = Credentials(str(minted["endpoint"]), str(minted["secret"]))
            uri = str(minted.get("uri", ""))
            self._domain = uri.rpartition("@")[2].partition(";")[0].removeprefix("sip:") or "carillon.invalid"
        base = self._api.base_url
        url = f"ws{base.removeprefix('http')}/sip"
        return Line(url, base, self._credentials, self._domain, self._api.headers)

    def _is_registered(self) -> None:
        self.registered = True
        self.changes.tell()

    # ---- the work ---------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        """One step at a time, as often as anything changes."""
        while True:
            await self.changes.until(lambda: self.registered and self._due() is not None, None)
            step = self._due()
            try:
                if step is not None:
                    await step()
            except (ApiError, TimeoutError) as reason:
                _log.info("A step was refused; trying again.", action="agent_step", state=self.state, reason=str(reason))
                await asyncio.sleep(RETRY_SECONDS)

    def _due(self) -> Callable[[], Any] | None:
        match "" if self._leaving else self.state:
            case "LOGGED_OUT":
                return lambda: self._command("agent.login")
            case "AUX" | "LOST":
                return self._go_ready
            case "WRAP_UP" if str(self.me.get("call")) not in self._wrapped:
                return self._wrap_up
            # a caller who waits is offered in the same moment: READY may never be seen
            case "READY" | "RESERVED" | "RINGING" | "ON_CALL" if not self._told:
                return self._say_ready
        return None

    async def _command(self, name: str, args: Json | None = None) -> None:
        if self.stream is None:
            raise ApiAway("the console's socket is away")
        await self.stream.command(name, args)

    async def _go_ready(self) -> None:
        if self._credentials is not None and not self.me.get("registered"):
            await self._command("softphone.registered", {"endpoint": self._credentials.user})
        before = self.state
        await self._command("agent.state", {"state": "READY"})
        await self.changes.until(lambda: self.state != before, 5)

    async def _say_ready(self) -> None:
        self._told = True
        self._tell_ready()

    async def _wrap_up(self) -> None:
        call = str(self.me.get("call"))
        await asyncio.sleep(self._habits.wrap_up_after)
        body: Json = {"disposition": self._dispositions[0] if self._dispositions else "", "note": self._habits.note}
        await self._api.post(f"/calls/{quote(call)}/wrap-up", body)
        self._wrapped.add(call)

    # ---- how long he talks ------------------------------------------------------------------------------------------

    async def _end_talks(self, phone: AgentPhone) -> None:
        """Hang up by the core's command, as the console does, after `talk` seconds."""
        if self._habits.talk is None:
            return
        ended: set[str] = set()
        while True:
            await phone.changes.until(lambda: self._talking(phone, ended) is not None, None)
            call = self._talking(phone, ended)
            if call is None:
                continue
            ended.add(call.sip.call_id)
            await asyncio.sleep(self._habits.talk)
            if call.live:
                await self._hang_up(phone, call)

    def _talking(self, phone: AgentPhone, ended: set[str]) -> PhoneCall | None:
        return next((one for one in phone.calls if one.live and one.audio and one.sip.call_id not in ended), None)

    async def _hang_up(self, phone: AgentPhone, call: PhoneCall) -> None:
        try:
            await self._command("call.hangup", {"call": call.cti_call})
        except ApiError:
            phone.hangup(call)  # no core: a BYE ends it as well
