"""Queue figures, with the worked example of their definition: 77.8, 70 and 80 %."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.metrics import AbandonsWithin, FigureOptions, FlowOut, QueueFigures, QueueHappening, day_of

ENTERED, ANSWERED, ABANDONED, FLOWED = QueueHappening
T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = (datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def one(figures: QueueFigures, call: str, kind: QueueHappening, wait: float, to: FlowOut | None = None) -> None:
    figures.apply(ENTERED, "repairs", call, T0)
    figures.apply(kind, "repairs", call, after(wait), to=to)


def many(figures: QueueFigures, name: str, count: int, kind: QueueHappening, wait: float, to: FlowOut | None = None) -> None:
    for n in range(count):
        one(figures, f"{name}{n}", kind, wait, to)


@pytest.mark.parametrize(
    ("rule", "level"), [(AbandonsWithin.IGNORED, 0.7778), (AbandonsWithin.NEGATIVE, 0.7), (AbandonsWithin.POSITIVE, 0.8)]
)
def test_seventy_answered_and_ten_abandoned_in_time_of_a_hundred_offered(rule, level):
    figures = QueueFigures({"repairs": FigureOptions(abandons_within=rule)})
    many(figures, "good", 70, ANSWERED, 10)
    many(figures, "left", 10, ABANDONED, 12)
    many(figures, "late", 20, ANSWERED, 60)
    assert figures.figures("repairs", *DAY).service_level == level


def test_a_short_abandon_does_not_count_against_the_service_level():
    figures = QueueFigures()
    many(figures, "good", 9, ANSWERED, 20)
    one(figures, "bad", ANSWERED, 20.1)
    many(figures, "short", 5, ABANDONED, 5)
    found = figures.figures("repairs", *DAY)
    assert (found.service_level, found.abandoned, found.short_abandoned, found.within) == (0.9, 5, 5, 9)


def test_a_flow_out_counts_only_if_the_options_say_so():
    levels = []
    for count in (False, True):
        figures = QueueFigures({"repairs": FigureOptions(flow_outs_count=count)})
        one(figures, "good", ANSWERED, 1)
        one(figures, "moved", FLOWED, 30, FlowOut.OVERFLOW)
        levels.append(figures.figures("repairs", *DAY).service_level)
    assert levels == [1.0, 0.5]


def test_a_promised_callback_leaves_the_abandon_rate():
    figures = QueueFigures()
    one(figures, "a", ABANDONED, 30)
    one(figures, "b", ANSWERED, 30)
    many(figures, "c", 2, FLOWED, 30, FlowOut.CALLBACK)
    found = figures.figures("repairs", *DAY)
    assert (found.abandon_rate, found.flow_out, found.offered) == (0.5, 2, 4)


def test_asa_is_the_mean_wait_of_answered_calls_alone():
    figures = QueueFigures()
    one(figures, "a", ANSWERED, 10)
    one(figures, "b", ANSWERED, 30)
    one(figures, "c", ABANDONED, 500)
    found = figures.figures("repairs", *DAY)
    assert (found.asa_s, found.sum_wait_s) == (20, 40)


def test_a_rate_without_a_denominator_is_none():
    found = QueueFigures().figures("repairs", *DAY)
    assert (found.service_level, found.abandon_rate, found.asa_s, found.longest_since) == (None, None, None, None)


def test_waiting_and_the_longest_wait_are_of_this_moment():
    figures = QueueFigures()
    for n in range(3):
        figures.apply(ENTERED, "repairs", f"c{n}", after(n))
    figures.apply(ANSWERED, "repairs", "c0", after(9))
    found = figures.figures("repairs", *DAY)
    assert (found.waiting, found.longest_since, found.offered) == (2, after(1), 3)


def test_an_entry_told_twice_is_one_entry():
    figures = QueueFigures()
    figures.apply(ENTERED, "repairs", "c", T0)
    figures.apply(ENTERED, "repairs", "c", after(3))
    assert figures.figures("repairs", *DAY).offered == 1


def test_an_end_without_its_entry_stands_for_both():
    figures = QueueFigures()
    figures.apply(ANSWERED, "repairs", "c", T0, wait_s=3600)
    hour_before = figures.figures("repairs", T0 - timedelta(hours=1), T0)
    assert (hour_before.offered, hour_before.answered, hour_before.sum_wait_s) == (1, 1, 3600)


def test_an_end_without_entry_or_wait_waited_nothing():
    figures = QueueFigures()
    figures.apply(ANSWERED, "repairs", "c", T0)
    assert figures.figures("repairs", *DAY).asa_s == 0


def test_a_clock_that_went_back_gives_no_negative_wait():
    figures = QueueFigures()
    one(figures, "c", ANSWERED, -7200)
    assert figures.figures("repairs", *DAY).sum_wait_s == 0


def test_an_entry_belongs_to_the_quarter_it_entered_in():
    figures = QueueFigures()
    figures.apply(ENTERED, "repairs", "c", after(899))
    figures.apply(ABANDONED, "repairs", "c", after(1000))
    first, second = (figures.figures("repairs", after(s), after(s + 900)) for s in (0, 900))
    assert (first.offered, first.abandoned, second.offered, second.abandoned) == (1, 1, 0, 0)


def test_a_requeue_into_another_queue_counts_there():
    figures = QueueFigures()
    one(figures, "c", FLOWED, 5, FlowOut.TRANSFER)
    figures.apply(ENTERED, "complaints", "c", after(5))
    assert [figures.figures(queue, *DAY).offered for queue in ("repairs", "complaints")] == [1, 1]


def test_new_options_leave_what_was_counted_as_it_was():
    figures = QueueFigures()
    one(figures, "a", ANSWERED, 30)
    figures.set_options("repairs", FigureOptions(version=2, target_s=40))
    one(figures, "b", ANSWERED, 30)
    found = figures.figures("repairs", *DAY)
    assert (found.service_level, found.target_s, found.answered) == (0.5, 40, 2)


def test_a_version_of_options_cannot_say_two_things():
    figures = QueueFigures({"repairs": FigureOptions()})
    with pytest.raises(ValueError, match="version 1"):
        figures.set_options("repairs", FigureOptions(target_s=30))


def test_old_quarters_can_be_forgotten():
    figures = QueueFigures()
    one(figures, "a", ANSWERED, 1)
    figures.forget_before(after(900))
    assert figures.figures("repairs", *DAY).offered == 0


def test_the_fields_are_those_of_the_queue_entity():
    figures = QueueFigures()
    figures.apply(ENTERED, "repairs", "c", T0)
    fields = figures.figures("repairs", *DAY).fields()
    assert fields["longest_since"] == "2026-03-02T09:00:00Z"
    assert set(fields) == {
        *("waiting", "longest_since", "offered", "answered", "abandoned", "short_abandoned", "flow_out", "within"),
        *("sum_wait_s", "service_level", "abandon_rate", "asa_s", "target_s"),
    }
    assert QueueFigures().figures("x", *DAY).fields()["longest_since"] is None


def test_a_day_is_the_centres_day():
    since, until = day_of(datetime(2026, 3, 1, 17, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    assert (since, until) == (datetime(2026, 3, 1, 16, tzinfo=UTC), datetime(2026, 3, 2, 16, tzinfo=UTC))


def test_the_day_clocks_go_forward_has_twenty_three_hours():
    since, until = day_of(datetime(2026, 3, 29, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    assert until - since == timedelta(hours=23)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(QueueHappening), st.integers(0, 5000))))
def test_offered_is_always_answered_plus_abandoned_plus_flow_out_plus_waiting(history):
    figures, now = QueueFigures(), 0
    for call, kind, step in history:
        now += step
        figures.apply(kind, "repairs", str(call), after(now))
    found = figures.figures("repairs", T0, after(900 * (now // 900 + 1)))
    assert found.offered == found.answered + found.abandoned + found.flow_out + found.waiting
    assert found.within <= found.answered
    assert found.short_abandoned <= found.abandoned
    assert found.service_level is None or 0 <= found.service_level <= 1
