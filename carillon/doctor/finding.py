"""What a check found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """An error means that no call can be taken now; a warning changes nothing."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` and `params` are stable; `carillon.doctor.words` makes the sentence."""

    check: str
    level: Level
    code: str = "fine"
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.level is not Level.ERROR


def fine(check: str, **params: str) -> Finding:
    """Nothing to mend."""
    return Finding(check, Level.OK, "fine", params)


def warning(check: str, code: str, **params: str) -> Finding:
    """Good to know."""
    return Finding(check, Level.WARNING, code, params)


def error(check: str, code: str, **params: str) -> Finding:
    """Stands in the way of every call."""
    return Finding(check, Level.ERROR, code, params)
