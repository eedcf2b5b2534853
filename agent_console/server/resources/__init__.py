"""A file per resource, each with its `ROUTES`. A new resource is a line in RESOURCES."""

from __future__ import annotations

from agent_console.server.resources import (
    callbacks,
    calls,
    checks,
    cli,
    health,
    names,
    owners,
    recordings,
    sessions,
    softphone,
    task_sheets,
    tickets,
    wrap_ups,
)

RESOURCES = (
    sessions,
    names,
    owners,
    tickets,
    task_sheets,
    callbacks,
    softphone,
    checks,
    calls,
    wrap_ups,
    recordings,
    health,
    cli,
)
