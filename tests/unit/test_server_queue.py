"""A page's outgoing queue, tickets, the guard against guessing: without a server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import orjson
import pytest

from agent_console.server.bucket import Bucket
from agent_console.server.guessing import PER_ACCOUNT, PER_ADDRESS, WINDOW_S, Guessing
from agent_console.server.page_queue import DELTA_AT_MOST, MAX_BYTES, MAX_MESSAGES, PageQueue
from agent_console.server.plays import ONE_PLAY_S, Plays
from agent_console.server.stream_tickets import LIFE_S, OF_A_SESSION, StreamTickets


class HandClock:
    """Moved by the test."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def cut():
    return []


@pytest.fixture
def queue(cut):
    return PageQueue(lambda: cut.append("cut"))


def change(queue, kind: str, entity_id: str, n: int) -> None:
    queue.change(kind, entity_id, orjson.dumps({"kind": kind, "id": entity_id, "value": {"n": n}}))


async def taken(queue) -> list[dict]:
    """Every frame that waits."""
    frames = []
    while queue._items:
        frames.append(orjson.loads(await queue.take()))
    return frames


async def test_changes_that_wait_together_leave_as_one_numbered_delta(queue):
    for n in range(3):
        change(queue, "call", f"c-{n}", n)
    (frame,) = await taken(queue)
    assert (frame["type"], frame["seq"], [one["id"] for one in frame["changes"]]) == ("delta", 1, ["c-0", "c-1", "c-2"])


async def test_the_newest_value_of_an_agent_replaces_the_one_that_waits(queue):
    for n in range(1000):
        change(queue, "agent", "a", n)
        change(queue, "queue", "q", n)
    (frame,) = await taken(queue)
    assert [(one["id"], one["value"]["n"]) for one in frame["changes"]] == [("a", 999), ("q", 999)]


async def test_changes_of_a_call_are_never_merged(queue):
    for n in range(5):
        change(queue, "call", "c", n)
    (frame,) = await taken(queue)
    assert [one["value"]["n"] for one in frame["changes"]] == [0, 1, 2, 3, 4]


async def test_a_value_sent_already_is_not_replaced(queue):
    change(queue, "agent", "a", 1)
    first = orjson.loads(await queue.take())
    change(queue, "agent", "a", 2)
    second = orjson.loads(await queue.take())
    assert [first["seq"], second["seq"]] == [1, 2]


async def test_messages_and_changes_keep_their_order(queue):
    change(queue, "call", "c", 1)
    queue.message(b'{"type":"pop"}')
    change(queue, "call", "c", 2)
    assert [frame["type"] for frame in await taken(queue)] == ["delta", "pop", "delta"]


async def test_a_big_wave_leaves_in_bounded_deltas_without_a_gap(queue):
    for n in range(DELTA_AT_MOST * 2 + 1):
        change(queue, "call", f"c-{n}", n)
    frames = await taken(queue)
    assert [frame["seq"] for frame in frames] == [1, 2, 3]
    assert sum(len(frame["changes"]) for frame in frames) == DELTA_AT_MOST * 2 + 1


async def test_one_beat_at_most_waits(queue):
    for n in range(100):
        queue.beat(b'{"type":"beat","at":%d}' % n)
    assert await taken(queue) == [{"type": "beat", "at": 99}]


async def test_a_thousand_and_one_messages_cut_the_page(queue, cut):
    for _ in range(MAX_MESSAGES):
        queue.message(b"{}")
    assert cut == []
    queue.message(b"{}")
    assert (cut, queue.overflown) == (["cut"], True)


async def test_more_than_a_mebibyte_cuts_the_page_but_one_big_snapshot_passes(queue, cut):
    queue.message(b" " * (MAX_BYTES * 3))
    assert cut == []
    queue.message(b"{}")
    assert cut == ["cut"]


async def test_growing_by_replacement_is_counted_too(queue, cut):
    queue.message(b"{}")
    queue.change("agent", "a", b" " * 10)
    queue.change("agent", "a", b" " * MAX_BYTES)
    queue.message(b"{}")
    assert cut == ["cut"]


async def test_a_new_snapshot_makes_waiting_changes_worthless_and_keeps_messages(queue):
    change(queue, "call", "c", 1)
    queue.message(b'{"type":"pop"}')
    queue.restart(b'{"type":"snapshot"}')
    change(queue, "agent", "a", 2)
    assert [frame["type"] for frame in await taken(queue)] == ["snapshot", "pop", "delta"]


async def test_take_waits_until_something_is_there(queue):
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(queue.take())
        await asyncio.sleep(0)
        assert not waiting.done()
        queue.message(b'{"type":"beat"}')
    assert waiting.result() == b'{"type":"beat"}'


