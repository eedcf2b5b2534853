"""Identity: a leg is (switch, uniqueid); agent, user and end point are three different things.

A call's id is the UUID that the dialplan sets in `__CTI_CALL`; Asterisk's Linkedid is rewritten when bridges merge
and is never used as a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

SwitchId = NewType("SwitchId", str)
CallId = NewType("CallId", str)  # UUID, from the dialplan's ${UUID()} or from us for outbound calls
AgentId = NewType("AgentId", str)  # e.g. "agt-1024"; stable for a person at work
UserId = NewType("UserId", str)  # UUID of the log-in account
EndpointName = NewType("EndpointName", str)  # PJSIP end point, minted per page load
PageId = NewType("PageId", str)  # one load of a console page
QueueName = NewType("QueueName", str)
OfferId = NewType("OfferId", str)
OwnerId = NewType("OwnerId", str)


@dataclass(frozen=True, slots=True)
class LegId:
    """One channel on one switch. `uniqueid` is Asterisk's Uniqueid (prefixed by its systemname)."""

    switch: SwitchId
    uniqueid: str

    def __str__(self) -> str:
        return f"{self.switch}/{self.uniqueid}"
