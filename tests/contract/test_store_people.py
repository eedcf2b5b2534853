"""Log-in and the first administrator, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crm_core.people.models import User
from crm_core.people.passwords import Passwords, WeakPassword
from crm_core.people.service import People, SetupRefused
from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
PASSWORD = "a long enough one"


@pytest.fixture
def people(unit_of_work: UnitOfWork) -> People:
    return People(unit_of_work, Passwords(memory_kib=64))


async def make(people: People, token: str, login: str = "root"):
    return await people.create_admin(token=token, login=login, name="秦岚", password=PASSWORD, now=NOW)


async def issued(people: People) -> str:
    token = await people.issue_setup(NOW)
    assert token is not None
    return token


async def test_the_link_makes_one_administrator_who_can_log_in(people: People):
    admin = await make(people, await issued(people))
    assert (admin.role, admin.demo) == ("admin", False)
    assert await people.authenticate("root", PASSWORD) == admin


async def test_the_link_works_once(people: People):
    token = await issued(people)
    await make(people, token)
    with pytest.raises(SetupRefused):
        await make(people, token, "second")


async def test_of_two_at_once_only_one_gets_through(people: People):
    token = await issued(people)
    answers = await asyncio.gather(make(people, token, "first"), make(people, token, "second"), return_exceptions=True)
    assert sum(isinstance(answer, SetupRefused) for answer in answers) == 1


async def test_a_made_up_link_is_refused(people: People):
    await issued(people)
    with pytest.raises(SetupRefused):
        await make(people, "made up")


async def test_the_link_ends_after_a_day(people: People):
    token = await issued(people)
    with pytest.raises(SetupRefused):
        await people.create_admin(token=token, login="root", name="x", password=PASSWORD, now=NOW + timedelta(hours=25))


async def test_a_weak_password_leaves_the_link_as_it_was(people: People):
    token = await issued(people)
    with pytest.raises(WeakPassword):
        await people.create_admin(token=token, login="root", name="x", password="root", now=NOW)
    assert (await make(people, token)).login == "root"


async def test_there_is_no_link_once_there_is_an_administrator(people: People):
    await make(people, await issued(people))
    assert await people.issue_setup(NOW) is None


async def test_the_token_itself_is_stored_nowhere(people: People, unit_of_work: UnitOfWork):
    token = await issued(people)
    async with unit_of_work.read() as session:
        rows = (await session.execute(select(User))).all()
        kept = str((await session.connection()).engine.url) + str(rows)
    assert token not in kept


async def test_a_disabled_account_does_not_get_in(people: People, unit_of_work: UnitOfWork):
    admin = await make(people, await issued(people))
    async with unit_of_work.write() as session:
        row = await session.get(User, admin.id)
        assert row is not None
        row.disabled = True
    assert await people.authenticate("root", PASSWORD) is None


@pytest.mark.parametrize("login", ["nobody", "", "root' --", "ROOT"])
async def test_an_unknown_log_in_does_not_get_in(people: People, login: str):
    await make(people, await issued(people))
    assert await people.authenticate(login, PASSWORD) is None


async def test_a_log_in_renews_a_hash_of_a_lower_cost(people: People, unit_of_work: UnitOfWork):
    admin = await make(people, await issued(people))
    dearer = People(unit_of_work, Passwords(memory_kib=128))
    assert await dearer.authenticate("root", PASSWORD) == admin
    async with unit_of_work.read() as session:
        row = await session.get(User, admin.id)
    assert row is not None
    assert "m=128" in row.password_hash
