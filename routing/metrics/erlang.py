"""Erlang C: what a queue without abandons must do. For staffing advice, and the judge of the simulation."""

from __future__ import annotations


def waiting_probability(agents: int, erlangs: float) -> float:
    """That a caller must wait. From 1 on the load is more than the agents can carry: everybody waits."""
    if erlangs >= agents:
        return 1.0
    blocked = 1.0  # Erlang B by its recursion, which neither overflows nor cancels
    for n in range(1, agents + 1):
        blocked = erlangs * blocked / (n + erlangs * blocked)
    return blocked / (1 - erlangs / agents * (1 - blocked))


def mean_wait_s(agents: int, calls_per_s: float, handling_s: float) -> float:
    """ASA, those who do not wait included; infinite when the load is too much."""
    erlangs = calls_per_s * handling_s
    if erlangs >= agents:
        return float("inf")
    return waiting_probability(agents, erlangs) * handling_s / (agents - erlangs)
