"""How long the core waits for what. Seconds. Tests shrink them; operators set those that are in Settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Every deadline of the services, with the reason for its value."""

    page_ack: float = 1.0  # a page that does not acknowledge an offer by then is not alive: LOST
    ring: float = 15.0  # Dial's time-out; also the ring time shown
    resume_ring: float = 8.0  # `cti-again`: the page answers by itself
    hold_for_agent: float = 20.0  # a lost agent's caller is kept for him that long
    wrap_up: float = 60.0
    api_away: float = 10.0  # states stay untouched that long after the bus to the api ended
    heartbeat: float = 2.0  # CTI_HB; the hold loop leaves after 5 passes of 2 s without change
    announce_first: float = 8.0  # first announcement of the position
    announce_every: float = 30.0
    after_agent: float = 1.0  # `cti-after` waits this long for the core
    owner_lookup: float = 0.3  # then the pop goes out without the owner
    audit: float = 30.0  # periodic snapshot diff
    snapshot_again: float = 1.0  # the first snapshot after a (re)connect was late or refused
    consult_ring: float = 20.0
    # an account is three requests to the switch: not beside a registration, for which somebody may be waiting
    spare_account: float = 2.0
    retire_account: float = 1.0
