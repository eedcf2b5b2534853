"""What a caller of this package did wrong: a stable code with parameters, never a sentence (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Params = Mapping[str, str | int | Sequence[str]]


class CrmError(Exception):
    """Root. `code` and `params` travel to the page."""

    def __init__(self, code: str, params: Params | None = None) -> None:
        super().__init__(f"{code} {dict(params or {})}")
        self.code = code
        self.params: Params = params or {}


class NotFound(CrmError):
    """There is no such row, or not for this caller. `kind`: owner, ticket, callback …"""

    def __init__(self, kind: str) -> None:
        super().__init__(f"no_such_{kind}")


class InvalidValue(CrmError):
    """A field holds what it must not; `reason` is a code."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__("invalid_value", {"field": field, "reason": reason})


class FieldsMissing(CrmError):
    """It cannot be handed on incomplete. `fields` in the order of the form."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__("fields_missing", {"fields": fields})
        self.fields = fields


class WrongState(CrmError):
    """It cannot go there from where it stands."""

    def __init__(self, before: str, after: str) -> None:
        super().__init__("wrong_state", {"before": before, "after": after})


class NotAllowed(CrmError):
    """His role may not do this to this row."""

    def __init__(self) -> None:
        super().__init__("not_allowed")


class WrongHolder(CrmError):
    """Nobody by this id has the role that is to hold it."""

    def __init__(self, holder: str, role: str) -> None:
        super().__init__("wrong_holder", {"field": "holder_agent", "holder": holder, "role": role})


class NoteFull(CrmError):
    """A note grows by lines, but not for ever."""

    def __init__(self, most: int) -> None:
        super().__init__("note_full", {"most": most})


class Taken(CrmError):
    """Somebody else was faster."""

    def __init__(self, holder: str) -> None:
        super().__init__("taken", {"holder": holder})
