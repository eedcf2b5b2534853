"""The console's socket on a running api, with a core that the test plays."""

from __future__ import annotations

import asyncio
import contextlib

import orjson
import pytest
import structlog
from sqlalchemy import text
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from cti.bus.local import LocalBusServer
from cti.bus.messages import Change
from tests.support.bus import RecordingCore, refuse, until
from tests.support.live_api import running_api


def agent(name: str, team: str = "t1", **more):
    return {
        "id": f"agt-{name}",
        "user": f"u-{name}",
        "name": name,
        "team": team,
        "state": "AUX",
        "call": None,
        "next": None,
    } | more


def call(call_id: str, **more):
    base = {"id": call_id, "direction": "in", "state": "talking", "from": "+8613800138000", "from_raw": "013800138000"}
    return base | {"from_name": "李雷", "to": "4001", "queue": "repairs", "agent": "", "engineer": "", "consult": None} | more


@pytest.fixture
async def api(tmp_path):
    async with running_api(tmp_path) as live:
        yield live


def publish(api, *changes):
    """As the core does: its state first, then the delta."""
    for kind, entity_id, value in changes:
        if kind == "agent":
            api.core.agents[entity_id] = value
    api.bus.publish_delta([Change(*change) for change in changes])


async def status_of(url: str, origin: str | None) -> int:
    try:
        async with connect(url, origin=origin, proxy=None):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def stream_url(api, ticket: str) -> str:
    return f"ws://127.0.0.1:{api.settings.console_port}/api/v1/stream?ticket={ticket}"


async def test_a_page_gets_its_id_and_a_snapshot_first(api):
    publish(api, ("agent", "agt-agent", agent("agent")))
    browser = await api.browser("agent")
    async with browser.page() as page:
        first = orjson.loads(await page.socket.recv())
    assert first["type"] == "snapshot"
    assert first["page"].startswith("pg-")
    assert first["core"] is True
    assert [one["id"] for one in first["entities"]["agent"]] == ["agt-agent"]


async def test_a_ticket_opens_one_socket_once(api):
    browser = await api.browser("agent")
    url = stream_url(api, await browser.ticket())
    assert await status_of(url, api.origin) == 101
    assert await status_of(url, api.origin) == 403


@pytest.mark.parametrize("origin", [None, "http://evil.example", "http://127.0.0.1:1", "null"])
async def test_a_wrong_or_missing_origin_is_403_before_the_socket_opens(api, origin):
    browser = await api.browser("agent")
    assert await status_of(stream_url(api, await browser.ticket()), origin) == 403


async def test_without_a_ticket_even_a_good_cookie_opens_nothing(api):
    browser = await api.browser("agent")
    with pytest.raises(InvalidStatus, match="403"):
        await connect(stream_url(api, ""), origin=api.origin, proxy=None, additional_headers={"Cookie": browser.cookie})


