"""The console's commands on a running api, with a core that the test plays."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from tests.support.bus import refuse
from tests.support.live_api import running_api


async def test_a_command_is_answered_by_the_core_with_the_actor_of_the_session(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        reply = await page.command("agent.state", state="READY")
    assert reply == {"type": "reply", "id": "1", "ok": True, "result": {"did": "agent.state", "times": 1}}
    sent = api.core.commands[0]
    assert (sent.actor.user, sent.actor.role, sent.actor.agent, sent.actor.team) == ("u-agent", "agent", "agt-agent", "t1")
    assert (sent.id, dict(sent.args)) == ("u-agent/1", {"state": "READY"})


async def test_a_refusal_of_the_core_reaches_the_page_as_code_and_params(api):
    api.core.answers["call.hold"] = refuse
    browser = await api.browser("agent")
    async with browser.page() as page:
        reply = await page.command("call.hold", call="c-1")
    assert reply["error"] == {"code": "wrong_state", "params": {"state": "AUX"}}


@pytest.mark.parametrize("name", ["wrapup.finish", "softphone.mint", "no.such", "agent.login "])
async def test_a_command_that_is_not_in_the_table_never_reaches_the_core(api, name):
    browser = await api.browser("agent")
    async with browser.page() as page:
        assert (await page.command(name))["error"]["code"] == "not_allowed"
    assert api.core.commands == []


@pytest.mark.parametrize("login", ["supervisor", "coordinator", "admin", "field_engineer"])
async def test_who_has_no_desk_commands_no_call(api, login):
    browser = await api.browser(login)
    async with browser.page() as page:
        assert (await page.command("call.dial", number="10086"))["error"]["code"] == "not_allowed"


async def test_click_to_dial_is_audited(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        await page.command("call.dial", number="+8613800138000", owner="o-1")

    async def audited():
        async with api.deps.uow.read() as session:
            return (await session.execute(text("SELECT actor, data FROM audit WHERE action = 'call.originate'"))).all()

    async with asyncio.timeout(5):
        while not (rows := await audited()):  # noqa: ASYNC110 - the database tells no event
            await asyncio.sleep(0.02)
    assert rows[0][0] == "u-agent"
    assert "13800138000" not in rows[0][1]


async def test_without_a_core_the_page_is_told_and_commands_are_core_away(tmp_path):
    async with running_api(tmp_path, with_core=False) as api:
        browser = await api.browser("agent")
        async with browser.page() as page:
            assert (await page.next("snapshot"))["core"] is False
            assert (await page.command("agent.login"))["error"]["code"] == "core_away"
