"""A server for the built console, made of Playwright routes: the real page, no api, no core, no switch.

It answers REST from a table, speaks the console's socket (docs/protocol.md section 3) and gives an account whose address is
`fake:`, so that the page takes its own fake phone. What happens is said by `Scene`s (console_scenes.py).
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, WebSocketRoute

from agent_console.server.console_files import ConsoleFiles

ORIGIN = "http://localhost:9"  # never reached: every request is answered here; localhost is a secure context
Json = dict[str, Any]
Answer = Callable[[Json], tuple[int, Any]]


@dataclass
class FakeServer:
    """One page's server. `rest` maps "GET /path" to an answer or a function of the body; the longest matching path wins."""

    dist: Path
    now: str
    session: Json
    entities: Json
    rest: dict[str, Any] = field(default_factory=dict)
    core: bool = True
    commands: list[Json] = field(default_factory=list)
    posted: list[tuple[str, Json]] = field(default_factory=list)
    acks: list[str] = field(default_factory=list)
    sockets: list[WebSocketRoute] = field(default_factory=list)
    refuse: Mapping[str, str] = field(default_factory=dict)
    seq: int = 1
    policy: bool = False  # the product's Content-Security-Policy; Playwright's own waits by script do not work under it

    def attach(self, page: Page) -> None:
        """Answer everything this page asks."""
        page.route("**/*", self._serve)
        page.route_web_socket("**/api/v1/stream*", self._talk)

    # ---- REST and files -------------------------------------------------------------------------------------------------

    def _serve(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.path.startswith("/api/v1"):
            status, body = self._answer(route.request.method, url.path[len("/api/v1") :], url.query, route.request.post_data)
            route.fulfill(status=status, content_type="application/json", body=json.dumps(body))
            return
        if self.policy:
            files = ConsoleFiles(self.dist)
            if files.file(url.path.lstrip("/")) is None:
                served = files.page()
                route.fulfill(status=200, headers=dict(served.headers), body=bytes(served.body))
                return
        file = self.dist / url.path.lstrip("/")
        if not file.is_file():
            file = self.dist / "index.html"
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        route.fulfill(status=200, content_type=kind, body=file.read_bytes())

    def _answer(self, method: str, path: str, query: str, posted: str | None) -> tuple[int, Any]:
        body: Json = json.loads(posted) if posted else {}
        if method != "GET":
            self.posted.append((f"{method} {path}", body))
        asked = f"{method} {path}?{query}" if query else f"{method} {path}"
        known = {
            "GET /session": self.session,
            "POST /stream-ticket": {"ticket": "t"},
            "POST /softphone": self._account(),
        } | self.rest
        fitting = [key for key in known if asked.startswith(key) or f"{method} {path}" == key]
        if not fitting and method == "GET" and path.count("/") > 1:
            return 404, {"error": {"code": "not_found", "params": {}}}
        if not fitting:
            return 200, {"items": [], "next": None}
        answer = known[max(fitting, key=len)]
        if callable(answer):
            status, value = answer(body)
            return int(status), value
        return 200, answer

    @staticmethod
    def _account() -> Json:
        return {"endpoint": "w1", "secret": "s", "uri": "fake:w1"}

    # ---- the socket -----------------------------------------------------------------------------------------------------

    def _talk(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda message: self._hear(socket, json.loads(message)))
        self.seq = 1
        snapshot = {"type": "snapshot", "seq": 1, "page": "pg-" + "0" * 32, "core": self.core, "entities": self.entities}
        socket.send(json.dumps({"type": "beat", "at": self.now}))
        socket.send(json.dumps(snapshot))

    def _hear(self, socket: WebSocketRoute, message: Json) -> None:
        match message["type"]:
            case "beat":
                socket.send(json.dumps({"type": "beat", "at": self.now}))
            case "ack":
                self.acks.append(message["nonce"])
            case "command":
                self.commands.append(message)
                code = self.refuse.get(message["name"])
                error = {"ok": False, "error": {"code": code, "params": {}}} if code else {"ok": True, "result": {}}
                socket.send(json.dumps({"type": "reply", "id": message["id"], **error}))

    def say(self, message: Json) -> None:
        """Push a message to the page."""
        self.sockets[-1].send(json.dumps(message))

    def change(self, kind: str, value: Json | None, entity: str = "") -> None:
        """One numbered delta."""
        self.seq += 1
        changes = [{"kind": kind, "id": entity or (value or {})["id"], "value": value}]
        self.say({"type": "delta", "seq": self.seq, "changes": changes})

    def named(self, name: str) -> list[Json]:
        """The arguments of every command of this name."""
        return [command["args"] for command in self.commands if command["name"] == name]


def phone_event(page: Page, **what: Any) -> None:
    """Something happens at the other end of the fake phone's line."""
    page.evaluate("what => window.dispatchEvent(new CustomEvent('carillon-fake-phone', {detail: what}))", what)
