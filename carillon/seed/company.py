"""Writes the demo company, once. What is there already is never changed; lost passwords of demo accounts are renewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from carillon.seed import accounts
from carillon.seed.owners import OwnerRows, Row, make_id, make_owners
from carillon.seed.past import Company, PastRows, make_past
from carillon.seed.staff import QUEUES, TEAMS, Member, staff
from crm_core.callbacks.models import Callback
from crm_core.dispositions.service import install
from crm_core.owners.models import Equipment, Owner, OwnerPhone, OwnerProperty, OwnerTerm, Property
from crm_core.people.models import Team, User
from crm_core.people.passwords import Passwords
from crm_core.tickets.models import Ticket, TicketDay, TicketEvent
from cti.store.models import Agent, CallParty, CallRecord, Queue
from storage.base import Base
from storage.unit_of_work import Session, UnitOfWork
from storage.upsert import insert_for

SEED = 20_261_122


class Seeded(StrEnum):
    """What was done."""

    MADE = "made"
    THERE = "there"  # nothing was changed
    PASSWORDS_RENEWED = "passwords_renewed"


async def seed_reference(uow: UnitOfWork) -> None:
    """What every installation needs: teams, queues, codes. Rows that are there stay as they are."""
    async with uow.write() as session:
        await session.execute(insert_for(session, Team).values(list(TEAMS)).on_conflict_do_nothing())
        await session.execute(insert_for(session, Queue).values(list(QUEUES)).on_conflict_do_nothing())
        await install(session)


async def seed_demo(
    uow: UnitOfWork, accounts_file: Path, *, now: datetime, zone: ZoneInfo, passwords: Passwords, seed: int = SEED
) -> Seeded:
    """The demo company. The file is written before the commit: an account whose password nobody knows helps nobody."""
    await seed_reference(uow)
    members = staff()
    async with uow.read() as session:
        there = (await session.execute(select(User.login).where(User.demo))).scalars().all()
    if there and accounts.there(accounts_file):
        return Seeded.THERE
    words = accounts.new_passwords(members)
    hashed = await accounts.hashes(words, passwords)
    if there:
        await _renew(uow, hashed)
        accounts.write(accounts_file, members, words)
        return Seeded.PASSWORDS_RENEWED
    rng = Random(seed)  # noqa: S311 - believable data, not secrets
    async with uow.write() as session:
        users = await _people(session, rng, members, hashed, now)
        owners = make_owners(rng, now)
        agents = [f"agt-{member.number}" for member in members if member.role == "agent"]
        company = Company(rng=rng, now=now, zone=zone, owners=owners, agents=agents, users=users)
        await _write(session, owners, make_past(company))
        accounts.write(accounts_file, members, words)
    return Seeded.MADE


async def _people(
    session: Session, rng: Random, members: Sequence[Member], hashed: dict[str, str], now: datetime
) -> dict[str, str]:
    ids = {member.login: make_id(rng) for member in members}
    users: list[Row] = [
        {
            "id": ids[member.login],
            "login": member.login,
            "name": member.name,
            "role": member.role,
            "team_id": member.team,
            "language": "zh",
            "password_hash": hashed[member.login],
            "demo": True,
            "disabled": False,
            "created_at": now,
            "version": 1,
        }
        for member in members
    ]
    agents: list[Row] = [
        {"id": f"agt-{member.number}", "user_id": ids[member.login], "number": member.number, "skills": member.skills}
        for member in members
        if member.number
    ]
    await _insert(session, User, users)
    await _insert(session, Agent, agents)
    return {agent["id"]: agent["user_id"] for agent in agents}


async def _write(session: Session, owners: OwnerRows, past: PastRows) -> None:
    for table, rows in (
        (Owner, owners.owners),
        (OwnerPhone, owners.phones),
        (Property, owners.properties),
        (OwnerProperty, owners.owner_properties),
        (Equipment, owners.equipment),
        (OwnerTerm, owners.terms),
        (CallRecord, past.calls),
        (CallParty, past.parties),
        (Ticket, past.tickets),
        (TicketEvent, past.events),
        (TicketDay, list(past.days.values())),
        (Callback, past.callbacks),
    ):
        await _insert(session, table, rows)


async def _insert(session: Session, table: type[Base], rows: list[Row]) -> None:
    await session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]


async def _renew(uow: UnitOfWork, hashed: dict[str, str]) -> None:
    async with uow.write() as session:
        for login, value in hashed.items():
            statement = update(User).where(User.login == login, User.demo).values(password_hash=value)
            await session.execute(statement.execution_options(synchronize_session=False))
