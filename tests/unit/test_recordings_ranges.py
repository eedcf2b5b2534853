"""One byte range, as RFC 9110 section 14 has it; anything more is refused unread."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.ranges import Unsatisfiable, parse_range


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-", 0, 999),
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=990-5000", 990, 999),
        ("bytes=999-", 999, 999),
        ("bytes=-1", 999, 999),
        ("bytes=-100", 900, 999),
        ("bytes=-5000", 0, 999),
        (" bytes=0-1 ", 0, 1),
    ],
)
def test_a_range_is_read(header, first, last):
    found = parse_range(header, 1000)
    assert (found.first, found.last) == (first, last)
    assert found.length == last - first + 1
    assert found.content_range(1000) == f"bytes {first}-{last}/1000"


@pytest.mark.parametrize("header", [None, "", "items=0-5", "seconds=1-2"])
def test_no_range_or_a_strange_unit_means_all(header):
    assert parse_range(header, 1000) is None


@pytest.mark.parametrize(
    "header",
    [
        "bytes=1000-",
        "bytes=5-2",
        "bytes=-0",
        "bytes=-",
        "bytes=",
        "bytes",
        "bytes=a-b",
        "bytes=0-1,2-3",
        "bytes=0-1,",
        "bytes=--1",
        "bytes=1",
        "bytes=٣-٤",
        "bytes=0-" + "9" * 19,
        "bytes=0x1-5",
    ],
)
def test_what_cannot_be_served_is_416(header):
    with pytest.raises(Unsatisfiable):
        parse_range(header, 1000)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-1", "bytes=0-0"])
def test_an_empty_recording_has_no_range(header):
    with pytest.raises(Unsatisfiable):
        parse_range(header, 0)


def test_ten_thousand_ranges_are_refused_within_fifty_milliseconds():
    header = "bytes=" + ",".join(f"{n}-{n}" for n in range(10_000))
    started = time.process_time()
    for _ in range(100):
        with pytest.raises(Unsatisfiable):
            parse_range(header, 1_000_000)
    assert time.process_time() - started < 5  # a hundred of them


@given(st.text(max_size=100), st.integers(0, 10_000))
def test_any_header_is_answered(header, size):
    try:
        found = parse_range(header, size)
    except Unsatisfiable:
        return
    assert found is None or 0 <= found.first <= found.last < size
