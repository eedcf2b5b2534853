"""Password hashes: argon2id at OWASP's floor. The only place that imports argon2.

Hashing takes memory and a core for some 50 ms: it runs in threads, as many at a time as there are cores, so that a herd of
log-ins neither stops the loop nor takes gigabytes.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

MEMORY_KIB = 47_104
MIN_LENGTH = 8
MAX_LENGTH = 128

# Words that an attacker tries first here; the long public lists come with the user's own word list file later.
COMMON = (
    "password",
    "12345678",
    "123456789",
    "1234567890",
    "qwertyui",
    "iloveyou",
    "carillon",
    "callcentre",
    "callcenter",
    "hotline1",
)


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether the password is right; `rehash` is a new hash to store when the old one is below today's cost."""

    ok: bool
    rehash: str | None = None


class WeakPassword(ValueError):
    """`code` says why: too_short, too_long, common."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_strength(password: str, *, login: str) -> None:
    """No composition rules, no trimming: long enough, not absurdly long, not guessed first. Raises WeakPassword."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword("too_short")
    if len(password) > MAX_LENGTH:
        raise WeakPassword("too_long")
    folded = password.casefold()
    if folded in COMMON or folded == login.casefold() or len(set(folded)) < 3:
        raise WeakPassword("common")


class Passwords:
    """Makes and checks hashes."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, at_once: int = 0) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=memory_kib, parallelism=1, type=Type.ID)
        self._slots = asyncio.Semaphore(at_once or os.cpu_count() or 1)
        self._dummy: str | None = None

    async def hash(self, password: str) -> str:
        """A new hash with its own salt."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, stored: str, password: str) -> Verified:
        """Compare; a hash made at a lower cost comes back renewed."""
        async with self._slots:
            ok = await asyncio.to_thread(self._matches, stored, password)
        if not ok:
            return Verified(ok=False)
        if self._hasher.check_needs_rehash(stored):
            return Verified(ok=True, rehash=await self.hash(password))
        return Verified(ok=True)

    async def verify_nobody(self, password: str) -> Verified:
        """Spend the same time for a log-in that does not exist, so that the answer's time tells nothing."""
        if self._dummy is None:
            self._dummy = await self.hash("nobody has this password")
        await self.verify(self._dummy, password)
        return Verified(ok=False)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
