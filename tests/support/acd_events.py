"""What happens to an ACD in a test, in few words."""

from __future__ import annotations

from routing.acd import Acd
from routing.model.decisions import Offer
from routing.model.events import AgentReady, CallOfferable, CallWaiting, Event

ZH = {"repairs": 3, "zh": 5}
BOTH = {"repairs": 1, "enquiries": 2, "zh": 5, "en": 3}


def run(acd: Acd, *events: Event, now: float = 100.0) -> list[Offer]:
    return [offer for event in events for offer in acd.apply(event, now)]


def pairs(offers: list[Offer]) -> list[tuple[str, str]]:
    return [(offer.call, offer.agent) for offer in offers]


def waiting(call: str, entered: float = 0.0, *, queue: str = "repairs", language: str = "zh", **more) -> CallWaiting:
    return CallWaiting(call, queue, frozenset({queue, language}), entered, **more)


def offerable(acd: Acd, call: str, entered: float = 0.0, now: float = 100.0, **more) -> list[Offer]:
    return run(acd, waiting(call, entered, **more), CallOfferable(call), now=now)


def ready(agent: str, since: float = 0.0, skills: dict[str, int] | None = None) -> AgentReady:
    return AgentReady(agent, skills or ZH, since)
