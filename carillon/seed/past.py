"""What happened before the newcomer arrived: calls of four weeks, tickets, callbacks, two task sheets on the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from carillon.seed.owners import OwnerRows, Row, make_id
from carillon.seed.staff import HOTLINE
from carillon.seed.words import CALLBACK_NOTES, ENQUIRIES, MATTERS, SINCE
from crm_core.tickets.rules import day_of, number_of

CALLS, TICKETS, CALLBACKS, DAYS = 320, 60, 14, 28
DIALLED = {"repairs": "4001", "enquiries": "4002", "complaints": "4003"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What the past is made from."""

    rng: Random
    now: datetime
    zone: ZoneInfo
    owners: OwnerRows
    agents: list[str]
    users: dict[str, str]  # agent id → user id


@dataclass(slots=True)
class PastRows:
    """Rows by table."""

    calls: list[Row] = field(default_factory=list)
    parties: list[Row] = field(default_factory=list)
    tickets: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    days: dict[str, Row] = field(default_factory=dict)
    callbacks: list[Row] = field(default_factory=list)


def make_past(company: Company) -> PastRows:
    """In the order of time, so that numbers by day grow with it."""
    rows = PastRows()
    moments = sorted(_working_time(company) for _ in range(CALLS))
    for moment in moments:
        _add_call(rows, company, moment)
    rows.parties = [{"agent_id": call["agent_id"], "call_id": call["id"]} for call in rows.calls if call["agent_id"]]
    for moment in sorted(_working_time(company) for _ in range(TICKETS)):
        _add_ticket(rows, company, moment)
    for minutes, place in ((4, 0), (17, 1)):
        _add_sheet(rows, company, company.now - timedelta(minutes=minutes), place)
    for place in range(CALLBACKS):
        _add_callback(rows, company, place)
    return rows


def _working_time(company: Company) -> datetime:
    """Some moment of the last four weeks between eight and twenty o'clock, the site's time."""
    local = company.now.astimezone(company.zone) - timedelta(days=company.rng.randint(1, DAYS))
    morning = local.replace(hour=8, minute=0, second=0, microsecond=0)
    return (morning + timedelta(seconds=company.rng.randrange(12 * 3600))).astimezone(company.now.tzinfo)


def _owner(company: Company) -> Row:
    # A fifth of all calls come from the first few: owners with a history to look at.
    pool = company.owners.owners[:8] if company.rng.randrange(5) == 0 else company.owners.owners
    return company.rng.choice(pool)


def _add_call(rows: PastRows, company: Company, started: datetime) -> None:
    rng = company.rng
    owner = _owner(company)
    queue = rng.choices(list(DIALLED), weights=(6, 3, 1))[0]
    outbound = rng.randrange(6) == 0
    abandoned = not outbound and rng.randrange(12) == 0
    wait, talk = rng.uniform(3, 70), 0.0 if abandoned else rng.uniform(40, 480)
    number = company.owners.number_of(owner["id"])
    rows.calls.append(
        {
            "id": make_id(rng),
            "direction": "out" if outbound else "in",
            "switch": "sw1",
            "uniqueid": "",
            "sip_call_id": "",
            "from_e164": "" if outbound else number,
            "from_raw": "" if outbound else number,
            "from_name": "",
            "to_number": number if outbound else DIALLED[queue],
            "queue": None if outbound else queue,
            "language": "zh",
            "agent_id": None if abandoned else rng.choice(company.agents),
            "engineer_id": None,
            "owner_id": owner["id"],
            "ticket_id": None,
            "callback_id": None,
            "disposition": None if abandoned else _disposition(rng),
            "started_at": started,
            "queued_at": None if outbound else started + timedelta(seconds=9),
            "answered_at": None if abandoned else started + timedelta(seconds=9 + wait),
            "ended_at": started + timedelta(seconds=9 + wait + talk),
            "wait_s": 0.0 if outbound else round(wait, 1),
            "talk_s": round(talk, 1),
            "hold_s": 0.0,
            "ended_by": "caller" if abandoned or rng.randrange(3) else "agent",
            "end_reason": "abandoned" if abandoned else "hangup",
            "rebuilt": False,
            "team_id": HOTLINE,
            "legs": [],
            "recording_id": None,
            "state": "ended",
            "version": 1,
        }
    )


def _disposition(rng: Random) -> str:
    return rng.choices(("solved", "information", "ticket_created", "handed_over", "callback_agreed"), weights=(4, 4, 3, 1, 1))[0]


