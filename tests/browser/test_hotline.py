"""The hotline on a whole instance: no engineer is free, so a task sheet is left, and the engineer rings the owner from it."""

from __future__ import annotations

import pytest

from carillon.softphone.callee import Behaviour, Callee
from tests.support.browser import AGENT_TONE, at_desk, chromium, signed_in
from tests.support.ears import hears
from tests.support.whole import whole  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(150)]
CALLER_TONE, CALLEE_TONE = 600, 1600
SHEET = "SELECT * FROM tickets WHERE kind = 'task_sheet' AND call_id = ?"


async def _talking(desk, caller):
    await desk.rings(30)
    await desk.press("Alt+a")
    await desk.state("ON_CALL")
    await hears(caller.audio, AGENT_TONE, candidates=[CALLER_TONE, AGENT_TONE])


async def _leave_sheet(desk):
    """Alt+J where one looked for an engineer, then Ctrl+Enter as often as it takes: refused, it brings one to the first gap."""
    await desk.press("Alt+j")
    await desk.sees("还缺：设备、现象、何时开始、记录", "[role=dialog]")
    await desk.press("Control+Enter")
    await desk.has_focus("#intake-equipment")
    await desk.type("读卡器")
    await desk.press("Control+Enter")
    await desk.has_focus("#intake-symptom input")
    await desk.press("Space", "Control+Enter")
    await desk.has_focus("#intake-since_when")
    await desk.type("今早")
    await desk.press("Control+Enter")
    await desk.has_focus("#intake-note")
    await desk.sees("还缺：记录", "[role=dialog]")


async def test_a_sheet_is_refused_while_incomplete_and_one_key_rings_the_owner_from_it(whole):  # noqa: F811
    side = ("127.0.0.2", whole.settings.trunk_peer_port)
    async with (
        chromium() as browser,
        signed_in(whole, browser, "engineer2001") as engineer,
        at_desk(whole, browser) as desk,
        Callee(side, Behaviour(answer_after=0.3), frequency=CALLEE_TONE) as owner,
    ):
        await engineer.begin_shift("AUX")
        await engineer.page.wait_for_url("**/hotline")
        async with whole.caller() as caller:
            await _talking(desk, caller)
            call = (await whole.answered(caller))["id"]
            await desk.press("Alt+t")
            await desk.sees("0 位就绪", "[role=dialog]")
            await desk.press("Enter")  # asks nobody
            await _leave_sheet(desk)
            assert whole.rows(SHEET, call) == []
            await desk.type("刷卡无反应")
            await desk.press("Control+Enter")
            await desk.sees("已生成", "[role=dialog]")
        (sheet,) = whole.rows(SHEET, call)
        minutes = whole.rows(
            "SELECT (julianday(due_at) - julianday(created_at)) * 1440 AS clock FROM tickets WHERE id = ?", sheet["id"]
        )
        assert (round(minutes[0]["clock"], 2), sheet["holder_role"], sheet["phone"]) == (15, "hotline_engineer", "+8613800138000")

        row = engineer.page.locator("button[data-row]").filter(has_text="读卡器 · ").filter(has_text="周建国")
        await row.wait_for(timeout=20000)  # pushed: nothing asks for it by itself
        await engineer.tab_to("button[data-row]")
        while "周建国" not in await engineer.command("document.activeElement.innerText"):
            await engineer.press("ArrowDown")
        await engineer.sees(sheet["number"], "main")
        await engineer.press("Alt+c")
        received = await owner.wait_call(timeout=30)
        assert received.number == "+8613800138000"
        await whole.until(lambda: received.audio is not None, 10, "the owner answers")
        await hears(received.audio, AGENT_TONE, candidates=[CALLEE_TONE, AGENT_TONE])
        await engineer.hears(CALLEE_TONE)
        (taken,) = whole.rows(SHEET, call)
        assert (taken["state"], taken["holder_agent"]) == ("in_progress", "agt-2001")
        received.call.hangup()
        await engineer.state("WRAP_UP")
        out = whole.rows("SELECT * FROM call_records WHERE direction = 'out' AND agent_id = 'agt-2001' ORDER BY started_at DESC")
        assert out[0]["ticket_id"] == sheet["id"]

        await engineer.tab_to("textarea[name=diagnosis]")
        await engineer.type("读卡器断电，已请业主复位")
        await engineer.press("F6", "Alt+1")
        await engineer.sees("已记为电话解决", "main")
        assert whole.rows(SHEET, call)[0]["state"] == "solved"
        await row.wait_for(state="detached")
        await engineer.go("坐席", "**/desk")
        await engineer.sees("处理结果")
        await engineer.sees("已解决", "#wrap-disposition")
        await engineer.press("Alt+1", "Control+Enter")
        await engineer.state("AUX")
