"""The fact journal's tables, and a fact as a row of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from cti.calls.facts import Fact, FactKind

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, kind TEXT NOT NULL,
  call TEXT, agent TEXT, data BLOB NOT NULL, v INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS facts_call ON facts (call);
CREATE TABLE IF NOT EXISTS open_calls (call TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
COLUMNS = "seq, id, at, kind, call, agent, data, v"
_ENDS = (FactKind.CALL_ENDED, FactKind.CALL_REBUILT)
_BEGINS = (FactKind.CALL_ARRIVED, FactKind.CALL_DIALLED)


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A fact with its place in the journal."""

    seq: int
    fact: Fact


def fact_of(row: Sequence[object]) -> StoredFact:
    """Of a row that was selected with COLUMNS."""
    seq, fact_id, at, kind, call, agent, data, v = row
    assert isinstance(seq, int)  # noqa: S101  (the schema says so)
    fact = Fact(
        id=str(fact_id),
        at=datetime.fromisoformat(str(at)),
        kind=FactKind(str(kind)),
        call=None if call is None else str(call),
        agent=None if agent is None else str(agent),
        data=orjson.loads(data if isinstance(data, bytes) else str(data)),
        v=int(str(v)),
    )
    return StoredFact(seq, fact)


def insert(db: sqlite3.Connection, facts: Sequence[Fact]) -> None:
    """Facts in order, those that are there already passed over; which calls are open follows."""
    db.executemany(
        "INSERT OR IGNORE INTO facts (id, at, kind, call, agent, data, v) VALUES (?, ?, ?, ?, ?, ?, ?)", map(_row, facts)
    )
    begun = [(fact.call,) for fact in facts if fact.call and fact.kind in _BEGINS]
    ended = [(fact.call,) for fact in facts if fact.call and fact.kind in _ENDS]
    if begun:
        db.executemany("INSERT OR IGNORE INTO open_calls VALUES (?)", begun)
    if ended:
        db.executemany("DELETE FROM open_calls WHERE call = ?", ended)


def _row(fact: Fact) -> tuple[str, str, str, str | None, str | None, bytes, int]:
    return fact.id, fact.at.isoformat(), fact.kind, fact.call, fact.agent, orjson.dumps(dict(fact.data)), fact.v
