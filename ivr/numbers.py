"""Which number dialled (DNIS) means which flow, default queue and region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.errors import FlowError
from ivr.reading import Fields, mapping, read_yaml


@dataclass(frozen=True, slots=True)
class Line:
    """What a number that callers dial stands for. `region` '' is the trunk's own."""

    flow: str
    queue: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Lines by number; `other` for a number nobody wrote down, since a caller must never be lost for that."""

    lines: Mapping[str, Line]
    other: Line

    def line(self, dnis: str) -> Line:
        """Of the number dialled."""
        return self.lines.get(dnis, self.other)


def read_numbers(text: str, file: str) -> Numbers:
    """Raise FlowError that names file, number and field."""
    values = dict(read_yaml(text, file))
    numbers = mapping(values.pop("numbers", {}), file, "", "numbers")
    other = _line("other", values.pop("other", None), file)
    Fields(values, file).finish()
    for number in numbers:
        if not number.lstrip("+").isdigit():
            raise FlowError(file, number, "", "is not a number; give it as it is dialled, in quotes")
    return Numbers({number: _line(number, part, file) for number, part in numbers.items()}, other)


def _line(name: str, part: object, file: str) -> Line:
    fields = Fields(mapping(part, file, name, ""), file, name)
    region = fields.region("region")
    line = Line(fields.text("flow"), fields.text("queue"), region)
    fields.finish()
    return line
