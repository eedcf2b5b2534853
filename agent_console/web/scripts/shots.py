"""Pictures and checks of the built console against the scenario: every page, both languages, three sizes, both schemes.

    CARILLON_WEB_OUT=/tmp/dist npx vite build && python scripts/shots.py /tmp/dist /tmp/shots [page …]

Prints axe's serious and critical findings and words that are cut off; the pictures are for people to look at.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import scenario
import scenario_records as records
from playwright.async_api import Browser, Error as PlaywrightError, Page, Route, WebSocketRoute, async_playwright

AXE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
SIZES = ((1366, 768), (1366, 650), (1920, 1080), (1024, 768))
CUT = """() => [...document.querySelectorAll('main b, main td, main th, main span, main h1, main h2, main dd, main button, main p, main a')]
  .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible' && e.clientWidth > 0 && !e.closest('.sr') && e.textContent.trim())
  .map(e => e.textContent.trim().slice(0, 50))"""

Act = Callable[[Page], Awaitable[Any]]


async def nothing(_: Page) -> None:
    """As it opens."""


async def select_agent(page: Page) -> None:
    """The eighth agent of the board."""
    await page.locator("[data-agent='agt-1031']").click()


async def tooltip(page: Page) -> None:
    """The definition of the service level, by keyboard."""
    await page.locator("th .formula").nth(2).focus()
    await page.wait_for_timeout(300)


async def press(keys: str, page: Page) -> None:
    """One key press."""
    await page.keyboard.press(keys)
    await page.wait_for_timeout(300)


async def edit_owner(page: Page) -> None:
    """The quick edit."""
    await page.locator("main section button").first.click()
    await page.wait_for_timeout(300)


async def reschedule(page: Page) -> None:
    """Another time for the second callback."""
    await page.locator("main button[aria-expanded]").nth(1).click()
    await page.wait_for_timeout(200)


async def new_owner(page: Page) -> None:
    """Quick entry with possible duplicates."""
    await page.locator("main header button, main [role=search] button").last.click()
    await page.locator("aside input").first.fill("周建国")
    await page.wait_for_timeout(900)


PAGES: dict[str, tuple[str, str, Act]] = {
    "board": ("supervisor", "/board", select_agent),
    "board-tip": ("supervisor", "/board", tooltip),
    "wallboard": ("supervisor", "/wallboard", nothing),
    "hotline": ("hotline_engineer", "/hotline?sheet=sheet-1", nothing),
    "hotline-refused": ("engineer_asked", "/hotline?sheet=sheet-2", partial(press, "Alt+2")),
    "calls": ("supervisor", "/calls", nothing),
    "call": ("supervisor", "/calls/call-x", nothing),
    "call-missing": ("supervisor", "/calls/none", nothing),
    "owners": ("agent", "/owners", nothing),
    "owners-new": ("agent", "/owners", new_owner),
    "owner": ("agent", "/owners/own-1", nothing),
    "owner-edit": ("agent", "/owners/own-1", edit_owner),
    "owner-callback": ("agent", "/owners/own-1", partial(press, "Alt+r")),
    "tickets": ("agent", "/tickets", nothing),
    "ticket": ("agent", "/tickets/tic-1", nothing),
    "callbacks": ("agent", "/callbacks", nothing),
    "callbacks-move": ("agent", "/callbacks", reschedule),
}


def answer(path: str, role: str, language: str) -> Any:  # noqa: PLR0911 - one line a route
    """What the api says; None is 404."""
    w = scenario.in_words(language)
    agents = {
        "agent": ("林悦|Lin Yue", "agt-1024"),
        "hotline_engineer": ("孟凡|Meng Fan", "agt-2004"),
        "engineer_asked": ("高磊|Gao Lei", "agt-2003"),
        "supervisor": ("苏晴|Su Qing", None),
    }
    name, agent = agents[role]
    dispositions = [
        ("sent_on", "已派单", "Sent on"),
        ("solved", "已解决", "Solved"),
        ("info", "咨询", "Info"),
        ("callback", "约回拨", "Callback"),
    ]
    aux = [("lunch", "午餐", "Lunch"), ("break", "小休", "Break"), ("training", "培训", "Training")]
    named = lambda rows: {"items": [{"id": i, "name_zh": z, "name_en": e} for i, z, e in rows], "next": None}  # noqa: E731
    listed = lambda rows: {"items": rows, "next": None}  # noqa: E731
    table: dict[str, Callable[[], Any]] = {
        "/session": lambda: {
            "user": {"id": "u", "login": role, "name": w(name), "role": "hotline_engineer" if role == "engineer_asked" else role, "team": "A", "language": language},
            "agent": None if agent is None else {"id": agent, "number": agent[4:]}, "csrf": "x", "demo": True,
        },
        "/stream-ticket": lambda: {"ticket": "t"},
        "/queues": lambda: named([(q["id"], q["name_zh"], q["name_en"]) for q in scenario.queues()]),
        "/aux-reasons": lambda: named(aux),
        "/dispositions": lambda: named(dispositions),
        "/calls": lambda: listed([records.record(w, i) for i in range(160)]),
        "/calls/call-x": lambda: records.one_call(w),
        "/calls/call-x/recording/peaks": records.peaks,
        "/owners": lambda: listed(records.owners(w)),
        "/owners/own-1": lambda: records.owner(w),
        "/owners/own-1/activity": lambda: listed(records.activity(w)),
        "/owners/duplicates": lambda: listed([{**row, "reasons": ["same_name"]} for row in records.owners(w)[:2]]),
        "/tickets": lambda: listed([records.ticket(w, i) for i in range(18)]),
        "/tickets/tic-1": lambda: records.one_ticket(w),
        "/task-sheets": lambda: listed(records.sheets(w)),
        "/callbacks": lambda: listed(records.callbacks(w)),
    }  # fmt: skip
    if path.startswith("/tickets/sheet-"):
        return next((sheet for sheet in records.sheets(w) if path.endswith(sheet["id"])), None)
    found = table.get(path)
    return found() if found else None


class Files(SimpleHTTPRequestHandler):
    """The built console; every path that is no file is the page itself."""

    def do_GET(self) -> None:
        """As the api's static route does."""
        if not Path(self.translate_path(self.path)).is_file():
            self.path = "/index.html"
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


