"""The end of a conversation on a running api: rows as one, then the core; again makes nothing twice."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from cti.bus.messages import Change
from cti.store.models import CallRecord
from tests.support.bus import refuse, until
from tests.support.live_api import NOW, running_api

CALL = {
    "id": "c-1", "direction": "in", "state": "wrap_up", "from": "+8613800138000", "to": "4001", "queue": "repairs",
    "agent": "agt-agent", "engineer": "", "consult": None, "owner": "", "ticket": "",
}  # fmt: skip


@pytest.fixture
async def api(tmp_path):
    async with running_api(tmp_path) as live:
        live.bus.publish_delta([Change("call", "c-1", CALL)])
        await until(lambda: "c-1" in live.deps.console.house.of("call"))
        yield live


async def count(api, table: str) -> int:
    async with api.deps.uow.read() as session:
        return (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()


WHOLE = {
    "disposition": "solved",
    "note": "两行\n字",
    "ticket": {"title": "水管漏水"},
    "callback": {"due_at": "2026-03-03T09:00:00Z", "note": "ring"},
}


async def disposition(browser) -> str:
    return (await browser.get("/dispositions")).json()["items"][0]["id"]


async def test_ticket_callback_and_disposition_are_written_and_the_core_is_told(api):
    browser = await api.browser("agent")
    said = WHOLE | {"disposition": await disposition(browser)}
    answer = await browser.post("/calls/c-1/wrap-up", said)
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert done["finished"]
    sent = api.core.commands[-1]
    assert (sent.name, dict(sent.args)) == (
        "wrapup.finish", {"call": "c-1", "disposition": said["disposition"], "ticket": done["ticket"]},
    )  # fmt: skip
    ticket = (await browser.get(f"/tickets/{done['ticket']}")).json()
    assert (ticket["title"], ticket["call"], ticket["phone"]) == ("水管漏水", "c-1", "+8613800138000")
    assert [await count(api, table) for table in ("wrap_ups", "tickets", "callbacks")] == [1, 1, 1]


async def test_the_callback_that_was_dialled_is_done_and_a_new_one_is_open(api):
    browser = await api.browser("agent")
    promised = (await browser.post("/callbacks", {"due_at": "2026-03-02T09:00:00Z", "number": "+8613800138000"})).json()
    dialled = CALL | {"direction": "out", "from": "", "to": "+8613800138000", "callback": promised["id"]}
    api.bus.publish_delta([Change("call", "c-1", dialled)])
    await until(lambda: api.deps.console.house.of("call")["c-1"].get("callback"))
    done = await browser.post("/calls/c-1/wrap-up", WHOLE | {"disposition": await disposition(browser)})
    assert done.status_code == 200, done.text
    listed = [(await browser.get(f"/callbacks?state={state}")).json()["items"] for state in ("done", "open")]
    assert [[each["id"] for each in items] for items in listed] == [[promised["id"]], [done.json()["callback"]]]


async def test_said_again_it_makes_nothing_twice(api):
    browser = await api.browser("agent")
    said = WHOLE | {"disposition": await disposition(browser)}
    first = (await browser.post("/calls/c-1/wrap-up", said)).json()
    again = (await browser.post("/calls/c-1/wrap-up", said | {"note": "better"})).json()
    assert (first["ticket"], first["callback"]) == (again["ticket"], again["callback"])
    assert [await count(api, table) for table in ("wrap_ups", "tickets", "callbacks")] == [1, 1, 1]
    async with api.deps.uow.read() as session:
        assert (await session.execute(text("SELECT note FROM wrap_ups"))).scalar_one() == "better"


async def test_a_wrong_part_writes_nothing_at_all(api):
    browser = await api.browser("agent")
    said = WHOLE | {"disposition": await disposition(browser)}
    for wrong in ({"disposition": "no-such"}, {"ticket": {"title": " "}}, {"note": "a\x00b"}, {"ticket": {"id": "no-such"}}):
        answer = await browser.post("/calls/c-1/wrap-up", said | wrong)
        assert answer.status_code in {404, 422}, answer.text
    assert [await count(api, table) for table in ("wrap_ups", "tickets", "callbacks")] == [0, 0, 0]
    assert api.core.commands == []


def with_the_call(login: str, since: str) -> Change:
    """He is in wrap-up of the call since then."""
    return Change("agent", f"agt-{login}", {"id": f"agt-{login}", "state": "WRAP_UP", "call": "c-1", "since": since})


async def with_it(api, login: str, since: str) -> None:
    api.bus.publish_delta([with_the_call(login, since)])
    await until(lambda: api.deps.console.house.of("agent").get(f"agt-{login}", {}).get("since") == since)


def finishes(api) -> list[str]:
    return [command.id for command in api.core.commands if command.name == "wrapup.finish"]


async def test_a_call_that_comes_back_is_finished_anew_and_said_again_is_the_same_command(api):
    browser = await api.browser("agent")
    said = WHOLE | {"disposition": await disposition(browser)}
    for since in ("2026-03-02T01:00:00.000Z", "2026-03-02T01:05:00.000Z"):
        await with_it(api, "agent", since)
        for _ in range(2):
            assert (await browser.post("/calls/c-1/wrap-up", said)).json()["finished"]
    assert len(finishes(api)) == 2
    assert len(set(finishes(api))) == 2


async def test_the_engineer_who_took_the_call_over_saves_and_finishes_for_himself(api):
    handed = CALL | {"agent": "agt-hotline_engineer", "engineer": ""}
    agent, engineer = await api.browser("agent"), await api.browser("hotline_engineer")
    said = WHOLE | {"disposition": await disposition(agent)}
    await with_it(api, "agent", "2026-03-02T01:00:00.000Z")
    await agent.post("/calls/c-1/wrap-up", said)
    api.bus.publish_delta([Change("call", "c-1", handed)])
    await with_it(api, "hotline_engineer", "2026-03-02T01:09:00.000Z")
    own = said | {"note": "mine", "ticket": {"title": "上门"}}
    done = (await engineer.post("/calls/c-1/wrap-up", own)).json()
    assert (done["finished"], len(finishes(api))) == (True, 2)
    assert [await count(api, table) for table in ("wrap_ups", "tickets", "callbacks")] == [2, 2, 2]


async def left(api, owner: str | None = None) -> None:
    """The call is over and has left the floor; its record says whose it was."""
    api.bus.publish_delta([Change("call", "c-1", None)])
    await until(lambda: "c-1" not in api.deps.console.house.of("call"))
    async with api.deps.uow.write() as session:
        record = CallRecord(id="c-1", direction="in", from_e164="+8613800138000", agent_id="agt-agent", owner_id=owner)
        record.started_at, record.state = NOW, "ended"
        session.add(record)


async def test_the_owner_of_a_late_wrap_up_is_told_to_the_core_and_is_of_the_ticket(api):
    browser = await api.browser("agent")
    owner = (await browser.post("/owners", {"name": "周建国"})).json()["id"]
    await left(api)
    api.core.answers["wrapup.finish"] = refuse
    done = await browser.post("/calls/c-1/wrap-up", WHOLE | {"disposition": await disposition(browser), "owner": owner})
    assert done.status_code == 200, done.text
    told = [dict(command.args) for command in api.core.commands if command.name == "wrapup.owner"]
    assert told == [{"call": "c-1", "owner": owner}]
    assert (await browser.get(f"/tickets/{done.json()['ticket']}")).json()["owner"] == owner


async def test_an_owner_that_is_in_the_record_already_is_told_to_nobody(api):
    browser = await api.browser("agent")
    owner = (await browser.post("/owners", {"name": "周建国"})).json()["id"]
    await left(api, owner)
    done = await browser.post("/calls/c-1/wrap-up", {"disposition": await disposition(browser), "owner": owner})
    assert done.status_code == 200, done.text
    assert "wrapup.owner" not in [command.name for command in api.core.commands]


async def test_an_owner_that_cannot_be_told_or_is_nobody_saves_nothing(api):
    browser = await api.browser("agent")
    owner = (await browser.post("/owners", {"name": "周建国"})).json()["id"]
    await left(api)
    api.core.answers["wrapup.owner"] = refuse
    for wanted, code in ((owner, "wrong_state"), ("no-such", "invalid_value")):
        answer = await browser.post("/calls/c-1/wrap-up", {"disposition": await disposition(browser), "owner": wanted})
        assert answer.json()["error"]["code"] == code
    stranger = await api.browser("agent2")
    answer = await stranger.post("/calls/c-1/wrap-up", {"disposition": await disposition(stranger), "owner": owner})
    assert answer.json()["error"]["code"] == "no_such_call"
    assert await count(api, "wrap_ups") == 0


async def test_nobody_wraps_up_anothers_call(api):
    for login in ("agent2", "hotline_engineer"):
        browser = await api.browser(login)
        answer = await browser.post("/calls/c-1/wrap-up", {"disposition": await disposition(browser)})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_such_call")
    assert await count(api, "wrap_ups") == 0


async def test_whom_it_only_rings_for_or_who_is_only_asked_has_nothing_to_write_up(api):
    ringing, asked = await api.browser("agent2"), await api.browser("hotline_engineer")
    api.bus.publish_delta(
        [
            Change("call", "c-1", CALL | {"engineer": "agt-hotline_engineer", "consult": {"engineer": "agt-hotline_engineer"}}),
            Change("agent", "agt-agent2", {"id": "agt-agent2", "state": "RINGING", "call": "c-1", "since": ""}),
            Change(
                "agent", "agt-hotline_engineer", {"id": "agt-hotline_engineer", "state": "ON_CALL", "call": "c-1", "since": ""}
            ),
        ]
    )
    await until(lambda: api.deps.console.house.of("agent").get("agt-hotline_engineer", {}).get("state") == "ON_CALL")
    for browser in (ringing, asked):
        answer = await browser.post("/calls/c-1/wrap-up", {"disposition": await disposition(browser)})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_such_call")
    assert await count(api, "wrap_ups") == 0


async def test_a_wrong_disposition_changes_no_owner_either(api):
    browser = await api.browser("agent")
    owner = (await browser.post("/owners", {"name": "周建国"})).json()["id"]
    await left(api)
    answer = await browser.post("/calls/c-1/wrap-up", {"disposition": "no-such", "owner": owner})
    assert answer.json()["error"]["code"] == "invalid_value"
    assert "wrapup.owner" not in [command.name for command in api.core.commands]


async def test_a_core_that_has_ended_the_wrap_up_costs_no_note(api):
    api.core.answers["wrapup.finish"] = refuse
    browser = await api.browser("agent")
    answer = await browser.post("/calls/c-1/wrap-up", {"disposition": await disposition(browser), "note": "kept"})
    assert answer.json()["finished"] is False
    assert await count(api, "wrap_ups") == 1


async def test_a_pre_shift_check_is_kept_for_support(api):
    browser = await api.browser("agent")
    good = await browser.post("/checks", {"microphone": True, "sip": True, "rtt_ms": 1.5, "device": "USB headset"})
    assert good.json()["ok"] is True
    bad = await browser.post("/checks", {"microphone": False})
    assert bad.json()["ok"] is False
    assert (await browser.post("/checks", {"x": "y" * 1000})).status_code == 422
    assert await count(api, "checks") == 2
