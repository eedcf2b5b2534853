"""Shapes that several resources share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from agent_console.server.errors import ApiError

# What a person enters: control characters (CR, LF, NUL) are refused, never stripped silently. Notes may have lines.
Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Note = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
WholeNote = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Address = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]

Search = Annotated[Line, Query()]
Cursor = Annotated[str | None, Query(max_length=600, pattern=r"^[A-Za-z0-9_-]+$")]


def filled(field: str, text: str) -> str:
    """`text` without the blanks around it. Raises ApiError `fields_missing`."""
    kept = text.strip()
    if not kept:
        raise ApiError("fields_missing", fields=[field])
    return kept


class Strict(BaseModel):
    """A request's body. Unknown fields are refused: nobody sets a role by sending one (CWE-915)."""

    model_config = ConfigDict(extra="forbid")


class Named(BaseModel):
    """A code with its name in both languages."""

    id: str
    name_zh: str
    name_en: str


class NamedList(BaseModel):
    """All of them: such lists are short."""

    items: list[Named]
    next: str | None = None
