"""A second core that finds what the first one left."""

from __future__ import annotations

from dataclasses import replace

from carillon.core.remembered import remembered
from cti.ami.fake import FakeSwitch
from cti.services.restore import restore
from tests.support.floor import FAST, World


async def second_core(tmp_path, switch: FakeSwitch, names=("ann",), epoch="e2", **changes: float) -> World:
    """A new core on the same state and the same switch; each has an epoch of its own."""
    patient = {"api_away": 5.0}  # a loaded machine opens the pages late
    second = World(tmp_path, replace(FAST, **(patient | changes)), switch=switch, epoch=epoch)
    for name in names:
        second.employ(name)
    second.journal.open()
    facts = await remembered(second.journal)
    second.journal.close()
    restore(second.core, facts)
    return second


def open_pages(second, *names):
    for name in names:
        second.core.pages.opened(second.agent(name), f"page-{name}")
