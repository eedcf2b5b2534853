"""AMI events → the port's events. One row per event name: the headers its fact needs, and what is made of them.

`EVENTS` is also the list that manager.conf's event filter of `cti_read` must let through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from cti.ami.event import name_of
from cti.ami.headers import LEG, Shape, header
from cti.calls.visible import visible
from cti.ports.clock import Clock
from cti.ports.telephony import (
    BridgeEntered,
    BridgeLeft,
    ChannelCreated,
    ContactChanged,
    DialBegan,
    DialEnded,
    HangupRequested,
    HungUp,
    MusicStarted,
    OriginateEnded,
    QueueJoined,
    RoomJoined,
    RoomLeft,
    SwitchEvent,
    UserEvent,
)

_from_timestamp = datetime.fromtimestamp
_DEST_CALL = "\r\nDestChanVariable: CTI_CALL="

# After an Originate that failed, Asterisk runs the target context's extension `failed` (a catch-all matches it too) on a
# channel that never was a call, with the variables of ours.
_GHOST = "OutgoingSpoolFailed"


@lru_cache(maxsize=4096)  # a channel is named in ten events of its life
def endpoint_of(channel: str) -> str:
    """`PJSIP/w1f-0000001a` → `w1f`: between the technology and the last dash."""
    return channel[channel.find("/") + 1 : channel.rfind("-")]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


class Translator:
    """`translate` an event, or None for what nobody needs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def translate(self, block: bytes) -> SwitchEvent | None:
        """Never raises for what a caller can influence: text is text."""
        known = EVENTS.get(name_of(block))
        if known is None:
            return None
        shape, make = known
        text = block.decode("utf-8", "replace") + "\r\n"
        found = shape.search(text)
        values = found.groups("") if found else shape.one_by_one(text)
        try:
            at = _from_timestamp(float(values[0]), UTC)
        except (ValueError, OverflowError):  # timestampevents may be off
            at = self._clock.now()
        return make(text, at, values)


def _new_channel(_text: str, at: datetime, values: Sequence[str]) -> SwitchEvent | None:
    _, channel, context, exten, uniqueid, call = values
    if channel == _GHOST:
        return None
    return ChannelCreated(at, call, uniqueid, channel, endpoint_of(channel), context, visible(exten))


def _user_event(text: str, at: datetime, values: Sequence[str]) -> SwitchEvent | None:
    _, channel, uniqueid, call = values
    start = text.find("\r\nUserEvent: CTI")
    if start < 0 or channel == _GHOST:
        return None
    name, *lines = text[start + 13 : -2].split("\r\n")
    own = _own_values(lines)
    return UserEvent(at, call or own.get("call", ""), uniqueid, name, own)


def _own_values(lines: list[str]) -> dict[str, str]:
    """The keys that begin with CTI, without it and in lower case; of several with one name the first."""
    pairs = [line[3:].partition(": ") for line in reversed(lines) if line.startswith("CTI")]
    body = "".join(lines)
    if "%" not in body and body.isprintable():  # nothing that a caller brought
        return {key.lower(): value for key, _, value in pairs}
    # the dialplan sends caller-supplied values URIENCODEd
    return {key.lower(): visible(_ENCODED.sub(_decoded, value)) for key, _, value in pairs}


