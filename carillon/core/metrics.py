"""Prometheus metrics of the core, on loopback. Figures are read from the core when asked for; nothing is counted twice."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cti.calls.facts import Fact
from cti.services.core import Core
from cti.services.state import Call
from cti.store.projector import Projector


class CoreCollector(Collector):
    """Agents by state, calls by state, facts by kind, what waits for the business database."""

    def __init__(self, core: Core, projector: Projector) -> None:
        self._core, self._projector = core, projector
        self._facts: dict[str, int] = {}
        core.house.recorder.listeners.append(self._count)

    def _count(self, fact: Fact, _call: Call | None) -> None:
        self._facts[fact.kind.value] = self._facts.get(fact.kind.value, 0) + 1

    def collect(self) -> Iterator[Metric]:
        """Called by the exporter's thread: reads copies only."""
        floor = self._core.house.floor
        yield _gauge("carillon_agents", "Agents by state.", [agent.state.value for agent in list(floor.agents.values())])
        yield _gauge("carillon_calls", "Calls on the floor by state.", [call.state.value for call in list(floor.calls.values())])
        facts = CounterMetricFamily("carillon_facts", "Facts by kind since the start.", labels=["kind"])
        for kind, count in list(self._facts.items()):
            facts.add_metric([kind], count)
        yield facts
        yield GaugeMetricFamily("carillon_switch_up", "1: the switch is connected.", value=float(self._core.board.switch_up))
        yield GaugeMetricFamily("carillon_facts_waiting", "Facts not yet in the business database.", value=self._projector.behind)


def _gauge(name: str, text: str, states: list[str]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=["state"])
    for state in sorted(set(states)):
        family.add_metric([state], states.count(state))
    return family


@contextlib.contextmanager
def exported(core: Core, projector: Projector, port: int) -> Iterator[WSGIServer]:
    """Serve them until the block ends. Raises OSError when the port is taken."""
    registry = CollectorRegistry()
    registry.register(CoreCollector(core, projector))
    server, thread = start_http_server(port, addr="127.0.0.1", registry=registry)
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=2)
