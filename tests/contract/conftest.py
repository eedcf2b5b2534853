"""The stage of the telephony contract (fake switch and real Asterisk), and an office over HTTP on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.stage import fake_stage, real_stage
from tests.support.asterisk import real_asterisk
from tests.support.office import Desk, Office, office

__all__ = ["real_asterisk"]


@pytest.fixture(params=["fake", pytest.param("asterisk", marks=pytest.mark.telephony)])
async def stage(request):
    if request.param == "fake":
        async with fake_stage() as staged:
            yield staged
    else:
        async with real_stage(request.getfixturevalue("real_asterisk")) as staged:
            yield staged


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def agent(desk: Office) -> Desk:
    return await desk.sign_in("agent1024")
