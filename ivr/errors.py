"""A flow file is wrong: always its author's mistake, told so that he finds the place."""

from __future__ import annotations


class FlowError(ValueError):
    """Names file, node and field ('' where there is none) and says what is wrong."""

    def __init__(self, file: str, node: str, field: str, problem: str) -> None:
        place = [file, *([f"node {node}"] if node else []), *([f"field {field}"] if field else [])]
        super().__init__(f"{', '.join(place)}: {problem}")
        self.file, self.node, self.field, self.problem = file, node, field, problem
