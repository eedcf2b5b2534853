"""The morning's tickets, task sheets and callbacks, in both languages."""

from __future__ import annotations

from typing import Any

from tests.support.console_morning import Words, ago

Json = Any


def ticket(w: Words, i: int, **more: Json) -> Json:
    """One ticket."""
    titles = [
        "门禁室内机黑屏，更换电源模块|Door phone dark, replace the power module",
        "厨房水管渗水，二次上门|Kitchen pipe leak, second visit",
        "电梯按钮不亮|Lift button dark",
        "地库车位照明|Light in the car park",
    ]
    holders = [("coordinator", None), ("field_engineer", None), ("agent", "agt-1024"), ("hotline_engineer", "agt-2003")]
    states = ["handed_over", "in_progress", "open", "solved"]
    role, who = holders[i % 4]
    return {
        "id": f"tic-{i + 1}",
        "number": f"T-1123-{33 - i:04d}",
        "kind": "request",
        "title": w(titles[i % 4]),
        "state": states[i % 4],
        "owner": "own-1",
        "owner_name": w(["周建国|Zhou Jianguo", "赵雅雯|Zhao Yawen", "Daniel Reed"][i % 3]),
        "property": "h1",
        "address": w("云栖花园 3-2-1201|Yunqi Garden 3-2-1201"),
        "equipment": w("可视门禁室内机 VD-700|Video door phone VD-700"),
        "symptom": "no_picture",
        "since_when": w("昨晚停电后|since the power cut last night"),
        "service_mode": "on_site",
        "priority": 2,
        "note": w(
            "室内机昨晚停电后黑屏，指示灯不亮，已请业主查看弱电箱。\n业主 16:00 前在家。|"
            "Dark since the power cut; no light. The owner looked at the fuse box.\nAt home until 16:00."
        ),
        "phone": "",
        "holder_role": role,
        "holder_agent": who,
        "due_at": ago(-680 + i * 400),
        "created_at": ago(700 + i * 3000),
        "created_by": "usr-1024",
        "call": "call-x",
        "history": [],
        "version": 3,
        **more,
    }


def one_ticket(w: Words) -> Json:
    """The ticket page's record, with its history."""
    lin = w("林悦|Lin Yue")

    def step(s: float, code: str, **params: Json) -> Json:
        return {"at": ago(s), "actor": "usr-1024", "actor_name": lin, "code": code, "params": params}

    history = [
        step(700, "created", kind="request"),
        step(700, "handed_over", to_role="coordinator"),
        step(500, "changed", field="priority", before="2", after="3"),
        step(300, "note"),
        step(120, "state_changed", before="open", after="handed_over"),
    ]
    return ticket(w, 0, history=history)


def sheets(w: Words) -> list[Json]:
    """Task sheets by their clocks."""
    rows = [
        ("邵青|Shao Qing", "电梯|Lift", "困人后回访，情绪激动|Was stuck, upset", 200, None),
        ("赵雅雯|Zhao Yawen", "单元门读卡器 RD-2|Door reader RD-2", "刷卡无反应|No reaction to the card", -402, "agt-2004"),
        ("韩冰|Han Bing", "暖气|Heating", "no_heat", -485, None),
        ("何静|He Jing", "水表|Water meter", "倒转|Runs backwards", -710, "agt-2003"),
        ("罗思源|Luo Siyuan", "电梯|Lift", "按钮不亮|Button dark", -811, None),
        ("唐宇|Tang Yu", "下水道|Drain", "返味|Smells", -880, None),
    ]
    lin = w("林悦|Lin Yue")
    return [
        ticket(
            w,
            i,
            id=f"sheet-{i}",
            number=f"T-1123-{31 - i:04d}",
            kind="task_sheet",
            owner_name=w(name),
            equipment=w(what),
            symptom=w(symptom),
            title=f"{w(what)}: {w(symptom)}" if symptom != "no_heat" else w("暖气：不热|Heating: cold"),
            due_at=ago(due),
            holder_role="hotline_engineer",
            holder_agent=who,
            phone=f"+86138000001{27 + i}",
            state="in_progress" if who else "handed_over",
            note=w(
                "两张卡都不行，邻居的卡可以。上周换过手机壳，卡与手机放一起。今晚 19 点前都在家。|"
                "Both cards fail, the neighbour's works. New phone case last week, card kept behind the phone. "
                "At home until 19:00 tonight."
            ),
            since_when=w("今早|this morning"),
            created_at=ago(900 + due),
            call="call-x" if i == 1 else None,
            history=[
                {"at": ago(900 + due), "actor": "usr-1024", "actor_name": lin, "code": "created", "params": {}},
                *(
                    [
                        {
                            "at": ago(480),
                            "actor": "usr-2003",
                            "actor_name": w("高磊|Gao Lei"),
                            "code": "taken",
                            "params": {"agent": "agt-2003"},
                        }
                    ]
                    if who
                    else []
                ),
            ],
        )
        for i, (name, what, symptom, due, who) in enumerate(rows)
    ]


def callbacks(w: Words) -> list[Json]:
    """Callbacks of the day."""
    rows = [
        ("沈佳宁|Shen Jianing", 720, "问电梯异响是否解决|Lift noise, ask if solved", "agt-1024"),
        (
            "邓长青|Deng Changqing",
            -360,
            "装修许可，差身份证复印件|Fit-out permit, the copy of the ID card is missing; the office closes at five",
            "agt-1024",
        ),
        ("Daniel Reed", -5280, "补办门禁卡，英语|New access card, in English", None),
        ("周建国|Zhou Jianguo", -90000, "确认上门时间|Confirm the visit", "agt-1024"),
    ]
    return [
        {
            "id": f"cb-{i}",
            "owner": f"own-{i + 1}",
            "owner_name": w(name),
            "number": f"+8613800000{150 + i}",
            "due_at": ago(due),
            "note": w(note),
            "agent": who,
            "state": "open",
            "ticket": None,
            "call": None,
        }
        for i, (name, due, note, who) in enumerate(rows)
    ]
