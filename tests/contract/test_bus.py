"""One suite for every way of the bus: the local socket and Redis streams."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from cti.bus.local import LocalBusClient, LocalBusServer
from cti.bus.messages import Change, LivePage, PageSignal
from cti.bus.port import CommandRefused, CommandTimeout, CoreAway
from cti.bus.redis_streams import RedisBusClient, RedisBusServer
from tests.support.bus import RecordingApi, RecordingCore, command, refuse, until
from tests.support.redis import redis_server


@pytest.fixture(scope="module")
def redis_url():
    with redis_server() as server:
        yield server.url


@dataclass
class Ways:
    """Makes both ends of one way and runs them; ends them together."""

    make_server: object
    make_client: object
    group: asyncio.TaskGroup
    tasks: list[asyncio.Task] = field(default_factory=list)

    async def core(self, handler: RecordingCore, epoch: str = "e1"):
        server = self.make_server(epoch)
        task = self.group.create_task(server.run(handler))
        self.tasks.append(task)
        await asyncio.wait_for(server.listening.wait(), 5)
        return server, task

    async def api(self, listener: RecordingApi, name: str = "api-1", *, connected: bool = True):
        client = self.make_client(name)
        task = self.group.create_task(client.run(listener))
        self.tasks.append(task)
        if connected:
            await until(lambda: client.up, what="the api's link")
        return client, task


async def stop(task: asyncio.Task) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.services)])
async def ways(request, tmp_path) -> AsyncIterator[Ways]:
    path, chance = tmp_path / "run" / "bus.sock", random.Random(7)  # noqa: S311 - only spreads reconnects
    if request.param == "local":
        makers = (lambda epoch: LocalBusServer(path, epoch), lambda api: LocalBusClient(path, api, chance))
    else:
        url, prefix = request.getfixturevalue("redis_url"), f"t:{tmp_path.name}"
        makers = (lambda epoch: RedisBusServer(url, epoch, prefix), lambda api: RedisBusClient(url, api, chance, prefix))
        (tmp_path / "run").mkdir()
    async with asyncio.TaskGroup() as group:
        made = Ways(*makers, group)
        yield made
        for task in made.tasks:
            task.cancel()


async def test_an_api_that_connects_gets_the_snapshot_and_then_up(ways):
    await ways.core(RecordingCore(agents={"agt-1": {"id": "agt-1", "state": "AUX"}}))
    api = RecordingApi()
    await ways.api(api)
    assert [s.entities["agent"] for s in api.snapshots] == [[{"id": "agt-1", "state": "AUX"}]]
    assert api.ups == [True]


async def test_the_core_learns_of_an_api_and_its_live_pages(ways):
    core = RecordingCore()
    await ways.core(core)
    page = LivePage("pg-1", "agt-1", "u-1", "2026-01-01T00:00:00Z")
    await ways.api(RecordingApi(pages=[page]))
    assert core.apis == [("api-1", True, (page,))]


async def test_deltas_arrive_in_order_and_without_a_gap(ways):
    server, _ = await ways.core(RecordingCore())
    api = RecordingApi()
    await ways.api(api)
    for n in range(2000):
        server.publish_delta([Change("agent", "agt-1", {"id": "agt-1", "n": n})])
    await until(lambda: len(api.deltas) == 2000, what="2,000 deltas")
    assert [d.changes[0].value["n"] for d in api.deltas] == list(range(2000))
    assert [d.seq for d in api.deltas] == list(range(1, 2001))


async def test_a_snapshot_taken_between_deltas_is_as_of_its_seq(ways):
    core = RecordingCore()
    server, _ = await ways.core(core)
    for n in range(50):
        core.agents["agt-1"] = {"id": "agt-1", "n": n}
        server.publish_delta([Change("agent", "agt-1", core.agents["agt-1"])])
    api = RecordingApi()
    await ways.api(api)
    server.publish_delta([Change("agent", "agt-1", {"id": "agt-1", "n": 50})])
    await until(lambda: bool(api.deltas))
    assert (api.snapshots[0].seq, api.snapshots[0].entities["agent"][0]["n"]) == (50, 49)
    assert api.deltas[0].seq == 51


async def test_a_gone_entity_is_null(ways):
    server, _ = await ways.core(RecordingCore())
    api = RecordingApi()
    await ways.api(api)
    server.publish_delta([Change("call", "c-1", None)])
    await until(lambda: bool(api.deltas))
    assert api.deltas[0].changes == (Change("call", "c-1", None),)


async def test_a_command_is_answered(ways):
    core = RecordingCore()
    await ways.core(core)
    client, _ = await ways.api(RecordingApi())
    assert await client.command(command("agent.state", state="READY")) == {"did": "agent.state", "times": 1}
    assert core.commands == [command("agent.state", state="READY")]


async def test_a_refusal_keeps_code_and_params(ways):
    await ways.core(RecordingCore(answers={"call.hold": refuse}))
    client, _ = await ways.api(RecordingApi())
    with pytest.raises(CommandRefused) as refused:
        await client.command(command("call.hold", call="c-1"))
    assert (refused.value.code, refused.value.params) == ("wrong_state", {"state": "AUX"})


async def test_a_handler_that_breaks_answers_internal_and_breaks_nothing_else(ways):
    async def broken(_command):
        raise RuntimeError("a bug")

    await ways.core(RecordingCore(answers={"call.hold": broken}))
    client, _ = await ways.api(RecordingApi())
    with pytest.raises(CommandRefused) as refused:
        await client.command(command("call.hold"))
    assert refused.value.code == "internal"
    assert await client.command(command("agent.login", command_id="u-1/2"))


async def test_a_repeated_command_id_gets_the_first_answer_and_runs_once(ways):
    core = RecordingCore()
    await ways.core(core)
    client, _ = await ways.api(RecordingApi())
    first = await client.command(command("call.dial", command_id="u-1/9"))
    again = await client.command(command("call.dial", command_id="u-1/9"))
    assert first == again == {"did": "call.dial", "times": 1}
    assert len(core.commands) == 1


async def test_a_command_repeated_while_it_runs_waits_for_the_first_answer(ways):
    may_go = asyncio.Event()

    async def slow(_command):
        await may_go.wait()
        return "dialled"

    core = RecordingCore(answers={"call.dial": slow})
    await ways.core(core)
    client, _ = await ways.api(RecordingApi())
    async with asyncio.TaskGroup() as group:
        both = [group.create_task(client.command(command("call.dial"))) for _ in range(2)]
        await until(lambda: bool(core.commands))
        may_go.set()
    assert [task.result() for task in both] == ["dialled", "dialled"]
    assert len(core.commands) == 1


async def test_a_command_that_is_not_answered_in_time_is_a_timeout_and_asked_again_gives_the_first_answer(ways):
    may_go = asyncio.Event()

    async def slow(_command):
        await may_go.wait()
        return "dialled"

    core = RecordingCore(answers={"call.dial": slow})
    await ways.core(core)
    client, _ = await ways.api(RecordingApi())
    with pytest.raises(CommandTimeout):
        await client.command(command("call.dial"), timeout=0.05)
    may_go.set()
    assert await client.command(command("call.dial")) == "dialled"
    assert len(core.commands) == 1


async def test_without_a_core_a_command_is_core_away_at_once(ways):
    client, _ = await ways.api(RecordingApi(), connected=False)
    with pytest.raises(CoreAway):
        await client.command(command("agent.login"))


async def test_page_signals_reach_the_core_as_sent(ways):
    core = RecordingCore()
    await ways.core(core)
    client, _ = await ways.api(RecordingApi())
    sent = [
        PageSignal("open", "pg-1", "agt-1", "2026-01-01T00:00:00.000Z"),
        PageSignal("ack", "pg-1", "agt-1", "2026-01-01T00:00:00.010Z", nonce="n-1"),
        PageSignal("gone", "pg-1", "agt-1", "2026-01-01T00:00:00.020Z", code=1001),
    ]
    for signal in sent:
        client.signal(signal)
    await until(lambda: len(core.signals) == 3)
    assert core.signals == sent


async def test_a_page_message_goes_only_to_the_api_that_has_the_page(ways):
    core = RecordingCore()
    server, _ = await ways.core(core)
    one, two = RecordingApi(pages=[LivePage("pg-1", "agt-1", "u-1", "")]), RecordingApi()
    await ways.api(one, "api-1")
    client, _ = await ways.api(two, "api-2")
    client.signal(PageSignal("open", "pg-2", "agt-2"))
    await until(lambda: bool(core.signals))
    assert server.send_page("pg-1", {"type": "pop", "nonce": "a"})
    assert server.send_page("pg-2", {"type": "pop", "nonce": "b"})
    await until(lambda: bool(one.messages and two.messages))
    assert one.messages == [("pg-1", {"type": "pop", "nonce": "a"})]
    assert two.messages == [("pg-2", {"type": "pop", "nonce": "b"})]


async def test_a_page_that_no_api_has_is_told_at_once(ways):
    server, _ = await ways.core(RecordingCore())
    await ways.api(RecordingApi())
    assert not server.send_page("pg-unknown", {"type": "pop"})


async def test_the_end_of_an_api_says_api_away_and_never_pages_gone(ways):
    core = RecordingCore()
    await ways.core(core)
    _, task = await ways.api(RecordingApi(pages=[LivePage("pg-1", "agt-1", "u-1", "")]))
    await stop(task)
    await until(lambda: core.apis[-1][1] is False, what="api away")
    assert core.apis[-1] == ("api-1", False, ())
    assert core.signals == []


async def test_a_core_started_again_gives_a_new_epoch_and_a_snapshot(ways):
    first = RecordingCore(agents={"a": {"id": "a", "n": 1}})
    _, task = await ways.core(first)
    api = RecordingApi()
    client, _ = await ways.api(api)
    await stop(task)
    await until(lambda: not client.up, what="core away")
    await ways.core(RecordingCore(agents={"a": {"id": "a", "n": 2}}), "e2")
    await until(lambda: client.up, what="core back")
    assert api.ups == [True, False, True]
    assert [(s.epoch, s.entities["agent"][0]["n"]) for s in api.snapshots] == [("e1", 1), ("e2", 2)]


async def test_a_command_under_way_when_the_core_goes_is_a_timeout_not_a_silence(ways):
    async def never(_command):
        await asyncio.Event().wait()

    core = RecordingCore(answers={"call.hold": never})
    _, task = await ways.core(core)
    client, _ = await ways.api(RecordingApi())
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(_outcome(client.command(command("call.hold"), timeout=20)))
        await until(lambda: bool(core.commands))
        await stop(task)
        await until(asked.done)
    assert asked.result() is CommandTimeout


async def _outcome(awaitable):
    try:
        await awaitable
    except Exception as error:
        return type(error)


async def test_ten_apis_all_get_every_delta(ways):
    server, _ = await ways.core(RecordingCore())
    apis = [RecordingApi() for _ in range(10)]
    for n, api in enumerate(apis):
        await ways.api(api, f"api-{n}")
    for n in range(100):
        server.publish_delta([Change("queue", "repairs", {"id": "repairs", "n": n})])
    await until(lambda: all(len(api.deltas) == 100 for api in apis))


async def test_a_large_snapshot_passes(ways):
    agents = {f"agt-{n}": {"id": f"agt-{n}", "name": "李" * 100, "skills": {"x": 1}} for n in range(5000)}
    await ways.core(RecordingCore(agents=agents))
    api = RecordingApi()
    await ways.api(api)
    assert len(api.snapshots[0].entities["agent"]) == 5000


async def test_an_api_that_falls_silent_is_away_although_its_link_is_open(ways, monkeypatch):
    """As a process under SIGSTOP: the socket stays, nothing is said."""
    core = RecordingCore()
    await ways.core(core)

    async def silent(_self, _outbox):
        await asyncio.Event().wait()

    for kind in (LocalBusClient, RedisBusClient):
        monkeypatch.setattr(kind, "_beat", silent)
    await ways.api(RecordingApi())
    await until(lambda: [up for _, up, _ in core.apis][:2] == [True, False], 9, "api away")


async def test_an_api_that_connects_again_under_its_name_is_never_told_as_away(ways):
    core = RecordingCore()
    await ways.core(core)
    await ways.api(RecordingApi())
    await ways.api(RecordingApi(), "api-1")
    assert [up for _, up, _ in core.apis] == [True, True]
