"""Agents by SIPp: one process that answers whatever comes at once and sends audio back. Its message log says when each INVITE
came and when each call was acknowledged, to the microsecond, by the caller's number.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SCENARIO = """<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="agent">
  <recv request="INVITE"/>
  <send retrans="500"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=[pid]x[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=agent 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
]]></send>
  <recv request="ACK" crlf="true"/>
  <recv request="BYE"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
  <timewait milliseconds="500"/>
</scenario>
"""
_HEAD = re.compile(r"^-{10,} (\d{4}-\d\d-\d\d)[ \t]+(\d\d:\d\d:\d\d\.\d+)", re.MULTILINE)
_FROM = re.compile(r"^From:.*?sip:\+?(\d+)@", re.MULTILINE | re.IGNORECASE)


@dataclass(slots=True)
class Seen:
    """Seconds of the epoch: the INVITE came; the agent is in the call."""

    invited: float = 0.0
    connected: float = 0.0


class SippAgents:
    def __init__(self, log: Path) -> None:
        self._log, self._read = log, 0

    def seen(self) -> dict[str, Seen]:
        """What is new in the log, by the caller's number."""
        with self._log.open("rb") as stream:
            stream.seek(self._read)
            text = stream.read().decode(errors="replace")
            self._read = stream.tell()
        found: dict[str, Seen] = {}
        heads = list(_HEAD.finditer(text))
        for head, after in zip(heads, [*heads[1:], None], strict=False):
            _note(found, head, text[head.end() : after.start() if after else len(text)])
        return found


def _note(found: dict[str, Seen], head: re.Match[str], message: str) -> None:
    caller = _FROM.search(message)
    if caller is None or "received" not in message[:60]:
        return
    at = datetime.fromisoformat(f"{head[1]} {head[2][:15]}").timestamp()
    seen = found.setdefault(caller[1], Seen())
    if "\nINVITE " in message[:200]:
        seen.invited = seen.invited or at
    elif "\nACK " in message[:200]:
        seen.connected = seen.connected or at


@contextlib.contextmanager
def sipp_agents(folder: Path, address: str, port: int, media_port: int) -> Iterator[SippAgents]:
    """Listening on this address until the block ends."""
    scenario, log = folder / "agent.xml", folder / "sipp-messages.log"
    scenario.write_text(SCENARIO)
    command = ["sipp", "-sf", str(scenario), "-i", address, "-p", str(port), "-mi", address, "-mp", str(media_port), "-rtp_echo"]
    command += ["-trace_msg", "-message_file", str(log), "-nostdin", "-aa", "-trace_err", "-error_file", str(folder / "sipp.err")]
    with (folder / "sipp.out").open("w") as out:
        child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        time.sleep(1.0)
        if child.poll() is not None:
            raise SystemExit(f"SIPp did not start:\n{(folder / 'sipp.out').read_text()[-2000:]}")
        log.touch()
        yield SippAgents(log)
    finally:
        child.terminate()
        child.wait(10)