def _add_ticket(rows: PastRows, company: Company, created: datetime) -> None:
    rng = company.rng
    old = company.now - created > timedelta(days=5)
    state = "closed" if old else rng.choice(("open", "handed_over", "in_progress", "solved"))
    title, equipment, symptom = rng.choice(MATTERS) if rng.randrange(4) else (rng.choice(ENQUIRIES), "", "")
    holder = None if state in ("closed", "solved") else rng.choice(("agent", "hotline_engineer", "coordinator"))
    owner = _owner(company)
    agent = rng.choice(company.agents)
    due = company.now + timedelta(minutes=rng.randint(-90, 1500)) if holder else None
    ticket = _ticket(rows, company, created, "request", title, owner["id"], company.users[agent])
    ticket |= {
        "state": state,
        "equipment": equipment,
        "symptom": symptom,
        "since_when": rng.choice(SINCE) if symptom else "",
        "service_mode": "on_site" if symptom else None,
        "holder_role": holder,
        "holder_agent": agent if holder == "agent" else None,
        "due_at": due,
    }
    if state != "open":
        _add_event(rows, ticket["id"], created + timedelta(minutes=6), company.users[agent], "state_changed", after=state)


def _add_sheet(rows: PastRows, company: Company, created: datetime, place: int) -> None:
    owner = company.owners.owners[4 + place]
    title, equipment, symptom = MATTERS[place]
    user = company.users[company.agents[place]]
    ticket = _ticket(rows, company, created, "task_sheet", f"{equipment}: {symptom}", owner["id"], user)
    ticket |= {
        "state": "handed_over",
        "equipment": equipment,
        "symptom": symptom,
        "since_when": SINCE[1],
        "note": f"{title}，已请业主等候工程师回电。",
        "phone": company.owners.number_of(owner["id"]),
        "holder_role": "hotline_engineer",
        "due_at": created + timedelta(minutes=15),
    }
    _add_event(rows, ticket["id"], created, user, "handed_over", to_role="hotline_engineer")


def _ticket(rows: PastRows, company: Company, created: datetime, kind: str, title: str, owner: str, user: str) -> Row:
    day = day_of(created, company.zone)
    counter = rows.days.setdefault(str(day), {"day": day, "last": 0})
    counter["last"] += 1
    ticket: Row = {
        "id": make_id(company.rng),
        "number": number_of(day, counter["last"]),
        "day": day,
        "kind": kind,
        "title": title,
        "state": "open",
        "team_id": HOTLINE,
        "owner_id": owner,
        "property_id": next(row["property_id"] for row in company.owners.owner_properties if row["owner_id"] == owner),
        "equipment": "",
        "symptom": "",
        "since_when": "",
        "service_mode": None,
        "priority": 2,
        "note": "",
        "phone": "",
        "holder_role": None,
        "holder_agent": None,
        "due_at": None,
        "created_at": created,
        "created_by": user,
        "call_id": None,
        "version": 1,
    }
    rows.tickets.append(ticket)
    _add_event(rows, ticket["id"], created, user, "created", kind=kind)
    return ticket


def _add_event(rows: PastRows, ticket: str, at: datetime, user: str, code: str, **params: str) -> None:
    seq = 1 + sum(event["ticket_id"] == ticket for event in rows.events)
    rows.events.append({"ticket_id": ticket, "seq": seq, "at": at, "actor": user, "code": code, "params": params})


def _add_callback(rows: PastRows, company: Company, place: int) -> None:
    rng = company.rng
    owner = company.owners.owners[20 + place]
    done = place % 3 == 2
    agent = company.agents[place % len(company.agents)]
    minutes = -rng.randint(600, 9000) if done else rng.randint(25, 2000)
    due = (company.now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    rows.callbacks.append(
        {
            "id": make_id(rng),
            "owner_id": owner["id"],
            "number": company.owners.number_of(owner["id"]),
            "due_at": due,
            "note": rng.choice(CALLBACK_NOTES),
            "agent_id": agent,
            "team_id": HOTLINE,
            "state": "done" if done else "open",
            "ticket_id": None,
            "call_id": None,
            "created_at": due - timedelta(days=1),
            "created_by": company.users[agent],
            "announced_at": due if done else None,
            "closed_at": due + timedelta(minutes=7) if done else None,
            "version": 1,
        }
    )
