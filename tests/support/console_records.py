"""The morning's codes, calls and owners, in both languages."""

from __future__ import annotations

from typing import Any

from tests.support.console_morning import Words, ago, queues

Json = Any


def codes(w: Words) -> Json:
    """The lists of codes."""

    def named(*rows: tuple[str, str, str]) -> Json:
        return {"items": [{"id": i, "name_zh": zh, "name_en": en} for i, zh, en in rows], "next": None}

    return {
        "GET /queues": named(*((q["id"], q["name_zh"], q["name_en"]) for q in queues())),
        "GET /aux-reasons": named(("lunch", "午餐", "Lunch"), ("break", "休息", "Break"), ("training", "培训", "Training")),
        "GET /dispositions": named(
            ("sent_on", "已派单", "Sent on"),
            ("solved", "已解决", "Solved"),
            ("info", "咨询", "Info"),
            ("callback", "约回拨", "Callback"),
        ),
    }


def facts(w: Words) -> list[Json]:
    """A call that was queued, consulted, joined and ended by the owner; one fact is of a kind the page does not know."""
    t = 1200.0
    reasons = [
        {"code": "skill_matched", "params": {"skill": "repairs", "level": 5}},
        {"code": "longest_idle", "params": {"seconds": 252}},
        {"code": "waited", "params": {"seconds": 45}},
    ]
    rows: list[tuple[float, str, Json]] = [
        (0, "call.arrived", {"trunk": "A", "ani": "+8613800000101", "ani_raw": "013800000101", "dnis": "4001"}),
        (2, "ivr.step", {"node": "notice", "outcome": "played"}),
        (9, "ivr.step", {"node": "language", "outcome": "1"}),
        (11, "call.queued", {"queue": "repairs", "language": "zh", "skills": {"repairs": 1}, "priority": 0}),
        (11, "call.holding", {"why": "queued"}),
        (54, "offer.made", {"agent": "agt-1024", "reasons": reasons}),
        (54, "offer.acknowledged", {"agent": "agt-1024"}),
        (54, "ring.requested", {"agent": "agt-1024"}),
        (55, "ring.started", {"agent": "agt-1024"}),
        (59, "call.answered", {"agent": "agt-1024"}),
        (59, "recording.started", {}),
        (64, "call.owner", {"owner": "own-1", "by": "agent"}),
        (251, "consult.started", {"agent": "agt-1024", "engineer": "agt-2003"}),
        (262, "consult.answered", {"engineer": "agt-2003"}),
        (293, "consult.joined", {"agent": "agt-1024", "engineer": "agt-2003"}),
        (381, "call.mood_changed", {"mood": "calm"}),
        (466, "call.hangup_requested", {"by": "caller"}),
        (467, "call.ended", {"by": "caller", "cause": 16, "agent": "agt-1024"}),
        (470, "recording.finished", {"seconds": 408, "channels": 2, "status": "final"}),
        (504, "call.disposed", {"agent": "agt-1024", "disposition": "sent_on"}),
        (504, "call.ticket", {"ticket": "tic-1"}),
    ]
    return [{"at": ago(t - seconds), "kind": kind, **data} for seconds, kind, data in rows]


