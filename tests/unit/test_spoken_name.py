"""What Asterisk hands over of a display name, and what its sender meant."""

from __future__ import annotations

import pytest

from carillon.softphone.sip import name_addr
from cti.calls.visible import spoken_name


@pytest.mark.parametrize("name", ['O"Neil', "back\\slash", "王小明", "plain", "\\\\", 'a\\"b', ""])
def test_a_name_is_read_as_it_was_meant(name):
    inside = name_addr(name, "sip:a@b").removesuffix("<sip:a@b>").strip().removeprefix('"').removesuffix('"')
    assert spoken_name(inside) == name