async def test_deltas_are_numbered_without_a_gap_by_the_page_itself(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        await page.next("snapshot")
        numbers = []
        for n in range(20):
            publish(api, ("call", f"other-{n}", call(f"other-{n}", agent="agt-agent2")))  # not for this page: takes no number
            publish(api, ("queue", "repairs", {"id": "repairs", "waiting": n}))
            numbers.append((await page.next("delta"))["seq"])
    assert numbers == list(range(1, 21))


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


async def test_the_core_learns_of_open_ack_and_gone_with_times(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        page_id = (await page.next("snapshot"))["page"]
        await until(lambda: len(api.core.signals) == 1)
        assert api.bus.send_page(page_id, {"type": "pop", "nonce": "n-1", "offer": "o-1"})
        await page.next("pop")
        await page.say(type="ack", nonce="n-1")
        await until(lambda: len(api.core.signals) == 2)
        await page.socket.close(1001)
    await until(lambda: len(api.core.signals) == 3)
    signals = [(s.signal, s.page, s.agent, s.nonce, s.code) for s in api.core.signals]
    assert signals == [
        ("open", page_id, "agt-agent", "", 0),
        ("ack", page_id, "agt-agent", "n-1", 0),
        ("gone", page_id, "agt-agent", "", 1001),
    ]
    times = [s.at for s in api.core.signals]
    assert times == sorted(times)
    assert all(at.endswith("Z") and len(at) == 24 for at in times)


async def test_a_silent_page_is_missed_after_three_seconds_and_open_again_when_it_speaks(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        await page.next("snapshot")
        await until(lambda: [s.signal for s in api.core.signals] == ["open", "missed"], 6)
        await page.say(type="beat")
        await until(lambda: [s.signal for s in api.core.signals] == ["open", "missed", "open"])


async def test_the_server_beats_each_second(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        assert (await page.next("beat", 3))["at"].endswith("Z")
        await page.next("beat", 3)


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


@pytest.mark.parametrize(
    "frame", ["not json", "[]", '{"type":"root"}', '{"no":"type"}', '{"type":"command","id":1}' + " " * 70_000]
)
async def test_a_message_that_is_none_of_ours_ends_the_socket(api, frame):
    browser = await api.browser("agent")
    async with browser.page() as page:
        await page.next("snapshot")
        await page.socket.send(frame)
        async with asyncio.timeout(5):
            await page.socket.wait_closed()
        assert page.socket.close_code in {4003, 1009}


async def test_a_page_that_comes_back_under_its_id_is_the_same_page_and_never_gone(api):
    browser = await api.browser("agent")
    async with browser.page() as first:
        page_id = (await first.next("snapshot"))["page"]
        async with browser.page(page_id) as second:
            assert (await second.next("snapshot"))["page"] == page_id
            await first.socket.wait_closed()
            await until(lambda: len(api.core.signals) >= 2)
            assert {s.signal for s in api.core.signals} == {"open"}
    await until(lambda: api.core.signals[-1].signal == "gone")


async def test_a_ninth_page_of_a_log_in_ends_the_oldest_that_has_no_softphone(api):
    browser, other = await api.browser("agent"), await api.browser("agent2")
    async with contextlib.AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(each.page()) for each in (other, *(browser for _ in range(9)))]
        _others, leading, oldest, *newer = pages
        async with asyncio.timeout(5):
            await oldest.socket.wait_closed()
        assert oldest.socket.close_code == 4009
        await until(lambda: len(api.deps.console.pages) == 9)
        for page in (leading, *newer):
            assert (await page.command("agent.state", state="READY"))["ok"]
    assert "gone" not in [signal.signal for signal in api.core.signals[:2]]


async def test_a_flood_ends_the_socket_with_1008_and_is_logged_once(api):
    browser = await api.browser("agent")
    with structlog.testing.capture_logs() as logs:
        async with browser.page() as page:
            await page.next("snapshot")
            with contextlib.suppress(ConnectionClosed):
                for _ in range(1000):
                    await page.say(type="beat")
            async with asyncio.timeout(5):
                await page.socket.wait_closed()
            assert page.socket.close_code == 1008
    assert [line["action"] for line in logs if line.get("action") == "page_flood"] == ["page_flood"]


async def test_acks_are_never_too_many(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        await page.next("snapshot")
        for n in range(300):
            await page.say(type="ack", nonce=f"n-{n}")
        assert (await page.command("agent.state", state="READY"))["ok"]


async def test_another_users_page_id_opens_nothing(api):
    browser, other = await api.browser("agent"), await api.browser("agent2")
    async with browser.page() as page:
        page_id = (await page.next("snapshot"))["page"]
        assert await status_of(stream_url(api, await other.ticket(page_id)), api.origin) == 403


async def test_a_newer_page_that_takes_the_softphone_leads(api):
    async def minted(_command):
        return {"endpoint": "w1", "secret": "s3cret"}

    api.core.answers["softphone.mint"] = minted
    one, two = await api.browser("agent"), await api.browser("agent")
    async with one.page() as first, two.page() as second:
        first_id, second_id = (await first.next("snapshot"))["page"], (await second.next("snapshot"))["page"]
        await until(lambda: [(s.signal, s.page) for s in api.core.signals] == [("open", first_id)])
        answer = await two.post("/softphone", {"page": second_id, "kind": "webrtc"})
        assert answer.json() == {"endpoint": "w1", "secret": "s3cret", "uri": "sip:w1@carillon.invalid"}
        await until(lambda: api.core.signals[-1].page == second_id)
        assert api.core.commands[-1].page == second_id
        assert (await one.post("/softphone", {"page": second_id})).status_code == 200  # his own page, from another tab
        other = await api.browser("agent2")
        assert (await other.post("/softphone", {"page": second_id})).json()["error"]["code"] == "no_such_page"


async def test_a_changed_role_closes_the_socket_within_five_seconds(api):
    browser = await api.browser("supervisor")
    async with browser.page() as page:
        await page.next("snapshot")
        async with api.deps.uow.write() as session:
            await session.execute(text("UPDATE users SET role = 'coordinator' WHERE login = 'supervisor'"))
        async with asyncio.timeout(5):
            await page.socket.wait_closed()
        assert page.socket.close_code in {4001, 4003}


async def test_a_changed_team_takes_effect_on_the_next_snapshot(api):
    publish(api, ("agent", "agt-agent2", agent("agent2", "t2", call="c-2")))
    browser = await api.browser("supervisor")
    async with browser.page() as page:
        assert (await page.next("snapshot"))["entities"]["agent"][0]["call"] is None
        async with api.deps.uow.write() as session:
            await session.execute(text("UPDATE users SET team_id = 't2' WHERE login = 'supervisor'"))
        assert (await page.next("snapshot"))["entities"]["agent"][0]["call"] == "c-2"


async def test_a_page_that_does_not_read_is_cut_and_the_others_go_on(api):
    slow, quick = await api.browser("agent"), await api.browser("agent2")
    async with slow.page() as stalled, quick.page() as page:
        await stalled.next("snapshot")
        stalled.socket.transport.pause_reading()
        big = "x" * 20_000
        for n in range(1500):
            publish(api, ("call", f"c-{n}", call(f"c-{n}", agent="agt-agent", from_name=big)))
            if n % 50 == 0:
                await asyncio.sleep(0)
        async with asyncio.timeout(10):
            while len(api.deps.console.pages) > 1:  # noqa: ASYNC110 - as `until`, with a longer patience
                await asyncio.sleep(0.02)
        publish(api, ("queue", "repairs", {"id": "repairs", "waiting": 1}))
        assert (await page.next("delta"))["changes"][0]["id"] == "repairs"
        stalled.socket.transport.resume_reading()
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(15):
                while True:
                    await stalled.socket.recv()


async def test_a_core_started_again_sends_a_new_snapshot_to_every_page(tmp_path):
    async with running_api(tmp_path, with_core=False) as api:
        browser = await api.browser("agent")
        async with browser.page() as page:
            await page.next("snapshot")
            core, bus = (
                RecordingCore(agents={"agt-agent": agent("agent", state="READY")}),
                LocalBusServer(api.settings.bus_socket, "e2"),
            )
            async with asyncio.TaskGroup() as group:
                task = group.create_task(bus.run(core))
                snapshot = await page.next("snapshot")
                assert snapshot["entities"]["agent"][0]["state"] == "READY"
                assert (await page.next("core"))["up"] is True
                await until(lambda: bool(core.apis))
                assert [p.agent for p in core.apis[0][2]] == ["agt-agent"]
                task.cancel()
            assert (await page.next("core"))["up"] is False


async def test_sigterm_closes_sockets_with_1012_and_the_core_hears_why(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        await page.next("snapshot")
        for connection in list(api.server.server_state.connections):
            connection.shutdown()
        await page.socket.wait_closed()
        assert page.socket.close_code == 1012
    await until(lambda: api.core.signals[-1].signal == "gone")
    assert api.core.signals[-1].code == 1012


async def test_a_due_callback_comes_up_by_itself_for_its_agent_once(api):
    browser = await api.browser("agent")
    due = "2026-01-01T00:00:00Z"
    made = await browser.post("/callbacks", {"number": "13800138000", "due_at": due, "note": "ring again", "agent": "agt-agent"})
    assert made.status_code in {200, 201}, made.text
    async with browser.page() as page:
        message = await page.next("callback_due", 8)
        assert message["callback"]["id"] == made.json()["id"]