async def stub(page: Page, role: str, language: str) -> None:
    """Stand in for the api: REST and the live socket with its beats."""

    async def rest(route: Route) -> None:
        found = answer(urlsplit(route.request.url).path.removeprefix("/api/v1"), role, language)
        body = found if found is not None else {"error": {"code": "not_found", "params": {}}}
        await route.fulfill(status=200 if found is not None else 404, json=body)

    async def beat(socket: WebSocketRoute) -> None:
        began = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(0.5)
            socket.send(json.dumps({"type": "beat", "at": scenario.ago(began - asyncio.get_running_loop().time())}))

    def live(socket: WebSocketRoute) -> None:
        socket.on_message(lambda _: None)
        socket.send(json.dumps(scenario.snapshot(language)))
        task = asyncio.ensure_future(beat(socket))
        socket.on_close(lambda *_: task.cancel())

    await page.route("**/api/v1/**", rest)
    await page.route_web_socket("**/api/v1/stream*", live)
    await page.route_web_socket("**/sip*", lambda socket: socket.on_message(lambda _: None))


async def shoot(browser: Browser, base: str, out: Path, name: str, language: str, size: tuple[int, int], scheme: str) -> None:
    """One picture, its axe findings, its cut words."""
    role, path, act = PAGES[name]
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        timezone_id="Asia/Shanghai",
        locale="zh-CN" if language == "zh" else "en-GB",
    )
    page = await context.new_page()
    await page.clock.install(time=scenario.NOW)
    display = json.dumps({"scheme": scheme, "language": "zh-CN" if language == "zh" else "en"})
    await page.add_init_script(
        f"localStorage.setItem('carillon.display', {display!r}); localStorage.setItem('carillon.display.{role}', {display!r})"
    )
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text[:200]) if said.type == "error" and "404" not in said.text else None)
    await stub(page, role, language)
    await page.goto(base + path)
    try:
        await page.wait_for_selector("main:not([aria-busy])", timeout=15000)
    except PlaywrightError as failure:
        print(name, language, "did not open:", failure.message.splitlines()[0], errors, flush=True)
    await page.wait_for_timeout(700)
    await act(page)
    label = f"{name}-{language}-{size[0]}x{size[1]}-{scheme}"
    await page.screenshot(path=out / f"{label}.png")
    await page.add_script_tag(path=AXE)
    found = await page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.filter(v => ['serious','critical'].includes(v.impact)).map(v => [v.id, v.nodes.length, v.nodes.slice(0,3).map(n => n.html.slice(0,160))]))"
    )
    cut = await page.evaluate(CUT)
    overflow = await page.evaluate(
        "() => document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight"
    )
    print(label, "axe", found or "ok", "| cut", sorted(set(cut))[:12], "| overflow" if overflow else "", errors or "", flush=True)
    await context.close()


async def main() -> None:
    """All pages, or those named."""
    dist, out, *wanted = sys.argv[1:]
    Path(out).mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=dist))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    names = [name for name in PAGES if name in wanted or not wanted]
    quick = "--quick" in wanted
    if quick:
        names = [name for name in PAGES if name in wanted] or list(PAGES)
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
        )
        for name in names:
            for n, size in enumerate(SIZES[:1] if quick else SIZES):
                for language in ("zh", "en"):
                    for scheme in ("light", "dark") if n == 0 and not quick else ("light",):
                        await shoot(browser, base, Path(out), name, language, size, scheme)
        await browser.close()
    server.shutdown()


if __name__ == "__main__":
    asyncio.run(main())
