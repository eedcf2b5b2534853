"""The console's socket on a running api, with a core that the test plays."""

from __future__ import annotations

import asyncio
import contextlib

import orjson
import pytest
import structlog
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from cti.bus.local import LocalBusServer
from tests.support.bus import RecordingCore, until
from tests.support.live_api import running_api
from tests.support.stream import agent, call, publish


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
        await until(lambda: [s.signal for s in api.core.signals] == ["open", "missed"], 15)
        await page.say(type="beat")
        await until(lambda: [s.signal for s in api.core.signals] == ["open", "missed", "open"])


async def test_the_server_beats_each_second(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        assert (await page.next("beat", 15))["at"].endswith("Z")
        await page.next("beat", 15)


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
