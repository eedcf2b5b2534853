"""Demo accounts: random passwords, kept readable for the newcomer in one file (0600) and hashed in the database."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import orjson

from carillon.seed.staff import Member
from crm_core.people.passwords import Passwords

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that two people read differently
LENGTH = 14


def new_passwords(members: Sequence[Member]) -> dict[str, str]:
    """One for each log-in; from the system's random source, never from the seed."""
    return {member.login: "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for member in members}


async def hashes(words: dict[str, str], passwords: Passwords) -> dict[str, str]:
    """As many at a time as there are cores."""
    found = await asyncio.gather(*(passwords.hash(word) for word in words.values()))
    return dict(zip(words, found, strict=True))


def there(file: Path) -> bool:
    """Whether somebody can still read the passwords."""
    return file.is_file()


def write(file: Path, members: Sequence[Member], passwords: dict[str, str]) -> None:
    """`[{login, password, role}]`, whole or not at all."""
    rows = [{"login": member.login, "password": passwords[member.login], "role": member.role} for member in members]
    beside = file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
