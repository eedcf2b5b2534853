"""Codes that agents choose from. A code is never reused; one that is no longer offered stays with `active` false."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Disposition(Base):
    """How a conversation ended, chosen in wrap-up."""

    __tablename__ = "dispositions"

    id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class AuxReason(Base):
    """Why an agent is in AUX. `chosen` false: set by the system only."""

    __tablename__ = "aux_reasons"

    id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    chosen: Mapped[bool] = mapped_column(default=True)
