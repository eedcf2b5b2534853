"""What the core that a test plays says of agents and calls."""

from __future__ import annotations

from cti.bus.messages import Change


def agent(name: str, team: str = "t1", **more):
    return {
        "id": f"agt-{name}",
        "user": f"u-{name}",
        "name": name,
        "team": team,
        "state": "AUX",
        "call": None,
        "next": None,
    } | more


def call(call_id: str, **more):
    base = {"id": call_id, "direction": "in", "state": "talking", "from": "+8613800138000", "from_raw": "013800138000"}
    return base | {"from_name": "李雷", "to": "4001", "queue": "repairs", "agent": "", "engineer": "", "consult": None} | more


def publish(api, *changes):
    """As the core does: its state first, then the delta."""
    for kind, entity_id, value in changes:
        if kind == "agent":
            api.core.agents[entity_id] = value
    api.bus.publish_delta([Change(*change) for change in changes])
