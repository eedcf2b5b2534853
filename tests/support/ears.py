"""What somebody heard, and when: segments of tones, silence and missing RTP."""

from __future__ import annotations

import asyncio
import itertools
import wave
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from carillon.softphone.audio import HeardFrame, RtpAudio
from tests.support.tones import rms, tones_in, tones_in_ulaw

NO_RTP_AFTER = 0.06
SILENCE = "silence"
NO_RTP = "no rtp"
Heard = frozenset[int] | str


@dataclass(slots=True)
class Segment:
    """One thing heard from `start` to `end` (the loop's time)."""

    what: Heard
    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


def segments(frames: Iterable[HeardFrame], candidates: Sequence[int], since: float = 0.0) -> list[Segment]:
    """The story of a pair of ears."""
    told: list[Segment] = []
    last: float | None = None
    for frame in frames:
        if frame.at < since:
            last = frame.at
            continue
        if last is not None and frame.at - last > NO_RTP_AFTER:
            told.append(Segment(NO_RTP, last, frame.at))
        what = tones_in_ulaw(frame.ulaw, candidates) or SILENCE
        if told and told[-1].what == what:
            told[-1].end = frame.at
        else:
            told.append(Segment(what, frame.at, frame.at))
        last = frame.at
    return told


def seconds_of(frames: Iterable[HeardFrame], tone: int, candidates: Sequence[int], since: float = 0.0) -> float:
    """How long a tone was heard, in sum."""
    return sum(0.02 for frame in frames if frame.at >= since and tone in tones_in_ulaw(frame.ulaw, candidates))


async def hears(
    audio: RtpAudio, tone: int, *, candidates: Sequence[int] = (), seconds: float = 0.2, timeout: float = 10.0
) -> float:
    """Wait until a tone was heard for `seconds` from now on; the time of its first frame. Else TimeoutError says what came."""
    since = asyncio.get_running_loop().time()
    among = candidates or (tone,)
    found: list[float] = []
    seen: HeardFrame | None = None

    def heard() -> bool:
        """Looks at every frame once: after a stall several come in one go."""
        nonlocal seen
        new = list(itertools.takewhile(lambda frame: frame is not seen and frame.at >= since, reversed(audio.frames)))
        found.extend(frame.at for frame in reversed(new) if tone in tones_in_ulaw(frame.ulaw, among))
        seen = new[0] if new else seen
        return len(found) * 0.02 >= seconds

    try:
        await audio.changes.until(heard, timeout)
    except TimeoutError:
        story = [(segment.what, round(segment.seconds, 2)) for segment in segments(audio.frames, among, since)]
        raise TimeoutError(f"{tone} Hz was not heard within {timeout} s, but {story}") from None
    return found[0]


@dataclass(frozen=True, slots=True)
class Recording:
    """A WAV file, channel by channel."""

    rate: int
    channels: tuple[array[int], ...]

    @property
    def seconds(self) -> float:
        return len(self.channels[0]) / self.rate

    def tone_seconds(self, channel: int, tone: int, candidates: Sequence[int]) -> float:
        """How long a tone stands on a channel, counted in windows of 40 ms."""
        step = self.rate // 25
        values = self.channels[channel]
        windows = (values[start : start + step] for start in range(0, len(values) - step + 1, step))
        return sum(0.04 for window in windows if tone in tones_in(window, candidates, self.rate))

    def loudness(self, channel: int) -> float:
        """RMS of a whole channel."""
        return rms(self.channels[channel])


def read_recording(path: Path) -> Recording:
    """A 16 bit WAV."""
    with wave.open(str(path)) as file:
        values = array("h", file.readframes(file.getnframes()))
        channels = file.getnchannels()
        return Recording(file.getframerate(), tuple(values[number::channels] for number in range(channels)))
