"""Finding owners: by name, a piece of an address, the end of a number. Every step is a range on an index.

No LIKE: `%` and `_` are ordinary characters here, and no search reads a whole table.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from crm_core.owners.models import Owner, OwnerPhone, OwnerTerm
from crm_core.owners.terms import AFTER_LAST, digits, words
from storage.cursors import BadCursor, decode, encode
from storage.unit_of_work import Session

TRUNK_PREFIX_FROM = 9  # 0571 8888 8888 is written with a trunk prefix; a short run of digits that starts with 0 is an ending

Place = tuple[str, str, str]  # phase, key, owner: where a page ended


@dataclass(frozen=True, slots=True)
class Ids:
    """Owners in order, and where to go on."""

    owners: list[str]
    next: str | None


async def search(session: Session, query: str, cursor: str | None, limit: int) -> Ids:
    """Numbers first when it looks like one, then names and addresses; everybody by name for an empty search."""
    phases = _phases(query)
    began = last = _place(cursor, phases)
    found: list[str] = []
    for phase in phases[phases.index(began[0]) :]:
        after = began[1:] if phase == began[0] else ("", "")
        for key, owner in await _rows(session, phase, query, after, limit + 1 - len(found)):
            if len(found) == limit:
                return Ids(found, encode(*last))
            last = (phase, key, owner)
            if owner not in found:
                found.append(owner)
    return Ids(found, None)


def _phases(query: str) -> list[str]:
    if not words(query):
        return ["all"]
    return ["number", "term"] if digits(query) else ["term"]


def _place(cursor: str | None, phases: list[str]) -> Place:
    if cursor is None:
        return phases[0], "", ""
    phase, key, owner = decode(cursor, (str, str, str))
    if phase not in phases:
        raise BadCursor("the cursor does not belong to this search")
    return str(phase), str(key), str(owner)


async def _rows(session: Session, phase: str, query: str, after: tuple[str, str], limit: int) -> list[tuple[str, str]]:
    if phase == "all":
        return await _range(session, Owner.name_key, Owner.id, [], after, limit)
    if phase == "number":
        column, start = _number_range(query)
        return await _range(session, column, OwnerPhone.owner_id, _within(column, start), after, limit)
    lead, *others = sorted(words(query), key=len, reverse=True)
    where = _within(OwnerTerm.term, lead)
    for word in others:
        other = aliased(OwnerTerm)
        where.append(exists().where(other.owner_id == OwnerTerm.owner_id, *_within(other.term, word)))
    return await _range(session, OwnerTerm.term, OwnerTerm.owner_id, where, after, limit)


def _number_range(query: str) -> tuple[InstrumentedAttribute[str], str]:
    found = digits(query)
    written = query.strip()
    if written.startswith(("+", "00")):
        return OwnerPhone.e164, "+" + found.removeprefix("00")
    if len(found) >= TRUNK_PREFIX_FROM and found.startswith("0"):
        found = found[1:]
    return OwnerPhone.backwards, found[::-1]


def _within(column: InstrumentedAttribute[str], start: str) -> list[ColumnElement[bool]]:
    return [column >= start, column < start + AFTER_LAST]


async def _range(
    session: Session,
    key: InstrumentedAttribute[str],
    owner: InstrumentedAttribute[str],
    where: list[ColumnElement[bool]],
    after: tuple[str, str],
    limit: int,
) -> list[tuple[str, str]]:
    statement = select(key, owner).where(*where, tuple_(key, owner) > after).order_by(key, owner).limit(limit)
    return [(row[0], row[1]) for row in await session.execute(statement)]
