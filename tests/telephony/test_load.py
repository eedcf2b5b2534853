"""Many callers at once by SIPp on a real Asterisk, without a core: every one is taken, none is dropped."""

from __future__ import annotations

import pytest

from tests.support import sipp
from tests.support.asterisk import real_asterisk  # noqa: F401 - a fixture

pytestmark = [pytest.mark.telephony, pytest.mark.timeout(120)]


def test_sipp_callers_with_sound_are_all_taken_by_the_emergency_queue(real_asterisk, tmp_path):  # noqa: F811
    server = ("127.0.0.1", real_asterisk.settings.sip_port)
    sound = sipp.write_sound(tmp_path, 600)
    with sipp.callers(tmp_path, server, calls=20, rate=10, talk_ms=1500, sound=sound) as running:
        result = running.wait(40)
        assert (result.calls, result.successful, result.failed) == (20, 20, 0), running.errors
