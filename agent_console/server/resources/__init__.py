"""A file per resource, each with its `ROUTES`. A new resource is a line in RESOURCES."""

from __future__ import annotations

from agent_console.server.resources import calls, checks, cli, health, names, recordings, sessions, softphone, wrap_ups

RESOURCES = (sessions, names, softphone, checks, calls, wrap_ups, recordings, health, cli)
