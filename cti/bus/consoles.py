"""The services' port `Consoles` on a bus."""

from __future__ import annotations

from collections.abc import Sequence

from cti.bus.messages import Change
from cti.bus.port import BusServer
from cti.ports.consoles import Entity


class BusConsoles:
    """What the services publish goes to every api; a page's message to the api that has the page."""

    def __init__(self, bus: BusServer) -> None:
        self._bus = bus

    def publish(self, changes: Sequence[tuple[str, str, Entity | None]]) -> None:
        """One delta."""
        self._bus.publish_delta([Change(kind, entity_id, value) for kind, entity_id, value in changes])

    def send_page(self, page: str, message: Entity) -> None:
        """A page that no api has gets nothing: its missing acknowledgement says the rest."""
        self._bus.send_page(page, message)
