"""A real Chromium at an agent's desk: known audio into its microphone, an ear at what it plays, and the keyboard."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
import tempfile
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from carillon.softphone.sound import tone
from tests.support.whole import Whole

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Every remote track is heard by an analyser of the test's own; the product's page exposes nothing for it.
EAR = """
(() => {
  const Peer = window.RTCPeerConnection;
  window.__heard = [];
  window.__ended = 0;
  window.RTCPeerConnection = function (...given) {
    const peer = new Peer(...given);
    peer.addEventListener('track', ({ track }) => {
      const context = new AudioContext(), meter = context.createAnalyser();
      meter.fftSize = 2048; meter.smoothingTimeConstant = 0;
      context.createMediaStreamSource(new MediaStream([track])).connect(meter);
      const found = new Float32Array(meter.frequencyBinCount);
      const listening = setInterval(() => {
        if (track.readyState === 'ended') {  // peer.close() tells no event
          clearInterval(listening);
          context.close();
          return;
        }
        meter.getFloatFrequencyData(found);
        let best = 3;
        for (let i = 3; i < found.length; i++) if (found[i] > found[best]) best = i;
        if (found[best] > -60) window.__heard.push([Date.now(), Math.round(best * context.sampleRate / 2048)]);
        if (window.__heard.length > 2000) window.__heard.splice(0, 1000);
      }, 20);
    });
    return peer;
  };
  window.RTCPeerConnection.prototype = Peer.prototype;
})();
"""
AGENT_TONE = 1000  # what the browser's microphone hears


def microphone(folder: Path) -> Path:
    """A WAV of the agent's tone for Chromium's fake device."""
    path = folder / "microphone.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(tone(AGENT_TONE, 1.0))
    return path


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """One browser; its microphone plays AGENT_TONE."""
    with tempfile.TemporaryDirectory(prefix="carillon-mic-") as folder:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={microphone(Path(folder))}"]
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=flags)
            try:
                yield browser
            finally:
                await browser.close()


class Desk:
    """One agent at one page. `errors` are uncaught exceptions of the page: a test that leaves any has failed."""

    def __init__(self, whole: Whole, page: Page, login: str) -> None:
        self.whole, self.page, self.login = whole, page, login
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def url(self) -> str:
        return f"http://localhost:{self.whole.settings.console_port}"

    async def log_in(self) -> None:
        """By keyboard alone."""
        await self.page.goto(self.url)
        await self.page.locator("input[type=password]").wait_for()
        await self.page.get_by_role("textbox").first.fill(self.login)
        await self.page.locator("input[type=password]").fill(self.whole.password(self.login))
        await self.page.keyboard.press("Enter")
        await self.page.locator("input[type=password]").wait_for(state="detached")

    async def begin_shift(self, state: str = "READY") -> None:
        """The pre-shift check, then READY or AUX; by keyboard."""
        await self.page.wait_for_url("**/check")
        await self.page.locator("[data-line]").first.wait_for()
        await self.until(self.line_is_up, "the line is registered")
        start = self.page.get_by_role("button", name=re.compile("^(开始上班|Start shift)"))
        await self.until(start.is_enabled, "the microphone is there too")
        if state == "AUX":
            await self.tab_to("input[type=radio][value=READY]")
            await self.press("ArrowRight")
        await self.page.keyboard.press("Control+Enter")
        await self.state(state)

    async def line_is_up(self) -> bool:
        text = await self.page.evaluate("document.body.innerText")
        return "已注册" in text or "registered" in text

    async def state(self, *wanted: str, timeout: float = 20) -> None:
        """The state the call bar shows."""
        found = ", ".join(f'header[data-agent-state="{one}"]' for one in wanted)
        await self.page.locator(found).wait_for(timeout=timeout * 1000)

    async def phase(self, wanted: str, timeout: float = 20) -> None:
        await self.page.locator(f'header[data-phase="{wanted}"]').wait_for(timeout=timeout * 1000)

    async def rings(self, timeout: float = 25) -> None:
        """Answer can be pressed."""
        await self.until(self.can_answer, "the call can be answered", timeout)

    async def can_answer(self) -> bool:
        return bool(
            await self.page.evaluate(
                "[...document.querySelectorAll('header button')].some(b => /接听|Answer/.test(b.innerText) && !b.disabled)"
            )
        )

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def tab_to(self, selector: str, most: int = 80) -> None:
        """Where Tab leads sooner or later: whoever has no mouse gets there too."""
        for _ in range(most):
            if await self.page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {selector}")

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def has_focus(self, selector: str, timeout: float = 5) -> None:
        """The focus was brought here."""
        script = "s => document.activeElement?.matches(s) ?? false"
        await self.page.wait_for_function(script, arg=selector, timeout=timeout * 1000, polling=50)

    async def sees(self, text: str, where: str = "body", timeout: float = 20) -> None:
        """This text stands on the page."""
        await self.page.locator(where).get_by_text(text).first.wait_for(timeout=timeout * 1000)

    async def go(self, page: str, wanted: str) -> None:
        """To another page of the console by the palette: its name, then its address."""
        await self.press("Control+k")
        await self.has_focus("input[role=combobox]")
        await self.type(page)
        await self.page.get_by_role("option", selected=True).filter(has_text=page).wait_for()
        await self.press("Enter")
        await self.page.wait_for_url(wanted)

    async def hears(self, frequency: int, seconds: float = 10, near: int = 30) -> None:
        """The page plays this tone now."""
        script = "([f, n]) => window.__heard.filter(([t, x]) => t > Date.now() - 600 && Math.abs(x - f) < n).length > 8"
        await self.page.wait_for_function(script, arg=[frequency, near], timeout=seconds * 1000, polling=50)

    async def until(self, condition: Any, what: str, timeout: float = 20) -> None:
        """Wait for a coroutine function's truth."""
        try:
            async with asyncio.timeout(timeout):
                while not await condition():  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(
                f"not within {timeout} s: {what}\n{await self.text()}\n{self.whole.instance.log_tails(12)}"
            ) from None

    async def text(self) -> str:
        return str(await self.page.evaluate("document.body.innerText"))

    async def command(self, script: str) -> Any:
        return await self.page.evaluate(script)


@contextlib.asynccontextmanager
async def signed_in(
    whole: Whole, browser: Browser, login: str, language: str = "zh-CN", scripts: tuple[str, ...] = (EAR,)
) -> AsyncIterator[Desk]:
    """Somebody at a page in a browser context of his own; logged out at the end. Uncaught errors of the page fail the test."""
    context = await browser.new_context(permissions=["microphone"], viewport={"width": 1366, "height": 768}, locale=language)
    for script in scripts:
        await context.add_init_script(script)
    page = await context.new_page()
    desk = Desk(whole, page, login)
    try:
        await desk.log_in()
        yield desk
        assert desk.errors == [], json.dumps(desk.errors)
    except BaseException:
        with contextlib.suppress(Exception):
            sys.stderr.write(f"--- what {login} saw\n{await desk.text()}\n")
        raise
    finally:
        with contextlib.suppress(Exception):
            await page.evaluate(
                "fetch('/api/v1/session').then(r => r.json()).then(s => fetch('/api/v1/logout',"
                " {method: 'POST', headers: {'X-CSRF-Token': s.csrf}}))"
            )
        await context.close()


@contextlib.asynccontextmanager
async def at_desk(whole: Whole, browser: Browser, login: str = "agent1024", language: str = "zh-CN") -> AsyncIterator[Desk]:
    """An agent who is READY."""
    async with signed_in(whole, browser, login, language) as desk:
        await desk.begin_shift()
        yield desk
