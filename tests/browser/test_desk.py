"""An agent's work in a real Chromium on a whole instance: real SIP, real audio, by keyboard."""

from __future__ import annotations

import asyncio
import signal

import pytest

from carillon.softphone.caller import Caller
from carillon.softphone.sound import Loop, tone
from tests.support.browser import AGENT_TONE, at_desk, chromium
from tests.support.ears import read_recording, seconds_of
from tests.support.whole import whole  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
CALLER_TONE = 600


async def _hears(caller: Caller, pitch: int, timeout: float = 15) -> None:
    async with asyncio.timeout(timeout):
        while seconds_of(list(caller.audio.frames)[-25:], pitch, [CALLER_TONE, pitch]) < 0.3:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _hears_no_more(caller: Caller, pitch: int) -> None:
    async with asyncio.timeout(15):
        while seconds_of(list(caller.audio.frames)[-20:], pitch, [CALLER_TONE, pitch]) >= 0.1:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_call_is_popped_answered_heard_wrapped_up_and_recorded(whole):  # noqa: F811
    async with chromium() as browser, at_desk(whole, browser) as desk, whole.caller() as caller:
        await desk.phase("offer", 30)
        await desk.sees("周建国")
        await desk.rings()
        await desk.press("Alt+a")
        await desk.state("ON_CALL")
        await _hears(caller, AGENT_TONE)
        await desk.hears(CALLER_TONE)
        await asyncio.sleep(2)  # something to record
        caller.hangup()
        await desk.state("WRAP_UP")
        await desk.press("Alt+1")
        await desk.press("Control+Enter")
        await desk.state("READY")
        ended = await whole.ended(caller)
        kinds = whole.facts(ended["id"])
        assert kinds.index("offer.acknowledged") < kinds.index("ring.requested") < kinds.index("ring.started")
        await whole.until(lambda: (whole.record(caller) or {}).get("disposition"), 10, "the disposition is on the record")
        (recording,) = await whole.until(
            lambda: whole.rows("SELECT * FROM recordings WHERE call_id = ? AND status = 'final'", ended["id"]), 15
        )
        sides = read_recording(whole.settings.recordings_dir / recording["file"])
        assert sides.tone_seconds(0, CALLER_TONE, [CALLER_TONE, AGENT_TONE]) > 0.8
        assert sides.tone_seconds(1, AGENT_TONE, [CALLER_TONE, AGENT_TONE]) > 0.8


async def test_hold_mute_resume_and_keypad_by_keys(whole):  # noqa: F811
    async with chromium() as browser, at_desk(whole, browser) as desk, whole.caller() as caller:
        await desk.rings(30)
        await desk.press("Alt+a")
        await desk.state("ON_CALL")
        await _hears(caller, AGENT_TONE)
        await desk.press("Alt+h")
        await whole.until(lambda: "call.held" in whole.facts((whole.record(caller) or {}).get("id", "")), 10, "held")
        await _hears_no_more(caller, AGENT_TONE)
        await desk.press("Alt+h")
        await _hears(caller, AGENT_TONE)
        await desk.press("Alt+m")
        await _hears_no_more(caller, AGENT_TONE)
        await desk.press("Alt+m")
        await _hears(caller, AGENT_TONE)
        await desk.press("Alt+k")
        await desk.page.locator("[role=dialog] button").first.wait_for()
        for digit in "15#":
            await desk.press(digit)
            await whole.until(lambda digit=digit: caller.audio.digits_heard.endswith(digit), 5, f"the caller hears {digit}")
        assert caller.audio.digits_heard == "15#"


async def test_a_refresh_in_a_call_brings_the_same_agent_back(whole):  # noqa: F811
    async with chromium() as browser, at_desk(whole, browser) as desk, whole.caller() as caller:
        await desk.rings(30)
        await desk.press("Alt+a")
        await desk.state("ON_CALL")
        await _hears(caller, AGENT_TONE)
        for _ in range(3):
            await desk.page.reload()
            await desk.state("ON_CALL", timeout=25)
            await _hears(caller, AGENT_TONE, 20)
        assert caller.up
        record = await whole.answered(caller)
        await whole.until(lambda: whole.facts(record["id"]).count("call.reattached") == 3, 10, "three times back")
        await whole.until(lambda: whole.channels() == 2, 10, "no leg is left behind")


async def test_a_frozen_tab_is_lost_and_the_caller_rings_at_the_next_agent(whole):  # noqa: F811
    async with chromium() as browser, at_desk(whole, browser) as desk:
        frozen = asyncio.ensure_future(
            desk.page.evaluate("(() => { const end = Date.now() + 15000; while (Date.now() < end); })()")
        )
        async with whole.agent("agent1025"), whole.caller() as caller:
            record = await whole.answered(caller)
            assert record["agent_id"] == "agt-1025"
        await frozen


