"""The same call with the engines of a grown installation: PostgreSQL for the business database, Redis streams for the bus."""

from __future__ import annotations

import pytest

from tests.support.instance import running_instance
from tests.support.postgres import postgres_server
from tests.support.redis import redis_server
from tests.support.whole import Whole, hears_agent

pytestmark = [pytest.mark.telephony, pytest.mark.services, pytest.mark.timeout(180)]


async def test_a_call_is_answered_recorded_and_listed_on_postgresql_and_redis():
    with postgres_server() as postgres, redis_server() as redis:
        url = postgres.create("grown")
        with running_instance(database_url=url, redis_url=redis.url) as instance:
            whole = Whole(instance)
            async with whole.agent(), whole.caller() as caller:
                await whole.until(lambda: hears_agent(caller), 40, "the agent is heard")
                caller.hangup()
                await whole.nobody_left()

            def listed():
                said = instance.carillon("calls", "--last", "1", "--json")
                return said.stdout and '"ended_by":"caller"' in said.stdout.replace(" ", "") and "final" in said.stdout

            await whole.until(listed, 25, "the call is listed with its recording")
