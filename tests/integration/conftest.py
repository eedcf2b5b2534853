"""A running api, for the suites that need nothing special of it."""

from __future__ import annotations

import pytest

from tests.support.live_api import running_api


@pytest.fixture
async def api(tmp_path):
    async with running_api(tmp_path) as live:
        yield live
