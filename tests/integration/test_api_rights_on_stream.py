"""Who sees which call on the console's socket, on a running api with a core that the test plays."""

from __future__ import annotations

from sqlalchemy import text

from tests.support.bus import until
from tests.support.live_api import closed_within_five_seconds
from tests.support.stream import agent, call, publish


async def test_an_agent_sees_his_own_call_and_nobody_elses(api):
    publish(api, ("agent", "agt-agent", agent("agent")), ("agent", "agt-agent2", agent("agent2", "t2", call="c-2")))
    browser = await api.browser("agent")
    async with browser.page() as page:
        snapshot = await page.next("snapshot")
        other = next(one for one in snapshot["entities"]["agent"] if one["id"] == "agt-agent2")
        assert other["state"] == "AUX"
        assert other["call"] is None
        publish(api, ("call", "c-2", call("c-2", agent="agt-agent2")))
        publish(api, ("call", "c-1", call("c-1", agent="agt-agent")))
        delta = await page.next("delta")
    assert [(change["id"], change["value"]["from"]) for change in delta["changes"]] == [("c-1", "+8613800138000")]


async def test_a_call_that_leaves_an_agent_is_gone_from_his_page(api):
    publish(api, ("agent", "agt-agent", agent("agent")))
    browser = await api.browser("agent")
    async with browser.page() as page:
        await page.next("snapshot")
        publish(api, ("call", "c-1", call("c-1", agent="agt-agent")))
        await page.next("delta")
        publish(api, ("call", "c-1", call("c-1", agent="agt-agent2")))
        assert (await page.next("delta"))["changes"] == [{"kind": "call", "id": "c-1", "value": None}]


async def test_an_engineer_sees_escalated_calls_and_an_agent_does_not(api):
    engineer, other = await api.browser("hotline_engineer"), await api.browser("agent2")
    async with engineer.page() as page, other.page() as other_page:
        await page.next("snapshot")
        await other_page.next("snapshot")
        consult = {"engineer": "agt-hotline_engineer2", "state": "ringing", "since": "2026-01-01T00:00:00Z"}
        publish(api, ("call", "c-1", call("c-1", agent="agt-agent", consult=consult)))
        publish(api, ("queue", "repairs", {"id": "repairs"}))
        assert (await page.next("delta"))["changes"][0]["id"] == "c-1"
        assert [change["kind"] for change in (await other_page.next("delta"))["changes"]] == ["queue"]


async def test_a_supervisor_sees_his_teams_calls_whole_and_a_coordinator_masked(api):
    await until(lambda: api.deps.console.house.queue_teams == {"repairs": "t1", "payments": "t2"})
    supervisor, coordinator = await api.browser("supervisor"), await api.browser("coordinator")
    async with supervisor.page() as whole, coordinator.page() as masked:
        for page in (whole, masked):
            await page.next("snapshot")
        publish(api, ("call", "c-2", call("c-2", queue="payments")))
        publish(api, ("call", "c-1", call("c-1", queue="repairs")))
        value = (await whole.next("delta"))["changes"][0]["value"]
        assert (value["id"], value["from"], value["from_name"]) == ("c-1", "+8613800138000", "李雷")
        value = (await masked.next("delta"))["changes"][0]["value"]
        assert (value["id"], value["from"], value["from_raw"], value["from_name"]) == ("c-1", "****8000", "****8000", "")


async def test_a_field_engineer_and_an_admin_see_no_call(api):
    for login in ("field_engineer", "admin"):
        browser = await api.browser(login)
        async with browser.page() as page:
            await page.next("snapshot")
            publish(api, ("call", f"c-{login}", call(f"c-{login}", agent="agt-agent")))
            publish(api, ("switch", "sw1", {"id": "sw1", "up": True}))
            assert [change["kind"] for change in (await page.next("delta"))["changes"]] == ["switch"]


async def test_a_changed_role_closes_the_socket_within_five_seconds(api):
    browser = await api.browser("supervisor")
    async with browser.page() as page:
        await page.next("snapshot")
        async with closed_within_five_seconds(api, page.socket), api.deps.uow.write() as session:
            await session.execute(text("UPDATE users SET role = 'coordinator' WHERE login = 'supervisor'"))
        assert page.socket.close_code in {4001, 4003}


async def test_a_changed_team_takes_effect_on_the_next_snapshot(api):
    publish(api, ("agent", "agt-agent2", agent("agent2", "t2", call="c-2")))
    browser = await api.browser("supervisor")
    async with browser.page() as page:
        assert (await page.next("snapshot"))["entities"]["agent"][0]["call"] is None
        async with api.deps.uow.write() as session:
            await session.execute(text("UPDATE users SET team_id = 't2' WHERE login = 'supervisor'"))
        assert (await page.next("snapshot"))["entities"]["agent"][0]["call"] == "c-2"
