"""The invented company of the console's scenes, in both languages: names, owners, calls as the api would send them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
NOW = "2026-11-23T06:32:07Z"  # 14:32:07 in Shanghai
CALL = "c-1"


def texts(language: str) -> Any:
    """zh|en by the page's language."""
    return lambda zh, en: zh if language == "zh" else en


def session(t: Any, role: str = "agent") -> Json:
    """林悦 at extension 1024, or the engineer 高磊."""
    engineer = role == "hotline_engineer"
    name, number = (t("高磊", "Gao Lei"), "2003") if engineer else (t("林悦", "Lin Yue"), "1024")
    user = {"id": "u-1", "login": "linyue", "name": name, "role": role, "team": "a", "language": t("zh", "en")}
    return {"user": user, "agent": {"id": f"agt-{number}", "number": number}, "csrf": "c", "demo": True}


def agent(number: str, name: str, state: str = "READY", **more: Any) -> Json:
    """One agent."""
    base: Json = {
        "id": f"agt-{number}",
        "user": f"u-{number}",
        "name": name,
        "number": number,
        "role": "agent",
        "team": "a",
        "state": state,
        "reason": "",
        "since": "2026-11-23T06:27:55Z",
        "call": None,
        "next": None,
        "wrap_up_until": None,
        "registered": True,
        "page": True,
        "skills": {"repairs": 3},
    }
    return base | more


def colleagues(t: Any) -> list[Json]:
    """Three engineers and another agent."""
    engineer = {"role": "hotline_engineer"}
    return [
        agent(
            "2003", t("高磊", "Gao Lei"), "READY", since="2026-11-23T06:30:43Z", skills={"access": 5, "plumbing": 4}, **engineer
        ),
        agent(
            "2001", t("孟凡", "Meng Fan"), "ON_CALL", since="2026-11-23T06:24:27Z", skills={"lifts": 5, "power": 4}, **engineer
        ),
        agent(
            "2002",
            t("林晓峰", "Lin Xiaofeng"),
            "AUX",
            reason="lunch",
            since="2026-11-23T06:10:00Z",
            skills={"lifts": 3},
            **engineer,
        ),
        agent("1031", t("何雨桐", "He Yutong"), "READY", since="2026-11-23T06:20:00Z", skills={"repairs": 3}),
    ]


def queues(t: Any) -> list[Json]:
    """Three queues with the figures of half a day."""

    def one(key: str, zh: str, en: str, waiting: int, level: float, **more: Any) -> Json:
        figures = {"offered": 90, "answered": 80, "abandoned": 4, "short_abandoned": 2, "flow_out": 0, "within": 70}
        rates = {"abandon_rate": 0.04, "asa_s": 11.0, "target_s": 20, "ready": 4, "logged_in": 9, "sum_wait_s": 900.0}
        named = {"id": key, "name_zh": zh, "name_en": en, "waiting": waiting, "longest_since": None, "service_level": level}
        return named | figures | rates | more

    return [
        one("repairs", "报修热线", "Repairs", 0, 0.86),
        one("enquiries", "物业咨询", "Enquiries", 2, 0.81, longest_since="2026-11-23T06:31:56Z"),
        one("english", "English", "English", 0, 0.92),
    ]


def call(state: str = "ringing", **more: Any) -> Json:
    """周建国's call, in any state."""
    base: Json = {
        "id": CALL,
        "direction": "in",
        "state": state,
        "since": "2026-11-23T06:32:00Z",
        "started_at": "2026-11-23T06:28:07Z",
        "queued_at": "2026-11-23T06:28:07Z",
        "answered_at": None,
        "ended_at": None,
        "queue": "repairs",
        "language": "zh",
        "from": "+8613800000101",
        "from_raw": "13800000101",
        "from_name": "",
        "to": "4001",
        "agent": "agt-1024",
        "engineer": "",
        "position": None,
        "priority": 0,
        "recording": "on",
        "owner": "",
        "ticket": "",
        "callback": "",
        "reasons": [],
        "room": "",
        "consult": None,
        "hears": [],
        "ended_by": "",
        "ring_until": None,
        "hold_for_agent_until": None,
    }
    return base | more


def talking(**more: Any) -> Json:
    """Three minutes into the conversation."""
    return call("talking", answered_at="2026-11-23T06:28:55Z", owner="o-1", hears=[["caller", "agent"]], **more)


