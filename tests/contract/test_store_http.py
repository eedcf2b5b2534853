"""Owners, tickets, task sheets and callbacks as a page meets them: over HTTP, on both databases."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from tests.support.office import Desk, Office

OWNER = {"name": "周建国", "phones": [{"number": "138 0013 8000", "label": "手机"}], "address": "云栖花园 3 栋 2 单元 1201"}
SHEET = {"equipment": "可视门禁", "symptom": "黑屏", "since_when": "昨晚", "note": "已请业主等候", "number": "13800138000"}
CONTROL = ["\r", "\n", "\x00", "\x1b"]


@pytest.fixture
async def engineer(desk: Office) -> Desk:
    return await desk.sign_in("engineer2001")


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    status, body = answer
    return status, body["error"]["code"]


async def test_a_quick_entry_keeps_the_number_in_e164(agent: Desk):
    owner = await agent.made("/owners", OWNER)
    assert [each["e164"] for each in owner["phones"]] == ["+8613800138000"]
    assert owner["properties"][0]["address"] == "云栖花园 3 栋 2 单元 1201"


async def test_an_owner_is_found_by_name_number_or_address(agent: Desk):
    await agent.made("/owners", OWNER)
    await agent.made("/owners", {"name": "李芳", "phones": [{"number": "13900000001"}], "address": "枫林苑 1 栋 1 单元 302"})
    for q in ("周建", "建国", "8000", "+8613800", "13800138000", "008613800138000", "1201", "云栖", "云栖 建国"):
        status, found = await agent.get("/owners", q=q)
        assert (status, [each["name"] for each in found["items"]]) == (200, ["周建国"]), q


async def test_an_address_has_room_for_three_hundred_characters(agent: Desk):
    address = ("云栖花园" * 75)[:300]
    assert (await agent.get("/owners/duplicates", address=address))[0] == 200
    owner = await agent.made("/owners", {**OWNER, "address": address})
    assert owner["properties"][0]["address"] == address
    assert code(await agent.post("/owners", {**OWNER, "address": address + "x"})) == (422, "invalid_value")


async def test_wildcards_and_sql_find_nobody(agent: Desk):
    await agent.made("/owners", OWNER)
    for q in ("%", "_", "周%", "' OR 1=1 --", "*", "周_国"):
        assert await agent.get("/owners", q=q) == (200, {"items": [], "next": None}), q


async def test_a_cursor_walks_through_everybody_once(agent: Desk, desk: Office):
    for n in range(57):
        await agent.made("/owners", {"name": f"王{n:03d}"})
    _, first = await agent.get("/owners", q="王")
    _, second = await agent.get("/owners", q="王", cursor=first["next"])
    names = [each["name"] for each in first["items"] + second["items"]]
    assert (len(first["items"]), names, second["next"]) == (50, [f"王{n:03d}" for n in range(57)], None)


async def test_a_made_up_cursor_is_refused(agent: Desk):
    for cursor in ("x", "AAAA", "WyJ0ZXJtIiwxLDJd", "a" * 601, "\x00"):
        assert code(await agent.get("/owners", q="王", cursor=cursor)) == (422, "invalid_value"), cursor


async def test_a_changed_owner_is_found_by_his_new_name_only(agent: Desk):
    owner = await agent.made("/owners", OWNER)
    status, changed = await agent.patch(f"/owners/{owner['id']}", {"version": owner["version"], "name": "周建军"})
    assert (status, changed["version"]) == (200, owner["version"] + 1)
    assert (await agent.get("/owners", q="建国"))[1]["items"] == []
    assert len((await agent.get("/owners", q="建军"))[1]["items"]) == 1


async def test_a_stale_change_is_a_conflict(agent: Desk):
    owner = await agent.made("/owners", OWNER)
    await agent.patch(f"/owners/{owner['id']}", {"version": owner["version"], "note": "甲"})
    stale = await agent.patch(f"/owners/{owner['id']}", {"version": owner["version"], "note": "乙"})
    assert code(stale) == (409, "conflict")


async def test_a_field_that_is_not_offered_is_refused(agent: Desk):
    owner = await agent.made("/owners", OWNER)
    ticket = await agent.made("/tickets", {"title": "水管渗水"})
    for path in (f"/owners/{owner['id']}", f"/tickets/{ticket['id']}"):
        for field in ("role", "team_id", "id", "password_hash", "name_key", "created_by"):
            assert code(await agent.patch(path, {"version": 1, field: "x"})) == (422, "invalid_value"), field


async def test_control_characters_are_refused_in_every_line(agent: Desk):
    for sign in CONTROL:
        for body in ({"name": f"周{sign}建国"}, {**OWNER, "address": f"云栖{sign}"}, {**OWNER, "note": "\x00" + sign}):
            assert code(await agent.post("/owners", body)) == (422, "invalid_value"), body
        assert code(await agent.get("/owners", q=f"周{sign}")) == (422, "invalid_value")
        assert code(await agent.post("/tickets", {"title": f"水管{sign}"})) == (422, "invalid_value")


async def test_half_a_character_is_refused_and_not_an_error_of_ours(agent: Desk):
    answer = await agent.client.post("/owners", content=b'{"name": "\\ud800"}', headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


async def test_a_number_that_nobody_can_dial_is_refused(agent: Desk):
    for number in ("12345678&99", "${EXTEN}", "110", "", "1380013800\r\n0"):
        answer = await agent.post("/owners", {"name": "周", "phones": [{"number": number}]})
        assert code(answer) == (422, "invalid_value"), number


async def test_markup_in_a_name_is_kept_literally(agent: Desk):
    name = "<img src=x onerror=alert(1)>'; DROP TABLE owners; --"
    owner = await agent.made("/owners", {"name": name})
    assert (await agent.get(f"/owners/{owner['id']}"))[1]["name"] == name


async def test_a_possible_duplicate_is_told_with_its_reasons(agent: Desk):
    owner = await agent.made("/owners", OWNER)
    _, found = await agent.get("/owners/duplicates", name="周建国", number="0086 138 0013 8000")
    assert [(each["id"], each["reasons"]) for each in found["items"]] == [(owner["id"], ["same_number", "same_name"])]


async def test_others_with_the_same_number_are_on_the_owners_page(agent: Desk):
    await agent.made("/owners", {"name": "周敏", "phones": OWNER["phones"]})
    owner = await agent.made("/owners", OWNER)
    assert [each["name"] for each in owner["same_number"]] == ["周敏"]
    assert owner["phones"][0]["shared_by"] == 1


async def test_a_task_sheet_is_refused_while_it_is_incomplete(agent: Desk):
    status, answer = await agent.post("/task-sheets", {"equipment": "可视门禁", "note": " "})
    assert (status, answer["error"]) == (
        422,
        {"code": "fields_missing", "params": {"fields": ["number", "symptom", "since_when", "note"]}},
    )


@pytest.mark.parametrize(
    ("number", "refused"),
    [
        ("", {"code": "fields_missing", "params": {"fields": ["number"]}}),
        ("110", {"code": "invalid_value", "params": {"field": "number", "reason": "short_code"}}),
        ("anonymous", {"code": "invalid_value", "params": {"field": "number", "reason": "withheld"}}),
    ],
)
async def test_a_task_sheet_that_no_engineer_could_ring_is_refused(agent: Desk, number: str, refused: dict[str, Any]):
    assert await agent.post("/task-sheets", SHEET | {"call": "c-1", "number": number}) == (422, {"error": refused})


async def test_a_number_that_was_asked_for_is_on_the_sheet_as_it_is_dialled(agent: Desk):
    sheet = await agent.made("/task-sheets", SHEET | {"call": "c-1", "number": "138 0013 8000"})
    assert sheet["phone"] == "+8613800138000"


async def test_a_task_sheet_goes_through_an_engineer_to_its_end(agent: Desk, engineer: Desk):
    sheet = await agent.made("/task-sheets", SHEET)
    assert [each["id"] for each in (await engineer.get("/task-sheets"))[1]["items"]] == [sheet["id"]]
    taken = await engineer.made(f"/task-sheets/{sheet['id']}/take", {})
    assert (taken["state"], taken["holder_agent"]) == ("in_progress", "agt-2001")
    done = await engineer.made(f"/task-sheets/{sheet['id']}/resolve", {"outcome": "solved_by_phone", "note": "复位后正常"})
    assert (done["state"], done["service_mode"], done["note"]) == ("solved", "by_phone", "已请业主等候\n复位后正常")
    assert [each["code"] for each in done["history"]] == ["created", "handed_over", "taken", "resolved"]
    assert (await engineer.get("/task-sheets"))[1]["items"] == []


async def test_a_task_sheet_runs_on_a_clock_of_fifteen_minutes(agent: Desk):
    sheet = await agent.made("/task-sheets", SHEET)
    created, due = sheet["created_at"], sheet["due_at"]
    assert (created.endswith("Z"), _minutes(created, due)) == (True, 15.0)


def _minutes(created: str, due: str) -> float:
    return (datetime.fromisoformat(due) - datetime.fromisoformat(created)).total_seconds() / 60


async def test_two_engineers_never_both_have_a_sheet(agent: Desk, desk: Office, engineer: Desk):
    other = await desk.sign_in("engineer2002")
    for _ in range(5):
        sheet = await agent.made("/task-sheets", SHEET)
        path = f"/task-sheets/{sheet['id']}/take"
        answers = await asyncio.gather(engineer.post(path), other.post(path))
        assert sorted(status for status, _ in answers) == [200, 409]


async def test_a_resolution_needs_a_note_and_a_time_to_ring_again(agent: Desk, engineer: Desk):
    sheet = await agent.made("/task-sheets", SHEET)
    await engineer.made(f"/task-sheets/{sheet['id']}/take", {})
    _, answer = await engineer.post(f"/task-sheets/{sheet['id']}/resolve", {"outcome": "call_again"})
    assert answer["error"] == {"code": "fields_missing", "params": {"fields": ["note", "due_at"]}}


async def test_to_the_coordinator_hands_over_with_a_new_clock(agent: Desk, engineer: Desk, desk: Office):
    sheet = await agent.made("/task-sheets", SHEET)
    await engineer.made(f"/task-sheets/{sheet['id']}/take", {})
    path = f"/task-sheets/{sheet['id']}/resolve"
    handed = await engineer.made(path, {"outcome": "to_coordinator", "note": "需上门"})
    assert (handed["state"], handed["holder_role"], handed["holder_agent"]) == ("handed_over", "coordinator", None)
    coordinator = await desk.sign_in("coordinator3001")
    _, mine = await coordinator.get("/tickets", mine="true")
    assert [each["id"] for each in mine["items"]] == [sheet["id"]]


async def test_tickets_are_numbered_by_day_without_gaps(agent: Desk):
    numbers = [(await agent.made("/tickets", {"title": f"事由 {n}"}))["number"] for n in range(3)]
    assert [number[-5:] for number in numbers] == ["-0001", "-0002", "-0003"]


async def test_a_ticket_is_found_by_number_and_by_its_owner(agent: Desk):
    owner = await agent.made("/owners", OWNER)
    ticket = await agent.made("/tickets", {"title": "水管渗水", "owner": owner["id"]})
    await agent.made("/tickets", {"title": "别的"})
    for q in (ticket["number"].lower(), "周建国", "云栖花园"):
        _, found = await agent.get("/tickets", q=q)
        assert [each["id"] for each in found["items"]] == [ticket["id"]], q


async def test_a_stage_that_cannot_follow_is_refused(agent: Desk):
    ticket = await agent.made("/tickets", {"title": "水管渗水"})
    body = {"version": ticket["version"], "state": "closed"}
    _, closed = await agent.patch(f"/tickets/{ticket['id']}", body)
    answer = await agent.patch(f"/tickets/{ticket['id']}", {"version": closed["version"], "state": "in_progress"})
    assert code(answer) == (409, "wrong_state")


async def test_each_change_of_a_ticket_is_a_line_of_its_history(agent: Desk):
    ticket = await agent.made("/tickets", {"title": "水管渗水"})
    body = {"version": ticket["version"], "holder_role": "coordinator", "priority": 1, "note": "漏到楼下"}
    _, changed = await agent.patch(f"/tickets/{ticket['id']}", body)
    lines = [(line["code"], line["params"], line["actor_name"]) for line in changed["history"]]
    assert lines == [
        ("created", {"kind": "request"}, "Agent1024"),
        ("handed_over", {"to_role": "coordinator"}, "Agent1024"),
        ("changed", {"field": "priority", "before": "2", "after": "1"}, "Agent1024"),
        ("note", {}, "Agent1024"),
    ]


async def test_a_ticket_for_an_owner_nobody_knows_is_refused(agent: Desk):
    assert code(await agent.post("/tickets", {"title": "水管渗水", "owner": "nobody"})) == (422, "invalid_value")


async def test_a_callback_of_nobody_is_taken_by_one(agent: Desk, desk: Office):
    coordinator, other = await desk.sign_in("coordinator3001"), await desk.sign_in("agent1025")
    callback = await coordinator.made("/callbacks", {"number": "13800138000", "due_at": "2026-11-23T08:00:00Z"})
    assert callback["agent"] is None
    taken = await agent.made(f"/callbacks/{callback['id']}/take", {})
    assert taken["agent"] == "agt-1024"
    assert code(await other.post(f"/callbacks/{callback['id']}/take")) == (409, "taken")


async def test_a_callback_that_is_done_is_taken_by_nobody(agent: Desk, desk: Office):
    coordinator = await desk.sign_in("coordinator3001")
    callback = await coordinator.made("/callbacks", {"number": "13800138000", "due_at": "2026-11-23T08:00:00Z"})
    await coordinator.patch(f"/callbacks/{callback['id']}", {"state": "done"})
    assert code(await agent.post(f"/callbacks/{callback['id']}/take")) == (409, "wrong_state")


async def test_an_agent_changes_his_own_callbacks_only(agent: Desk, desk: Office):
    callback = await agent.made("/callbacks", {"number": "13800138000", "due_at": "2026-11-23T08:00:00Z"})
    other = await desk.sign_in("agent1025")
    assert code(await other.patch(f"/callbacks/{callback['id']}", {"state": "done"})) == (403, "not_allowed")
    _, done = await agent.patch(f"/callbacks/{callback['id']}", {"state": "done"})
    assert done["state"] == "done"


async def test_callbacks_come_due_first(agent: Desk):
    for hour in (9, 7, 8):
        await agent.made("/callbacks", {"number": "13800138000", "due_at": f"2026-11-23T{hour:02d}:00:00Z"})
    _, found = await agent.get("/callbacks", mine="true", state="open")
    assert [each["due_at"][11:13] for each in found["items"]] == ["07", "08", "09"]


async def test_everything_with_an_owner_is_one_list(agent: Desk):
    owner = await agent.made("/owners", OWNER)
    ticket = await agent.made("/tickets", {"title": "水管渗水", "owner": owner["id"]})
    callback = await agent.made("/callbacks", {"owner": owner["id"], "due_at": "2036-11-23T08:00:00Z"})
    _, first = await agent.get(f"/owners/{owner['id']}/activity", limit="1")
    _, second = await agent.get(f"/owners/{owner['id']}/activity", limit="1", cursor=first["next"])
    seen = [(line["kind"], line["id"]) for line in first["items"] + second["items"]]
    assert (seen, second["next"]) == ([("callback", callback["id"]), ("ticket", ticket["id"])], None)


ROUTES = {
    "/owners": {"agent", "hotline_engineer", "coordinator", "supervisor", "admin"},
    "/owners/none": {"agent", "hotline_engineer", "coordinator", "supervisor"},
    "/owners/duplicates": {"agent", "hotline_engineer", "coordinator", "supervisor"},
    "/tickets": {"agent", "hotline_engineer", "coordinator", "field_engineer", "supervisor"},
    "/tickets/none": {"agent", "hotline_engineer", "coordinator", "field_engineer", "supervisor"},
    "/task-sheets": {"hotline_engineer", "coordinator", "supervisor"},
    "/callbacks": {"agent", "hotline_engineer", "coordinator", "supervisor"},
}
LOGINS = {
    "agent": "agent1024",
    "hotline_engineer": "engineer2001",
    "coordinator": "coordinator3001",
    "field_engineer": "field4001",
    "supervisor": "supervisor5001",
    "admin": "admin",
}


async def test_each_role_reads_what_it_may_and_nothing_else(desk: Office):
    for role, login in LOGINS.items():
        person = await desk.sign_in(login)
        allowed = {path for path in ROUTES if (await person.get(path))[0] in {200, 404}}
        assert allowed == {path for path, may in ROUTES.items() if role in may}, role


async def test_who_is_not_signed_in_reads_nothing(desk: Office):
    nobody = desk.nobody()
    async with nobody.client:
        assert {(await nobody.get(path))[0] for path in ROUTES} == {401}


async def test_the_codes_have_names_in_both_languages(agent: Desk):
    for path in ("/queues", "/dispositions", "/aux-reasons"):
        _, found = await agent.get(path)
        assert found["items"], path
        assert all(each["name_zh"] and each["name_en"] for each in found["items"]), path
