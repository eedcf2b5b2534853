"""SIPp for load: generated scenarios, real RTP, and what its statistics file says at the end.

`callers` dial and play a tone; `phones` answer and send every packet back, so a caller whose tone returns was bridged.
"""

from __future__ import annotations

import csv
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from carillon.softphone import g711
from carillon.softphone.sound import tone

SIPP = "sipp"
_SDP = """v=0
o=sipp 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [{port}] RTP/AVP 0
a=rtpmap:0 PCMU/8000
a=ptime:20
"""
_HEAD = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>{tag}
Call-ID: [call_id]
CSeq: {cseq}
Contact: <sip:[field0]@[local_ip]:[local_port]>
Max-Forwards: 70
"""
_ANSWER = """SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]s[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
"""


class SippMissing(Exception):
    """`apt-get install sip-tester`."""


@dataclass(frozen=True, slots=True)
class SippResult:
    """The last line of the statistics file. `answer_ms`: mean from INVITE to 200."""

    calls: int
    successful: int
    failed: int
    retransmissions: int
    answer_ms: float


def _send(text: str, *, retrans: bool = True) -> str:
    again = ' retrans="500"' if retrans else ""
    return f"<send{again}><![CDATA[\n\n{text}\n]]></send>\n"


def caller_scenario(talk_ms: int, *, sound: Path | None = None) -> str:
    """INVITE, ACK, the sound for `talk_ms`, BYE. A BYE of the other side before that is a failed call."""
    play = f'<nop><action><exec rtp_stream="{sound},-1,0"/></action></nop>\n' if sound is not None else ""
    to_tag = "[peer_tag_param]"
    body = _SDP.format(port="rtpstream_audio_port" if sound is not None else "media_port")
    invite = _HEAD.format(tag="", cseq="1 INVITE") + "Content-Type: application/sdp\nContent-Length: [len]\n\n" + body
    return _scenario(
        _send("INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0\n" + invite),
        '<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="183" optional="true"/>\n',
        '<recv response="200" rtd="true" rrs="true"/>\n',
        _send("ACK [next_url] SIP/2.0\n" + _HEAD.format(tag=to_tag, cseq="1 ACK") + "Content-Length: 0\n", retrans=False),
        play,
        f'<pause milliseconds="{talk_ms}"/>\n',
        _send("BYE [next_url] SIP/2.0\n" + _HEAD.format(tag=to_tag, cseq="2 BYE") + "Content-Length: 0\n"),
        '<recv response="200" crlf="true"/>\n',
    )


def phone_scenario(answer_ms: int = 0) -> str:
    """Rings, answers after `answer_ms`, waits for the BYE."""
    answer = _ANSWER.format(status="200 OK") + "Content-Type: application/sdp\nContent-Length: [len]\n\n"
    return _scenario(
        '<recv request="INVITE" crlf="true"/>\n',
        _send(_ANSWER.format(status="180 Ringing") + "Content-Length: 0\n", retrans=False),
        f'<pause milliseconds="{answer_ms}"/>\n' if answer_ms else "",
        _send(answer + _SDP.format(port="media_port")),
        '<recv request="ACK" rtd="true"/>\n<recv request="BYE"/>\n',
        _send(
            "SIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n",
            retrans=False,
        ),
    )


def _scenario(*parts: str) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="generated">\n' + "".join(parts) + "</scenario>\n"


class Sipp:
    """One SIPp process; leaving the block stops it. Files lie in `folder`."""

    def __init__(self, folder: Path, name: str, scenario: str, arguments: Sequence[str]) -> None:
        if shutil.which(SIPP) is None:
            raise SippMissing("there is no `sipp`; run `apt-get install sip-tester`")
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._name = folder, name
        file = folder / f"{name}.xml"
        file.write_text(scenario)
        self.statistics = folder / f"{name}.csv"
        self._command = [
            *(SIPP, "-sf", str(file), "-nostdin", "-trace_stat", "-stf", str(self.statistics), "-fd", "1"),
            *("-trace_err", "-error_file", str(folder / f"{name}.errors"), *arguments),
        ]
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Sipp:
        self.process = subprocess.Popen(
            self._command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """USR1 lets the calls that are up end first; then kill."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGUSR1)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)

    def wait(self, timeout: float) -> SippResult:
        """Until all calls were placed and ended."""
        assert self.process is not None
        self.process.wait(timeout)
        return self.result()

    def result(self) -> SippResult:
        """As far as it went."""
        rows = list(csv.DictReader(self.statistics.read_text().splitlines(), delimiter=";"))
        last = rows[-1]
        return SippResult(
            calls=int(last["TotalCallCreated"]),
            successful=int(last["SuccessfulCall(C)"]),
            failed=int(last["FailedCall(C)"]),
            retransmissions=int(last["Retransmissions(C)"]),
            answer_ms=_milliseconds(last["ResponseTime1(C)"]),
        )

    @property
    def errors(self) -> str:
        file = self._folder / f"{self._name}.errors"
        return file.read_text(errors="replace") if file.exists() else ""


def _milliseconds(value: str) -> float:
    """`00:00:00:012000`: hours, minutes, seconds, microseconds."""
    hours, minutes, seconds, micro = (int(part) for part in value.split(":"))
    return (hours * 3600 + minutes * 60 + seconds) * 1000 + micro / 1000


def write_sound(folder: Path, frequency: int) -> Path:
    """One second of a tone as raw µ-law, which SIPp's rtp_stream plays over and over."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"tone{frequency}.ul"
    file.write_bytes(g711.encode(tone(frequency)))
    return file


def callers(
    folder: Path,
    server: tuple[str, int],
    *,
    number: str = "4001",
    calls: int,
    rate: float,
    talk_ms: int,
    numbers: Sequence[str] = ("+8613800138000",),
    local: tuple[str, int] = ("127.0.0.2", 0),
    media: tuple[int, int] = (0, 0),
    sound: Path | None = None,
) -> Sipp:
    """`calls` callers at `rate` a second on the trunk's side; each takes the next of `numbers`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "callers.inf").write_text("SEQUENTIAL\n" + "".join(f"{one};\n" for one in numbers))
    arguments = [
        *("-s", number, "-m", str(calls), "-r", str(rate), "-i", local[0], "-mi", local[0], "-inf", "callers.inf"),
        *(("-p", str(local[1])) if local[1] else ()),
        *(("-min_rtp_port", str(media[0]), "-max_rtp_port", str(media[1])) if media[0] else ()),
        *("-l", str(calls), f"{server[0]}:{server[1]}"),
    ]
    return Sipp(folder, "callers", caller_scenario(talk_ms, sound=sound), arguments)


def phones(folder: Path, local: tuple[str, int], *, answer_ms: int = 0, media_port: int = 0) -> Sipp:
    """Answers every call to `local` and echoes its audio."""
    arguments = [
        *("-i", local[0], "-mi", local[0], "-p", str(local[1]), "-rtp_echo"),
        *(("-mp", str(media_port)) if media_port else ()),
    ]
    return Sipp(folder, "phones", phone_scenario(answer_ms), arguments)
