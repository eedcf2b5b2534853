"""An agent's day in a real Chromium on a whole instance: what comes after the call, who calls, and where the line is."""

from __future__ import annotations

import asyncio
import time

import pytest

from carillon.softphone.callee import Behaviour, Callee
from carillon.softphone.digest import Credentials
from carillon.softphone.endpoint import SipEndpoint
from carillon.softphone.registration import Registration, RegistrationRefused
from carillon.softphone.ws_transport import WsTransport
from tests.support.browser import AGENT_TONE, Desk, at_desk, chromium
from tests.support.ears import hears
from tests.support.stalls import stalled  # noqa: F401
from tests.support.whole import whole  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(150)]
CALLER_TONE, CALLEE_TONE = 600, 1600
ENGLISH = "21"  # the keys of a caller
# As a datetime-local field has it, with seconds: typed by hand it knows minutes, and no test should wait for a full one.
IN_SECONDS = """n => {
  const zone = new Date().getTimezoneOffset() * 60000;
  return new Date(Date.now() + n * 1000 - zone).toISOString().slice(0, 19);
}"""
OWNER_OF_NUMBER = "SELECT o.id FROM owners o JOIN owner_phones p ON p.owner_id = o.id WHERE o.name = ? AND p.e164 = ?"
RELAY = """new Promise(told => {
  const socket = new WebSocket('/sip', 'sip');
  socket.onopen = () => told('open');
  socket.onclose = () => told('closed');
})"""


async def _hears(caller) -> None:
    await hears(caller.audio, AGENT_TONE, candidates=[CALLER_TONE, AGENT_TONE], timeout=20)


async def _answer(desk, caller) -> None:
    await desk.rings(30)
    await desk.press("Alt+a")
    await desk.state("ON_CALL")
    await _hears(caller)


async def _wrap_up(desk) -> None:
    await desk.state("WRAP_UP")
    await desk.press("Alt+1", "Control+Enter")
    await desk.state("READY")


async def _menu_item(desk, name: str) -> None:
    """Arrow keys to it, then Enter."""
    await desk.page.get_by_role("menuitem").first.wait_for()
    async with asyncio.timeout(5):
        while await desk.command("document.activeElement.innerText") != name:
            await desk.press("ArrowDown")
    await desk.press("Enter")


async def _in_english(desk) -> None:
    """By the account's menu."""
    await desk.tab_to("nav button[aria-haspopup]")
    await desk.press("Enter")
    await _menu_item(desk, "English")
    await desk.page.locator("html[lang=en]").wait_for(state="attached")
    await desk.sees("Desk", "nav")


async def _intake(desk) -> None:
    await desk.tab_to("#intake-equipment")
    await desk.type("Door phone")
    await desk.tab_to("#intake-symptom input")
    await desk.press("Space")
    await desk.tab_to("#intake-since_when")
    await desk.type("this morning")
    await desk.tab_to("#intake-note")
    await desk.type("No sound at the door.")


async def _hang_up(desk) -> None:
    """Out of the text fields first; the first press warns, the second hangs up."""
    await desk.press("F6", "Alt+x")
    await desk.sees("The owner is still there", "header [role=alert]")
    await desk.press("Alt+x")
    await desk.state("WRAP_UP")


async def _ticket_and_callback(desk) -> str:
    """Disposition, a new ticket, a callback in a few seconds, all in one; the ticket's title."""
    await desk.press("Alt+1", "Alt+n")
    await desk.has_focus("#wrap-title")
    title = str(await desk.command("document.activeElement.value"))
    assert title.startswith("Door phone, "), "the intake proposes the title"
    await desk.press("F6", "Alt+r")
    await desk.has_focus("#wrap-callback")
    await desk.page.locator(":focus").fill(await desk.page.evaluate(IN_SECONDS, 8))
    await desk.press("Control+Enter")
    await desk.state("READY")
    return title


