"""The pages beside the desk in a real Chromium: the built console, a server made of routes, and the keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support import console_data as data
from tests.support.console_open import opened, server_for, until, visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]
Json = dict[str, Any]
NUMBER = "+8613800000127"


def sheet(ident: str, due: str, **more: Any) -> Json:
    """An open task sheet."""
    base: Json = {
        "id": ident,
        "number": f"T-{ident}",
        "kind": "task_sheet",
        "title": "读卡器",
        "state": "handed_over",
        "owner": None,
        "owner_name": f"业主{ident}",
        "property": None,
        "address": "",
        "equipment": "读卡器",
        "symptom": "刷卡无反应",
        "since_when": "今早",
        "service_mode": None,
        "priority": 2,
        "note": "两张卡都不行",
        "phone": NUMBER,
        "holder_role": "hotline_engineer",
        "holder_agent": None,
        "due_at": due,
        "created_at": "2026-11-23T06:24:00Z",
        "created_by": "u-1024",
        "call": None,
        "history": [],
        "version": 1,
    }
    return base | more


def callback(ident: str, due: str, name: str) -> Json:
    """An agreed callback."""
    who = {"owner": f"own-{ident}", "owner_name": name, "number": NUMBER, "agent": "agt-1024"}
    return {"id": ident, "due_at": due, "note": "", "state": "open", "ticket": None, "call": None, **who}


def test_a_pushed_state_changes_its_row_and_no_row_moves(page: Page) -> None:
    server = opened(page, "/board", "supervisor")
    names = page.locator("[data-agent]")
    expect(names.first).to_be_visible()
    before = names.all_inner_texts()
    who = next(one for one in server.entities["agent"] if one["id"] == "agt-2003")
    server.change("agent", {**who, "state": "LOST", "reason": "page_silent", "since": data.NOW})
    expect(page.locator("tr[data-state=LOST]")).to_contain_text(who["name"])
    assert names.all_inner_texts() == before


def test_the_definition_of_a_figure_opens_on_focus(page: Page) -> None:
    opened(page, "/board", "supervisor")
    page.get_by_role("button", name="服务水平").focus()
    expect(page.get_by_role("tooltip")).to_contain_text("短放弃")


def test_arrow_keys_select_agents_and_the_bar_shows_them(page: Page) -> None:
    opened(page, "/board", "supervisor")
    page.locator("[data-agent]").first.focus()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[data-agent][aria-pressed=true]")
    expect(chosen).to_have_count(1)
    expect(page.get_by_role("region", name="所选坐席")).to_contain_text(chosen.inner_text())


def test_one_key_takes_the_sheet_and_rings_the_owner(page: Page) -> None:
    mine = sheet("1", "2026-11-23T06:38:00Z")
    rest = {"GET /task-sheets": {"items": [mine], "next": None}, "GET /tickets/1": mine, "POST /task-sheets/1/take": mine}
    server = opened(page, "/hotline", "hotline_engineer", rest)
    expect(page.get_by_role("button", name="拨打业主")).to_be_enabled()
    page.keyboard.press("Alt+c")
    until(page, lambda: server.named("call.dial") != [])
    assert ("POST /task-sheets/1/take", {}) in server.posted
    assert server.named("call.dial") == [{"number": NUMBER, "ticket": "1"}]


def test_no_way_out_of_a_sheet_while_its_fields_are_empty(page: Page) -> None:
    mine = sheet("1", "2026-11-23T06:38:00Z")
    rest = {"GET /task-sheets": {"items": [mine], "next": None}, "GET /tickets/1": mine}
    server = opened(page, "/hotline", "hotline_engineer", rest)
    expect(page.get_by_role("button", name="转维修协调员")).to_be_visible()
    page.keyboard.press("Alt+2")
    expect(page.get_by_role("alert").filter(has_text="还差")).to_contain_text("诊断、建议处理、服务方式")
    expect(page.get_by_label("诊断", exact=True)).to_be_focused()
    assert not [path for path, _ in server.posted if "resolve" in path]


def test_the_ways_out_of_a_sheet_stay_in_view_on_a_small_screen(page: Page) -> None:
    page.set_viewport_size({"width": 1024, "height": 640})
    mine = sheet("1", "2026-11-23T06:38:00Z")
    opened(page, "/hotline", "hotline_engineer", {"GET /task-sheets": {"items": [mine], "next": None}, "GET /tickets/1": mine})
    expect(page.get_by_role("button", name="转维修协调员")).to_be_in_viewport(ratio=1)


def test_a_more_urgent_sheet_joins_below_what_one_reads(page: Page) -> None:
    sheets = [sheet("1", "2026-11-23T06:38:00Z"), sheet("2", "2026-11-23T06:44:00Z")]
    rest: Json = {"GET /task-sheets": lambda _body: (200, {"items": sheets, "next": None}), "GET /tickets/": sheets[0]}
    server = opened(page, "/hotline", "hotline_engineer", rest)
    rows = page.locator("button[data-row]")
    expect(rows).to_have_count(2)
    sheets.insert(0, sheet("0", "2026-11-23T06:33:00Z"))
    server.say({"type": "hint", "resource": "task-sheets", "id": "0"})
    expect(rows).to_have_count(3)
    assert [re.search(r"业主(\d)", text).group(1) for text in rows.all_inner_texts()] == ["1", "2", "0"]  # type: ignore[union-attr]


def test_one_key_rings_the_callback_that_is_due_first(page: Page) -> None:
    late, later = callback("b", "2026-11-23T06:20:00Z", "沈佳宁"), callback("a", "2026-11-23T08:00:00Z", "周建国")
    server = opened(page, "/callbacks", rest={"GET /callbacks": {"items": [later, late], "next": None}})
    expect(page.locator("tbody tr").first).to_contain_text("沈佳宁")
    expect(page.locator("tbody tr").first.locator("button", has_text="Alt C")).to_be_enabled()
    page.keyboard.press("Alt+c")
    until(page, lambda: server.named("call.dial") != [])
    assert server.named("call.dial") == [{"number": NUMBER, "owner": "own-b", "callback": "b"}]


def test_a_refused_dial_says_so_where_it_was_pressed(page: Page) -> None:
    server = opened(page, "/callbacks", rest={"GET /callbacks": {"items": [callback("a", data.NOW, "周建国")], "next": None}})
    server.refuse = {"call.dial": "number_not_allowed"}
    expect(page.locator("tbody tr").first).to_contain_text("周建国")
    expect(page.locator("tbody tr").first.locator("button", has_text="Alt C")).to_be_enabled()
    page.keyboard.press("Alt+c")
    expect(page.locator("main").get_by_role("alert")).to_contain_text("这个号码不允许拨打")


def test_a_callback_of_nobodys_is_taken_before_it_is_rung_and_who_was_faster_is_named(page: Page) -> None:
    free = callback("a", data.NOW, "周建国") | {"agent": None}
    rest: Json = {"GET /callbacks": {"items": [free], "next": None}}
    rest["POST /callbacks/a/take"] = lambda _body: (409, {"error": {"code": "taken", "params": {"holder": "agt-1031"}}})
    server = opened(page, "/callbacks", rest=rest)
    expect(page.locator("tbody tr").first).to_contain_text("周建国")
    expect(page.locator("tbody tr").first.locator("button", has_text="Alt C")).to_be_enabled()
    page.keyboard.press("Alt+c")
    expect(page.locator("main").get_by_role("alert")).to_contain_text("何雨桐 先接手了")
    assert server.named("call.dial") == []


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_nothing_is_wider_than_the_rail(page: Page, role: str) -> None:
    server = server_for(role)
    server.session["user"]["login"] = "a-supervisor-with-a-long-name"
    visit(page, server, "/calls")
    wide = (
        "n => [...n.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > n.getBoundingClientRect().right + 0.5)"
    )
    rail = page.get_by_role("navigation", name="主导航")
    assert rail.evaluate(f"n => ({wide})(n).map(e => e.textContent)") == []
    expect(rail.get_by_role("button", name=server.session["user"]["name"])).to_have_attribute(
        "title", f"{server.session['user']['name']} · {'坐席' if role == 'agent' else '主管'}"
    )


def test_what_scrolls_is_reached_by_the_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 560})
    opened(page, "/desk")
    expect(page.locator("main section[aria-labelledby] > [role=group][tabindex='0']").first).to_be_visible()
    scrolls = """() => [...document.querySelectorAll('main, main *')].filter(e => e.scrollHeight > e.clientHeight + 1
      && /auto|scroll/.test(getComputedStyle(e).overflowY) && e.tabIndex < 0).map(e => e.className)"""
    page.wait_for_function(f"() => ({scrolls})().length === 0")


def test_a_fact_nobody_has_words_for_shows_its_code(page: Page) -> None:
    facts = [{"at": "2026-11-23T06:28:00Z", "kind": "call.arrived", "ani": NUMBER}, {"at": data.NOW, "kind": "moon.risen"}]
    record = {
        "id": "c",
        "direction": "in",
        "from": NUMBER,
        "from_name": "<b>x</b>",
        "to": "4001",
        "queue": "repairs",
        "agent": None,
    }
    ended = {
        "wait_s": 5,
        "talk_s": 0,
        "hold_s": 0,
        "started_at": "2026-11-23T06:28:00Z",
        "answered_at": None,
        "ended_at": data.NOW,
    }
    rest = {"language": "zh", "disposition": None, "owner": None, "ticket": None, "sip_call_id": "s", "rebuilt": False}
    call = {**record, **ended, **rest, "ended_by": "caller", "recording": None, "legs": [], "facts": facts}
    opened(page, "/calls/c", "supervisor", {"GET /calls/c": call})
    expect(page.get_by_text("moon.risen")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("<b>x</b>")


def test_calls_are_shown_and_found_by_their_owners_name(page: Page) -> None:
    rows: Json = {"items": [data.recent_calls()[0] | {"owner": "o-1", "owner_name": "周建国"}], "next": None}
    found: Json = {"GET /calls": {"items": [], "next": None}, "GET /calls?q=%E5%BB%BA%E5%9B%BD": rows}
    opened(page, "/calls", "supervisor", found)
    page.get_by_role("searchbox").fill("建国")
    expect(page.locator("tbody tr").first).to_contain_text("周建国 +86")


@pytest.mark.parametrize(
    ("status", "code", "words"), [(404, "no_such_call", "没有这通电话"), (403, "not_allowed", "您不能看这通电话")]
)
def test_a_call_that_is_missing_or_forbidden_says_which(page: Page, status: int, code: str, words: str) -> None:
    refused = {"error": {"code": code, "params": {}}}
    opened(page, "/calls/c", "supervisor", {"GET /calls/c": lambda _body: (status, refused)})
    expect(page.locator("main")).to_contain_text(words)
    expect(page.get_by_role("link", name="返回通话列表")).to_be_visible()


def test_the_board_claims_nothing_while_the_line_is_away(page: Page) -> None:
    server = opened(page, "/board", "supervisor")
    expect(page.locator("[data-agent]").first).to_be_visible()
    server.say({"type": "core", "up": False, "since": data.NOW})
    expect(page.get_by_text("停在").first).to_be_visible()
    expect(page.locator("[data-agent]").first).to_be_visible()


def test_a_first_page_of_callbacks_is_not_counted_as_all(page: Page) -> None:
    """50 with more behind them are "50+"; the late ones come first, so that of them all are here."""
    rows = [callback(f"c{n}", "2026-11-23T06:00:00Z" if n < 3 else "2026-11-24T06:00:00Z", f"业主{n}") for n in range(50)]
    opened(page, "/callbacks", rest={"GET /callbacks": {"items": rows, "next": "x"}})
    expect(page.get_by_text("待办 50+ · 超时 3")).to_be_visible()
    page.get_by_role("link", name="坐席").click()
    expect(page.get_by_role("region", name="到期回拨")).to_contain_text("全部 50+")


def test_an_admin_is_offered_what_he_may_read(page: Page) -> None:
    opened(page, "/", "admin")
    expect(page.locator("nav a[href^='/']:not([href='/'])")).to_have_count(2)
    assert [link.get_attribute("href") for link in page.locator("nav a").all()] == ["/", "/board", "/calls"]