def record(w: Words, i: int) -> Json:
    """One row of the list; every seventh was abandoned, every fifth went out."""
    names = ["周建国|Zhou Jianguo", "", "罗思源|Luo Siyuan", "何明|He Ming", "", "沈佳宁|Shen Jianing", "邓长青|Deng Changqing"]
    out, lost = i % 5 == 3, i % 7 == 4
    number = f"+86138000{i * 37 % 9000 + 1000:05d}"
    started = 900 + i * 487
    return {
        "id": "call-x" if i == 0 else f"rec-{i}",
        "direction": "out" if out else "in",
        "from": "4001" if out else number,
        "from_name": "",
        "owner_name": w(names[i % 7]),
        "to": number if out else "4001",
        "queue": None if out else ("repairs", "enquiries", "complaints", "english")[i % 4],
        "agent": None if lost else f"agt-{1024 + i % 12}",
        "wait_s": 362 if lost else i * 13 % 70,
        "talk_s": 0 if lost else 60 + i * 71 % 500,
        "hold_s": 42 if i % 3 == 0 else 0,
        "started_at": ago(started),
        "answered_at": None if lost else ago(started - 48),
        "ended_at": ago(started - 400),
        "ended_by": "caller" if lost or i % 2 else "agent",
        "language": "zh",
        "disposition": None if lost else ("sent_on", "solved", "info", "callback")[i % 4],
        "owner": None,
        "ticket": None,
        "sip_call_id": f"sip-{i}",
        "rebuilt": i == 6,
        "recording": None if lost else {"seconds": 60 + i * 71 % 500, "channels": 2, "status": "final"},
    }


def one_call(w: Words) -> Json:
    """The call page's record."""
    row = record(w, 0)
    return {
        **row,
        "from": "+8613800000101",
        "from_name": w("周建国|Zhou Jianguo"),
        "owner": "own-1",
        "ticket": "tic-1",
        "wait_s": 48,
        "talk_s": 366,
        "hold_s": 42,
        "agent": "agt-1024",
        "started_at": ago(1200),
        "ended_by": "caller",
        "recording": {"seconds": 408, "channels": 2, "status": "final"},
        "facts": facts(w),
        "legs": [{"leg": "sw1/1.1", "role": "caller", "endpoint": "trunk", "from": ago(1200), "to": ago(733), "cause": "16"}],
        "wrap_ups": [
            {
                "agent": "agt-1024",
                "at": ago(700),
                "disposition": "sent_on",
                "note": w(
                    "室内机停电后黑屏，指示灯不亮。\n已请业主不要自行拆开。|Dark since the power cut.\nAsked not to open it."
                ),
            },
            {"agent": "agt-2003", "at": ago(690), "disposition": "solved", "note": ""},
        ],
    }