async def test_a_page_frozen_in_a_call_keeps_the_caller_on_music_and_gets_him_back(whole):  # noqa: F811
    async with chromium() as browser, at_desk(whole, browser) as desk, whole.caller() as caller:
        await desk.rings(30)
        await desk.press("Alt+a")
        await desk.state("ON_CALL")
        await _hears(caller, AGENT_TONE)
        frozen = asyncio.ensure_future(
            desk.page.evaluate("(() => { const end = Date.now() + 9000; while (Date.now() < end); })()")
        )
        record = await whole.answered(caller)
        await whole.until(lambda: "call.agent_left" in whole.facts(record["id"]), 9, "the caller is kept on music")
        assert caller.up
        await frozen
        await desk.state("ON_CALL", timeout=15)
        await _hears(caller, AGENT_TONE)
        await desk.hears(CALLER_TONE)
        await whole.until(lambda: "call.reattached" in whole.facts(record["id"]), 5, "the same agent has him back")


async def test_the_console_works_by_sip_alone_while_the_core_is_away(whole):  # noqa: F811
    async with chromium() as browser, at_desk(whole, browser) as desk:
        await whole.until(lambda: "(Not in use)" in whole.switch_says("queue show fallback"), 5, "he is in the plain queue")
        with whole.supervisor_stopped():
            whole.kill("core")
            await desk.page.locator('header[data-core="away"]').wait_for(timeout=20000)
            async with whole.caller() as caller:
                await desk.rings(30)
                await desk.press("Alt+a")
                await _hears(caller, AGENT_TONE)
                await desk.hears(CALLER_TONE)
                caller.hangup()
                await whole.nobody_left()
        await desk.page.locator('header[data-core="up"]').wait_for(timeout=40000)


@pytest.mark.parametrize("core_ends", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hangs"])
async def test_a_page_that_outlives_switch_and_core_is_on_the_line_again(whole, core_ends):  # noqa: F811
    """Of a core that hangs the page still has the old word that its line is registered when the new switch refuses it."""
    async with chromium() as browser, at_desk(whole, browser) as desk:
        switch, core = whole.kill("switch"), whole.kill("core", core_ends)
        await whole.back("switch", switch, 30)
        await whole.back("core", core, 40)
        await desk.page.locator('header[data-core="up"]').wait_for(timeout=40000)
        await desk.state("READY", timeout=60)
        async with whole.caller("13900139000") as caller:
            await desk.rings(30)
            await desk.press("Alt+a")
            await _hears(caller, AGENT_TONE)


async def test_a_hostile_name_is_shown_literally_and_runs_nowhere(whole):  # noqa: F811
    name = "<img src=x onerror=window.__xss=1>');DROP TABLE calls;--"
    async with chromium() as browser, at_desk(whole, browser) as desk:
        async with Caller(("127.0.0.1", whole.settings.sip_port), number="13511112222", name=name) as caller:
            caller.say(Loop(tone(CALLER_TONE)))
            caller.dial("4001")
            await desk.rings(30)
            assert "<img src=x onerror=" in await desk.text()
            await desk.press("Alt+a")
            await desk.state("ON_CALL")
            caller.hangup()
            await desk.state("WRAP_UP")
            record = await whole.ended(caller)
        assert record["from_name"].startswith("<img src=x onerror=")
        for place in ("/calls", f"/calls/{record['id']}", "/owners", "/tickets"):
            await desk.page.goto(desk.url + place)
            await desk.page.locator("main, [data-zone]").first.wait_for()
            await asyncio.sleep(0.5)
            assert await desk.page.evaluate("window.__xss") is None


async def test_a_consult_hands_the_caller_over_to_an_engineer(whole):  # noqa: F811
    async with (
        chromium() as browser,
        at_desk(whole, browser) as desk,
        whole.agent("engineer2001") as engineer,
        whole.caller() as caller,
    ):
        await desk.rings(30)
        await desk.press("Alt+a")
        await desk.state("ON_CALL")
        record = await whole.answered(caller)
        await desk.press("Alt+t")
        await desk.page.get_by_role("button", name="咨询").first.click()
        await desk.phase("consult")
        await whole.until(lambda: "consult.answered" in whole.facts(record["id"]), 20, "the engineer answers")
        await desk.page.get_by_role("button", name="移交给").and_(desk.page.locator(":enabled")).wait_for()
        await desk.press("Alt+t")
        await desk.state("WRAP_UP")
        await whole.until(lambda: engineer.state == "ON_CALL", 10, "the engineer has the caller")
        assert caller.up
