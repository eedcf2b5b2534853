"""Lists of codes for pages, and the check of a code that a page sends."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from crm_core.dispositions.codes import AUX_REASONS, DISPOSITIONS
from crm_core.dispositions.models import AuxReason, Disposition
from crm_core.errors import InvalidValue
from storage.unit_of_work import Session, UnitOfWork
from storage.upsert import insert_for


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code with its name in both languages."""

    id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ReasonView(CodeView):
    """`chosen` false: set by the core only, never offered."""

    chosen: bool


class Codes:
    """Dispositions and AUX reasons."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def dispositions(self) -> list[CodeView]:
        """What an agent may choose in wrap-up."""
        statement = select(Disposition).where(Disposition.active).order_by(Disposition.position)
        async with self._uow.read() as session:
            return [CodeView(row.id, row.name_zh, row.name_en) for row in (await session.execute(statement)).scalars()]

    async def aux_reasons(self) -> list[ReasonView]:
        """Every reason a page may have to name, those that agents choose first."""
        statement = select(AuxReason).where(AuxReason.active).order_by(AuxReason.position)
        async with self._uow.read() as session:
            rows = (await session.execute(statement)).scalars()
            return [ReasonView(row.id, row.name_zh, row.name_en, row.chosen) for row in rows]

    async def check_disposition(self, session: Session, code: str) -> None:
        """Raises InvalidValue."""
        row = await session.get(Disposition, code)
        if row is None or not row.active:
            raise InvalidValue("disposition", "unknown")


async def install(session: Session) -> None:
    """Put the first codes in; what is there already stays as it was changed."""
    dispositions = [
        {"id": code, "name_zh": zh, "name_en": en, "position": place, "active": True}
        for place, (code, zh, en) in enumerate(DISPOSITIONS)
    ]
    reasons = [
        {"id": code, "name_zh": zh, "name_en": en, "position": place, "active": True, "chosen": chosen}
        for place, (code, zh, en, chosen) in enumerate(AUX_REASONS)
    ]
    await session.execute(insert_for(session, Disposition).values(dispositions).on_conflict_do_nothing())
    await session.execute(insert_for(session, AuxReason).values(reasons).on_conflict_do_nothing())
