"""The emergency path's last word on a real Asterisk: pyst2 files a callback and promises it in the caller's language.

Without pyst2 the script in Asterisk's root cannot start: the first test here fails (no promise, no file).
"""

from __future__ import annotations

import asyncio
import math
import re
import statistics
import subprocess
import sys
import wave
from array import array
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carillon.softphone.g711 import samples as linear
from carillon.switch.folders import AGI_SCRIPTS, PROMPTS
from cti.agi.filed_callbacks import read_filed
from cti.agi.server import AgiServer
from cti.ports.telephony import HungUp, MusicStarted, Place, SwitchUp
from tests.contract.stage import Caller, Heard, decide_hold, gateway_to, listening, running
from tests.support.asterisk import real_asterisk

__all__ = ["real_asterisk"]
pytestmark = pytest.mark.telephony


def last_word(real) -> Place:
    """Behind the Queue of cti-fallback, which would take five minutes: the priority of the script's line."""
    rendered = (real.settings.switch_dir / "etc" / "extensions.conf").read_text()
    context = rendered.partition("[cti-fallback]\n")[2]
    lines = [line for line in context.splitlines() if re.match(r"exten => s,1,| same => n", line)]
    return Place("cti-fallback", "s", next(n for n, line in enumerate(lines, 1) if "file_callback.py" in line))


async def in_the_emergency_path(real, *, language: str, name: str = "Anna", hangs_up: bool = False):
    """A caller whom nobody took, to his end: his call's id, and what he heard."""
    gateway = gateway_to(real)
    heard = Heard(gateway)
    settings = real.settings
    async with (
        AgiServer("127.0.0.1", settings.agi_port, real.secrets.agi, decide_hold),
        running(gateway),
        listening(heard),
        Caller(("127.0.0.1", settings.sip_port), name=name) as caller,
    ):
        await heard.wait(SwitchUp)
        caller.dial("4001")
        waiting = await heard.wait(MusicStarted)
        await gateway.set_variable(waiting.uniqueid, "CTI_LANG", language)
        await gateway.set_variable(waiting.uniqueid, "CTI_QUEUE", "repairs")
        mark = heard.mark
        await gateway.redirect(waiting.uniqueid, Place("cti-hold"))  # there the language is set on the channel
        await heard.wait(MusicStarted, mark)
        caller.audio.frames.clear()
        await gateway.redirect(waiting.uniqueid, last_word(real))
        if hangs_up:
            await filed(real, waiting.call)
            caller.hangup()
        await heard.changes.until(lambda: heard.find(HungUp, uniqueid=waiting.uniqueid) is not None, 30)
        return waiting.call, [linear(frame.ulaw) for frame in caller.audio.frames]


async def filed(real, call: str):
    folder = real.settings.switch_dir / "callbacks"
    async with asyncio.timeout(10):
        while True:
            found = [each for each in read_filed(folder) if each.call == call]
            if found:
                return found[0]
            await asyncio.sleep(0.05)


def loudness(samples) -> float:
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples))


def likeness(prompt: Path, heard) -> float:
    """Greatest correlation of the prompt's loudness over time with what was heard, over all starts."""
    with wave.open(str(prompt)) as sound:
        samples = array("h", sound.readframes(sound.getnframes()))
    said = [loudness(samples[start : start + 160]) for start in range(0, len(samples) - 159, 160)]
    came = [loudness(frame) for frame in heard if len(frame)]
    last = len(came) - len(said)
    assert last >= 0, "less was heard than the sentence is long"
    return max(statistics.correlation(said, came[start : start + len(said)]) for start in range(last + 1))


@pytest.mark.parametrize(("language", "other", "name"), [("zh", "en", "张三 <b>'); --"), ("en", "zh", "Anna")])
async def test_pyst2_files_a_callback_and_the_caller_hears_the_promise_in_his_language(real_asterisk, language, other, name):
    call, heard = await in_the_emergency_path(real_asterisk, language=language, name=name)
    callback = await filed(real_asterisk, call)
    assert (callback.number, callback.name, callback.dnis) == ("+8613800138000", name, "4001")
    assert (callback.queue, callback.language) == ("repairs", language)
    assert abs((callback.filed_at - datetime.now(UTC)).total_seconds()) < 60  # noqa: TID251
    prompts = {each: PROMPTS / each / "busy-callback.wav" for each in (language, other)}
    assert likeness(prompts[language], heard) > 0.95
    assert likeness(prompts[other], heard) < 0.8


async def test_a_caller_who_hangs_up_in_the_sentence_is_called_back_all_the_same(real_asterisk):
    call, _ = await in_the_emergency_path(real_asterisk, language="en", hangs_up=True)
    assert (await filed(real_asterisk, call)).language == "en"


@pytest.mark.parametrize("then", ["", "HANGUP\n", "511 Command Not Permitted on a dead channel or intercept routine\n"])
def test_the_script_files_what_it_knows_of_a_caller_who_is_gone(tmp_path, then):
    """As Asterisk starts it, with a channel that ends before the first question is answered."""
    head = "agi_accountcode: c-1\nagi_uniqueid: sw1-1.1\nagi_callerid: +86138\nagi_calleridname: 张\nagi_language: zh\n\n"
    script = AGI_SCRIPTS / "file_callback.py"
    done = subprocess.run([sys.executable, script, tmp_path], input=(head + then).encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    (callback,) = read_filed(tmp_path)
    assert (callback.call, callback.number, callback.name) == ("c-1", "+86138", "张")
