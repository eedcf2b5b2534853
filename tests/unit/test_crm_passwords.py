"""Passwords: what is stored, what is accepted, what it costs."""

from __future__ import annotations

import asyncio

import pytest
from argon2 import extract_parameters

from crm_core.people.passwords import MAX_LENGTH, Passwords, WeakPassword, check_strength

CHEAP = 64


async def test_the_stored_hash_is_argon2id_at_the_floor_of_owasp():
    found = extract_parameters(await Passwords().hash("a long enough one"))
    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 47104, 1, 1)


async def test_the_right_password_is_right_and_every_other_wrong():
    passwords = Passwords(memory_kib=CHEAP)
    stored = await passwords.hash("Пароль 密码 🔑 " * 8)
    assert (await passwords.verify(stored, "Пароль 密码 🔑 " * 8)).ok
    assert not (await passwords.verify(stored, ("Пароль 密码 🔑 " * 8).strip())).ok


async def test_a_hash_of_a_lower_cost_is_renewed_at_log_in():
    old = await Passwords(memory_kib=CHEAP).hash("a long enough one")
    passwords = Passwords()
    verified = await passwords.verify(old, "a long enough one")
    assert verified.rehash is not None
    assert await passwords.verify(verified.rehash, "a long enough one") == type(verified)(ok=True)


async def test_a_wrong_password_renews_nothing():
    old = await Passwords(memory_kib=CHEAP).hash("a long enough one")
    assert (await Passwords().verify(old, "another one")).rehash is None


@pytest.mark.parametrize("stored", ["", "-", "plain text", "$argon2id$broken"])
async def test_what_is_no_hash_lets_nobody_in(stored: str):
    assert not (await Passwords(memory_kib=CHEAP).verify(stored, stored)).ok


async def test_an_unknown_log_in_is_refused_after_a_real_comparison():
    passwords = Passwords(memory_kib=CHEAP)
    assert not (await passwords.verify_nobody("nobody has this password")).ok


async def test_the_loop_goes_on_while_hashes_are_made():
    passwords, beats = Passwords(at_once=1), 0
    making = asyncio.gather(*(passwords.hash("a long enough one") for _ in range(4)))
    while not making.done():
        await asyncio.sleep(0.001)
        beats += 1
    await making
    assert beats > 2  # it would be one


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too_short"),
        ("x" * (MAX_LENGTH + 1), "too_long"),
        ("Password", "common"),
        ("aaaaaaaa", "common"),
        ("Agent1024", "common"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, code: str):
    with pytest.raises(WeakPassword) as refused:
        check_strength(password, login="agent1024")
    assert refused.value.code == code


@pytest.mark.parametrize("password", ["correct horse battery", "密码密码密码密码安全", "12345678 is not this"])
def test_no_rule_of_composition_is_asked(password: str):
    check_strength(password, login="agent1024")
