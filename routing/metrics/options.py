"""How a queue's service level is counted. A change is a new version: old sums keep the options they were counted with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AbandonsWithin(StrEnum):
    """What an abandon within the target (but not a short one, which never counts) does to the service level."""

    IGNORED = "ignored"
    NEGATIVE = "negative"
    POSITIVE = "positive"


@dataclass(frozen=True, slots=True)
class FigureOptions:
    """Options of one queue. The default is: answered within 20 s ÷ (answered + abandoned − short abandons)."""

    version: int = 1
    target_s: float = 20.0
    short_s: float = 5.0
    abandons_within: AbandonsWithin = AbandonsWithin.NEGATIVE
    flow_outs_count: bool = False  # True: an entry that flowed out was not served in time
