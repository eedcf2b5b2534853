"""The stage of the telephony contract: the same stories on the fake switch and on a real Asterisk."""

from __future__ import annotations

import pytest

from tests.contract.stage import fake_stage, real_stage
from tests.support.asterisk import real_asterisk

__all__ = ["real_asterisk"]


@pytest.fixture(params=["fake", pytest.param("asterisk", marks=pytest.mark.telephony)])
async def stage(request):
    if request.param == "fake":
        async with fake_stage() as staged:
            yield staged
    else:
        async with real_stage(request.getfixturevalue("real_asterisk")) as staged:
            yield staged
