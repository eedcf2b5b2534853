"""All flows and numbers of the house, checked against each other, its queues and its prompts, before the first call."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ivr.errors import FlowError
from ivr.flow import Flow, read_flow
from ivr.nodes.enqueue import DEFAULT_QUEUE, Enqueue
from ivr.numbers import Line, Numbers, read_numbers
from ivr.state import CallFacts

NUMBERS_FILE = "numbers.yaml"


@dataclass(frozen=True, slots=True)
class Ivr:
    """What to do with a call by the number it dialled."""

    flows: Mapping[str, Flow]
    numbers: Numbers

    def for_number(self, dnis: str) -> tuple[Flow, CallFacts, Line]:
        """The flow to start, what it must know, and the number's line (its region reads the caller's number)."""
        line = self.numbers.line(dnis)
        return self.flows[line.flow], CallFacts(default_queue=line.queue), line


def read_ivr(files: Mapping[str, str], queues: Collection[str], prompts: Collection[str]) -> Ivr:
    """`files`: name → text of every file in a flow folder. Raise FlowError for the first thing that does not fit."""
    if NUMBERS_FILE not in files:
        raise FlowError(NUMBERS_FILE, "", "", "is missing")
    flows: dict[str, Flow] = {}
    for file in sorted(set(files) - {NUMBERS_FILE}):
        flow = read_flow(files[file], file)
        if flow.name in flows:
            raise FlowError(file, "", "flow", f"another file has a flow {flow.name}")
        _check_flow(flow, file, queues, prompts)
        flows[flow.name] = flow
    numbers = read_numbers(files[NUMBERS_FILE], NUMBERS_FILE)
    for name, line in [*numbers.lines.items(), ("other", numbers.other)]:
        _check_line(name, line, flows, queues)
    return Ivr(flows, numbers)


def _check_flow(flow: Flow, file: str, queues: Collection[str], prompts: Collection[str]) -> None:
    for node in flow.nodes.values():
        for prompt in node.prompts_used():
            if prompt.name not in prompts:
                raise FlowError(file, node.name, "", f"there is no prompt {prompt.name}")
        if isinstance(node, Enqueue) and node.queue not in {DEFAULT_QUEUE, *queues}:
            raise FlowError(file, node.name, "enqueue", f"there is no queue {node.queue}")


def _check_line(name: str, line: Line, flows: Mapping[str, Flow], queues: Collection[str]) -> None:
    if line.flow not in flows:
        raise FlowError(NUMBERS_FILE, name, "flow", f"there is no flow {line.flow}")
    if line.queue not in queues:
        raise FlowError(NUMBERS_FILE, name, "queue", f"there is no queue {line.queue}")
