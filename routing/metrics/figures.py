"""Queue figures: a fold of what happened to entries.

An entry's end is counted in the quarter in which it *entered*, so that no quarter answers more than it was offered.
Quarters are UTC; any span of whole quarters (a day in any zone of the world) is a sum of them, never an average.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.metrics.counts import Counts
from routing.metrics.happenings import FlowOut, QueueHappening
from routing.metrics.options import FigureOptions

QUARTER = timedelta(minutes=15)
_Slot = tuple[datetime, int]  # start of the quarter, version of options


@dataclass(frozen=True, slots=True)
class Figures:
    """One queue's figures over a span. A rate without a denominator is None, never 0 or 100 %."""

    waiting: int
    longest_since: datetime | None
    offered: int
    answered: int
    abandoned: int
    short_abandoned: int
    flow_out: int
    within: int
    sum_wait_s: float
    service_level: float | None
    abandon_rate: float | None
    asa_s: float | None
    target_s: float

    def fields(self) -> dict[str, str | int | float | None]:
        """As in the `queue` entity of docs/protocol.md (names, `ready` and `logged_in` are added by who knows them)."""
        fields: dict[str, str | int | float | None] = {name: getattr(self, name) for name in self.__slots__}
        since = self.longest_since
        fields["longest_since"] = since.isoformat().replace("+00:00", "Z") if since else None
        return fields


class QueueFigures:
    """All queues. The caller applies each fact once, in order; a queue without own options has the default ones."""

    def __init__(self, options: Mapping[str, FigureOptions] | None = None) -> None:
        self._options = dict(options or {})
        self._versions: dict[tuple[str, int], FigureOptions] = {(q, o.version): o for q, o in self._options.items()}
        self._counts: dict[str, dict[_Slot, Counts]] = {}
        self._open: dict[str, dict[str, datetime]] = {}  # queue -> call -> entered at

    def set_options(self, queue: str, options: FigureOptions) -> None:
        """From now on; what was counted stays as it was counted."""
        if self._versions.setdefault((queue, options.version), options) != options:
            raise ValueError(f"version {options.version} of the figure options of {queue} says something else already")
        self._options[queue] = options

    def apply(
        self, kind: QueueHappening, queue: str, call: str, at: datetime, wait_s: float | None = None, to: FlowOut | None = None
    ) -> None:
        """An entry or its end. An end whose entry was never told stands for both (`wait_s` says when it entered)."""
        entries = self._open.setdefault(queue, {})
        if kind is QueueHappening.ENTERED:
            if call not in entries:
                entries[call] = at
                self._counts_at(queue, at).offered += 1
            return
        entered = entries.pop(call, None)
        waited = wait_s if wait_s is not None else (at - entered).total_seconds() if entered else 0.0
        if entered is None:
            entered = at - timedelta(seconds=waited)
            self._counts_at(queue, entered).offered += 1
        self._counts_at(queue, entered).end(kind, max(0.0, waited), self.options(queue), to)

    def options(self, queue: str) -> FigureOptions:
        """Those in force."""
        return self._options.get(queue) or FigureOptions()

    def figures(self, queue: str, since: datetime, until: datetime) -> Figures:
        """Of the entries in [since, until), both on a quarter; `waiting` and `longest_since` are of this moment."""
        slots = [(slot, counts) for slot, counts in self._counts.get(queue, {}).items() if since <= slot[0] < until]
        total = _total(counts for _, counts in slots)
        served = [counts.served(self._version(queue, version)) for (_, version), counts in slots]
        entries = self._open.get(queue, {})
        return Figures(
            waiting=len(entries),
            longest_since=min(entries.values(), default=None),
            offered=total.offered,
            answered=total.answered,
            abandoned=total.abandoned,
            short_abandoned=total.short_abandoned,
            flow_out=total.flow_out,
            within=total.within,
            sum_wait_s=round(total.sum_wait_s, 3),
            service_level=_rate(sum(good for good, _ in served), sum(of for _, of in served)),
            abandon_rate=_rate(total.abandoned, total.offered - total.callbacks),
            asa_s=_rate(total.sum_wait_s, total.answered),
            target_s=self.options(queue).target_s,
        )

    def forget_before(self, moment: datetime) -> None:
        """Drop quarters nobody shows any more; the call records still have them."""
        for queue, slots in self._counts.items():
            self._counts[queue] = {slot: counts for slot, counts in slots.items() if slot[0] >= moment}

    def _version(self, queue: str, version: int) -> FigureOptions:
        return self._versions.get((queue, version)) or FigureOptions()

    def _counts_at(self, queue: str, at: datetime) -> Counts:
        quarter = at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
        slot = (quarter, self.options(queue).version)
        return self._counts.setdefault(queue, {}).setdefault(slot, Counts())


def _total(parts: Iterable[Counts]) -> Counts:
    total = Counts()
    for part in parts:
        for name in Counts.__slots__:
            setattr(total, name, getattr(total, name) + getattr(part, name))
    return total


def _rate(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole > 0 else None
