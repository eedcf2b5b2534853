"""Fixtures that every tier may use, and two lanes for a run on two workers (`-n 2`, as bin/test runs them all).

What runs a switch or a whole instance keeps real time: audio, rings and deadlines of milliseconds. Those tests are one lane, one
after the other. All others are the second lane, beside it and nicer: they use the processor while the first lane waits.
"""

from __future__ import annotations

import ctypes
import os
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

# Beside what the loaded profile says (CI: the same examples each time): a slow machine is no fault of what is tested.
settings.register_profile("carillon", settings(deadline=None, suppress_health_check=[HealthCheck.too_slow]))
settings.load_profile("carillon")

pytest_plugins = ["tests.support.databases"]
REAL_TIME = re.compile(
    r"tests/(telephony/|contract/test_telephony_|integration/test_api_asterisk|browser/test_(day|desk|hotline|supervisor)\b)"
)
NICE = 10
PR_CAPBSET_DROP, CAP_SYS_NICE = 24, 23  # linux/prctl.h, linux/capability.h
_nice = False


def is_in_real_time(nodeid: str) -> bool:
    return REAL_TIME.search(nodeid) is not None


class Lanes(LoadScopeScheduling):
    """A scope is run by one worker alone; there are two of each."""

    def _split_scope(self, nodeid: str) -> str:
        return "real time" if is_in_real_time(nodeid) else "rest"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Lanes(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a worker starts is as nice as itself: Chromium, when it may, makes itself more important than all others."""
    global _nice  # noqa: PLW0603 - of this process
    if "PYTEST_XDIST_WORKER" in os.environ and not _nice and not is_in_real_time(item.nodeid):
        os.nice(NICE)
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_SYS_NICE, 0, 0, 0)  # refused to who is not root: he cannot raise it anyway
        _nice = True
