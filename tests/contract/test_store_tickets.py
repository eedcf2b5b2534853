"""Who may steer a ticket and who may hold it, lines of its note, and a task sheet that is asked for twice: on both databases."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support.office import Desk, Office

SHEET = {"equipment": "可视门禁", "symptom": "黑屏", "since_when": "昨晚", "note": "已请业主等候", "number": "13800138000"}
OF_A_CALL = SHEET | {"call": "c-1"}


@pytest.fixture
async def engineer(desk: Office) -> Desk:
    return await desk.sign_in("engineer2001")


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    status, body = answer
    return status, body["error"]["code"]


async def change(person: Desk, ticket: dict[str, Any], **what: Any) -> tuple[int, Any]:
    _, now = await person.get(f"/tickets/{ticket['id']}")
    return await person.patch(f"/tickets/{ticket['id']}", {"version": now["version"], **what})


# ---- who may --------------------------------------------------------------------------------------------------------

STEERING = [
    {"state": "in_progress"},
    {"holder_role": "agent"},
    {"holder_agent": "agt-2002"},
    {"service_mode": "by_phone"},
    {"due_at": "2036-01-01T00:00:00Z"},
    {"note": "Another story"},
]


@pytest.mark.parametrize("what", STEERING)
async def test_an_agent_does_not_steer_a_task_sheet(agent: Desk, what: dict[str, Any]):
    sheet = await agent.made("/task-sheets", SHEET)
    assert code(await change(agent, sheet, **what)) == (403, "not_allowed")


@pytest.mark.parametrize("what", [{"note": "已请业主等候\n还有"}, {"add_note": "还有"}, {"priority": 3}])
async def test_an_agent_adds_to_a_task_sheet(agent: Desk, what: dict[str, Any]):
    sheet = await agent.made("/task-sheets", SHEET)
    status, _ = await change(agent, sheet, **what)
    assert status == 200


@pytest.mark.parametrize("login", ["engineer2001", "coordinator3001", "supervisor5001"])
@pytest.mark.parametrize("what", STEERING)
async def test_those_who_work_on_a_task_sheet_steer_it(agent: Desk, desk: Office, login: str, what: dict[str, Any]):
    sheet = await agent.made("/task-sheets", SHEET)
    status, answer = await change(await desk.sign_in(login), sheet, **what)
    assert status == 200, answer


async def test_an_agent_steers_a_request(agent: Desk):
    ticket = await agent.made("/tickets", {"title": "水管渗水"})
    status, _ = await change(agent, ticket, state="in_progress", holder_role="agent", holder_agent="agt-1024")
    assert status == 200


@pytest.mark.parametrize("holder", ["agt-9999", "agt-1025", "u-engineer2001"])
async def test_only_an_agent_of_the_role_may_hold_it(engineer: Desk, holder: str):
    """Unknown, of another role, and by another id than the one he works with."""
    sheet = await engineer.made("/task-sheets", SHEET)
    answer = await change(engineer, sheet, holder_agent=holder)
    assert code(answer) == (422, "wrong_holder")
    assert answer[1]["error"]["params"] == {"field": "holder_agent", "holder": holder, "role": "hotline_engineer"}


async def test_a_new_ticket_is_handed_to_nobody_of_another_role(agent: Desk):
    for wrong in ({"holder_role": "coordinator", "holder_agent": "agt-2001"}, {"holder_agent": "agt-2001"}):
        assert code(await agent.post("/tickets", {"title": "水管渗水", **wrong})) == (422, "wrong_holder")


async def test_who_has_no_desk_holds_it_by_his_user_id_and_finds_it(agent: Desk, desk: Office):
    field = await desk.sign_in("field4001")
    his = await agent.made("/tickets", {"title": "上门", "holder_role": "field_engineer", "holder_agent": "u-field4001"})
    waiting = await agent.made("/tickets", {"title": "上门", "holder_role": "field_engineer"})
    other = await agent.made("/tickets", {"title": "别的"})
    _, found = await field.get("/tickets")
    assert {each["id"] for each in found["items"]} == {his["id"], waiting["id"]}
    assert [(await field.get(f"/tickets/{one['id']}"))[0] for one in (his, waiting, other)] == [200, 200, 404]
    assert code(await field.patch(f"/tickets/{his['id']}", {"version": 1, "note": "x"})) == (403, "not_allowed")


# ---- its note -------------------------------------------------------------------------------------------------------


async def test_a_line_is_signed_with_time_and_name_and_comes_after_the_others(agent: Desk, engineer: Desk):
    ticket = await agent.made("/tickets", {"title": "水管渗水", "note": "first"})
    await change(agent, ticket, add_note=" second ")
    _, after = await change(engineer, ticket, add_note="third", priority=3)
    first, second, third = after["note"].split("\n")
    assert first == "first"
    assert second.endswith(" Agent1024: second")
    assert third.endswith(" Engineer2001: third")
    assert [line["code"] for line in after["history"]] == ["created", "note", "changed", "note"]


async def test_a_note_has_room_for_many_lines_and_an_end(agent: Desk):
    ticket = await agent.made("/tickets", {"title": "水管渗水"})
    for _ in range(9):
        assert (await change(agent, ticket, add_note="x" * 2000))[0] == 200
    _, before = await agent.get(f"/tickets/{ticket['id']}")
    assert (await change(agent, ticket, note=before["note"] + "\nby an older page"))[0] == 200
    assert code(await change(agent, ticket, add_note="x" * 2000)) == (422, "note_full")


@pytest.mark.parametrize("line", ["", "  ", "x" * 2001, "a\x00b"])
async def test_a_line_is_one_to_two_thousand_characters(agent: Desk, line: str):
    ticket = await agent.made("/tickets", {"title": "水管渗水"})
    assert code(await change(agent, ticket, add_note=line)) == (422, "invalid_value")


# ---- the same task sheet again --------------------------------------------------------------------------------------


async def test_a_sheet_asked_for_twice_at_once_is_one_sheet(agent: Desk):
    made = await asyncio.gather(*(agent.made("/task-sheets", OF_A_CALL) for _ in range(4)))
    assert len({(each["id"], each["version"]) for each in made}) == 1
    assert [line["code"] for line in made[-1]["history"]] == ["created", "handed_over"]
    following = await agent.made("/tickets", {"title": "别的"})
    assert following["number"].endswith("-0002")


async def test_a_changed_intake_brings_the_sheet_up_to_it(agent: Desk):
    first = await agent.made("/task-sheets", OF_A_CALL)
    again = await agent.made("/task-sheets", OF_A_CALL | {"symptom": "无声", "note": "改了"})
    assert (again["id"], again["symptom"], again["note"], again["title"]) == (first["id"], "无声", "改了", "可视门禁: 无声")
    assert again["due_at"] == first["due_at"]
    assert [line["params"] for line in again["history"][2:]] == [{"field": "symptom"}, {"field": "note"}]


async def test_what_others_noted_meanwhile_is_kept(agent: Desk, engineer: Desk):
    sheet = await agent.made("/task-sheets", OF_A_CALL)
    await change(engineer, sheet, add_note="三次无人接听")
    same = await agent.made("/task-sheets", OF_A_CALL)
    assert "三次无人接听" in same["note"]
    changed = await agent.made("/task-sheets", OF_A_CALL | {"note": "改了"})
    assert "三次无人接听" in changed["note"]
    assert changed["note"].endswith("\n改了")


async def test_two_calls_two_people_and_a_finished_one_are_sheets_of_their_own(agent: Desk, engineer: Desk):
    first = await agent.made("/task-sheets", OF_A_CALL)
    others = [
        await agent.made("/task-sheets", OF_A_CALL | {"call": "c-2"}),
        await engineer.made("/task-sheets", OF_A_CALL),
        await agent.made("/task-sheets", SHEET),
        await agent.made("/task-sheets", SHEET),
    ]
    await engineer.made(f"/task-sheets/{first['id']}/take", {})
    await engineer.made(f"/task-sheets/{first['id']}/resolve", {"outcome": "solved_by_phone", "note": "好了"})
    others.append(await agent.made("/task-sheets", OF_A_CALL))
    assert len({each["id"] for each in [first, *others]}) == 6
