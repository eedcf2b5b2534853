"""What only Redis brings: the server itself goes and comes back, several apis far away, streams that are bounded."""

from __future__ import annotations

import asyncio
import random

import pytest
from redis.asyncio import Redis

from cti.bus.messages import Change
from cti.bus.port import CoreAway
from cti.bus.redis_streams import RedisBusClient, RedisBusServer
from tests.support.bus import RecordingApi, RecordingCore, command, until
from tests.support.redis import redis_server

pytestmark = pytest.mark.services


async def test_redis_killed_and_started_again_costs_a_snapshot_and_no_process():
    core, api = RecordingCore(agents={"a": {"id": "a"}}), RecordingApi()
    with redis_server() as redis:
        server = RedisBusServer(redis.url, "e1")
        client = RedisBusClient(redis.url, "api-1", random.Random(3))  # noqa: S311 - spreads reconnects
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(server.run(core)), group.create_task(client.run(api))]
            await until(lambda: client.up)
            redis.stop()
            await until(lambda: not client.up)
            with pytest.raises(CoreAway):
                await client.command(command("agent.login"))
            server.publish_delta([Change("agent", "a", {"id": "a", "n": 2})])  # nobody hears it: the snapshot says it
            core.agents["a"] = {"id": "a", "n": 2}
            redis.start()
            await until(lambda: client.up, 10)
            assert api.snapshots[-1].entities["agent"] == [{"id": "a", "n": 2}]
            assert await client.command(command("agent.login"))
            for task in tasks:
                task.cancel()
    assert [up for _, up, _ in core.apis] == [True, False, True]


async def test_a_link_that_ended_leaves_no_stream_behind():
    with redis_server() as redis:
        server = RedisBusServer(redis.url, "e1")
        async with asyncio.TaskGroup() as group:
            running = group.create_task(server.run(RecordingCore()))
            await asyncio.wait_for(server.listening.wait(), 5)
            client = RedisBusClient(redis.url, "api-1", random.Random(3))  # noqa: S311 - spreads reconnects
            task = group.create_task(client.run(RecordingApi()))
            await until(lambda: client.up)
            task.cancel()
            await until(lambda: not server._links, 9)
            async with Redis.from_url(redis.url) as look:
                async with asyncio.timeout(9):
                    while await look.keys("carillon:bus:out:*"):  # noqa: ASYNC110 - asked of Redis itself
                        await asyncio.sleep(0.05)
                assert await look.ttl("carillon:bus:in") > 0
            running.cancel()
