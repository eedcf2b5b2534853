"""The built console at an address, on a server made of routes: what tests of single pages begin with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from carillon.api_wiring import built_console
from tests.support import console_data as data
from tests.support.console_fake import ORIGIN, FakeServer

Json = dict[str, Any]
FLAGS = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def chromium() -> Iterator[Browser]:
    """Debian's, with a microphone that is a tone. A module's own: its event loop lives in this thread until it is closed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


def sound_page(browser: Browser) -> Iterator[Page]:
    """A fresh page of 1366 x 768 in Shanghai that must not throw."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, timezone_id="Asia/Shanghai", permissions=["microphone"]
    )
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def server_for(role: str = "agent", rest: Json | None = None, calls: tuple[Json, ...] = (), **mine: Any) -> FakeServer:
    """A house with a READY agent, or what `mine` makes of him; a supervisor has no line."""
    zh = data.texts("zh")
    session = data.session(zh, role)
    me = data.agent(session["agent"]["number"], session["user"]["name"], role=role, **mine)
    if role == "supervisor":
        session["agent"] = None
    others = [one for one in data.colleagues(zh) if one["id"] != me["id"]]
    switch = [{"id": "sw-1", "up": True, "since": data.NOW}]
    entities = {"agent": [me, *others], "call": list(calls), "queue": data.queues(zh), "switch": switch}
    dist = Path(os.environ.get("CARILLON_WEB_OUT") or built_console())
    return FakeServer(dist, data.NOW, session, entities, rest=data.names(zh) | (rest or {}))


def visit(page: Page, server: FakeServer, path: str) -> None:
    """Open an address of it, in Chinese."""
    server.attach(page)
    page.clock.set_fixed_time(data.NOW)
    page.goto(ORIGIN + path)
    page.locator("main").first.wait_for()


def opened(page: Page, path: str, role: str = "agent", rest: Json | None = None, calls: tuple[Json, ...] = ()) -> FakeServer:
    """Both at once."""
    server = server_for(role, rest, calls)
    visit(page, server, path)
    return server


def until(page: Page, true: Any, tries: int = 600) -> None:
    """Wait for something of the server's; Playwright's own waits see the page only."""
    for _ in range(tries):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen in 30 s")
