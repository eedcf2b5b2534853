"""A flow: what a caller hears before he is in a queue. Read from text and checked as a whole before any call uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.node import Node
from ivr.nodes import KINDS
from ivr.reading import Fields, mapping, read_yaml


@dataclass(frozen=True, slots=True)
class Flow:
    """Every node named in it exists, and every node can be reached."""

    name: str
    language: str
    start: str
    nodes: Mapping[str, Node]


def read_flow(text: str, file: str) -> Flow:
    """Raise FlowError that names file, node and field."""
    values = dict(read_yaml(text, file))
    parts = mapping(values.pop("nodes", None), file, "", "nodes")
    head = Fields(values, file)
    nodes = {name: _read_node(name, mapping(part, file, name, ""), file) for name, part in parts.items()}
    flow = Flow(head.text("flow"), head.language("language"), head.text("start"), nodes)
    head.finish()
    if flow.start not in nodes:
        raise head.refuse("start", f"there is no node {flow.start}")
    _check_ways(flow, file)
    return flow


def _read_node(name: str, values: Mapping[str, object], file: str) -> Node:
    fields = Fields(values, file, name)
    kinds = [kind for kind in KINDS if kind in values]
    if len(kinds) != 1:
        raise fields.refuse("", f"must have exactly one of the fields {', '.join(KINDS)}")
    node = KINDS[kinds[0]](name, fields)
    fields.finish()
    return node


def _check_ways(flow: Flow, file: str) -> None:
    reached, ahead = set[str](), [flow.start]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += _exits(flow, name, file)
    lost = sorted(set(flow.nodes) - reached)
    if lost:
        raise Fields({}, file, lost[0]).refuse("", "no way leads to this node")


def _exits(flow: Flow, name: str, file: str) -> tuple[str, ...]:
    exits = flow.nodes[name].exits()
    for to in exits:
        if to not in flow.nodes:
            raise Fields({}, file, name).refuse("", f"leads to {to}, and there is no such node")
    return exits
