"""Who may work here. An agent (`agents`, in cti/store) is a person at work; a user is the account he logs in with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Team(Base):
    """People led by the same supervisor; rights by team hang on it."""

    __tablename__ = "teams"

    id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]


class User(Base):
    """A log-in account with one of the six roles."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "role IN ('agent','hotline_engineer','coordinator','field_engineer','supervisor','admin')", name="known_role"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"), index=True)
    language: Mapped[str] = mapped_column(default="zh")
    password_hash: Mapped[str]
    demo: Mapped[bool] = mapped_column(default=False)
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration


class AdminSetup(Base):
    """One-time links that make the first administrator. Only a hash is kept; a used row stays as a trace."""

    __tablename__ = "admin_setups"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
