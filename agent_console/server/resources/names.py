"""Queues, AUX reasons and dispositions with their names."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select

from agent_console.server.deps import Has
from agent_console.server.policy import ANY, allow
from agent_console.server.resources.schemas import Named, NamedList
from crm_core.dispositions.service import CodeView, ReasonView
from cti.store.models import Queue

ROUTES = APIRouter(tags=["names"])


class ReasonList(BaseModel):
    """`chosen` false: a page names it and never offers it."""

    items: list[ReasonView]
    next: str | None = None


@ROUTES.get("/queues", dependencies=allow(ANY))
async def queues(deps: Has) -> NamedList:
    """By id."""
    async with deps.uow.read() as session:
        rows = (await session.execute(select(Queue).order_by(Queue.id))).scalars()
        return NamedList(items=[Named(id=row.id, name_zh=row.name_zh, name_en=row.name_en) for row in rows])


@ROUTES.get("/aux-reasons", dependencies=allow(ANY))
async def aux_reasons(deps: Has) -> ReasonList:
    """Those that agents choose first."""
    return ReasonList(items=await deps.codes.aux_reasons())


@ROUTES.get("/dispositions", dependencies=allow(ANY))
async def dispositions(deps: Has) -> NamedList:
    """What an agent may choose in wrap-up."""
    return _named(await deps.codes.dispositions())


def _named(codes: Iterable[CodeView]) -> NamedList:
    return NamedList(items=[Named(id=code.id, name_zh=code.name_zh, name_en=code.name_en) for code in codes])