async def test_a_call_by_keyboard_in_english_ends_as_a_ticket_and_a_callback_that_comes_up_by_itself(whole):  # noqa: F811
    side = ("127.0.0.2", whole.settings.trunk_peer_port)
    async with (
        chromium() as browser,
        at_desk(whole, browser, "agent1027", "en") as desk,
        Callee(side, Behaviour(answer_after=0.3), frequency=CALLEE_TONE) as owner,
    ):
        await _in_english(desk)
        async with whole.caller(keys=ENGLISH) as caller:
            await _answer(desk, caller)
            await desk.hears(CALLER_TONE)
            await _intake(desk)
            await _hang_up(desk)
            call = (await whole.ended(caller))["id"]
        title = await _ticket_and_callback(desk)

        record = await whole.until(lambda: whole.rows("SELECT * FROM call_records WHERE id = ? AND ticket_id <> ''", call), 10)
        (ticket,) = whole.rows("SELECT * FROM tickets WHERE call_id = ?", call)
        assert (record[0]["ticket_id"], record[0]["ended_by"], record[0]["language"]) == (ticket["id"], "agent", "en")
        assert (ticket["title"], ticket["note"], ticket["owner_id"]) == (title, "No sound at the door.", record[0]["owner_id"])
        await desk.go("Tickets", "**/tickets")
        await desk.page.get_by_role("row").filter(has_text=ticket["number"]).filter(has_text=title).wait_for(timeout=20000)
        await desk.go("Desk", "**/desk")

        due = "SELECT id, julianday(due_at) <= julianday('now') AS come FROM callbacks WHERE call_id = ?"
        alarm = desk.page.get_by_role("status").filter(has_text="Callback due").filter(has_text="周建国")
        await alarm.wait_for(timeout=20000)
        (callback,) = whole.rows(due, call)
        assert callback["come"], "it comes up when its time has come, not before"
        await desk.press("Alt+c")
        received = await owner.wait_call(timeout=30)
        assert received.number == "+8613800138000"
        await whole.until(lambda: received.audio is not None, 10, "the owner answers")
        await hears(received.audio, AGENT_TONE, candidates=[CALLEE_TONE, AGENT_TONE])
        await desk.hears(CALLEE_TONE)
        await alarm.wait_for(state="detached", timeout=20000)
        received.call.hangup()
        await _wrap_up(desk)
        out = await whole.until(lambda: whole.rows("SELECT * FROM call_records WHERE callback_id = ?", callback["id"]), 10)
        assert (out[0]["direction"], out[0]["ticket_id"]) == ("out", ticket["id"])
        done = "SELECT 1 FROM callbacks WHERE id = ? AND state = 'done'"
        await whole.until(lambda: whole.rows(done, callback["id"]), 5, "the callback is done")


async def test_of_several_owners_one_is_picked_by_key_and_an_unknown_number_is_entered(whole):  # noqa: F811
    async with chromium() as browser, at_desk(whole, browser) as desk:
        async with whole.caller("13800138001") as caller:
            await desk.phase("offer", 30)
            candidates = desk.page.locator("fieldset label:has(kbd) b")
            await desk.sees("这个号码有 3 位候选")
            await desk.sees("最可能")
            names = await candidates.all_inner_texts()
            await desk.press("Alt+2")
            await desk.page.locator("h2").get_by_text(names[1]).wait_for()
            await _answer(desk, caller)
            caller.hangup()
            await _wrap_up(desk)
            record = await whole.ended(caller)
        (owner,) = whole.rows("SELECT name FROM owners WHERE id = ?", record["owner_id"])
        assert owner["name"] == names[1]

        async with whole.caller("13777770001") as caller:
            await _answer(desk, caller)
            await desk.sees("快速登记")
            await desk.tab_to("section form input[required]")
            await desk.type("钱多多")
            await desk.press("Enter")
            await desk.page.locator("[data-owner] h2").get_by_text("钱多多").wait_for()
            caller.hangup()
            await _wrap_up(desk)
            record = await whole.ended(caller)
        (owner,) = whole.rows(OWNER_OF_NUMBER, "钱多多", "+8613777770001")
        assert record["owner_id"] == owner["id"]


