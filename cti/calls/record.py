"""The call record: a pure fold of one call's facts. Every duration comes from the facts' own times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cti.calls.call_states import CallState, next_state
from cti.calls.facts import Fact, FactKind, JsonValue


def _text(fact: Fact, key: str) -> str:
    value = fact.data.get(key)
    return "" if value is None else str(value)


@dataclass(slots=True, kw_only=True)
class CallRecord:
    """One call from its first fact to its last. `apply` folds a fact in; applying facts in order gives the same record always.

    `wait_s`: queue entry to agent connected (as ASA counts) or to the end. `talk_s`: bridged time less `hold_s`.
    """

    id: str
    state: CallState = CallState.NEW
    direction: str = "in"
    switch: str = ""
    uniqueid: str = ""
    sip_call_id: str = ""
    from_number: str = ""
    from_raw: str = ""
    from_name: str = ""
    to: str = ""
    queue: str = ""
    language: str = ""
    priority: int = 0
    agent: str = ""
    engineer: str = ""
    holder: str = ""  # who has the call now: the agent, after a hand-over the engineer
    owner: str = ""
    ticket: str = ""
    callback: str = ""
    disposition: str = ""
    recording: str = ""
    recording_seconds: float = 0.0
    recording_status: str = ""
    recording_paused: bool = False
    started_at: datetime | None = None
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    hold_s: float = 0.0
    ended_by: str = ""
    end_reason: str = ""
    rebuilt: bool = False
    legs: list[dict[str, JsonValue]] = field(default_factory=list)
    parties: set[str] = field(default_factory=set)  # agents and engineers who had the call, or were consulted about it
    facts: int = 0
    talking_since: datetime | None = None
    held_since: datetime | None = None
    bridged_s: float = 0.0

    @property
    def wait_s(self) -> float:
        """Seconds in the queue until an agent was connected, or until the end."""
        until = self.answered_at or self.ended_at
        return max(0.0, (until - self.queued_at).total_seconds()) if self.queued_at and until else 0.0

    @property
    def talk_s(self) -> float:
        """Seconds connected to an agent, holds excluded."""
        return max(0.0, self.bridged_s - self.hold_s)

    def apply(self, fact: Fact) -> None:
        """Fold one fact in. A fact that does not fit the state still counts for its fields: what happened, happened."""
        self.facts += 1
        moved = next_state(self.state, fact.kind)
        if moved is not None:
            self.state = moved
        handler = _HANDLERS.get(fact.kind)
        if handler is not None:
            handler(self, fact)

    def start_talk(self, at: datetime) -> None:
        """An agent is connected from now on."""
        if self.talking_since is None:
            self.talking_since = at

    def stop_talk(self, at: datetime) -> None:
        """No agent is connected from now on."""
        self.stop_hold(at)
        if self.talking_since is not None:
            self.bridged_s += (at - self.talking_since).total_seconds()
            self.talking_since = None

    def stop_hold(self, at: datetime) -> None:
        """The hold, if any, is over."""
        if self.held_since is not None:
            self.hold_s += (at - self.held_since).total_seconds()
            self.held_since = None

    def add_party(self, who: str) -> None:
        """He stays one of them, whoever has the call later; who only let it ring is none."""
        if who:
            self.parties.add(who)

    def add_leg(self, role: str, leg: str, at: datetime, who: str = "") -> None:
        """A leg joined; the same leg twice counts once."""
        if leg and not any(row["leg"] == leg for row in self.legs):
            self.legs.append({"leg": leg, "role": role, "who": who, "from": at.isoformat(), "to": None})

    def end_legs(self, role: str, at: datetime) -> None:
        """Close the open legs of a role, or of all (`*`)."""
        for row in self.legs:
            if row["to"] is None and role in (row["role"], "*"):
                row["to"] = at.isoformat()


def _arrived(record: CallRecord, fact: Fact) -> None:
    record.direction, record.started_at = "in", fact.at
    record.switch, record.uniqueid = _text(fact, "switch"), _text(fact, "uniqueid")
    record.sip_call_id, record.from_raw = _text(fact, "sip_call_id"), _text(fact, "ani_raw")
    record.from_number, record.from_name, record.to = _text(fact, "ani"), _text(fact, "name_raw"), _text(fact, "dnis")
    record.add_leg("caller", record.uniqueid, fact.at)


def _dialled(record: CallRecord, fact: Fact) -> None:
    record.direction, record.started_at = "out", fact.at
    record.switch, record.to, record.agent = _text(fact, "switch"), _text(fact, "number"), _text(fact, "agent")
    record.holder = record.agent
    record.add_party(record.agent)
    record.owner, record.ticket, record.callback = _text(fact, "owner"), _text(fact, "ticket"), _text(fact, "callback")
    record.add_leg("agent", _text(fact, "uniqueid"), fact.at, record.agent)


def _queued(record: CallRecord, fact: Fact) -> None:
    record.queue, record.language = _text(fact, "queue"), _text(fact, "language") or record.language
    record.priority = int(_text(fact, "priority") or 0)
    if record.queued_at is None:
        record.queued_at = fact.at
    record.stop_talk(fact.at)


def _answered(record: CallRecord, fact: Fact) -> None:
    record.agent = record.holder = _text(fact, "agent") or fact.agent or record.agent
    record.add_party(record.agent)
    first, record.answered_at = record.answered_at is None, record.answered_at or fact.at
    record.start_talk(fact.at)
    record.add_leg("callee" if record.direction == "out" and first else "agent", _text(fact, "uniqueid"), fact.at, record.agent)


def _agent_left(record: CallRecord, fact: Fact) -> None:
    record.stop_talk(fact.at)
    record.end_legs("agent", fact.at)


def _reattached(record: CallRecord, fact: Fact) -> None:
    record.start_talk(fact.at)
    record.add_leg("agent", _text(fact, "uniqueid"), fact.at, record.agent)


def _held(record: CallRecord, fact: Fact) -> None:
    if record.held_since is None:
        record.held_since = fact.at


def _resumed(record: CallRecord, fact: Fact) -> None:
    record.stop_hold(fact.at)


def _consult_answered(record: CallRecord, fact: Fact) -> None:
    record.add_party(_text(fact, "engineer"))
    record.add_leg("engineer", _text(fact, "uniqueid"), fact.at, _text(fact, "engineer"))


def _completed(record: CallRecord, fact: Fact) -> None:
    record.stop_hold(fact.at)
    record.engineer = record.holder = _text(fact, "engineer")
    record.add_party(record.engineer)
    record.end_legs("agent", fact.at)


def _cancelled(record: CallRecord, fact: Fact) -> None:
    record.stop_hold(fact.at)
    record.end_legs("engineer", fact.at)


def _ended(record: CallRecord, fact: Fact) -> None:
    record.stop_talk(fact.at)
    record.end_legs("*", fact.at)
    record.ended_at, record.ended_by, record.end_reason = fact.at, _text(fact, "by"), _text(fact, "reason")


def _recording_started(record: CallRecord, fact: Fact) -> None:
    record.recording, record.recording_status, record.recording_paused = _text(fact, "recording"), "running", False


def _recording_paused(record: CallRecord, fact: Fact) -> None:
    record.recording_paused = fact.kind is FactKind.RECORDING_PAUSED


def _recording_finished(record: CallRecord, fact: Fact) -> None:
    record.recording, record.recording_status = _text(fact, "recording"), _text(fact, "status")
    record.recording_seconds = float(_text(fact, "seconds") or 0)


def _owner(record: CallRecord, fact: Fact) -> None:
    record.owner = _text(fact, "owner")


def _ticket(record: CallRecord, fact: Fact) -> None:
    record.ticket = _text(fact, "ticket")


def _disposed(record: CallRecord, fact: Fact) -> None:
    record.disposition = _text(fact, "disposition")


def _rebuilt(record: CallRecord, fact: Fact) -> None:
    _arrived(record, fact)
    record.rebuilt, record.queue = True, _text(fact, "queue")
    record.agent, record.ended_by, record.end_reason = _text(fact, "agent"), _text(fact, "by"), _text(fact, "reason")
    record.add_party(record.agent)
    answered, ended = _text(fact, "answered_at"), _text(fact, "ended_at")
    record.ended_at = datetime.fromisoformat(ended) if ended else fact.at
    if answered:
        record.answered_at = datetime.fromisoformat(answered)
        record.bridged_s = (record.ended_at - record.answered_at).total_seconds()
    record.end_legs("*", record.ended_at)


_K = FactKind
_HANDLERS = {
    _K.CALL_ARRIVED: _arrived,
    _K.CALL_DIALLED: _dialled,
    _K.CALL_QUEUED: _queued,
    _K.CALL_ANSWERED: _answered,
    _K.AGENT_LEFT: _agent_left,
    _K.CALL_REATTACHED: _reattached,
    _K.CALL_HELD: _held,
    _K.CALL_RESUMED: _resumed,
    _K.CONSULT_STARTED: _held,
    _K.CONSULT_ANSWERED: _consult_answered,
    _K.CONSULT_JOINED: _resumed,
    _K.CONSULT_COMPLETED: _completed,
    _K.CONSULT_CANCELLED: _cancelled,
    _K.TRANSFERRED: _agent_left,
    _K.CALL_ENDED: _ended,
    _K.RECORDING_STARTED: _recording_started,
    _K.RECORDING_PAUSED: _recording_paused,
    _K.RECORDING_RESUMED: _recording_paused,
    _K.RECORDING_FINISHED: _recording_finished,
    _K.OWNER_CHOSEN: _owner,
    _K.TICKET_LINKED: _ticket,
    _K.DISPOSED: _disposed,
    _K.CALL_REBUILT: _rebuilt,
}
