"""A fresh softphone account for a page; the secret is in this answer and nowhere else."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from agent_console.server.auth import Who, address_of, is_loopback
from agent_console.server.deps import Has
from agent_console.server.errors import ApiError
from agent_console.server.policy import AT_DESK, allow
from agent_console.server.resources.schemas import Id, Strict
from storage.base import new_id

ROUTES = APIRouter(tags=["softphone"])
SIP_HOST = "carillon.invalid"  # RFC 7118 clients have no address of their own; Asterisk knows the end point by its name


class Wanted(Strict):
    """`plain`: RTP without encryption, on this machine only (load and tests)."""

    page: Id
    kind: Literal["webrtc", "plain"] = "webrtc"


class Account(BaseModel):
    """What the page registers with."""

    endpoint: str
    secret: str
    uri: str


@ROUTES.post("/softphone", dependencies=allow(AT_DESK))
async def mint(wanted: Wanted, actor: Who, request: Request, deps: Has) -> Account:
    """The old account dies. The page that asks leads from now on: another of the same agent becomes a remote control."""
    if wanted.kind == "plain" and not is_loopback(address_of(request)):
        raise ApiError("not_allowed")
    page = deps.console.pages.get(wanted.page)
    if page is None or page.actor.user != actor.user:
        raise ApiError("no_such_page")
    deps.console.pages.lead(page)
    made = await deps.commands.send(actor, page.id, f"mint-{new_id()}", "softphone.mint", wanted.model_dump())
    if not isinstance(made, dict):
        raise ApiError("internal")
    endpoint = str(made["endpoint"])
    return Account(endpoint=endpoint, secret=str(made["secret"]), uri=f"sip:{endpoint}@{SIP_HOST}")
