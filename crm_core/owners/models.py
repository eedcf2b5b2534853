"""Owners and what belongs to them. Names and numbers live in these rows, which can be erased."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, SortKey

# SQLite keeps such a table in its primary key's tree: the look-up on the call path touches one page instead of two.
CLUSTERED: dict[str, bool] = {"sqlite_with_rowid": False}


class Owner(Base):
    """A property owner, and by the same record anybody with an address, equipment or a contract."""

    __tablename__ = "owners"
    __table_args__ = CLUSTERED

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(SortKey, index=True)
    level: Mapped[str] = mapped_column(default="standard")
    district: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration


class OwnerPhone(Base):
    """One number of one owner; the same number may be a row of several owners.

    `e164` is empty when the number could not be normalised; `raw` keeps what was entered. `backwards` is `e164` read
    from its end: people remember last digits, and a suffix search is a prefix search on it.
    """

    __tablename__ = "owner_phones"
    __table_args__ = (
        # The look-up on the call path reads only this index and the owner's row.
        Index("ix_owner_phones_e164_owner_id", "e164", "owner_id", "is_primary"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id", ondelete="CASCADE"), index=True)
    e164: Mapped[str] = mapped_column(SortKey)
    backwards: Mapped[str] = mapped_column(SortKey, index=True)
    raw: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    is_primary: Mapped[bool] = mapped_column(default=False)


class Property(Base):
    """A flat, a house, a parking bay: something with an address."""

    __tablename__ = "properties"
    __table_args__ = CLUSTERED

    id: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    address_key: Mapped[str] = mapped_column(SortKey, index=True)
    district: Mapped[str] = mapped_column(default="")


class OwnerProperty(Base):
    """How an owner stands to a property: owner, tenant, family, contact."""

    __tablename__ = "owner_properties"
    __table_args__ = CLUSTERED

    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True)
    property_id: Mapped[str] = mapped_column(ForeignKey("properties.id"), primary_key=True, index=True)
    relation: Mapped[str] = mapped_column(default="owner")
    since: Mapped[date | None]


class Equipment(Base):
    """A machine or an installation with its warranty; it stands in a property or belongs to the owner alone."""

    __tablename__ = "equipment"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id", ondelete="CASCADE"), index=True)
    property_id: Mapped[str | None] = mapped_column(ForeignKey("properties.id"), index=True)
    name: Mapped[str]
    model: Mapped[str] = mapped_column(default="")
    warranty_until: Mapped[date | None]


class OwnerTerm(Base):
    """Where a search starts: each piece of an owner's name and addresses, so that a range on an index finds it."""

    __tablename__ = "owner_terms"

    term: Mapped[str] = mapped_column(SortKey, primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True, index=True)
