"""Who gets which call: the longest idle READY agent with the needed skills, priority, then first come."""

from routing.acd.engine import Acd

__all__ = ["Acd"]
