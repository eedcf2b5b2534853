"""Messages of the bus to one JSON line and back. A line that is not ours is BadMessage: the peer's fault, the link ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from cti.bus.messages import (
    Actor,
    ApiHello,
    Beat,
    Bye,
    Change,
    Command,
    CoreHello,
    Delta,
    LivePage,
    Message,
    PageMessage,
    PageSignal,
    Reply,
    Snapshot,
)


class BadMessage(Exception):
    """The peer sent a line that docs/protocol.md does not know."""


Wire = Mapping[str, Any]


def encode(message: Message) -> bytes:
    """One line with its newline."""
    return orjson.dumps(_WRITERS[type(message)](message)) + b"\n"


def decode(line: bytes) -> Message:
    """Raise BadMessage for anything else than a message of ours."""
    try:
        wire = orjson.loads(line)
        return _READERS[wire["t"]](wire)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadMessage(f"{type(error).__name__}: {line[:120]!r}") from error


def _page(page: LivePage) -> Wire:
    return {"page": page.page, "agent": page.agent or None, "user": page.user, "since": page.since}


def _actor(actor: Actor) -> Wire:
    return {"user": actor.user, "role": actor.role, "agent": actor.agent or None, "team": actor.team or None}


def _command(m: Command) -> Wire:
    return {"t": "command", "id": m.id, "actor": _actor(m.actor), "page": m.page or None, "name": m.name, "args": m.args}


def _signal(m: PageSignal) -> Wire:
    wire: dict[str, Any] = {"t": "page", "signal": m.signal, "page": m.page, "agent": m.agent or None, "at": m.at}
    if m.nonce:
        wire["nonce"] = m.nonce
    if m.signal == "gone":
        wire["code"] = m.code
    return wire


def _snapshot(m: Snapshot) -> Wire:
    return {"t": "snapshot", "epoch": m.epoch, "seq": m.seq, "entities": m.entities}


def _delta(m: Delta) -> Wire:
    changes = [{"kind": c.kind, "id": c.id, "value": c.value} for c in m.changes]
    return {"t": "delta", "epoch": m.epoch, "seq": m.seq, "changes": changes}


def _reply(m: Reply) -> Wire:
    if m.ok:
        return {"t": "reply", "id": m.id, "ok": True, "result": m.result}
    return {"t": "reply", "id": m.id, "ok": False, "error": {"code": m.error, "params": m.params}}


_WRITERS: dict[type, Callable[[Any], Wire]] = {
    ApiHello: lambda m: {"t": "hello", "api": m.api, "pages": [_page(page) for page in m.pages]},
    CoreHello: lambda m: {"t": "hello", "epoch": m.epoch, "seq": m.seq},
    Command: _command,
    PageSignal: _signal,
    Snapshot: _snapshot,
    Delta: _delta,
    Reply: _reply,
    PageMessage: lambda m: {"t": "page", "page": m.page, "message": m.message},
    Beat: lambda m: {"t": "beat"},
    Bye: lambda m: {"t": "bye"},
}


def _text(wire: Wire, key: str) -> str:
    value = wire.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def _number(wire: Wire, key: str) -> int:
    value = wire[key]
    if not isinstance(value, int):
        raise TypeError(key)
    return value


def _read_hello(wire: Wire) -> Message:
    if "epoch" in wire:
        return CoreHello(_text(wire, "epoch"), _number(wire, "seq"))
    pages = (LivePage(_text(p, "page"), _text(p, "agent"), _text(p, "user"), _text(p, "since")) for p in wire["pages"])
    return ApiHello(_text(wire, "api"), tuple(pages))


def _read_command(wire: Wire) -> Message:
    who = wire["actor"]
    actor = Actor(_text(who, "user"), _text(who, "role"), _text(who, "agent"), _text(who, "team"))
    return Command(_text(wire, "id"), actor, _text(wire, "page"), _text(wire, "name"), dict(wire["args"]))


def _read_page(wire: Wire) -> Message:
    """`page` goes both ways: a signal from the api, a message from the core."""
    if "message" in wire:
        return PageMessage(_text(wire, "page"), dict(wire["message"]))
    code = wire.get("code", 0)
    return PageSignal(
        _text(wire, "signal"), _text(wire, "page"), _text(wire, "agent"), _text(wire, "at"), _text(wire, "nonce"), int(code)
    )


def _read_delta(wire: Wire) -> Message:
    changes = tuple(Change(_text(c, "kind"), _text(c, "id"), c["value"]) for c in wire["changes"])
    return Delta(_text(wire, "epoch"), _number(wire, "seq"), changes)


def _read_reply(wire: Wire) -> Message:
    if wire["ok"]:
        return Reply(_text(wire, "id"), result=wire["result"])
    return Reply(_text(wire, "id"), error=_text(wire["error"], "code"), params=dict(wire["error"]["params"]))


_READERS: dict[str, Callable[[Wire], Message]] = {
    "hello": _read_hello,
    "command": _read_command,
    "page": _read_page,
    "snapshot": lambda w: Snapshot(_text(w, "epoch"), _number(w, "seq"), dict(w["entities"])),
    "delta": _read_delta,
    "reply": _read_reply,
    "beat": lambda w: Beat(),
    "bye": lambda w: Bye(),
}
