"""A believable morning for the scenes of the supervisor's, the engineer's and the list pages: queues, agents, calls.

Every number is of the range reserved for examples in our tests (+86 138 0000 ….); names are invented.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 23, 6, 32, 7, tzinfo=UTC)
Json = Any
Words = Callable[[str], str]

NAMES = (  # noqa: SIM905 - a list would be forty lines
    "林悦|Lin Yue,董洁|Dong Jie,杜一鸣|Du Yiming,范琳|Fan Lin,冯涛|Feng Tao,葛欣|Ge Xin,顾北|Gu Bei,"
    "何雨桐|He Yutong,侯雪|Hou Xue,胡一凡|Hu Yifan,黄蕾|Huang Lei,贾宁|Jia Ning,江南|Jiang Nan,孔悦|Kong Yue,"
    "雷鸣|Lei Ming,李想|Li Xiang,陈思远|Chen Siyuan,刘畅|Liu Chang,卢青|Lu Qing,吕航|Lü Hang,马骁|Ma Xiao,"
    "毛宁|Mao Ning,倪佳|Ni Jia,潘越|Pan Yue,裴然|Pei Ran,钱程|Qian Cheng,秦月|Qin Yue,任重|Ren Zhong,"
    "沈一|Shen Yi,石磊|Shi Lei,宋词|Song Ci,孙晓|Sun Xiao,谭笑|Tan Xiao,田甜|Tian Tian,汪洋|Wang Yang,"
    "魏来|Wei Lai,夏至|Xia Zhi,许诺|Xu Nuo,严冬|Yan Dong"
).split(",")
STATES = "RTRTATTTTWTRTCTTRTTATWTTLTRTTATTGTTRTWO"
STATE = {
    "T": "ON_CALL",
    "R": "READY",
    "A": "AUX",
    "W": "WRAP_UP",
    "C": "CONSULTING",
    "L": "LOST",
    "G": "RINGING",
    "O": "LOGGED_OUT",
}
QUEUE_IDS = ("repairs", "enquiries", "complaints", "english", "hotline")


def ago(seconds: float) -> str:
    """An ISO time `seconds` before the scenario's now; negative is to come."""
    return (NOW - timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def in_words(language: str) -> Words:
    """'中文|English' in the language asked for."""
    return lambda text: text.split("|")[0 if language == "zh" else -1]


def queues() -> list[Json]:
    """Five queues; one in trouble."""
    rows = [
        ("repairs", "报修热线", "Repairs", 4, 96, 312, 300, 10, 2, 265, 4200, 1, 18),
        ("enquiries", "物业咨询", "Enquiries", 2, 11, 204, 198, 5, 1, 163, 1780, 3, 18),
        ("complaints", "投诉受理", "Complaints", 1, 52, 41, 38, 3, 0, 29, 1170, 0, 4),
        ("english", "英语专线", "English", 0, None, 37, 36, 1, 1, 33, 250, 1, 6),
        ("hotline", "热线工程师", "Hotline engineers", 0, None, 58, 58, 0, 0, 51, 1270, 1, 3),
    ]
    return [
        {
            "id": q,
            "name_zh": zh,
            "name_en": en,
            "waiting": waiting,
            "longest_since": None if longest is None else ago(longest),
            "offered": offered,
            "answered": answered,
            "abandoned": abandoned,
            "short_abandoned": short,
            "flow_out": 0,
            "within": within,
            "sum_wait_s": wait,
            "service_level": within / (answered + abandoned - short),
            "abandon_rate": abandoned / offered,
            "asa_s": wait / answered,
            "target_s": 20,
            "ready": ready,
            "logged_in": logged_in,
        }
        for q, zh, en, waiting, longest, offered, answered, abandoned, short, within, wait, ready, logged_in in rows
    ]


def agent(n: int, name: str, state: str, **more: Json) -> Json:
    """One agent as on the wire."""
    return {
        "id": f"agt-{n}",
        "user": f"usr-{n}",
        "name": name,
        "number": str(n),
        "role": "agent",
        "team": "A",
        "state": state,
        "reason": None,
        "since": ago(60),
        "call": None,
        "next": None,
        "wrap_up_until": None,
        "registered": state not in {"LOST", "LOGGED_OUT"},
        "page": state not in {"LOST", "LOGGED_OUT"},
        "skills": {"repairs": 4, "enquiries": 3},
        **more,
    }


def call(ident: str, state: str, **more: Json) -> Json:
    """One call as on the wire."""
    return {
        "id": ident,
        "direction": "in",
        "state": state,
        "since": ago(40),
        "started_at": ago(120),
        "queued_at": ago(100),
        "answered_at": None,
        "queue": "repairs",
        "language": "zh",
        "from": "+8613800000101",
        "from_raw": "13800000101",
        "from_name": "",
        "to": "4001",
        "agent": None,
        "engineer": None,
        "position": None,
        "priority": 0,
        "recording": "on",
        "owner": None,
        "ticket": None,
        "callback": None,
        "reasons": [],
        "room": None,
        "consult": None,
        "hears": [],
        "ended_by": None,
        "ring_until": None,
        "hold_for_agent_until": None,
        **more,
    }


def _since(code: str, i: int) -> int:
    table = {"T": (i * 53) % 560 + 20, "R": i * 19 % 200 + 8, "A": i * 97 % 1500 + 300, "W": i * 11 % 60 + 12, "O": 16200}
    return table.get(code, i * 3 % 12 + 3)


def people(w: Words) -> tuple[list[Json], list[Json]]:
    """Agents, engineers and the calls they are in."""
    agents, calls = [], []
    for i, (name, code) in enumerate(zip(NAMES, STATES, strict=True)):
        n, since = 1024 + i, ago(_since(code, i))
        row = agent(n, w(name), STATE[code], since=since)
        if code == "A":
            row["reason"] = ("lunch", "break", "training")[i % 3]
        if code == "L":
            row["reason"] = "page_silent"
        if code in "TGWC":
            row["call"] = f"call-{n}"
            state = {"T": "talking", "G": "ringing", "W": "wrap_up", "C": "consulting"}[code]
            more: Json = {"consult": {"engineer": "agt-2003", "state": "talking", "since": since}} if code == "C" else {}
            calls.append(
                call(
                    f"call-{n}",
                    state,
                    agent=row["id"],
                    since=since,
                    queue=QUEUE_IDS[i % 4],
                    **{"from": f"+861380000{i * 7 % 90 + 110:04d}"},
                    **more,
                )
            )
        agents.append(row)
    for n, name, state in (
        (2003, "高磊|Gao Lei", "CONSULTING"),
        (2004, "孟凡|Meng Fan", "READY"),
        (2005, "林晓峰|Lin Xiaofeng", "AUX"),
    ):
        agents.append(
            agent(n, w(name), state, role="hotline_engineer", since=ago(90), reason="lunch" if state == "AUX" else None)
        )
    agents[-3]["call"] = "call-1037"
    waiting = [
        ("repairs", w("郭诚|Guo Cheng"), 96, "waiting"),
        ("complaints", "", 52, "waiting"),
        ("repairs", w("谢雨|Xie Yu"), 38, "waiting"),
        ("repairs", "", 21, "offered"),
        ("enquiries", w("陆瑶|Lu Yao"), 11, "waiting"),
        ("repairs", w("金鑫|Jin Xin"), 7, "waiting"),
        ("english", "", 3, "waiting"),
    ]
    for i, (queue, name, seconds, state) in enumerate(waiting):
        number = f"+86138000001{i * 7 + 20}"
        calls.append(
            call(f"wait-{i}", state, queue=queue, from_name=name, queued_at=ago(seconds), position=i + 1, **{"from": number})
        )
    return agents, calls


def entities(w: Words, mine: str | None) -> Json:
    """What the live socket says first. Whoever looks at it with extension `mine` is at nobody's telephone yet."""
    agents, calls = people(w)
    for row in agents:
        if row["number"] == mine:
            row |= {"state": "READY", "reason": None, "call": None}
    calls = [call for call in calls if mine is None or call["agent"] != f"agt-{mine}"]
    return {"agent": agents, "call": calls, "queue": queues(), "switch": [{"id": "sw1", "up": True, "since": ago(9000)}]}
