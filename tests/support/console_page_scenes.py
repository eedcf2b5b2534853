"""Every state of the pages beside the desk, on the believable morning of `console_morning` and its records."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playwright.sync_api import Page

from tests.support import console_data as data
from tests.support import console_morning as morning
from tests.support import console_records as records
from tests.support import console_ticket_records as tickets
from tests.support.console_fake import FakeServer
from tests.support.console_scene import Do, House, Json, Scene, both, press

MISSING = (404, {"error": {"code": "not_found", "params": {}}})
CONFLICT = (409, {"error": {"code": "conflict", "params": {}}})
OWNER = "/owners/own-1"


def _in_house(role: str, name: str, number: str | None, t: Any) -> House:
    """`number` is the extension of whoever has a telephone."""
    w = morning.in_words(t("zh", "en"))
    user = {"id": "u", "login": "linyue", "name": w(name), "role": role, "team": "A", "language": t("zh", "en")}
    agent = None if number is None else {"id": f"agt-{number}", "number": number}
    return House(
        {"user": user, "agent": agent, "csrf": "x", "demo": True}, morning.entities(w, number), _rest(w) | records.codes(w)
    )


def _rest(w: morning.Words) -> Json:
    def listed(rows: Any) -> Json:
        return {"items": rows, "next": None}

    same_name = [{**row, "reasons": ["same_name"]} for row in records.owners(w)[:2]]
    return {
        "GET /calls": listed([records.record(w, i) for i in range(160)]),
        "GET /calls/call-x": records.one_call(w),
        "GET /calls/call-x/recording/peaks": records.peaks(),
        "GET /calls/none": lambda _body: MISSING,
        "GET /owners": listed(records.owners(w)),
        "GET /owners/duplicates": listed(same_name),
        f"GET {OWNER}": records.owner(w),
        f"GET {OWNER}/activity": listed(records.activity(w)),
        "GET /tickets": listed([tickets.ticket(w, i) for i in range(18)]),
        "GET /tickets/tic-1": tickets.one_ticket(w),
        "GET /task-sheets": listed(tickets.sheets(w)),
        **{f"GET /tickets/{sheet['id']}": sheet for sheet in tickets.sheets(w)},
        "GET /callbacks": listed(tickets.callbacks(w)),
    }


AGENT = partial(_in_house, "agent", "林悦|Lin Yue", "1024")
SUPERVISOR = partial(_in_house, "supervisor", "苏晴|Su Qing", None)
ENGINEER = partial(_in_house, "hotline_engineer", "孟凡|Meng Fan", "2004")
ENGINEER_ASKED = partial(_in_house, "hotline_engineer", "高磊|Gao Lei", "2003")
FIELD_ENGINEER = partial(_in_house, "field_engineer", "罗刚|Luo Gang", None)


def _click(selector: str, nth: int = 0) -> Do:
    def run(page: Page, _server: FakeServer, _t: Any) -> None:
        page.locator(selector).nth(nth).click()

    return run


def _tooltip(page: Page, _server: FakeServer, _t: Any) -> None:
    """The definition of the service level, by keyboard."""
    page.locator("th .formula").nth(2).focus()
    page.get_by_role("tooltip").wait_for()


def _refused_way_out(page: Page, server: FakeServer, t: Any) -> None:
    """To the coordinator, with nothing diagnosed."""
    page.get_by_role("button", name=t("转维修协调员", "To coordinator")).wait_for()
    press("Alt+2")(page, server, t)
    page.get_by_role("alert").filter(has_text=t("还差", "Missing")).wait_for()


def _new_owner(page: Page, _server: FakeServer, t: Any) -> None:
    """Quick entry with possible duplicates."""
    page.locator("main header button, main [role=search] button").last.click()
    page.locator("aside input").first.fill("周建国")
    page.locator("aside").get_by_text(t("可能已登记", "Perhaps on record")).wait_for()


def _edit_owner(page: Page, _server: FakeServer, t: Any) -> None:
    page.get_by_role("button", name=t("编辑", "Edit")).first.click()


def _faster_colleague(page: Page, server: FakeServer, t: Any) -> None:
    """The save is refused, and the latest record loaded beside what was typed."""
    page.get_by_label(t("备注", "Note")).fill(t("上午联系", "Mornings, please"))
    now = {"note": t("周末也可以联系，打座机", "Weekends too, on the landline"), "version": 5}
    server.rest[f"PATCH {OWNER}"] = lambda _body: CONFLICT
    server.rest[f"GET {OWNER}"] = server.rest[f"GET {OWNER}"] | now
    page.get_by_role("button", name=t("保存", "Save")).click()
    page.get_by_role("alert").wait_for()


def _latest(page: Page, _server: FakeServer, t: Any) -> None:
    page.get_by_role("button", name=t("载入最新", "Load the latest")).click()
    page.get_by_text(t("现有资料", "On record now")).wait_for()


def _due(page: Page, server: FakeServer, t: Any) -> None:
    server.say({"type": "callback_due", "callback": data.callbacks(t)[0]})
    page.get_by_role("status").filter(has_text=t("沈佳宁", "Shen Jianing")).wait_for()


def _replaced(page: Page, server: FakeServer, t: Any) -> None:
    """Newer pages of the same log-in took its place."""
    server.sockets[-1].close(code=4009)
    page.get_by_role("alert").first.wait_for()


def _scene(name: str, path: str, house: Callable[[Any], House], then: Do | None = None, **more: Any) -> Scene:
    return Scene(name, path, house=house, then=then, **more)


PAGES: tuple[Scene, ...] = (
    _scene("board", "/board", SUPERVISOR, _click("[data-agent='agt-1031']")),
    _scene("board-tip", "/board", SUPERVISOR, _tooltip),
    _scene("wallboard", "/wallboard", SUPERVISOR),
    _scene("hotline", "/hotline?sheet=sheet-1", ENGINEER),
    _scene("hotline-refused", "/hotline?sheet=sheet-2", ENGINEER_ASKED, _refused_way_out),
    _scene("calls", "/calls", SUPERVISOR),
    _scene("calls-none", "/calls?q=nobody", SUPERVISOR, rest={"GET /calls?": {"items": [], "next": None}}),
    _scene("call", "/calls/call-x", SUPERVISOR),
    _scene("call-missing", "/calls/none", SUPERVISOR),
    _scene("owners", "/owners", AGENT),
    _scene("owners-new", "/owners", AGENT, _new_owner),
    _scene("owner", OWNER, AGENT),
    _scene("owner-edit", OWNER, AGENT, _edit_owner),
    _scene("owner-conflict", OWNER, AGENT, both(_edit_owner, _faster_colleague)),
    _scene("owner-on-record", OWNER, AGENT, both(_edit_owner, _faster_colleague, _latest)),
    _scene("owner-callback", OWNER, AGENT, press("Alt+r")),
    _scene("owner-ticket", OWNER, AGENT, press("Alt+n")),
    _scene("tickets", "/tickets", AGENT),
    _scene("ticket", "/tickets/tic-1", AGENT),
    _scene("ticket-field", "/tickets/tic-1", FIELD_ENGINEER),
    _scene("tickets-field", "/tickets", FIELD_ENGINEER),
    _scene("callbacks", "/callbacks", AGENT),
    _scene("callbacks-move", "/callbacks", AGENT, _click("main button[aria-expanded]", 1)),
    _scene("callback-alarm", "/tickets/tic-1", AGENT, _due),
    _scene("replaced", "/tickets/tic-1", AGENT, _replaced),
)
