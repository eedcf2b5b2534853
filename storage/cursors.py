"""Opaque cursors: the sort key of the last row that was given, so that new rows never shift a page."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import orjson

PAGE = 50
MAX_PAGE = 200
MAX_CURSOR = 512

Item = TypeVar("Item")
Key = str | int | float | None


class BadCursor(ValueError):
    """The caller sent something that no page of ours gave him."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items and where to go on; `next` is None at the end."""

    items: list[Item]
    next: str | None


def encode(*keys: Key) -> str:
    """Pack the sort keys of the last row."""
    return urlsafe_b64encode(orjson.dumps(keys)).decode().rstrip("=")


def decode(cursor: str, kinds: tuple[type, ...]) -> tuple[Key, ...]:
    """Unpack and check the shape. Raises BadCursor."""
    if len(cursor) > MAX_CURSOR:
        raise BadCursor("the cursor is too long")
    try:
        keys = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (Base64Error, ValueError) as error:
        raise BadCursor("the cursor cannot be read") from error
    if not isinstance(keys, list) or len(keys) != len(kinds):
        raise BadCursor("the cursor does not belong to this list")
    if not all(isinstance(key, kind) for key, kind in zip(keys, kinds, strict=True)):
        raise BadCursor("the cursor does not belong to this list")
    return tuple(keys)


def decode_time(key: Key) -> datetime:
    """A time that `isoformat` made an entry of a cursor. Raises BadCursor."""
    try:
        moment = datetime.fromisoformat(str(key))
    except ValueError as error:
        raise BadCursor("the cursor cannot be read") from error
    if moment.tzinfo is None:
        raise BadCursor("the cursor cannot be read")
    return moment
