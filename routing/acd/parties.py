"""Agent and call as the ACD remembers them. Stamp 0 means: in no index (not idle, not to be offered)."""

from __future__ import annotations

from collections.abc import Mapping

from routing.model.events import CallWaiting, Seconds

# -priority, 0 for a returned caller else 1, entered_at, order of arrival here, call
PlaceKey = tuple[int, int, Seconds, int, str]


class Agent:
    """`ready` is what the service says; he is idle, and then stamped, when ready and without an open offer."""

    __slots__ = ("id", "idle_since", "offer", "ready", "skill_set", "skills", "stamp")

    def __init__(self, agent: str) -> None:
        self.id = agent
        self.skills: Mapping[str, int] = {}
        self.skill_set: frozenset[str] = frozenset()
        self.idle_since: Seconds = 0.0
        self.ready = False
        self.offer = ""
        self.stamp = 0


class QueuedCall:
    """A call in its queue, with its place and what stands between it and an offer."""

    __slots__ = (
        "entered_at",
        "first",
        "id",
        "key",
        "need",
        "offer",
        "offerable",
        "preferred",
        "priority",
        "queue",
        "stamp",
        "until",
    )

    def __init__(self, event: CallWaiting, arrival: int) -> None:
        self.id = event.call
        self.queue = event.queue
        self.need = event.skills
        self.priority = event.priority
        self.first = event.first
        self.entered_at = event.entered_at
        self.preferred = event.preferred_agent
        self.until = event.preferred_until
        self.key: PlaceKey = (-event.priority, 0 if event.first else 1, event.entered_at, arrival, event.call)
        self.offerable = False
        self.offer = ""
        self.stamp = 0
