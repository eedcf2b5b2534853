"""AMI events → the port's events. One function per event name, reading only the headers its fact needs.

`EVENTS` is also the list that manager.conf's event filter of `cti_read` must let through.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote

from cti.ami.event import AmiEvent
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

_TIMESTAMP = b"\r\nTimestamp: "
_CALL = b"\r\nChanVariable: CTI_CALL="  # manager.conf: channelvars=CTI_CALL
_DEST_CALL = b"\r\nDestChanVariable: CTI_CALL="
_UNIQUEID = b"\r\nUniqueid: "
_CHANNEL = b"\r\nChannel: "

# After an Originate that failed, Asterisk runs the target context's extension `failed` (a catch-all matches it too) on a
# channel that never was a call, with the variables of ours. Only the OriginateResponse that names it is about our leg.
_GHOST = b"\r\nChannel: OutgoingSpoolFailed\r\n"

_fromtimestamp = datetime.fromtimestamp
_Head = tuple[datetime, str, str]


def endpoint_of(channel: str) -> str:
    """`PJSIP/w1f-0000001a` → `w1f`: between the technology and the last dash."""
    return channel[channel.find("/") + 1 : channel.rfind("-")]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


class Translator:
    """`translate` an event, or None for what nobody needs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def translate(self, event: AmiEvent) -> SwitchEvent | None:
        """Never raises for what a caller can influence: text is text."""
        make = EVENTS.get(event.name)
        if make is None or (make is not _originate and event.has(_GHOST)):
            return None
        return make(event, self._at(event))

    def _at(self, event: AmiEvent) -> datetime:
        stamp = event.raw(_TIMESTAMP)
        try:
            return _fromtimestamp(float(stamp), UTC)
        except ValueError:  # FullyBooted has none, and timestampevents may be off
            return self._clock.now()


def _head(event: AmiEvent, at: datetime) -> _Head:
    return at, _text(event.raw(_CALL)), _text(event.raw(_UNIQUEID))


def _endpoint(event: AmiEvent) -> str:
    return endpoint_of(_text(event.raw(_CHANNEL)))


def _new_channel(event: AmiEvent, at: datetime) -> SwitchEvent:
    channel = event.get(b"Channel")
    return ChannelCreated(
        *_head(event, at), channel, endpoint_of(channel), visible(event.get(b"Context")), visible(event.get(b"Exten"))
    )


def _user_event(event: AmiEvent, at: datetime) -> SwitchEvent | None:
    name = event.get(b"UserEvent")
    if not name.startswith("CTI"):
        return None
    values: dict[str, str] = {}
    for key, value in event.after(b"UserEvent"):
        if key.startswith("CTI"):  # the dialplan sends caller-supplied values URIENCODEd
            values.setdefault(key[3:].lower(), visible(unquote(value, errors="replace")))
    at, call, uniqueid = _head(event, at)
    return UserEvent(at, call or values.get("call", ""), uniqueid, name, values)


def _music(event: AmiEvent, at: datetime) -> SwitchEvent | None:
    # Dial's option m and app_queue start music too; only the hold loop's says that a Redirect is safe
    return MusicStarted(*_head(event, at)) if event.raw(b"\r\nContext: ") == b"cti-hold" else None


def _dial_begin(event: AmiEvent, at: datetime) -> SwitchEvent:
    channel = event.get(b"DestChannel")
    return DialBegan(
        at, _dial_call(event), _text(event.raw(_UNIQUEID)), event.get(b"DestUniqueid"), channel, endpoint_of(channel)
    )


def _dial_end(event: AmiEvent, at: datetime) -> SwitchEvent:
    endpoint = endpoint_of(event.get(b"DestChannel"))
    status = event.get(b"DialStatus")
    return DialEnded(at, _dial_call(event), _text(event.raw(_UNIQUEID)), event.get(b"DestUniqueid"), endpoint, status)


def _dial_call(event: AmiEvent) -> str:
    return _text(event.raw(_CALL) or event.raw(_DEST_CALL))


def _bridge_enter(event: AmiEvent, at: datetime) -> SwitchEvent:
    return BridgeEntered(*_head(event, at), event.get(b"BridgeUniqueid"), _endpoint(event))


def _bridge_leave(event: AmiEvent, at: datetime) -> SwitchEvent:
    return BridgeLeft(*_head(event, at), event.get(b"BridgeUniqueid"), _endpoint(event))


def _room_join(event: AmiEvent, at: datetime) -> SwitchEvent:
    return RoomJoined(*_head(event, at), event.get(b"Conference"), _endpoint(event))


def _room_leave(event: AmiEvent, at: datetime) -> SwitchEvent:
    return RoomLeft(*_head(event, at), event.get(b"Conference"), _endpoint(event))


def _hangup_request(event: AmiEvent, at: datetime) -> SwitchEvent:
    return HangupRequested(*_head(event, at), _endpoint(event))


def _hangup(event: AmiEvent, at: datetime) -> SwitchEvent:
    tech = "".join(filter(str.isdigit, event.get(b"TechCause")))
    return HungUp(*_head(event, at), _endpoint(event), _number(event.get(b"Cause")), tech)


def _contact(event: AmiEvent, at: datetime) -> SwitchEvent | None:
    status = event.get(b"ContactStatus")
    if status not in _CONTACT:
        return None
    return ContactChanged(at, "", "", event.get(b"EndpointName") or event.get(b"AOR"), _CONTACT[status])


_CONTACT = {"Created": True, "NonQualified": True, "Reachable": True, "Unreachable": False, "Removed": False}


def _originate(event: AmiEvent, at: datetime) -> SwitchEvent:
    call = _text(event.raw(b"): CTI_CALL="))  # here the header is ChanVariable(<channel>)
    ok = event.raw(b"\r\nResponse: ") == b"Success"
    return OriginateEnded(at, call, _text(event.raw(_UNIQUEID)), ok, _number(event.get(b"Reason")))


def _queue_join(event: AmiEvent, at: datetime) -> SwitchEvent:
    return QueueJoined(*_head(event, at), event.get(b"Queue"))


EVENTS: dict[bytes, Callable[[AmiEvent, datetime], SwitchEvent | None]] = {
    b"Newchannel": _new_channel,
    b"UserEvent": _user_event,
    b"MusicOnHoldStart": _music,
    b"DialBegin": _dial_begin,
    b"DialEnd": _dial_end,
    b"BridgeEnter": _bridge_enter,
    b"BridgeLeave": _bridge_leave,
    b"ConfbridgeJoin": _room_join,
    b"ConfbridgeLeave": _room_leave,
    b"HangupRequest": _hangup_request,
    b"SoftHangupRequest": _hangup_request,
    b"Hangup": _hangup,
    b"ContactStatus": _contact,
    b"OriginateResponse": _originate,
    b"QueueCallerJoin": _queue_join,
}
CONNECTION_EVENTS = frozenset({b"FullyBooted", b"Shutdown"})  # the gateway's own