def candidates(t: Any) -> list[Json]:
    """Three owners of one number, the likeliest first."""
    home, maple = t("云栖花园 3-2-1201", "Yunqi Garden 3-2-1201"), t("枫林苑 5-1-302", "Maple Court 5-1-302")
    door, pipe = t("可视门禁室内机", "Video door phone"), t("厨房给水管", "Kitchen water pipe")
    empty: Json = {"equipment": [], "open_tickets": [], "last_calls": [], "callbacks": []}
    first = {
        "owner": "o-1",
        "name": t("周建国", "Zhou Jianguo"),
        "level": "gold",
        "reason": {"code": "recent_call", "params": {"at": "2026-11-22T08:20:00Z"}},
        "properties": [{"id": "p-1", "address": home, "relation": "owner"}],
        "equipment": [
            {"id": "e-1", "name": door, "model": "VD-700", "warranty_until": "2027-03-31"},
            {"id": "e-2", "name": pipe, "model": "", "warranty_until": "2021-10-01"},
            {"id": "e-3", "name": t("2 单元 1 号电梯", "Unit 2 lift no. 1"), "model": "C-2025-018", "warranty_until": None},
        ],
        "open_tickets": [ticket(t)],
        "last_calls": [{"id": "c-0", "at": "2026-11-22T08:20:00Z", "direction": "in", "disposition": None, "agent": None}],
        "callbacks": [],
    }
    family = [{"id": "p-2", "address": maple, "relation": "child"}]
    same = [{"id": "p-1", "address": home, "relation": "spouse"}]
    shared = {"code": "shared_number", "params": {"owners": 3}}
    return [
        first,
        {"owner": "o-2", "name": t("周敏", "Zhou Min"), "level": "standard", "reason": shared, "properties": family, **empty},
        {"owner": "o-3", "name": t("吴秀兰", "Wu Xiulan"), "level": "standard", "reason": shared, "properties": same, **empty},
    ]


def ticket(t: Any) -> Json:
    """The open ticket."""
    title = t("厨房水管渗水，二次上门", "Kitchen pipe leak, second visit")
    return {"id": "t-1", "number": "T-1118-0042", "title": title, "state": "in_progress", "due_at": "2026-11-23T08:00:00Z"}


def owner(t: Any) -> Json:
    """周建国's whole record."""
    first = candidates(t)[0]
    note = t("普通话，下午联系", "Mandarin, afternoons")
    phones = [{"id": "n-1", "e164": "+8613800000101", "label": "mobile", "primary": True, "shared_by": 2}]
    return {
        "id": "o-1",
        "name": first["name"],
        "level": "gold",
        "district": t("云栖", "Yunqi"),
        "note": note,
        "phones": phones,
        "properties": [first["properties"][0] | {"since": "2019-05-01"}],
        "equipment": first["equipment"],
        "open_tickets": first["open_tickets"],
        "callbacks": [],
        "version": 3,
    }


def activity(t: Any) -> list[Json]:
    """What passed between us."""

    def spoken(key: str, at: str, **more: Any) -> Json:
        base = {"kind": "call", "id": key, "at": at, "direction": "in", "queue": "repairs", "agent": "agt-1024"}
        return base | {"disposition": "ticket_created", "wait_s": 20, "talk_s": 190} | more

    leak = t("厨房水管渗水，二次上门", "Kitchen pipe leak, second visit")
    card = t("门禁卡补办", "New access card")
    return [
        spoken("c-0", "2026-11-22T08:20:00Z", agent=None, disposition=None, wait_s=362, talk_s=0),
        {
            "kind": "ticket",
            "id": "t-1",
            "at": "2026-11-21T01:12:00Z",
            "number": "T-1118-0042",
            "title": leak,
            "state": "in_progress",
        },
        spoken("c-8", "2026-11-18T11:45:00Z"),
        {"kind": "callback", "id": "cb-9", "at": "2026-09-30T02:02:00Z", "note": t("物业费", "service fee"), "state": "done"},
        spoken("c-7", "2026-08-14T07:31:00Z", direction="out", agent="agt-1031", disposition="solved"),
        {"kind": "ticket", "id": "t-0", "at": "2026-06-02T03:20:00Z", "number": "T-0602-0011", "title": card, "state": "closed"},
    ]


def recent_calls() -> list[Json]:
    """The agent's day."""
    ends = ("ticket_created", "information", "solved", "handed_over", "callback_agreed", None)
    rows = []
    for n in range(17):
        minute = 6 * 60 + 18 - n * 11
        at = f"2026-11-23T{minute // 60:02d}:{minute % 60:02d}:00Z"
        out, end = n % 6 == 2, ends[n % 6]
        other = f"+861380000{(n * 37) % 100:02d}{n % 10}{(n * 3) % 10}"
        row: Json = {
            "id": f"c-{100 + n}",
            "direction": "out" if out else "in",
            "from": "" if out else other,
            "to": other if out else "4001",
        }
        times = {
            "started_at": at,
            "answered_at": at if end else None,
            "ended_at": at,
            "wait_s": 14,
            "talk_s": 60 + (n * 47) % 300 if end else 0,
        }
        rest = {
            "from_name": "",
            "queue": None if out else "repairs",
            "agent": "agt-1024",
            "hold_s": 5 * (n % 3),
            "ended_by": "caller",
        }
        more = {
            "language": "zh",
            "disposition": end,
            "owner": None,
            "owner_name": ("Daniel Reed", None, None)[n % 3],
            "ticket": None,
            "sip_call_id": "x",
            "rebuilt": False,
            "recording": None,
        }
        rows.append(row | times | rest | more)
    return rows


