"""The note of a ticket: one text that grows by lines. Whoever adds one sends his line alone, so none of another is lost."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from crm_core.actor import Actor
from crm_core.errors import NoteFull
from crm_core.people.models import User
from storage.unit_of_work import Session

MOST = 20_000  # characters


def appended(before: str, line: str) -> str:
    """Raises NoteFull."""
    after = f"{before}\n{line}".strip()
    if len(after) > MOST:
        raise NoteFull(MOST)
    return after


async def signed(session: Session, line: str, actor: Actor, at: datetime, zone: ZoneInfo) -> str:
    """`2026-11-22 14:30 李芳: …`, in the site's time: a note is read by people of both languages."""
    user = await session.get(User, actor.user)
    who = user.name if user is not None else actor.user
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} {who}: {line.strip()}"
