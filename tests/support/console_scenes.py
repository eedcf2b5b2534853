"""Every state of the log-in, the check and the agent's desk; SCENES has those of the other pages too."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.support import console_data as data
from tests.support.console_fake import FakeServer, phone_event
from tests.support.console_page_scenes import PAGES
from tests.support.console_scene import Do, Json, Scene, both, press

POP_REASONS = [
    {"code": "longest_idle", "params": {"seconds": 252}},
    {"code": "skill_matched", "params": {"skill": "repairs", "level": 3}},
    {"code": "first_in_queue", "params": {"position": 1}},
]


def _pop(server: FakeServer, t: Any, **over: Any) -> None:
    message = {"type": "pop", "nonce": "n-1", "offer": "o-1", "call": data.call(), "candidates": data.candidates(t)}
    server.say(message | {"reasons": POP_REASONS, "ring_seconds": 15} | over)


def _with_pop(after: Do | None = None) -> Do:
    def run(page: Page, server: FakeServer, t: Any) -> None:
        _pop(server, t, call=next(iter(server.entities["call"]), data.call()))
        page.locator("[data-owner]").first.wait_for()
        if after is not None:
            after(page, server, t)

    return run


def _fill(page: Page, server: FakeServer, t: Any) -> None:
    page.locator("#intake-equipment").fill(t("可视门禁室内机 VD-700", "Video door phone VD-700"))
    page.keyboard.press("Escape")
    page.get_by_role("radio", name=t("黑屏无图像", "Dark screen")).check(force=True)
    page.locator("#intake-note").fill(
        t("室内机昨晚停电后黑屏，指示灯不亮。", "Screen dark since last night's power cut, no LED.")
    )


def _complete(page: Page, server: FakeServer, t: Any) -> None:
    _fill(page, server, t)
    page.locator("#intake-since_when").fill(t("昨晚 20:10，停电之后", "last night 20:10, after the power cut"))


def _core_away(page: Page, server: FakeServer, _t: Any) -> None:
    server.say({"type": "core", "up": False, "since": "2026-11-23T06:31:44Z"})


def _due(page: Page, server: FakeServer, t: Any) -> None:
    server.say({"type": "callback_due", "callback": data.callbacks(t)[0]})


def _answered_by_error(_body: Json) -> tuple[int, Json]:
    return 401, {"error": {"code": "wrong_login", "params": {}}}


def _sign_in_wrong(page: Page, _server: FakeServer, _t: Any) -> None:
    page.locator("#login").fill("linyue")
    page.locator("#password").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()


def _wrap(page: Page, server: FakeServer, t: Any) -> None:
    page.get_by_role("radio", name=t("已建工单", "Ticket created")).check(force=True)
    page.locator("#intake-note").fill(
        t(
            "室内机昨晚停电后黑屏，判断电源模块损坏，保修内上门更换。",
            "Screen dark since the power cut; power module judged faulty, replace under warranty.",
        )
    )
    press("Alt+n")(page, server, t)
    page.locator("#wrap-title").fill(t("门禁室内机黑屏，更换电源模块", "Door phone dark, replace power module"))
    press("Alt+r")(page, server, t)


def _wrap_up_over(page: Page, server: FakeServer, _t: Any) -> None:
    """Its time has run out: the core has let the call go."""
    number, name = server.session["agent"]["number"], server.session["user"]["name"]
    server.change("agent", data.agent(number, name, "READY", skills={"repairs": 3, "english": 2}))
    server.change("call", None, data.CALL)
    page.locator("header[data-phase=idle]").wait_for()


def _busy(page: Page, server: FakeServer, t: Any) -> None:
    """Whom Enter would have taken is not ready any more."""
    page.keyboard.type("2003")
    engineer = next(one for one in server.entities["agent"] if one["id"] == "agt-2003")
    server.change("agent", engineer | {"state": "ON_CALL", "since": data.NOW})
    page.locator("[role=option]", has_text=t("通话中", "On call")).wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()


def _refused_sign_out(_body: Json) -> tuple[int, Json]:
    return 503, {"error": {"code": "database_away", "params": {}}}


def _sign_out(page: Page, _server: FakeServer, t: Any) -> None:
    page.locator("nav button").last.click()
    page.get_by_role("menuitem", name=t("退出登录", "Sign out")).click()
    page.get_by_role("alert").wait_for()


def _open_unsaved(page: Page, _server: FakeServer, t: Any) -> None:
    page.get_by_role("button", name=t("打开：", "Open: ")).click()
    page.locator("#intake-note").wait_for()


def _sheet_made(page: Page, server: FakeServer, t: Any) -> None:
    _complete(page, server, t)
    press("Alt+j", "Control+Enter")(page, server, t)
    page.get_by_role("status").last.wait_for()


ON_CALL: Json = {"state": "ON_CALL", "call": data.CALL, "since": "2026-11-23T06:28:55Z"}
WRAPPING: Json = {
    "state": "WRAP_UP",
    "call": data.CALL,
    "since": "2026-11-23T06:31:30Z",
    "wrap_up_until": "2026-11-23T06:33:00Z",
}
WRAPPED = data.talking() | {"state": "wrap_up", "ended_by": "caller", "ended_at": "2026-11-23T06:31:30Z"}
CONSULTING: Json = {"state": "CONSULTING", "call": data.CALL, "since": "2026-11-23T06:31:36Z"}
CONSULT = {"engineer": "agt-2003", "state": "talking", "since": "2026-11-23T06:31:36Z"}
HEARS = [["caller", "music"], ["agent", "engineer"]]
SHEET = {
    "id": "t-9",
    "number": "T-1123-0031",
    "title": "",
    "state": "handed_over",
    "kind": "task_sheet",
    "due_at": "2026-11-23T06:47:07Z",
}

SCENES: tuple[Scene, ...] = (
    Scene("login", "/login", signed_in=False),
    Scene("login-wrong", "/login", signed_in=False, then=_sign_in_wrong, rest={"POST /login": _answered_by_error}),
    Scene("setup", "/setup?token=abc", signed_in=False),
    Scene("check", "/check", {"state": "AUX", "reason": "logged_in"}),
    Scene("idle"),
    Scene("idle-aux", mine={"state": "AUX", "reason": "lunch"}),
    Scene("idle-due", then=_due),
    Scene("idle-core-away", then=_core_away),
    Scene("signed-off", mine={"state": "LOGGED_OUT"}),
    Scene("state-menu", then=press("Alt+q")),
    Scene(
        "offer",
        mine={"state": "RINGING", "call": data.CALL, "since": "2026-11-23T06:32:03Z"},
        call=data.call(ring_until="2026-11-23T06:32:21Z", queued_at="2026-11-23T06:31:19Z"),
        phone="ring",
        then=_with_pop(),
    ),
    Scene(
        "offer-unknown",
        mine={"state": "RINGING", "call": data.CALL, "since": "2026-11-23T06:32:03Z"},
        call=data.call(ring_until="2026-11-23T06:32:21Z", **{"from": "+8613800000144"}),
        phone="ring",
        rest={"GET /owners?q": {"items": [], "next": None}},
    ),
    Scene("talking", mine=ON_CALL, call=data.talking(), phone="talk", then=_with_pop(_fill)),
    Scene(
        "held",
        mine=ON_CALL,
        call=data.talking() | {"state": "held", "recording": "paused"},
        phone="talk",
        then=_with_pop(both(_fill, press("Alt+m"))),
    ),
    Scene(
        "recording-failed",
        mine=ON_CALL,
        call=data.talking() | {"recording": "failed"},
        phone="talk",
        then=_with_pop(press("Alt+m")),
    ),
    Scene(
        "quick",
        mine=ON_CALL,
        call=data.talking() | {"owner": "", "from": "+8613800000144", "from_name": ""},
        phone="talk",
        rest={"GET /owners?q": {"items": [], "next": None}},
        then=lambda page, _s, t: page.get_by_label(t("姓名", "Name")).first.fill(t("周建", "Zhou J")),
    ),
    Scene("transfer", mine=ON_CALL, call=data.talking(), phone="talk", then=_with_pop(both(_fill, press("Alt+t")))),
    Scene("transfer-busy", mine=ON_CALL, call=data.talking(), phone="talk", then=_with_pop(both(press("Alt+t"), _busy))),
    Scene("not-signed-out", then=_sign_out, rest={"POST /logout": _refused_sign_out}),
    Scene("keypad", mine=ON_CALL, call=data.talking(), phone="talk", then=_with_pop(press("Alt+k", "1", "5", "9"))),
    Scene("owner-picker", mine=ON_CALL, call=data.talking(), phone="talk", then=_with_pop(press("Alt+o"))),
    Scene(
        "task-gaps",
        mine=ON_CALL,
        call=data.talking(),
        phone="talk",
        then=_with_pop(both(_fill, press("Alt+j", "Control+Enter"))),
    ),
    Scene(
        "task-made",
        mine=ON_CALL,
        call=data.talking(),
        phone="talk",
        rest={"POST /task-sheets": SHEET},
        then=_with_pop(_sheet_made),
    ),
    Scene(
        "consult-ringing",
        mine=CONSULTING,
        call=data.talking() | {"state": "consulting", "consult": CONSULT | {"state": "ringing"}, "hears": [["caller", "music"]]},
        phone="talk",
        then=_with_pop(_complete),
    ),
    Scene(
        "consult",
        mine=CONSULTING,
        call=data.talking() | {"state": "consulting", "consult": CONSULT, "hears": HEARS},
        phone="talk",
        then=_with_pop(_complete),
    ),
    Scene(
        "three-way",
        mine=CONSULTING,
        call=data.talking()
        | {
            "state": "conference",
            "consult": CONSULT | {"state": "three_way"},
            "hears": [["caller", "agent"], ["agent", "engineer"], ["caller", "engineer"]],
        },
        phone="talk",
        then=_with_pop(_complete),
    ),
    Scene(
        "engineer-asked",
        mine={"state": "ON_CALL", "call": data.CALL},
        role="hotline_engineer",
        call=data.talking() | {"state": "consulting", "consult": CONSULT, "hears": HEARS, "engineer": "agt-2003"},
        phone="talk",
        then=_with_pop(),
    ),
    Scene(
        "dialling",
        mine={"state": "RINGING", "call": data.CALL},
        call=data.call("dialling", direction="out", queued_at=None, to="+8613800000777", owner="o-1", queue="", **{"from": ""}),
        phone="talk",
    ),
    Scene(
        "hang-up-warns",
        mine=ON_CALL,
        call=data.talking(),
        phone="talk",
        then=_with_pop(both(_fill, lambda page, _s, _t: page.locator("[data-key=hangup]").click())),
    ),
    Scene("keys", mine=ON_CALL, call=data.talking(), phone="talk", then=_with_pop(press("Shift+?"))),
    Scene("palette", then=both(press("Control+k"), lambda page, _s, _t: page.keyboard.type("12"))),
    Scene(
        "wrapup",
        mine=WRAPPING,
        call=WRAPPED,
        then=_with_pop(_wrap),
    ),
    Scene("unsaved", mine=WRAPPING, call=WRAPPED, then=_with_pop(both(_wrap, _wrap_up_over))),
    Scene("unsaved-form", mine=WRAPPING, call=WRAPPED, then=_with_pop(both(_wrap, _wrap_up_over, _open_unsaved))),
    Scene(
        "wrapup-gaps",
        mine=WRAPPING,
        call=WRAPPED | {"ended_by": "agent"},
        then=_with_pop(press("Control+Enter")),
    ),
    Scene("degraded", mine=ON_CALL, call=data.talking(), phone="talk", then=_with_pop(both(_fill, _core_away))),
    Scene(
        "lost",
        mine={"state": "LOST", "call": data.CALL, "since": "2026-11-23T06:32:01Z"},
        call=data.talking()
        | {"state": "lost_agent", "hears": [["caller", "music"]], "hold_for_agent_until": "2026-11-23T06:32:21Z"},
        then=_with_pop(both(_fill, lambda page, _s, _t: phone_event(page, do="lose"))),
    ),
    *PAGES,
)
