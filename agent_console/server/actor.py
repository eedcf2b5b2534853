"""The person behind a request or a socket."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm_core.actor import Actor as CrmActor
from crm_core.people.service import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request or a socket, as he is now."""

    user: str
    login: str
    name: str
    role: Role
    team: str | None
    language: str
    demo: bool
    agent: str  # '' for who is no agent
    number: str
    session: str  # id of the web session (a hash; never the token)
    kind: str  # cookie | bearer
    csrf: str = field(default="", repr=False)

    @property
    def crm(self) -> CrmActor:
        """As the services of `crm_core` know people."""
        return CrmActor(self.user, self.role.value, self.agent or None, self.team)
