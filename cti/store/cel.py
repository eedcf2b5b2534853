"""Asterisk's own event log (CEL, `cel.csv`): what happened while nobody listened. Columns: asterisk-config/cel_custom.conf."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from cti.calls.visible import visible

TRUNK = "PJSIP/trunk-"
_COLUMNS = 11


@dataclass(slots=True)
class CelCall:
    """One call as the switch logged it: its customer's leg, who was connected to it, and how it ended."""

    call: str
    uniqueid: str = ""
    ani: str = ""
    name: str = ""
    dnis: str = ""
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    endpoint: str = ""  # of the first other party in a bridge
    ended_by: str = ""  # caller | agent | system


def _at(text: str) -> datetime:
    return datetime.fromtimestamp(float(text), UTC)


class CelBook:
    """Folds rows by call. Unfinished and broken lines are left for the next reading."""

    def __init__(self) -> None:
        self.calls: dict[str, CelCall] = {}

    def read(self, path: Path, offset: int) -> int:
        """Fold what was written behind `offset`; the new offset. A file that is shorter than that was rotated: from its start."""
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return 0
        offset = 0 if offset > size else offset
        with path.open("rb") as file:
            file.seek(offset)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        self.fold(csv.reader(io.StringIO(whole.decode("utf-8", "replace"))))
        return offset + len(whole)

    def fold(self, rows: Iterable[list[str]]) -> None:
        """Rows in the order of the file."""
        for row in rows:
            if len(row) == _COLUMNS and row[2]:
                self._one(row)

    def _one(self, row: list[str]) -> None:
        event, at, call_id, uniqueid, _linked, channel, ani, name, exten, peer, extra = row
        call = self.calls.setdefault(call_id, CelCall(call_id))
        if channel.startswith(TRUNK):
            self._customer(call, event, _at(at), uniqueid, extra, channel)
            if event == "ANSWER" and not call.dnis:
                call.ani, call.name, call.dnis = visible(ani), visible(name), exten
        elif event == "BRIDGE_ENTER" and not call.endpoint:
            call.endpoint, call.answered_at = channel.partition("/")[2].rpartition("-")[0], _at(at)
        if event == "BRIDGE_ENTER" and channel.startswith(TRUNK) and peer and not call.endpoint:
            call.endpoint, call.answered_at = peer.partition("/")[2].rpartition("-")[0], _at(at)

    @staticmethod
    def _customer(call: CelCall, event: str, at: datetime, uniqueid: str, extra: str, channel: str) -> None:
        call.uniqueid = call.uniqueid or uniqueid
        call.started_at = call.started_at or at
        if event == "HANGUP":
            call.ended_at = at
            source = _source(extra)
            call.ended_by = "caller" if source == channel else "agent" if source.startswith("PJSIP/") else "system"


def _source(extra: str) -> str:
    try:
        return str(orjson.loads(extra or "{}").get("hangupsource", ""))
    except (orjson.JSONDecodeError, AttributeError):
        return ""
