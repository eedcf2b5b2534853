"""The hub between the bus and the pages: holds what the core said last, shows each page its part, sends what is for it.

A change is encoded once for each shape it is shown in, however many pages there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson

from agent_console.server.pages import Page, Pages
from agent_console.server.view import Entity, House, Shape, parties, shape, shown
from agent_console.server.waves import Waves
from crm_core.people.service import Role
from cti.bus.messages import ENTITY_KINDS, Change, Delta, JsonObject, LivePage, Snapshot
from cti.ports.clock import Clock
from storage.base import iso

SEE_CALLS = (Role.SUPERVISOR, Role.COORDINATOR, Role.HOTLINE_ENGINEER)  # who may see calls of others


class Console:
    """A CoreListener. All methods run on the loop and never wait."""

    def __init__(self, clock: Clock, pages: Pages) -> None:
        self._clock, self.pages = clock, pages
        self.house = House()
        self.core_up = False
        self.core_since = clock.now()
        self._waves = Waves(pages, self.house, _change)
        self._viewers: dict[str, set[str]] = {}  # call -> pages that were shown it
        self.on_core_up: list[Callable[[], None]] = []

    # ---- what the bus says ------------------------------------------------------------------------------------------

    def live_pages(self) -> Sequence[LivePage]:
        """The leading ones."""
        return self.pages.live()

    def on_core(self, up: bool) -> None:
        """Every page learns of it at once."""
        self.core_up, self.core_since = up, self._clock.now()
        self._to_all({"type": "core", "up": up, "since": iso(self.core_since)})
        if up:
            for listener in self.on_core_up:
                listener()

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """A core (again): every page gets a snapshot of its own."""
        self.house.entities = {
            kind: {str(value["id"]): value for value in snapshot.entities.get(kind, ())} for kind in ENTITY_KINDS
        }
        self._waves.forget()
        self._viewers.clear()
        for page in self.pages:
            page.queue.restart(self.snapshot_for(page))

    def on_delta(self, delta: Delta) -> None:
        """Apply, then show each page what it may see of it."""
        for change in delta.changes:
            self._apply(change)

    def on_page_message(self, page: str, message: JsonObject) -> None:
        """The pop, a probe: to that page alone."""
        found = self.pages.get(page)
        if found is not None:
            found.send(message)

    # ---- what pages get ---------------------------------------------------------------------------------------------

    def snapshot_for(self, page: Page) -> bytes:
        """All a page may see, numbered where its deltas go on."""
        entities: dict[str, list[Entity]] = {}
        page.shown.clear()
        for kind in ENTITY_KINDS:
            values = [(value, shape(page.actor, kind, value, self.house)) for value in self.house.of(kind).values()]
            entities[kind] = [shown(value, how) for value, how in values if how is not Shape.NONE]
        page.wave = self._waves.number
        page.shown.update(str(call["id"]) for call in entities["call"])
        for call in page.shown:
            self._viewers.setdefault(call, set()).add(page.id)
        message = {"type": "snapshot", "seq": page.queue.seq, "page": page.id, "core": self.core_up, "entities": entities}
        return orjson.dumps(message)

    def to_agent(self, agent: str, message: Mapping[str, Any]) -> bool:
        """To the agent's pages (a callback that is due); False when he has none open here."""
        pages = self.pages.of_agent(agent)
        for page in pages:
            page.send(message)
        return bool(pages)

    def hint(self, resource: str, row: str) -> None:
        """A row changed: pages that show it ask again. Carries an id only; rights are checked when they ask.

        A callback that came up on a page leaves it, and comes up again if it is still open and due.
        """
        if resource == "callbacks":
            for page in self.pages:
                page.told = {promise for promise in page.told if promise[0] != row}
        self._to_all({"type": "hint", "resource": resource, "id": row})

    def beat(self) -> None:
        """Once a second: the server's time to all pages, and who is silent."""
        body = orjson.dumps({"type": "beat", "at": iso(self._clock.now())})
        for page in self.pages:
            page.queue.beat(body)
        self.pages.find_silent()

    def _to_all(self, message: Mapping[str, Any]) -> None:
        body = orjson.dumps(message)
        for page in self.pages:
            page.queue.message(body)

    # ---- one change -------------------------------------------------------------------------------------------------

    def _apply(self, change: Change) -> None:
        values = self.house.of(change.kind)
        before = values.get(change.id)
        if change.value is None:
            values.pop(change.id, None)
            self._tell_gone(change)
            return
        values[change.id] = change.value
        if change.kind == "call":
            self._tell("call", change.id, change.value, self._who_may_see(change.value))
        elif change.kind == "agent":
            self._tell("agent", change.id, change.value, self.pages.of_agent(change.id))
            self._waves.put("agent", change.id)
            self._own_call_moved(change.id, before, change.value)
        elif change.kind == "queue":
            self._waves.put("queue", change.id)
        else:
            self._tell(change.kind, change.id, change.value, self.pages)

    def _who_may_see(self, call: Entity) -> Iterable[Page]:
        """Those whom the call concerns, who see calls of others, or were shown this one; `shape` decides."""
        found = {page.id: page for page in self.pages.of_roles(SEE_CALLS)}
        for agent in parties(call):
            found.update((page.id, page) for page in self.pages.of_agent(agent))
        for page_id in self._viewers.get(str(call["id"]), ()):
            page = self.pages.get(page_id)
            if page is not None:
                found[page_id] = page
        return found.values()

    def _own_call_moved(self, agent: str, before: Entity | None, after: Entity) -> None:
        """An agent's pages see the call he is bound to: look again at the one he left and the one he got."""
        for call_id in {(before or {}).get("call"), after.get("call")}:
            call = self.house.of("call").get(str(call_id or ""))
            if call is not None and agent not in parties(call):
                self._tell("call", str(call["id"]), call, self.pages.of_agent(agent))

    def _tell_gone(self, change: Change) -> None:
        body = _change(change.kind, change.id, None)
        self._viewers.pop(change.id, None)
        self._waves.gone(change.kind, change.id)
        for page in self.pages:
            if change.kind != "call" or change.id in page.shown:
                page.shown.discard(change.id)
                page.queue.change(change.kind, change.id, body)

    def _tell(self, kind: str, entity_id: str, value: Entity, pages: Iterable[Page]) -> None:
        bodies: dict[Shape, bytes] = {}
        for page in pages:
            how = shape(page.actor, kind, value, self.house)
            if how is Shape.NONE and (kind != "call" or entity_id not in page.shown):
                continue
            if how not in bodies:
                bodies[how] = _change(kind, entity_id, None if how is Shape.NONE else shown(value, how))
            if kind == "call":
                self._note(page, entity_id, is_shown=how is not Shape.NONE)
            page.queue.change(kind, entity_id, bodies[how])

    def _note(self, page: Page, call: str, *, is_shown: bool) -> None:
        viewers = self._viewers.setdefault(call, set())
        if is_shown:
            page.shown.add(call)
            viewers.add(page.id)
        else:
            page.shown.discard(call)
            viewers.discard(page.id)


def _change(kind: str, entity_id: str, value: object) -> bytes:
    return orjson.dumps({"kind": kind, "id": entity_id, "value": value})
