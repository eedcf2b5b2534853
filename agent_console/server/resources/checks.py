"""The pre-shift check: its result is kept for support."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from agent_console.server.auth import Who
from agent_console.server.deps import Has
from agent_console.server.errors import ApiError
from agent_console.server.models import Check
from agent_console.server.policy import AT_DESK, allow
from storage.base import new_id

ROUTES = APIRouter(tags=["checks"])
PARTS = ("microphone", "speaker", "ringer", "autoplay", "sip")
FIELDS_AT_MOST = 40
TEXT_AT_MOST = 500


class CheckResult(BaseModel):
    """Each part true or false; what else the page measured is kept as it is, within bounds."""

    model_config = ConfigDict(extra="allow")

    microphone: bool | None = None
    speaker: bool | None = None
    ringer: bool | None = None
    autoplay: bool | None = None
    sip: bool | None = None
    rtt_ms: float | None = Field(None, ge=0, le=600_000)


class CheckStored(BaseModel):
    """`ok`: no part failed."""

    id: str
    ok: bool


@ROUTES.post("/checks", dependencies=allow(AT_DESK))
async def store(result: CheckResult, actor: Who, deps: Has) -> CheckStored:
    """Keep it."""
    said = result.model_dump()
    _check_size(said)
    ok = all(said.get(part) is not False for part in PARTS)
    row = Check(id=new_id(), user_id=actor.user, agent_id=actor.agent or None, at=deps.clock.now(), ok=ok, result=said)
    async with deps.uow.write() as session:
        session.add(row)
    return CheckStored(id=row.id, ok=ok)


def _check_size(said: dict[str, Any]) -> None:
    plain = all(isinstance(value, str | int | float | bool | None) for value in said.values())
    short = all(len(key) <= 40 and len(str(value)) <= TEXT_AT_MOST for key, value in said.items())
    if not plain or not short or len(said) > FIELDS_AT_MOST:
        raise ApiError("invalid_value", field="body")