def peaks() -> Json:
    """Two people taking turns for 408 s, four steps a second."""
    left, right, x = [], [], 7
    for i in range(408 * 4):
        x = x * 16807 % 2147483647
        loud = 40 + x % 200
        turn = (i // 90) % 3
        left.append(loud if turn == 0 else 2)
        right.append(loud if turn == 1 else 3)
    return {"seconds": 408, "per_second": 4, "channels": [left, right]}


def owner(w: Words) -> Json:
    """The owner's page."""
    return {
        "id": "own-1",
        "name": w("周建国|Zhou Jianguo"),
        "level": "gold",
        "district": w("城西 2 片|West 2"),
        "note": w("下午联系，打手机。上门前请提前半小时通知。|Afternoons, mobile. Please ring half an hour before a visit."),
        "phones": [
            {"id": "p1", "e164": "+8613800000101", "label": "mobile", "primary": True, "shared_by": 2},
            {"id": "p2", "e164": "+865710000166", "label": "home", "primary": False, "shared_by": 0},
            {"id": "p3", "e164": "+8613900000108", "label": "do_not_call", "primary": False, "shared_by": 0},
        ],
        "properties": [
            {"id": "h1", "address": w("云栖花园 3-2-1201|Yunqi Garden 3-2-1201"), "relation": "owner", "since": "2019-06-01"},
            {"id": "h2", "address": w("地库车位 B1-066|Parking bay B1-066"), "relation": "owner", "since": None},
        ],
        "equipment": [
            {
                "id": "e1",
                "name": w("可视门禁室内机|Video door phone"),
                "model": "VD-700",
                "property": "h1",
                "warranty_until": "2027-03-31",
            },
            {
                "id": "e2",
                "name": w("厨房给水管|Kitchen water pipe"),
                "model": "",
                "property": "h1",
                "warranty_until": "2021-10-01",
            },
            {
                "id": "e3",
                "name": w("燃气热水器|Gas water heater"),
                "model": "GH-16",
                "property": "h1",
                "warranty_until": "2026-12-20",
            },
            {"id": "e4", "name": w("充电桩|Charging post"), "model": "EV-7", "property": "h2", "warranty_until": None},
        ],
        "open_tickets": [
            {
                "id": "tic-1",
                "number": "T-1123-0033",
                "title": w("门禁室内机黑屏|Door phone dark"),
                "state": "handed_over",
                "due_at": ago(-680),
            },
            {
                "id": "tic-2",
                "number": "T-1118-0042",
                "title": w("厨房水管渗水，二次上门|Kitchen pipe leak, second visit"),
                "state": "in_progress",
                "due_at": ago(-5280),
            },
        ],
        "callbacks": [{"id": "cb-1", "due_at": ago(-5400), "note": w("确认上门时间|Confirm the visit")}],
        "same_number": [
            {
                "owner": "own-2",
                "name": w("周敏|Zhou Min"),
                "address": w("枫林苑 5-1-302|Maple Court 5-1-302"),
                "number": "+8613800000101",
            },
            {
                "owner": "own-3",
                "name": w("吴秀兰|Wu Xiulan"),
                "address": w("云栖花园 3-2-1201|Yunqi Garden 3-2-1201"),
                "number": "+8613800000101",
            },
        ],
        "created_at": ago(9e6),
        "version": 4,
    }


def activity(w: Words) -> list[Json]:
    """Newest first."""
    day = 86400
    calls = [
        (1200, "in", 366, 48, "sent_on"),
        (day - 7000, "in", 0, 362, None),
        (5 * day, "in", 290, 20, "sent_on"),
        (100 * day, "out", 125, 0, "solved"),
        (172 * day, "in", 192, 9, "info"),
    ]
    rows = [
        {
            "kind": "call",
            "at": ago(s),
            "id": f"act-{s}",
            "direction": d,
            "talk_s": talk,
            "wait_s": wait,
            "disposition": disposition,
            "queue": "repairs",
            "agent": "agt-1024" if talk else None,
            "ended_by": "caller",
        }
        for s, d, talk, wait, disposition in calls
    ]
    rows += [
        {
            "kind": "ticket",
            "at": ago(700),
            "id": "tic-1",
            "number": "T-1123-0033",
            "title": w("门禁室内机黑屏|Door phone dark"),
            "state": "handed_over",
            "agent": "agt-1024",
        },
        {
            "kind": "ticket",
            "at": ago(5 * day - 900),
            "id": "tic-2",
            "number": "T-1118-0042",
            "title": w("厨房水管渗水|Kitchen pipe leak"),
            "state": "in_progress",
            "agent": None,
        },
        {
            "kind": "callback",
            "at": ago(2 * day),
            "id": "cb-0",
            "note": w("问门禁是否修好|Ask whether the door phone works"),
            "state": "done",
            "agent": "agt-1031",
        },
    ]
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def owners(w: Words) -> list[Json]:
    """A search's answer."""
    base = [
        ("周建国|Zhou Jianguo", "gold", "云栖花园 3-2-1201|Yunqi Garden 3-2-1201"),
        ("周敏|Zhou Min", "standard", "枫林苑 5-1-302|Maple Court 5-1-302"),
        ("赵雅雯|Zhao Yawen", "silver", "锦绣里 4-1-1503|Jinxiu Lane 4-1-1503"),
        ("Daniel Reed", "standard", "枫林苑 6-1-1102|Maple Court 6-1-1102"),
        ("罗思源|Luo Siyuan", "vip", "云栖花园 7-1-603|Yunqi Garden 7-1-603"),
    ]
    return [
        {
            "id": f"own-{i + 1}",
            "name": w(base[i % 5][0]),
            "level": base[i % 5][1],
            "phones": [f"+8613800000{101 + i}"],
            "address": w(base[i % 5][2]),
        }
        for i in range(24)
    ]
