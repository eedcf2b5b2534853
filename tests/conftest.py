"""Fixtures that every tier may use, and two lanes for a complete run.

What runs a switch or a whole instance keeps real time: audio, rings and deadlines of milliseconds. Those tests are one lane, one
after the other. All others are the second lane, beside it and nicer: they use the processor while the first lane waits.
"""

from __future__ import annotations

import os

import pytest

pytest_plugins = ["tests.support.databases"]
IN_REAL_TIME = frozenset({"whole", "real_asterisk", "instance", "running"})
NICE = 10
REST = "rest"
_nice = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        real = item.get_closest_marker("telephony") is not None or not IN_REAL_TIME.isdisjoint(fixtures)
        item.add_marker(pytest.mark.xdist_group("real-time" if real else REST))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A worker has one lane alone (`--dist loadgroup` with two workers), and what it starts is as nice as it."""
    global _nice  # noqa: PLW0603 - of this process
    lane = item.get_closest_marker("xdist_group")
    if "PYTEST_XDIST_WORKER" in os.environ and not _nice and lane is not None and lane.args == (REST,):
        os.nice(NICE)
        _nice = True
