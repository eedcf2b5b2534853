"""A switch made of bytes: the manager interface, FastAGI and ARI as a real Asterisk 22 speaks them, without the audio.

Callers are stories that say the events which `cti_read`'s filter lets through, with all their headers, in Asterisk's order;
what the core does to a call (Redirect to cti-ring) moves its story on. Blocks have the headers of a recorded call.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass, field

from carillon.settings import Settings
from carillon.switch.secrets import Secrets
from cti.ami.allowed_actions import CTL_ALLOWED, READ_ALLOWED

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
HANGUP_NORMAL = 16


def block(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


@dataclass(slots=True)
class ByteCall:
    """One caller on this switch. `redirected` gets the end point that the core rings."""

    number: str
    order: int
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    context: str = "inbound"
    endpoint: str = ""  # the agent's, from his ring on
    bridged: bool = False
    redirected: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def uniqueid(self) -> str:
        return f"sw1-1795310271.{2 * self.order}"

    @property
    def agent_leg(self) -> str:
        return f"sw1-1795310271.{2 * self.order + 1}"


class ByteSwitch:
    """`async with ByteSwitch(...)`: listening on the AMI and HTTP ports of these settings."""

    def __init__(self, settings: Settings, secrets: Secrets) -> None:
        self._settings, self._secrets = settings, secrets
        self._readers: set[asyncio.StreamWriter] = set()
        self._servers: list[asyncio.Server] = []
        self.calls: dict[str, ByteCall] = {}  # by the customer's Uniqueid
        self.said = 0

    async def __aenter__(self) -> ByteSwitch:
        for port, serve in ((self._settings.ami_port, self._manager), (self._settings.asterisk_http_port, self._ari)):
            self._servers.append(await asyncio.start_server(serve, "127.0.0.1", port))
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        for writer in self._readers:
            writer.close()

    # ---- manager ----------------------------------------------------------------------------------------------------

    async def _manager(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(BANNER)
        user = ""
        try:
            while True:
                raw = (await reader.readuntil(b"\r\n\r\n")).decode()
                action = dict(line.split(": ", 1) for line in raw.split("\r\n") if ": " in line)
                user = action.get("Username", user)
                writer.write(self._answer(action, user))
                if action["Action"] == "Login" and user == "cti_read":
                    self._readers.add(writer)
                    writer.write(block("Event: FullyBooted", "Privilege: system,all", "Uptime: 30", "LastReload: 30"))
        except (asyncio.IncompleteReadError, ConnectionError):
            self._readers.discard(writer)
        finally:
            writer.close()

    def _answer(self, action: dict[str, str], user: str) -> bytes:
        name, number = action["Action"], f"ActionID: {action.get('ActionID', '')}"
        if name == "ListCommands":
            allowed = sorted(READ_ALLOWED if user == "cti_read" else CTL_ALLOWED)
            return block("Response: Success", number, *(f"{each}: says  (Priv: <none>)" for each in allowed))
        if name == "CoreStatus":
            return block("Response: Success", number, "CoreStartupDate: 2026-11-22", "CoreStartupTime: 01:15:56")
        if name == "ConfbridgeListRooms":
            return block("Response: Error", number, "Message: No active conferences.")
        if name in ("Status", "QueueStatus"):
            begin = block("Response: Success", number, "EventList: start", "Message: will follow")
            legs = [self._status(call, number) for call in self.calls.values()] if name == "Status" else []
            return begin + b"".join(legs) + block(f"Event: {name}Complete", number, "EventList: Complete", "ListItems: 0")
        if name == "Redirect":
            self._redirect(action)
        return block("Response: Success", number, "Message: done")

    def _status(self, call: ByteCall, number: str) -> bytes:
        """What the core compares with now and then: the caller's leg, and the agent's while there is one."""
        bridge = [f"BridgeID: {call.id}"] if call.bridged else []
        leg = self._leg(call, call.context, call.endpoint or "s")[2:-1]
        own = block("Event: Status", number, *leg, *bridge, f"Variable: CTI_CALL={call.id}", "Variable: CTI_SIDE=customer")
        if not call.endpoint:
            return own
        agent = self._agent(call, call.endpoint)[:-1]
        return own + block("Event: Status", number, *agent, *bridge, f"Variable: CTI_CALL={call.id}")

    def _redirect(self, action: dict[str, str]) -> None:
        call = self.calls.get(action["Channel"])
        if call is not None and action["Context"] == "cti-ring" and not call.redirected.done():
            call.redirected.set_result(action["Exten"])

    def say(self, *blocks: bytes) -> float:
        """One write to every listening log-in; the moment of it."""
        data = b"".join(blocks)
        self.said += len(blocks)
        at = time.perf_counter()
        for writer in self._readers:
            writer.write(data)
        return at

    def contact(self, endpoint: str) -> None:
        """A softphone registered."""
        self.say(block(
            "Event: ContactStatus", "Privilege: system,all", f"Timestamp: {time.time():.6f}", "SystemName: sw1",  # noqa: TID251
            f"URI: sip:{endpoint}@127.0.0.1:5;transport=ws", "ContactStatus: NonQualified", f"AOR: {endpoint}",
            f"EndpointName: {endpoint}", "RoundtripUsec: N/A",
        ))  # fmt: skip

    # ---- ARI --------------------------------------------------------------------------------------------------------

    async def _ari(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Every end point is taken as it is."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
                await reader.readexactly(length)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    # ---- one caller -------------------------------------------------------------------------------------------------

    def _leg(self, call: ByteCall, context: str, exten: str, state: str = "Up") -> list[str]:
        return [
            f"Timestamp: {time.time():.6f}", "SystemName: sw1", f"Channel: PJSIP/trunk-{2 * call.order:08x}",  # noqa: TID251
            f"ChannelState: {6 if state == 'Up' else 4}", f"ChannelStateDesc: {state}", f"CallerIDNum: {call.number}",
            "CallerIDName: 王小明", "ConnectedLineNum: <unknown>", "ConnectedLineName: <unknown>", "Language: zh",
            f"AccountCode: {call.id}", f"Context: {context}", f"Exten: {exten}", "Priority: 1", f"Uniqueid: {call.uniqueid}",
            f"Linkedid: {call.uniqueid}", f"ChanVariable: CTI_CALL={call.id}",
        ]  # fmt: skip

    def _agent(self, call: ByteCall, endpoint: str, dest: str = "") -> list[str]:
        lines = [
            f"Channel: PJSIP/{endpoint}-{2 * call.order + 1:08x}", "ChannelState: 6", "ChannelStateDesc: Up",
            f"CallerIDNum: {endpoint}", "CallerIDName: <unknown>", f"ConnectedLineNum: {call.number}",
            "ConnectedLineName: 王小明", "Language: zh", f"AccountCode: {call.id}", "Context: from-agent", "Exten: s",
            "Priority: 1", f"Uniqueid: {call.agent_leg}", f"Linkedid: {call.uniqueid}", f"ChanVariable: CTI_CALL={call.id}",
        ]  # fmt: skip
        return [f"{dest}{line}" for line in lines]

    async def arrive(self, call: ByteCall) -> None:
        """New channel, CTIArrived, and the IVR's whole FastAGI session."""
        self.calls[call.uniqueid] = call
        leg = self._leg(call, "inbound", "4001", "Ring")
        quoted = call.number.replace("+", "%2B")
        self.say(
            block("Event: Newchannel", "Privilege: call,all", *leg[:-1], "ChanVariable: CTI_CALL="),
            block(
                "Event: UserEvent", "Privilege: user,all", *leg, "UserEvent: CTIArrived", f"CTICall: {call.id}",
                f"CTISipCallId: {call.order}-bench", f"CTIAni: {quoted}", "CTIName: %E7%8E%8B%E5%B0%8F%E6%98%8E",
                "CTIDnis: 4001", "CTITrunk: trunk",
            ),
        )  # fmt: skip
        await self._ivr(call)

    async def _ivr(self, call: ByteCall) -> None:
        """Prompts end at once and no key is pressed: what is measured is the core's part."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._settings.agi_port)
        head = {
            "network": "yes", "network_script": "inbound", "channel": f"PJSIP/trunk-{2 * call.order:08x}", "language": "zh",
            "type": "PJSIP", "uniqueid": call.uniqueid, "callerid": call.number, "calleridname": "王小明",
            "context": "cti-entry", "extension": "s", "accountcode": call.id, "arg_1": self._secrets.agi,
        }  # fmt: skip
        writer.write("".join(f"agi_{name}: {value}\n" for name, value in head.items()).encode() + b"\n")
        while line := await reader.readline():
            if line.startswith(b"GET VARIABLE"):
                writer.write(f"200 result=1 ({call.id})\n".encode())
            elif line.startswith(b"STREAM FILE"):
                writer.write(b"200 result=0 endpos=8000\n")
            else:
                writer.write(b"200 result=0\n" if line.startswith(b"WAIT") else b"200 result=1\n")
        writer.close()

    def hold(self, call: ByteCall) -> float:
        """In the hold loop; the moment of MusicOnHoldStart, from which on he may be offered."""
        call.context = "cti-hold"
        leg = self._leg(call, "cti-hold", "s")
        self.say(
            block("Event: UserEvent", "Privilege: user,all", *leg, "UserEvent: CTIHold", f"CTICall: {call.id}", "CTIWhy: queued")
        )
        return self.say(block("Event: MusicOnHoldStart", "Privilege: call,all", *leg, "Class: hold"))

    def ring(self, call: ByteCall, endpoint: str) -> None:
        """The core's Redirect took effect."""
        call.context, call.endpoint = "cti-ring", endpoint
        leg, agent = self._leg(call, "cti-ring", endpoint), self._agent(call, endpoint)
        self.say(
            block("Event: Newchannel", "Privilege: call,all", leg[0], leg[1], *agent[:-1], "ChanVariable: CTI_CALL="),
            block(
                "Event: DialBegin", "Privilege: call,all", *leg, *self._agent(call, endpoint, "Dest"), f"DialString: {endpoint}"
            ),
            block("Event: MusicOnHoldStart", "Privilege: call,all", *leg, "Class: hold"),
        )

    def answer(self, call: ByteCall, endpoint: str) -> float:
        """The moment of DialEnd."""
        leg, agent = self._leg(call, "cti-ring", endpoint), self._agent(call, endpoint)
        bridge = [f"BridgeUniqueid: {uuid.UUID(call.id)}", "BridgeType: basic", "BridgeTechnology: simple_bridge"]
        call.bridged = True
        end = block(
            "Event: DialEnd", "Privilege: call,all", *leg, *self._agent(call, endpoint, "Dest"), "DialStatus: ANSWER"
        )  # fmt: skip
        return self.say(
            end,
            block("Event: BridgeEnter", "Privilege: call,all", *leg[:2], *bridge, "BridgeNumChannels: 1", *agent),
            block("Event: BridgeEnter", "Privilege: call,all", *leg[:2], *bridge, "BridgeNumChannels: 2", *leg[2:]),
        )

    def hang_up(self, call: ByteCall, endpoint: str) -> float:
        """By the caller; the moment of it all."""
        del self.calls[call.uniqueid]
        leg, agent = self._leg(call, "cti-ring", endpoint), self._agent(call, endpoint)
        bridge = [f"BridgeUniqueid: {uuid.UUID(call.id)}", "BridgeType: basic", "BridgeTechnology: native_rtp"]
        cause = [f"Cause: {HANGUP_NORMAL}", "Cause-txt: Normal Clearing"]
        return self.say(
            block("Event: HangupRequest", "Privilege: call,all", *leg),
            block("Event: BridgeLeave", "Privilege: call,all", *leg[:2], *bridge, "BridgeNumChannels: 1", *leg[2:]),
            block("Event: BridgeLeave", "Privilege: call,all", *leg[:2], *bridge, "BridgeNumChannels: 0", *agent),
            block("Event: Hangup", "Privilege: call,all", *leg[:2], *agent, *cause),
            block("Event: Hangup", "Privilege: call,all", *leg, *cause),
        )