def _decoded(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace")


_ENCODED = re.compile("(?:%[0-9A-Fa-f]{2})+")


def _music(_text: str, at: datetime, values: Sequence[str]) -> SwitchEvent | None:
    _, channel, context, uniqueid, call, music = values
    # Dial, app_queue and a room start music too, the last even for a channel whose context a Redirect has already set to ours;
    # only the hold loop's says that the caller has arrived and a Redirect is safe
    return MusicStarted(at, call, uniqueid) if (context, music) == ("cti-hold", "hold") and channel != _GHOST else None


def _dial_begin(text: str, at: datetime, values: Sequence[str]) -> SwitchEvent:
    _, uniqueid, call, channel, dest = values
    return DialBegan(at, call or header(text, _DEST_CALL), uniqueid, dest, channel, endpoint_of(channel))


def _dial_end(text: str, at: datetime, values: Sequence[str]) -> SwitchEvent:
    _, uniqueid, call, channel, dest, status = values
    return DialEnded(at, call or header(text, _DEST_CALL), uniqueid, dest, endpoint_of(channel), status)


def _at_place(kind: type[BridgeEntered | BridgeLeft | RoomJoined | RoomLeft]) -> _Make:
    def make(_text: str, at: datetime, values: Sequence[str]) -> SwitchEvent | None:
        _, place, channel, uniqueid, call = values
        return kind(at, call, uniqueid, place, endpoint_of(channel)) if channel != _GHOST else None

    return make


def _hangup_request(_text: str, at: datetime, values: Sequence[str]) -> SwitchEvent | None:
    _, channel, uniqueid, call = values
    return HangupRequested(at, call, uniqueid, endpoint_of(channel)) if channel != _GHOST else None


def _hangup(text: str, at: datetime, values: Sequence[str]) -> SwitchEvent | None:
    _, channel, uniqueid, call, cause = values
    if channel == _GHOST:
        return None
    tech = "".join(filter(str.isdigit, header(text, "\r\nTechCause: ")))
    return HungUp(at, call, uniqueid, endpoint_of(channel), _number(cause), tech)


def _contact(_text: str, at: datetime, values: Sequence[str]) -> SwitchEvent | None:
    _, status, aor, endpoint = values
    reachable = _CONTACT.get(status)
    return None if reachable is None else ContactChanged(at, "", "", endpoint or aor, reachable)


_CONTACT = {"Created": True, "NonQualified": True, "Reachable": True, "Unreachable": False, "Removed": False}


def _originate(text: str, at: datetime, values: Sequence[str]) -> SwitchEvent:
    _, response, reason, uniqueid = values
    call = header(text, "): CTI_CALL=")  # here the header is ChanVariable(<channel>)
    return OriginateEnded(at, call, uniqueid, response == "Success", _number(reason))


def _queue_join(_text: str, at: datetime, values: Sequence[str]) -> SwitchEvent:
    _, uniqueid, call, queue = values
    return QueueJoined(at, call, uniqueid, queue)


_Make = Callable[..., SwitchEvent | None]
_BRIDGE = Shape("Timestamp", "BridgeUniqueid", "Channel", LEG)
_ROOM = Shape("Timestamp", "Conference", "Channel", LEG)
_CHANNEL = Shape("Timestamp", "Channel", LEG)

# Headers in Asterisk's order, the time first, and what is made of them.
EVENTS: dict[bytes, tuple[Shape, _Make]] = {
    b"Newchannel": (Shape("Timestamp", "Channel", "Context", "Exten", LEG), _new_channel),
    b"UserEvent": (_CHANNEL, _user_event),
    b"MusicOnHoldStart": (Shape("Timestamp", "Channel", "Context", LEG, "Class"), _music),
    b"DialBegin": (Shape("Timestamp", LEG, "DestChannel", "DestUniqueid"), _dial_begin),
    b"DialEnd": (Shape("Timestamp", LEG, "DestChannel", "DestUniqueid", "DialStatus"), _dial_end),
    b"BridgeEnter": (_BRIDGE, _at_place(BridgeEntered)),
    b"BridgeLeave": (_BRIDGE, _at_place(BridgeLeft)),
    b"ConfbridgeJoin": (_ROOM, _at_place(RoomJoined)),
    b"ConfbridgeLeave": (_ROOM, _at_place(RoomLeft)),
    b"HangupRequest": (_CHANNEL, _hangup_request),
    b"SoftHangupRequest": (_CHANNEL, _hangup_request),
    b"Hangup": (Shape("Timestamp", "Channel", LEG, "Cause"), _hangup),
    b"ContactStatus": (Shape("Timestamp", "ContactStatus", "AOR", "EndpointName"), _contact),
    b"OriginateResponse": (Shape("Timestamp", "Response", "Reason", "Uniqueid"), _originate),
    b"QueueCallerJoin": (Shape("Timestamp", LEG, "Queue"), _queue_join),
}
CONNECTION_EVENTS = frozenset({b"FullyBooted", b"Shutdown"})  # the gateway's own
