"""The supervisor's pages in a real Chromium on a whole instance: the board as calls come and go, and a recording played."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from carillon.cli.instance import api_client
from tests.support.browser import chromium, signed_in
from tests.support.stalls import stalled  # noqa: F401
from tests.support.whole import whole  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
QUEUE, AGENT = "报修热线", "agt-1024"
# What the board shows, noted whenever it changes in the document, with the time: waiting, answered, the agent's state.
WITNESS = f"""
addEventListener('DOMContentLoaded', () => {{
  window.__seen = [];
  const show = () => {{
    const row = [...document.querySelectorAll('main table tr')].find(one => one.cells[0]?.textContent === '{QUEUE}');
    const agent = document.querySelector('[data-agent="{AGENT}"]')?.closest('tr')?.dataset.state;
    if (!row || !agent) return;
    const now = [row.cells[1].textContent, row.cells[7].textContent, agent].join(' ');
    if (window.__seen.at(-1)?.[1] !== now) window.__seen.push([Date.now(), now]);
  }};
  new MutationObserver(show).observe(document.body, {{ subtree: true, childList: true, characterData: true, attributes: true }});
}});
"""
# The audio element stands nowhere in the document; the test keeps a hand on what was played.
PLAYED = """(() => {
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () { window.__audio = this; return play.call(this); };
})();"""
DRAWN = """() => {
  const canvases = [...document.querySelector('[role=slider]').querySelectorAll('*')]
    .flatMap(each => [...(each.shadowRoot?.querySelectorAll('canvas') ?? [])]).filter(each => each.width > 0);
  return canvases.some(each => each.getContext('2d').getImageData(0, 0, each.width, each.height).data.some(one => one > 0));
}"""
# The goal is 1 s. Three are allowed: at a quarter of a second for the api's flush there is room, but a machine that others
# use too may keep a page from drawing for longer than the change took to reach it.
PUSHED_WITHIN_S = 3.0


async def _shows(board, wanted: str, timeout: float = 15) -> float:
    """When the board first showed this (waiting, answered, state); seconds since the epoch."""
    found = "w => window.__seen.findLast(([, what]) => what === w)?.[0] ?? 0"
    await board.page.wait_for_function(found, arg=wanted, timeout=timeout * 1000, polling=50)
    return float(await board.page.evaluate(found, wanted)) / 1000


def _at(whole, call: str, kind: str) -> float:  # noqa: F811
    """When the fact was; seconds since the epoch."""
    (row,) = whole.rows(
        "SELECT (julianday(at) - 2440587.5) * 86400 AS at FROM call_facts WHERE call_id = ? AND kind = ?", call, kind
    )
    return float(row["at"])


async def test_each_change_of_a_call_is_pushed_to_the_board_within_a_second(whole, stalled, record_property):  # noqa: F811
    async with chromium() as browser, signed_in(whole, browser, "supervisor5001", scripts=(WITNESS,)) as board:
        await board.page.wait_for_url("**/board")
        await _shows(board, "0 0 LOGGED_OUT")
        async with whole.caller() as caller:
            call = (await whole.queued(caller))["id"]
            seen = {"call.queued": await _shows(board, "1 0 LOGGED_OUT")}
            await board.page.get_by_role("region", name="等待中的来电").get_by_text(QUEUE).wait_for()
            async with whole.agent(wrap_up_after=4):
                await whole.answered(caller)
                seen["call.answered"] = await _shows(board, "0 1 ON_CALL")
                caller.hangup()
                await whole.ended(caller)
                seen["call.ended"] = await _shows(board, "0 1 WRAP_UP")
                await _shows(board, "0 1 READY")
            await _shows(board, "0 1 LOGGED_OUT")
        late = {kind: round(at - _at(whole, call, kind), 3) for kind, at in seen.items()}
        record_property("seconds from the fact to the document", late)
        assert all(-0.1 < seconds < PUSHED_WITHIN_S + stalled.seconds for seconds in late.values()), late


async def test_the_supervisor_hears_a_recording_and_others_do_not_get_it(whole):  # noqa: F811
    async with whole.agent(), whole.caller() as caller:
        call = (await whole.answered(caller))["id"]
        await asyncio.sleep(3)  # something to play
        caller.hangup()
        await whole.ended(caller)
        final = "SELECT seconds FROM recordings WHERE call_id = ? AND status = 'final'"
        await whole.until(lambda: whole.rows(final, call), 15, "the recording is final")
    async with chromium() as browser, signed_in(whole, browser, "supervisor5001", scripts=(PLAYED,)) as desk:
        async with desk.page.expect_response("**/recording/peaks") as peaks:
            await desk.page.goto(f"{desk.url}/calls/{call}")
        assert len((await (await peaks.value).json())["channels"]) == 2
        await desk.page.wait_for_function(DRAWN, timeout=20000)
        played = "SELECT 1 FROM audit WHERE action = 'recording.played' AND object = ?"
        assert whole.rows(played, call) == [], "a glance is not a play"
        await desk.tab_to("[role=slider]")
        await desk.press("Space")
        await desk.page.wait_for_function("() => window.__audio && !window.__audio.paused && window.__audio.currentTime > 0.7")
        assert await desk.command("window.__audio.error") is None
        await desk.sees("暂停", "main")
        assert len(whole.rows(played, call)) == 1
    answers = (("agent1025", 404), ("coordinator3001", 403), ("admin", 403), ("agent1024", 200))
    for login, status in answers:
        async with api_client(whole.settings) as api:
            await api.log_in(login, whole.password(login))
            async with httpx.AsyncClient(base_url=api.base_url, headers=api.headers, trust_env=False) as http:
                given = [await http.get(f"/api/v1/calls/{call}/recording/{part}") for part in ("peaks", "audio")]
        assert [each.status_code for each in given] == [status, status], login
