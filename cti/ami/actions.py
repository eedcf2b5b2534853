"""Port methods as AMI actions. Every value is checked against a closed pattern before it becomes a header.

No action here carries an `Application`: what runs on a channel is decided by the dialplan alone (CVE-2024-42365 is the
reason). Variables are `CTI_…` only, because AMI Setvar also calls dialplan functions (SHELL, FILE, DB …).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cti.ports.telephony import InvalidValue, Place

Header = str | list[str]
Action = dict[str, Header]

_UNIQUEID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
_CONTEXT = re.compile(r"[a-z][a-z0-9-]{0,78}")
_EXTEN = re.compile(r"[A-Za-z0-9+][A-Za-z0-9+_-]{0,78}")
_ROOM = _EXTEN
_QUEUE = re.compile(r"[a-z][a-z0-9_-]{0,78}")
_ENDPOINT = r"[A-Za-z][A-Za-z0-9_-]{0,78}"
_INTERFACE = re.compile(rf"PJSIP/{_ENDPOINT}")
_CHANNEL = re.compile(rf"PJSIP/(?:{_ENDPOINT}|\+?[0-9]{{2,20}}@trunk)")
_VARIABLE = re.compile(r"CTI_[A-Z_]{1,32}")
# A leg that we originate gets its call inherited (`__`) and may carry our own three headers to the page.
_ORIGINATE_VARIABLE = re.compile(r"_{0,2}CTI_[A-Z_]{1,32}|PJSIP_HEADER\(add,X-CTI-(?:Call|Offer|Answer)\)")
_VALUE = re.compile(r"[A-Za-z0-9 _.,:/@+*#=-]{0,512}")
_ORIGINATE_VALUE = re.compile(r"[A-Za-z0-9 _.:/@+*#=-]{0,512}")  # a comma would start another variable
_CALLER_ID = re.compile(r'(?:[^\x00-\x1f\x7f"<>\\,;$]{0,64} ?<)?\+?[0-9*#]{0,32}>?')


def _checked(pattern: re.Pattern[str], value: str, what: str) -> str:
    if pattern.fullmatch(value) is None:
        raise InvalidValue(f"{what} {value!r} is not allowed")
    return value


def uniqueid(value: str) -> str:
    """A channel is named by its Uniqueid; a name that begins with '/' would be a pattern to Hangup."""
    return _checked(_UNIQUEID, value, "channel")


def _place(to: Place, prefix: str = "") -> Action:
    return {
        f"{prefix}Context": _checked(_CONTEXT, to.context, "context"),
        f"{prefix}Exten": _checked(_EXTEN, to.exten, "extension"),
        f"{prefix}Priority": str(int(to.priority)),
    }


def redirect(channel: str, to: Place, extra: tuple[str, Place] | None) -> Action:
    """One leg, or two legs in one action."""
    action: Action = {"Action": "Redirect", "Channel": uniqueid(channel), **_place(to)}
    if extra is not None:
        action |= {"ExtraChannel": uniqueid(extra[0]), **_place(extra[1], "Extra")}
    return action


def bridge(one: str, two: str) -> Action:
    """Join two legs; both leave what they were doing."""
    return {"Action": "Bridge", "Channel1": uniqueid(one), "Channel2": uniqueid(two), "Tone": "no"}


def hangup(channel: str, cause: int) -> Action:
    """End one leg with a Q.850 cause."""
    if not 0 <= cause <= 127:
        raise InvalidValue(f"cause {cause} is not a Q.850 cause")
    return {"Action": "Hangup", "Channel": uniqueid(channel), "Cause": str(cause)}


def originate(
    *, channel_id: str, channel: str, to: Place, variables: Mapping[str, str], caller_id: str, timeout_ms: int
) -> Action:
    """A new leg into the dialplan. Async, or the AMI session would block until it is answered."""
    action: Action = {
        "Action": "Originate",
        "Channel": _checked(_CHANNEL, channel, "channel"),
        "ChannelId": uniqueid(channel_id),
        "Async": "true",
        "Timeout": str(int(timeout_ms)),
        "Variable": [originate_variable(name, value) for name, value in variables.items()],
        **_place(to),
    }
    if caller_id:
        action["CallerID"] = _checked(_CALLER_ID, caller_id, "caller id")
    return action


def originate_variable(name: str, value: str) -> str:
    """One `Variable:` header; the value cannot smuggle a second variable."""
    return f"{_checked(_ORIGINATE_VARIABLE, name, 'variable')}={_checked(_ORIGINATE_VALUE, value, f'value of {name}')}"


def set_variable(channel: str | None, name: str, value: str) -> Action:
    """A channel's variable, or a global without a channel."""
    action: Action = {
        "Action": "Setvar",
        "Variable": _checked(_VARIABLE, name, "variable"),
        "Value": _checked(_VALUE, value, f"value of {name}"),
    }
    if channel is not None:
        action["Channel"] = uniqueid(channel)
    return action


def mute_recording(channel: str, on: bool) -> Action:
    """Silence in the file, its timeline kept."""
    return {"Action": "MixMonitorMute", "Channel": uniqueid(channel), "Direction": "both", "State": "1" if on else "0"}


def room_list(room: str) -> Action:
    """Who is in a room."""
    return {"Action": "ConfbridgeList", "Conference": _checked(_ROOM, room, "room")}


def room_kick(room: str, channel_name: str) -> Action:
    """ConfbridgeKick compares channel names, never Uniqueids: the caller has looked the name up."""
    return {"Action": "ConfbridgeKick", "Conference": _checked(_ROOM, room, "room"), "Channel": channel_name}


def queue_add(queue: str, interface: str) -> Action:
    """A member of the emergency queue."""
    return {"Action": "QueueAdd", **_member(queue, interface)}


def queue_remove(queue: str, interface: str) -> Action:
    """No member any more."""
    return {"Action": "QueueRemove", **_member(queue, interface)}


def queue_status(queue: str) -> Action:
    """Members and callers of the emergency queue."""
    return {"Action": "QueueStatus", "Queue": _checked(_QUEUE, queue, "queue")}


def _member(queue: str, interface: str) -> Action:
    return {"Queue": _checked(_QUEUE, queue, "queue"), "Interface": _checked(_INTERFACE, interface, "interface")}