async def test_of_two_tabs_one_has_the_line_and_the_other_takes_over_when_it_closes(whole):  # noqa: F811
    async with chromium() as browser, at_desk(whole, browser) as desk:
        second = Desk(whole, await desk.page.context.new_page(), desk.login)
        await second.page.goto(desk.url + "/desk")
        await second.page.locator("footer [data-line=remote]").wait_for()
        await second.sees("线路 在另一页", "footer")
        assert await desk.page.locator("footer [data-line=registered]").count() == 1
        async with whole.caller() as caller:
            await _answer(second, caller)  # a press in one tab, the sound in the other
            await desk.state("ON_CALL")
            await desk.hears(CALLER_TONE)
            assert await second.command("window.__heard.length") == 0
            await desk.page.close()
            await second.page.locator("footer [data-line=registered]").wait_for(timeout=20000)
            await second.hears(CALLER_TONE, 20)
            await _hears(caller)
            caller.hangup()
            await _wrap_up(second)
        assert second.errors == []


async def _registers(port: int, endpoint: str, secret: str) -> int:
    """0, or the code of the refusal. To the switch itself, behind every check of the api's."""
    sip = SipEndpoint()
    async with WsTransport(f"ws://127.0.0.1:{port}/ws", sip.receive) as transport:
        sip.attach(transport)
        pump = asyncio.ensure_future(transport.run())
        try:
            await Registration(sip, Credentials(endpoint, secret), "127.0.0.1").register()
        except RegistrationRefused as refused:
            return refused.code
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            sip.close()
    return 0


async def test_signing_out_kills_the_softphones_account(whole, stalled):  # noqa: F811
    port = whole.settings.asterisk_http_port
    async with chromium() as browser, at_desk(whole, browser) as desk:
        async with desk.page.expect_response("**/api/v1/softphone") as minted:
            await desk.page.reload()
        account = await (await minted.value).json()
        await desk.page.locator("footer [data-line=registered]").wait_for()
        assert await _registers(port, account["endpoint"], account["secret"]) == 0
        await desk.tab_to("nav button[aria-haspopup]")
        await desk.press("Enter")
        await _menu_item(desk, "退出登录")
        await desk.page.wait_for_url("**/login")
        began = time.monotonic()
        while await _registers(port, account["endpoint"], account["secret"]) not in {401, 403, 404}:
            assert time.monotonic() - began - stalled.seconds < 5
        assert "Unable to find object" in whole.switch_says(f"pjsip show endpoint {account['endpoint']}")
        assert await desk.command(RELAY) == "closed"


def minted_well(response) -> bool:
    """A switch that still starts refuses; the page asks again."""
    return response.url.endswith("/api/v1/softphone") and response.ok


async def test_a_killed_switch_comes_back_and_so_do_the_line_and_the_next_call(whole):  # noqa: F811
    async with chromium() as browser, at_desk(whole, browser) as desk:
        async with whole.caller() as caller:
            await _answer(desk, caller)
            record = await whole.answered(caller)
            async with desk.page.expect_response(minted_well, timeout=40000) as minted:
                before = whole.kill("switch")
            await whole.back("switch", before)
            assert await minted.value
        ended = await whole.ended(caller)
        assert (ended["id"], ended["ended_by"]) == (record["id"], "system")
        await desk.page.locator("footer [data-line=registered]").wait_for(timeout=20000)
        if await desk.page.locator('header[data-agent-state="WRAP_UP"]').count():
            await _wrap_up(desk)
        await desk.state("READY", timeout=20)
        async with whole.caller() as caller:
            await _answer(desk, caller)
            await desk.hears(CALLER_TONE)
            caller.hangup()
            await _wrap_up(desk)
