"""Settings and secrets → the configuration files of this instance, `<state>/switch/etc`.

The templates in `asterisk-config/` have `{{name}}` places only. No section templates, includes or block comments:
what is rendered is read again by pyst2's reader (`carillon doctor`, tests), which knows plain sections.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from ipaddress import IPv4Address
from pathlib import Path

from carillon.settings import Settings
from carillon.switch.addresses import local_ipv4
from carillon.switch.install import CHECKOUT, Installation
from carillon.switch.secrets import AMI_CTL_USER, AMI_READ_USER, ARI_USER, Secrets

TEMPLATES = CHECKOUT / "asterisk-config"
# What cti/ports/telephony.py can say, the end of the switch, and attempts to guess a password.
AMI_EVENTS = (
    *("Newchannel", "UserEvent", "MusicOnHoldStart", "DialBegin", "DialEnd", "BridgeEnter", "BridgeLeave"),
    *("ConfbridgeJoin", "ConfbridgeLeave", "HangupRequest", "SoftHangupRequest", "Hangup", "ContactStatus"),
    *("OriginateResponse", "QueueCallerJoin", "FullyBooted", "Shutdown"),
    *("InvalidPassword", "ChallengeResponseFailed", "InvalidAccountID", "FailedACL"),
)


def render(settings: Settings, secrets: Secrets, installation: Installation) -> Path:
    """Write every file anew (a changed setting takes effect at the next start) and return the folder."""
    folder = settings.switch_dir / "etc"
    folder.mkdir(parents=True, exist_ok=True)
    values = _values(settings, secrets, installation)
    templates = sorted(each for each in TEMPLATES.iterdir() if each.suffix == ".conf" or each.name == "hosts")
    for template in templates:
        draft = folder / f".{template.name}.new"
        draft.write_text(fill(template.read_text(), values))
        draft.chmod(0o640)
        draft.replace(folder / template.name)
    for stale in {each.name for each in folder.iterdir()} - {each.name for each in templates}:
        (folder / stale).unlink()
    return folder


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace each `{{name}}`; a name without a value is our mistake and fails loudly."""
    return re.sub(r"\{\{(\w+)\}\}", lambda place: values[place[1]], template)


def _values(settings: Settings, secrets: Secrets, installation: Installation) -> dict[str, str]:
    loopback = settings.sip_listen == "127.0.0.1"
    first, last = settings.rtp_first_last
    words = {
        "switch": settings.switch_dir,
        "incoming": settings.recordings_incoming,
        "modules": installation.modules,
        "data": installation.data,
        "switch_id": settings.switch_id,
        "host": socket.gethostname(),
        "ami_port": settings.ami_port,
        "agi_port": settings.agi_port,
        "asterisk_http_port": settings.asterisk_http_port,
        "sip_port": settings.sip_port,
        "sip_listen": settings.sip_listen,
        "sip_sessions": settings.sip_sessions,
        "trunk_match": settings.trunk_match,
        "trunk_uri": settings.trunk_uri,
        "trunk_media": settings.sip_listen if loopback else settings.external_media_address,
        "trunk_media_bound": "yes" if loopback else "no",
        "rtp_first": first,
        "rtp_last": last,
        "ring_seconds": settings.ring_seconds,
        "ami_read_user": AMI_READ_USER,
        "ami_ctl_user": AMI_CTL_USER,
        "ari_user": ARI_USER,
        "event_filters": _event_filters(AMI_EVENTS),
        "fallback_members": _fallback_members(settings.fallback_numbers),
        **_ice(_addresses(settings.switch_addresses), settings.external_media_address),
    }
    return {name: str(value) for name, value in words.items()} | asdict(secrets)


def _event_filters(names: Sequence[str]) -> str:
    return "\n".join(f"eventfilter(action(include),name({name})) =" for name in names)


def _fallback_members(numbers: str) -> str:
    """Static members behind the agents: a higher penalty is rung only when no agent can be. `/n`: the Local channel stays,
    so that its device state is the number's own."""
    kept = [re.sub(r"[^+0-9]", "", each) for each in numbers.split(",")]
    return "\n".join(f"member => Local/{each}@cti-fallback-number/n,1,{each}" for each in kept if each)


def _addresses(named: str) -> list[IPv4Address]:
    return [IPv4Address(each.strip()) for each in named.split(",")] if named else local_ipv4()


def _ice(addresses: Sequence[IPv4Address], external: str) -> dict[str, str]:
    """Every local address is offered as the one that browsers reach: loopback, or the address that the setting names."""
    offered = external or "127.0.0.1"
    # Asterisk asks the list for the address it offers, after the mapping: without it there would be no candidate at all
    permitted = [*(str(each) for each in addresses), offered]
    acl = ["ice_deny = 0.0.0.0/0.0.0.0", "ice_deny = ::/0", *(f"ice_permit = {each}/255.255.255.255" for each in permitted)]
    also = ",include_local_address" if external else ""
    return {"ice_acl": "\n".join(acl), "ice_map": "\n".join(f"{each} => {offered}{also}" for each in addresses)}