def callbacks(t: Any) -> list[Json]:
    """What was promised."""

    def one(key: str, due: str, name: str, number: str, note: str) -> Json:
        base = {"id": key, "owner": f"o-{key}", "owner_name": name, "number": number, "due_at": due, "note": note}
        return base | {"agent": "agt-1024", "state": "open", "ticket": None, "call": None}

    return [
        one(
            "cb-1",
            "2026-11-23T06:20:00Z",
            t("沈佳宁", "Shen Jianing"),
            "+8613800000777",
            t("电梯异响，已派人，问结果", "Lift noise, ask if solved"),
        ),
        one(
            "cb-2",
            "2026-11-23T06:38:00Z",
            t("邓长青", "Deng Changqing"),
            "+8613800000778",
            t("装修备案缺身份证复印件", "Fit-out permit, ID copy missing"),
        ),
        one(
            "cb-3", "2026-11-23T08:00:00Z", "Daniel Reed", "+8613800000779", t("门禁卡补办，英文", "New access card, in English")
        ),
    ]


def names(t: Any) -> dict[str, Any]:
    """Lists of codes, and the records the desk reads."""

    def rows(*all_: tuple[str, str, str]) -> Json:
        return {"items": [{"id": key, "name_zh": zh, "name_en": en} for key, zh, en in all_], "next": None}

    mine = [
        {
            "id": "t-5",
            "number": "T-1123-0017",
            "title": t("水表读数异常，等业主照片", "Odd meter reading, photo awaited"),
            "due_at": "2026-11-23T06:36:17Z",
        },
        {
            "id": "t-6",
            "number": "T-1122-0093",
            "title": t("电动车棚门禁卡写卡", "Write card for bike shed"),
            "due_at": "2026-11-24T02:00:00Z",
        },
    ]
    facts = [
        {"at": "2026-11-23T06:28:07Z", "kind": "call.queued"},
        {"at": "2026-11-23T06:28:55Z", "kind": "call.answered"},
        {"at": "2026-11-23T06:32:07Z", "kind": "consult.started"},
        {"at": "2026-11-23T06:32:49Z", "kind": "consult.joined"},
        {"at": "2026-11-23T06:35:43Z", "kind": "call.ended"},
    ]
    maybe = [
        {
            "id": "o-1",
            "name": t("周建国", "Zhou Jianguo"),
            "level": "gold",
            "phones": [],
            "address": t("云栖花园 3-2-1201", "Yunqi Garden 3-2-1201"),
            "reasons": ["same_name"],
        }
    ]
    return {
        "GET /queues": rows(*((q["id"], q["name_zh"], q["name_en"]) for q in queues(t))),
        "GET /aux-reasons": rows(
            ("break", "休息", "Break"),
            ("lunch", "午餐", "Lunch"),
            ("training", "培训", "Training"),
            ("meeting", "会议", "Meeting"),
            ("back_office", "案头工作", "Back office"),
        ),
        "GET /dispositions": rows(
            ("solved", "已解决", "Solved"),
            ("ticket_created", "已建工单", "Ticket created"),
            ("handed_over", "已移交", "Handed over"),
            ("callback_agreed", "已约回拨", "Callback agreed"),
            ("information", "仅咨询", "Information only"),
            ("complaint", "投诉", "Complaint"),
            ("wrong_number", "打错电话", "Wrong number"),
            ("no_answer", "无人接听", "No answer"),
            ("dropped", "通话中断", "Call dropped"),
            ("nuisance", "骚扰电话", "Nuisance call"),
        ),
        "GET /owners/o-1/activity": {"items": activity(t), "next": None},
        "GET /owners/o-1": owner(t),
        "GET /owners/o-2": owner(t) | {"id": "o-2", "name": t("周敏", "Zhou Min"), "level": "standard"},
        "GET /owners/o-2/activity": {"items": [], "next": None},
        "GET /owners/duplicates": {"items": maybe, "next": None},
        "GET /callbacks": {"items": callbacks(t), "next": None},
        "GET /tickets?mine": {"items": mine, "next": None},
        "GET /tickets": {"items": [], "next": None},
        "GET /owners?q": {
            "items": [
                {
                    "id": "o-1",
                    "name": t("周建国", "Zhou Jianguo"),
                    "level": "gold",
                    "phones": ["+8613800000101"],
                    "address": t("云栖花园 3-2-1201", "Yunqi Garden 3-2-1201"),
                }
            ],
            "next": None,
        },
        "GET /calls": {"items": recent_calls(), "next": None},
        f"GET /calls/{CALL}": recent_calls()[0] | {"id": CALL, "facts": facts, "legs": []},
    }