def test_a_ticket_is_taken_once(clock):
    tickets = StreamTickets(clock)
    token = tickets.issue("session", "pg-1", bearer=False)
    assert tickets.take(token).page == "pg-1"
    assert tickets.take(token) is None


def test_a_ticket_dies_after_thirty_seconds(clock):
    tickets = StreamTickets(clock)
    token = tickets.issue("session", "", bearer=False)
    clock.seconds += LIFE_S + 0.1
    assert tickets.take(token) is None


def test_the_twenty_first_live_ticket_of_a_log_in_costs_its_own_oldest(clock):
    tickets = StreamTickets(clock)
    others = tickets.issue("other", "", bearer=False)
    tokens = [tickets.issue("session", "", bearer=False) for _ in range(OF_A_SESSION + 1)]
    assert tickets.take(tokens[0]) is None
    assert all(tickets.take(token) for token in (others, *tokens[1:]))


def test_tickets_that_nobody_takes_are_thrown_away(clock):
    tickets = StreamTickets(clock)
    for n in range(100):
        tickets.issue(f"session-{n}", "", bearer=False)
    clock.seconds += LIFE_S + 0.1
    tickets.issue("session", "", bearer=False)
    assert (len(tickets._tickets), len(tickets._of_session)) == (1, 1)


def test_a_bucket_gives_a_burst_then_so_many_a_second(clock):
    bucket = Bucket(clock, 3, 2.0)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    clock.seconds += 1
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    clock.seconds += 100
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_the_eleventh_failure_within_the_window_waits_and_the_window_passes(clock):
    guessing = Guessing(clock)
    assert [guessing.enter("ann", "10.0.0.1") for _ in range(PER_ACCOUNT)] == [0] * PER_ACCOUNT
    assert guessing.enter("ann", "10.0.0.1") == WINDOW_S
    clock.seconds += WINDOW_S + 1
    assert guessing.enter("ann", "10.0.0.1") == 0


def test_a_stranger_locks_nobody_out(clock):
    guessing = Guessing(clock)
    for _ in range(PER_ACCOUNT + 5):
        guessing.enter("ann", "10.6.6.6")
    assert guessing.enter("ann", "10.0.0.1") == 0


def test_one_address_cannot_try_all_accounts(clock):
    guessing = Guessing(clock)
    waits = [guessing.enter(f"user-{n}", "10.6.6.6") for n in range(PER_ADDRESS + 1)]
    assert waits[-1] > 0
    assert not any(waits[:-1])


def test_a_right_password_forgets_the_failures_before(clock):
    guessing = Guessing(clock)
    for _ in range(PER_ACCOUNT):
        guessing.enter("ann", "10.0.0.1")
    guessing.succeeded("ann", "10.0.0.1")
    assert guessing.enter("ann", "10.0.0.1") == 0


def test_a_burst_of_refusals_is_told_once_in_each_window(clock):
    guessing = Guessing(clock)
    for _ in range(PER_ACCOUNT):
        guessing.enter("ann", "10.6.6.6")
    assert [guessing.newly_refused("ann", "10.6.6.6") for _ in range(3)] == [True, False, False]
    clock.seconds += WINDOW_S
    for _ in range(PER_ACCOUNT):
        guessing.enter("ann", "10.6.6.6")
    assert guessing.newly_refused("ann", "10.6.6.6")


def test_a_full_address_is_told_once_whatever_accounts_it_tries(clock):
    guessing = Guessing(clock)
    for n in range(PER_ADDRESS):
        guessing.enter(f"user-{n}", "10.6.6.6")
    assert [guessing.newly_refused(f"other-{n}", "10.6.6.6") for n in range(3)] == [True, False, False]


def test_many_ranges_of_one_player_are_one_play(clock):
    plays = Plays(clock)
    assert [plays.first("s", "c"), plays.first("s", "c"), plays.first("s", "d"), plays.first("t", "c")] == [
        True,
        False,
        True,
        True,
    ]
    clock.seconds += ONE_PLAY_S
    assert plays.first("s", "c")


async def test_waves_that_wait_are_one_delta(queue):
    for n in range(2):
        queue.wave(orjson.dumps({"kind": "agent", "id": f"agt-{n}", "value": {}}))
    (frame,) = await taken(queue)
    assert [one["id"] for one in frame["changes"]] == ["agt-0", "agt-1"]


async def test_a_new_snapshot_forgets_the_wave_that_waits(queue):
    queue.wave(b"{}")
    queue.restart(b'{"type":"snapshot"}')
    assert [frame["type"] for frame in await taken(queue)] == ["snapshot"]
