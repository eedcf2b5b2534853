"""Facts: what happened, frozen and versioned. State and every figure are folds of them.

Lasting facts carry ids; numbers, names and free text are in `CallArrived` and `CallDialled` only and live in the
journal until the call record is projected (ADR 0003).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

JsonValue = str | int | float | bool | None | Sequence["JsonValue"] | Mapping[str, "JsonValue"]


class FactKind(StrEnum):
    """`kind` as stored. The comment after each names the keys of `data`."""

    # --- a call's life -------------------------------------------------------------------------------------------
    CALL_ARRIVED = "call.arrived"  # switch, uniqueid, sip_call_id, ani_raw, ani, name_raw, dnis, trunk
    CALL_DIALLED = "call.dialled"  # switch, uniqueid, number, agent, owner?, ticket?, callback?  (an intent, before the action)
    IVR_STEP = "ivr.step"  # node, outcome (digits, timeout, …)
    CALL_QUEUED = "call.queued"  # queue, language, skills, priority
    OFFER_MADE = "offer.made"  # offer, agent, generation, reasons
    OFFER_ACKNOWLEDGED = "offer.acknowledged"  # offer, agent, page
    OFFER_WITHDRAWN = "offer.withdrawn"  # offer, agent, why: page_silent|caller_gone|agent_gone|no_answer|busy|failed
    RING_REQUESTED = "ring.requested"  # offer, agent, endpoint (the intent: journaled before the Redirect)
    RING_STARTED = "ring.started"  # agent, uniqueid
    RING_ENDED = "ring.ended"  # agent, status (DIALSTATUS), cause
    CALL_ANSWERED = "call.answered"  # agent, uniqueid (agent's leg); outbound: the called party answered
    AGENT_LEFT = "call.agent_left"  # agent, why: hangup|media_lost|leg_lost|page_gone|transferred
    CALL_REATTACHED = "call.reattached"  # agent
    CALL_HELD = "call.held"  # agent
    CALL_RESUMED = "call.resumed"  # agent
    CONSULT_STARTED = "consult.started"  # agent, engineer, room
    CONSULT_ANSWERED = "consult.answered"  # engineer, uniqueid
    CONSULT_JOINED = "consult.joined"  # (three-way)
    CONSULT_COMPLETED = "consult.completed"  # agent, engineer
    CONSULT_CANCELLED = "consult.cancelled"  # agent, engineer, why
    TRANSFERRED = "call.transferred"  # agent, to_kind: queue|agent|number, to
    HANGUP_REQUESTED = "call.hangup_requested"  # by: caller|agent|system, agent?
    FALLBACK_ENTERED = "call.fallback"  # why
    CALL_ENDED = "call.ended"  # by: caller|agent|system, cause, reason (code)
    RECORDING_STARTED = "recording.started"  # recording, file
    RECORDING_STALLED = "recording.stalled"  # why: still|missing|shrunk (its file does not grow)
    RECORDING_PAUSED = "recording.paused"  # by the agent: silence from here, the time line kept
    RECORDING_RESUMED = "recording.resumed"
    RECORDING_FINISHED = "recording.finished"  # recording, seconds, channels, status: final|partial|failed
    OWNER_CHOSEN = "call.owner"  # owner, by: ani|agent
    TICKET_LINKED = "call.ticket"  # ticket
    DISPOSED = "call.disposed"  # agent, disposition
    CALL_REBUILT = "call.rebuilt"  # from: cdr|cel (the whole call lived in the emergency path)
    # --- an agent's day ------------------------------------------------------------------------------------------
    AGENT_STATE = "agent.state"  # agent, from, to, reason
    AGENT_NEXT = "agent.next"  # agent, state, reason, with (his call): what he is to be after it
    WRAP_UP_EXTENDED = "agent.wrap_up"  # agent, until, with (his call)
    ENDPOINT_MINTED = "agent.endpoint"  # agent, endpoint, page (never the secret)
    # --- the switch ----------------------------------------------------------------------------------------------
    SWITCH_UP = "switch.up"  # switch, started_at
    SWITCH_LOST = "switch.lost"  # switch, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened. `id` is unique for ever: consumers are idempotent by it. `at` is aware UTC."""

    id: str
    at: datetime
    kind: FactKind
    call: str | None = None
    agent: str | None = None
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    v: int = 1
