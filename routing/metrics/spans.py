"""Spans over which figures are shown."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo


def day_of(now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Start and end, in UTC, of the day that `now` is in where the centre stands (23 or 25 hours when clocks change)."""
    today = now.astimezone(zone).date()
    starts = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (today, today + timedelta(days=1)))
    return next(starts), next(starts)
