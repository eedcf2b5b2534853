"""Sums and counts of one queue, quarter of an hour and version of options. Only sums are kept, never rates."""

from __future__ import annotations

from dataclasses import dataclass

from routing.metrics.happenings import FlowOut, QueueHappening
from routing.metrics.options import AbandonsWithin, FigureOptions


@dataclass(slots=True)
class Counts:
    """What happened to the entries of one quarter; `within` and `short_abandoned` as the options of its version say."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    flow_out: int = 0
    callbacks: int = 0  # flow-outs that were promised a callback
    within: int = 0
    abandoned_within: int = 0  # short ones not among them
    short_abandoned: int = 0
    sum_wait_s: float = 0.0  # of answered entries

    def end(self, kind: QueueHappening, wait_s: float, options: FigureOptions, to: FlowOut | None) -> None:
        """Count how an entry ended."""
        if kind is QueueHappening.ANSWERED:
            self.answered += 1
            self.sum_wait_s += wait_s
            self.within += wait_s <= options.target_s
        elif kind is QueueHappening.ABANDONED:
            short = wait_s <= options.short_s
            self.abandoned += 1
            self.short_abandoned += short
            self.abandoned_within += not short and wait_s <= options.target_s
        else:
            self.flow_out += 1
            self.callbacks += to is FlowOut.CALLBACK

    def served(self, options: FigureOptions) -> tuple[int, int]:
        """Numerator and denominator of the service level."""
        good = self.within
        of = self.answered + self.abandoned - self.short_abandoned
        if options.flow_outs_count:
            of += self.flow_out
        if options.abandons_within is AbandonsWithin.POSITIVE:
            good += self.abandoned_within
        elif options.abandons_within is AbandonsWithin.IGNORED:
            of -= self.abandoned_within
        return good, of
