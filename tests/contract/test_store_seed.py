"""The demo company, on both databases: whole, believable, the same for the same seed, changed by no second run."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from carillon.migrations.tables import METADATA
from carillon.seed.company import Seeded, seed_demo, seed_reference
from crm_core.numbers import normalise
from crm_core.owners.lookup import NumberLookup
from crm_core.owners.models import Owner, OwnerPhone
from crm_core.people.models import User
from crm_core.people.passwords import Passwords
from crm_core.people.service import People
from crm_core.tickets.models import Ticket
from cti.store.models import Agent, CallRecord, Queue
from storage.held_reader import HeldReader
from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


async def everything(uow: UnitOfWork, *, without: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    async with uow.read() as session:
        tables = [table for table in METADATA.sorted_tables if table.name not in without]
        return {table.name: sorted(map(tuple, (await session.execute(select(table))).all()), key=repr) for table in tables}


def cheap() -> Passwords:
    """What the real ones cost is in test_crm_passwords."""
    return Passwords(memory_kib=64)


def text_of(file: Path) -> str:
    return file.read_text()


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    return tmp_path / "demo-accounts.json"


async def seeded(uow: UnitOfWork, accounts: Path) -> Seeded:
    return await seed_demo(uow, accounts, now=NOW, zone=ZONE, passwords=cheap())


async def test_the_company_is_as_large_as_promised(unit_of_work: UnitOfWork, accounts: Path):
    assert await seeded(unit_of_work, accounts) is Seeded.MADE
    async with unit_of_work.read() as session:
        roles = {row[0]: row[1] for row in await session.execute(select(User.role, func.count()).group_by(User.role))}
        owners = (await session.execute(select(func.count()).select_from(Owner))).scalar_one()
        queues = (await session.execute(select(Queue.id).order_by(Queue.id))).scalars().all()
        sheets = (await session.execute(select(func.count()).where(Ticket.kind == "task_sheet"))).scalar_one()
    assert roles == {"agent": 20, "hotline_engineer": 3, "coordinator": 1, "field_engineer": 1, "supervisor": 1, "admin": 1}
    assert (owners, list(queues), sheets) == (200, ["complaints", "enquiries", "repairs"], 2)


async def test_every_agent_can_take_the_default_queue_in_both_languages(unit_of_work: UnitOfWork, accounts: Path):
    await seeded(unit_of_work, accounts)
    async with unit_of_work.read() as session:
        found = await session.execute(select(Agent.skills).join(User, User.id == Agent.user_id).where(User.role == "agent"))
    skills = [set(row) for row in found.scalars()]
    assert all({"repairs", "zh", "en"} <= each for each in skills)
    assert len({frozenset(each) for each in skills}) >= 3


async def test_a_second_run_changes_nothing(unit_of_work: UnitOfWork, accounts: Path):
    await seeded(unit_of_work, accounts)
    before, passwords = await everything(unit_of_work), text_of(accounts)
    assert await seeded(unit_of_work, accounts) is Seeded.THERE
    assert (await everything(unit_of_work), text_of(accounts)) == (before, passwords)


async def test_everybody_logs_in_with_his_own_password_of_the_file(unit_of_work: UnitOfWork, accounts: Path):
    await seeded(unit_of_work, accounts)
    rows = json.loads(text_of(accounts))
    people = People(unit_of_work, cheap())
    found = await asyncio.gather(*(people.authenticate(row["login"], row["password"]) for row in rows[::6]))
    assert [person.role for person in found if person] == [row["role"] for row in rows[::6]]
    assert len({row["password"] for row in rows}) == len(rows) == 27


async def test_the_file_is_readable_by_its_owner_only(unit_of_work: UnitOfWork, accounts: Path):
    await seeded(unit_of_work, accounts)
    assert stat.S_IMODE(os.stat(accounts).st_mode) == 0o600  # noqa: PTH116


async def test_a_lost_file_brings_new_passwords_and_touches_nothing_else(unit_of_work: UnitOfWork, accounts: Path):
    await seeded(unit_of_work, accounts)
    before = await everything(unit_of_work, without=("users",))
    os.unlink(accounts)  # noqa: PTH108
    assert await seeded(unit_of_work, accounts) is Seeded.PASSWORDS_RENEWED
    row = json.loads(text_of(accounts))[0]
    assert await People(unit_of_work, cheap()).authenticate(row["login"], row["password"]) is not None
    assert await everything(unit_of_work, without=("users",)) == before


async def test_the_example_number_has_one_owner_and_another_has_three(unit_of_work: UnitOfWork, accounts: Path):
    await seeded(unit_of_work, accounts)
    lookup = NumberLookup(HeldReader(unit_of_work.engine), CallRecord.__table__, lambda: NOW)
    one, three = await lookup.candidates("+8613800138000"), await lookup.candidates("+8613800138001")
    await lookup.close()
    assert ([each["name"] for each in one], len(three)) == (["周建国"], 3)
    assert one[0]["equipment"]
    assert one[0]["last_calls"]


async def test_every_number_could_be_dialled(unit_of_work: UnitOfWork, accounts: Path):
    await seeded(unit_of_work, accounts)
    async with unit_of_work.read() as session:
        numbers = (await session.execute(select(OwnerPhone.e164))).scalars().all()
    assert all(normalise(number, "CN").e164 == number for number in numbers)


async def test_reference_rows_changed_by_the_user_stay_changed(unit_of_work: UnitOfWork):
    await seed_reference(unit_of_work)
    async with unit_of_work.write() as session:
        queue = await session.get(Queue, "repairs")
        assert queue is not None
        queue.name_zh = "维修专线"
    await seed_reference(unit_of_work)
    async with unit_of_work.read() as session:
        assert (await session.execute(select(Queue.name_zh).where(Queue.id == "repairs"))).scalar_one() == "维修专线"
