"""What the page says, and keeps, while core, server or session are away; on a server made of routes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support import console_data as data
from tests.support.console_fake import FakeServer
from tests.support.console_open import opened, server_for, until, visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]
Json = dict[str, Any]
LISTS = ("calls", "tickets", "owners?q")
NOT_SIGNED_IN = (401, {"error": {"code": "not_signed_in", "params": {}}})


def alarm(page: Page, words: str) -> Any:
    """The alarm that says so."""
    return page.get_by_role("alert").filter(has_text=words)


def without_core(role: str = "agent", **more: Any) -> FakeServer:
    """A server that has not reached its core since it started."""
    server = server_for(role, **more)
    server.core = False
    return server


def test_a_cold_start_without_a_core_says_what_works_and_what_to_do(page: Page) -> None:
    server = without_core()
    server.entities = {"agent": [], "call": [], "queue": [], "switch": []}
    visit(page, server, "/desk")
    said = alarm(page, "本页暂时不会振铃")
    expect(said).to_contain_text("可以：查业主、工单、回拨和以往通话。暂不可以：开始上班、接电话、拨号。")
    expect(said).to_contain_text("超过一分钟请告诉主管")
    expect(page.locator("main")).to_contain_text("暂时不知道您的状态")
    expect(page.get_by_role("button", name="立即重连")).to_be_enabled()


def test_a_supervisor_is_told_that_the_figures_stand_still(page: Page) -> None:
    visit(page, without_core("supervisor"), "/board")
    expect(alarm(page, "实时状态和数字停住了")).to_be_visible()


def test_a_server_that_gives_no_first_picture_is_an_alarm(page: Page) -> None:
    server = server_for(rest={"POST /stream-ticket": lambda _body: (503, {"error": {"code": "database_away", "params": {}}})})
    visit(page, server, "/desk")
    expect(alarm(page, "连不上服务器")).to_contain_text("草稿留在本页")


def test_a_page_without_the_voice_keeps_showing_the_call(page: Page) -> None:
    on_call: Json = {"state": "ON_CALL", "call": data.CALL, "since": "2026-11-23T06:28:55Z"}
    visit(page, without_core(calls=(data.talking(),), **on_call), "/desk")
    bar = page.locator("header[data-phase]")
    expect(bar).to_have_attribute("data-phase", "talking")
    expect(bar).to_contain_text("核心断开 · 最后所知")
    expect(bar).to_contain_text("+86 138 0000 0101")
    expect(page.locator("#intake-note")).to_be_visible()
    expect(alarm(page, "通话在接听它的页面上继续")).to_be_visible()
    assert [key for key in ("mute", "keypad", "hangup") if page.locator(f"[data-key={key}]").is_enabled()] == []


def test_a_second_tab_keeps_the_call_when_the_core_goes(page: Page) -> None:
    on_call: Json = {"state": "ON_CALL", "call": data.CALL, "since": "2026-11-23T06:28:55Z"}
    server = server_for(calls=(data.talking(),), **on_call)
    visit(page, server, "/desk")
    page.locator("[data-line=registered]").wait_for()
    page.evaluate(
        "call => window.dispatchEvent(new CustomEvent('carillon-fake-phone', {detail: {do: 'ring', call, how: 'resume'}}))",
        data.CALL,
    )
    second = page.context.new_page()
    visit(second, server, "/desk")
    second.locator("[data-line=remote]").wait_for()
    expect(second.locator("[data-key=mute]")).to_be_enabled()
    server.say({"type": "core", "up": False, "since": data.NOW})
    expect(second.locator("header[data-core=away]")).to_have_attribute("data-phase", "talking")
    expect(second.locator("[data-key=mute]")).to_be_enabled()
    expect(alarm(second, "通话照常，由线路直接维持")).to_be_visible()


def test_a_session_that_ends_in_the_middle_says_so_and_loses_nothing_typed(page: Page) -> None:
    server = opened(page, "/calls", "supervisor", {"GET /calls": {"items": [], "next": None}})
    page.get_by_role("searchbox").fill("138")
    until(page, lambda: "q=138" in page.url)
    over(server)
    page.get_by_role("searchbox").fill("1380")
    expect(alarm(page, "本页的会话已结束")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("1380")


def test_a_new_log_in_leads_back_to_the_same_place(page: Page) -> None:
    server = opened(page, "/calls?q=138", "supervisor", {"GET /calls": {"items": [], "next": None}})
    over(server)
    page.get_by_role("searchbox").fill("1380")
    sign_in_again(page, server)
    expect(page.get_by_role("searchbox")).to_have_value("1380")
    expect(page.locator("[data-core=up]").first).to_be_visible()
    expect(alarm(page, "本页的会话已结束")).to_have_count(0)


def test_what_was_typed_into_a_form_is_there_after_a_new_log_in(page: Page) -> None:
    server = opened(page, "/owners", "supervisor")
    page.get_by_role("button", name="登记业主").click()
    page.locator("aside").get_by_label("姓名").fill("周建国")
    page.get_by_label("备注").fill("电话里说不清，下午再打")
    over(server)
    page.get_by_role("searchbox").fill("周")
    sign_in_again(page, server)
    expect(page.locator("aside").get_by_label("姓名")).to_have_value("周建国")
    expect(page.get_by_label("备注")).to_have_value("电话里说不清，下午再打")
    page.get_by_role("button", name="取消").click()
    page.get_by_role("button", name="登记业主").click()
    expect(page.locator("aside").get_by_label("姓名")).to_have_value("")


def test_an_agent_comes_back_by_way_of_the_check(page: Page) -> None:
    server = opened(page, "/tickets?q=1118")
    page.locator("[data-line=registered]").wait_for()
    over(server)
    server.sockets[-1].close(code=4001)
    sign_in_again(page, server)
    start = page.get_by_role("button", name="开始上班")
    page.locator("[data-line=registered]").wait_for()
    for button in page.get_by_role("button", name="听到了").all():
        button.click()
    expect(start).to_be_enabled(timeout=10_000)
    start.click()
    page.wait_for_url("**/tickets?q=1118")


def over(server: FakeServer) -> None:
    """From now on everything asked is answered with 401."""
    for key in ("GET /session", *(f"GET /{each}" for each in LISTS), "POST /stream-ticket"):
        server.rest[key] = lambda _body: NOT_SIGNED_IN


def sign_in_again(page: Page, server: FakeServer) -> None:
    """By the alarm's button."""
    page.get_by_role("button", name="重新登录").click()
    expect(page.get_by_role("status")).to_contain_text("登录已失效")
    server.rest["POST /login"] = server.session
    for key in ("GET /session", "POST /stream-ticket"):
        del server.rest[key]
    server.rest |= {f"GET /{each}": {"items": [], "next": None} for each in LISTS}
    page.locator("#login").fill("linyue")
    page.locator("#password").fill("secret words")
    page.keyboard.press("Enter")
