"""The built console in a real browser, on a server made of routes: how each state looks, and that it works by keyboard alone.

What needs the real parts (a voice, a refresh in a call) is in the tests beside this file that start them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.shots import CHROMIUM, look, open_page
from tests.support import console_data as data
from tests.support.console_fake import ORIGIN, FakeServer, phone_event
from tests.support.console_scene import Scene, play, serve
from tests.support.console_scenes import SCENES

pytestmark = pytest.mark.browser

WEB = Path(__file__).resolve().parents[2] / "agent_console" / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
BY_NAME = {scene.name: scene for scene in SCENES}


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console as it is now, built once."""
    npm = shutil.which("npm")
    if npm is None or not AXE.exists():
        pytest.skip("the console's packages are not installed (npm ci in agent_console/web)")
    out = tmp_path_factory.mktemp("console") / "dist"
    env = dict(os.environ, CARILLON_WEB_OUT=str(out))
    subprocess.run([npm, "run", "build"], cwd=WEB, env=env, check=True, capture_output=True, timeout=180)
    return out


@pytest.fixture(scope="module")  # its event loop runs in this thread until it is closed: no other module may meet it
def browser() -> Iterator[Browser]:
    """Debian's Chromium with a microphone that is a tone."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page of 1366 x 768 in Shanghai."""
    page = open_page(browser, "1366")
    yield page
    page.context.close()


def opened(page: Page, dist: Path, name: str, language: str = "zh", scheme: str = "light") -> FakeServer:
    """The page in a named scene, with the focus on nothing."""
    server = play(BY_NAME[name], page, dist, language, scheme)
    page.evaluate("document.activeElement && document.activeElement.blur()")
    return server


def phase(page: Page, name: str) -> None:
    """Wait until the call bar says so."""
    expect(page.locator("header[data-phase]")).to_have_attribute("data-phase", name)


def offered(page: Page, server: FakeServer) -> None:
    """Pop, then ring, as the core and the switch do it."""
    call = data.call(ring_until="2026-11-23T06:32:21Z")
    pop = {"type": "pop", "nonce": "n-1", "offer": "o-1", "call": call, "candidates": data.candidates(data.texts("zh"))}
    server.change("call", call)
    server.say(pop | {"reasons": [], "ring_seconds": 15})
    server.change("agent", _me("RINGING", call=data.CALL))
    phone_event(page, do="ring", call=data.CALL, offer="o-1")
    phase(page, "offer")


def answered(page: Page, server: FakeServer) -> None:
    """Alt A, and the core says what followed."""
    expect(page.locator("[data-key=answer]")).to_be_enabled()
    page.keyboard.press("Alt+a")
    server.change("call", data.talking())
    server.change("agent", _me("ON_CALL", call=data.CALL))
    phase(page, "talking")


def _me(state: str, **more: Any) -> dict[str, Any]:
    return data.agent("1024", "林悦", state, **more)


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_each_state_can_be_read_by_everybody(page: Page, dist: Path, scene: Scene, language: str, scheme: str) -> None:
    """No serious fault by axe, no word cut off, no target under 24 px, no text without a translation."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    play(scene, page, dist, language, scheme)
    # axe costs seconds: every second scene in the light scheme, the others in the dark one; shots.py does all
    axe = (SCENES.index(scene) % 2 == 0) == (scheme == "light")
    assert errors + look(page, AXE.read_text() if axe else "") == []


@pytest.mark.parametrize("size", ["1024", "650"])
@pytest.mark.parametrize("name", ["idle", "offer", "talking", "consult", "wrapup", "degraded"])
def test_a_smaller_window_shows_the_same_without_cutting(browser: Browser, dist: Path, name: str, size: str) -> None:
    """1024 wide is whole, and so is the height a browser with its bars leaves."""
    page = open_page(browser, size)
    play(BY_NAME[name], page, dist, "en", "light")
    assert look(page, "") == []
    page.context.close()


def test_the_pop_is_acknowledged(page: Page, dist: Path) -> None:
    """The nonce goes back: it is the proof that the page is alive."""
    server = opened(page, dist, "idle")
    offered(page, server)
    assert server.acks == ["n-1"]


def test_a_call_is_worked_by_keyboard_alone(page: Page, dist: Path) -> None:
    """Answer, pick an owner, mute, hold, note, wrap up, all without a mouse."""
    server = opened(page, dist, "idle")
    offered(page, server)
    page.keyboard.press("Alt+2")
    answered(page, server)
    page.keyboard.press("Alt+m")
    expect(page.locator("[data-key=mute]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Alt+h")
    server.change("call", data.talking() | {"state": "held"})
    expect(page.locator("[data-key=hold]")).to_have_attribute("aria-pressed", "true")
    assert server.named("call.hold") == [{"call": data.CALL}]
    assert server.named("call.owner") == [{"call": data.CALL, "owner": "o-2"}]

    ended = data.talking() | {"state": "wrap_up", "ended_by": "caller", "ended_at": data.NOW}
    phone_event(page, do="end")
    server.change("call", ended)
    server.change("agent", _me("WRAP_UP", call=data.CALL, wrap_up_until="2026-11-23T06:33:07Z"))
    phase(page, "wrapup")
    server.rest[f"POST /calls/{data.CALL}/wrap-up"] = {"ticket": None, "callback": None, "finished": True}
    page.keyboard.press("Alt+1")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="保存并完成")).to_be_enabled()
    page.wait_for_function("() => sessionStorage.length === 0")
    assert (f"POST /calls/{data.CALL}/wrap-up", {"disposition": "solved", "note": ""}) in server.posted


def test_a_wrap_up_that_ended_unsaved_waits_behind_the_next_call_and_is_saved_late(page: Page, dist: Path) -> None:
    """A panel on the idle desk; an offer takes its place, it comes back after, and a reload keeps it."""
    server = opened(page, dist, "unsaved")
    panel = page.get_by_role("region", name="尚未保存")
    expect(panel).to_contain_text("周建国")
    server.say(
        {
            "type": "pop",
            "nonce": "n-2",
            "offer": "o-2",
            "call": data.call(id="c-2"),
            "candidates": [],
            "reasons": [],
            "ring_seconds": 15,
        }
    )
    server.change("call", data.call(id="c-2"))
    server.change("agent", _me("RINGING", call="c-2"))
    phase(page, "offer")
    expect(panel).to_have_count(0)
    server.change("call", None, "c-2")
    server.change("agent", _me("READY"))
    phase(page, "idle")
    expect(panel).to_contain_text("周建国")
    server.entities = server.entities | {"call": [], "agent": [_me("READY")]}
    page.reload()
    page.get_by_role("button", name="打开：").click()
    expect(page.locator("#wrap-title")).to_have_value("门禁室内机黑屏，更换电源模块")
    server.rest[f"POST /calls/{data.CALL}/wrap-up"] = {"ticket": "t-1", "callback": None, "finished": False}
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="到期回拨")).to_be_visible()
    expect(panel).to_have_count(0)
    posted = [body for path, body in server.posted if path == f"POST /calls/{data.CALL}/wrap-up"]
    assert [body["ticket"]["title"] for body in posted] == ["门禁室内机黑屏，更换电源模块"]


def test_an_offer_taken_back_leaves_the_screen(page: Page, dist: Path) -> None:
    """The server's word ends it."""
    server = opened(page, dist, "idle")
    offered(page, server)
    server.say({"type": "pop_end", "offer": "o-1", "why": "caller_gone"})
    phone_event(page, do="end")
    server.change("call", None, data.CALL)
    server.change("agent", _me("READY"))
    phase(page, "idle")


def test_hanging_up_on_a_caller_warns_first(page: Page, dist: Path) -> None:
    """One press warns, the second hangs up, by the core's command."""
    server = opened(page, dist, "talking")
    page.keyboard.press("Alt+x")
    page.keyboard.up("Alt")
    expect(page.get_by_role("alert").filter(has_text="再按一次")).to_be_visible()
    assert server.named("call.hangup") == []
    page.keyboard.press("Alt+x")
    page.wait_for_function("() => true")
    expect(page.get_by_role("alert").filter(has_text="再按一次")).to_have_count(0)
    assert server.named("call.hangup") == [{"call": data.CALL}]


def test_chords_do_nothing_while_typing(page: Page, dist: Path) -> None:
    """A word with Alt in it must not put the caller on hold."""
    server = opened(page, dist, "talking")
    page.locator("#intake-note").focus()
    page.keyboard.press("Alt+h")
    page.keyboard.press("Alt+m")
    assert server.named("call.hold") == []
    expect(page.locator("[data-key=mute]")).to_have_attribute("aria-pressed", "false")


def test_without_the_core_the_line_alone_still_works(page: Page, dist: Path) -> None:
    """Mute, keypad and hang up stay; the rest is disabled, and the draft stays in the page."""
    opened(page, dist, "degraded")
    for key, works in {"mute": 1, "hold": 0, "keypad": 1, "transfer": 0, "record": 0, "hangup": 1}.items():
        expect(page.locator(f"[data-key={key}]")).to_be_enabled(enabled=bool(works))
    expect(page.locator("#intake-note")).not_to_be_empty()


@pytest.mark.parametrize("size", ["1366", "1024"])
def test_a_failed_recording_is_said_at_every_width_and_cannot_be_paused(browser: Browser, dist: Path, size: str) -> None:
    """Somebody must know that this call is not on record."""
    page = open_page(browser, size)
    play(BY_NAME["recording-failed"], page, dist, "zh", "light")
    expect(page.locator("header[data-phase]").get_by_text("录音失败")).to_be_visible()
    expect(page.locator("[data-key=record]")).to_be_disabled()
    page.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", ["1366", "1024"])
def test_no_call_key_moves_when_one_is_switched(browser: Browser, dist: Path, size: str, language: str) -> None:
    """Whoever mutes and hangs up at once must not hit what took the other key's place."""
    page = open_page(browser, size)
    server = play(BY_NAME["talking"], page, dist, language, "light")
    keys = page.locator("[data-key]")
    before = [key.bounding_box() for key in keys.all()]
    page.locator("[data-key=mute]").click()
    server.change("call", data.talking() | {"state": "held", "recording": "paused"})
    expect(page.locator("[data-key][aria-pressed=true]")).to_have_count(3)
    assert [key.bounding_box() for key in keys.all()] == before
    page.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_call_keys_stand_at_the_same_place_in_every_state(browser: Browser, dist: Path, language: str) -> None:
    """Not a pixel lower because the line beside them is a button in one state and a word in another."""
    places = []
    for name in ("idle", "offer", "talking", "wrapup"):
        page = open_page(browser, "1366")
        play(BY_NAME[name], page, dist, language, "light")
        places.append([key.bounding_box() for key in page.locator("[data-key]").all()])
        page.context.close()
    assert places == [places[0]] * len(places)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_callers_name_is_whole_while_muted_and_not_recorded(page: Page, dist: Path, language: str) -> None:
    """What is switched off stands beside the timers, not in the name's place."""
    opened(page, dist, "held", language)
    name = page.locator("header[data-phase] b[title]")
    assert name.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize("size", ["1366", "1024"])
def test_a_failed_recording_is_said_in_a_consult_too(browser: Browser, dist: Path, size: str) -> None:
    page = open_page(browser, size)
    server = play(BY_NAME["consult"], page, dist, "zh", "light")
    phase(page, "consult")
    server.change("call", server.entities["call"][0] | {"recording": "failed"})
    expect(page.locator("header[data-phase]").get_by_text("录音失败")).to_be_in_viewport(ratio=1)
    page.context.close()


def test_a_draft_survives_a_reload(page: Page, dist: Path) -> None:
    """What was typed for a call is there again."""
    opened(page, dist, "talking")
    page.reload()
    expect(page.locator("#intake-note")).to_have_value("室内机昨晚停电后黑屏，指示灯不亮。")


def test_a_task_sheet_names_what_is_missing_and_goes_there(page: Page, dist: Path) -> None:
    """Alt J, Ctrl Enter: refused in the page, focus in the first empty field."""
    server = opened(page, dist, "talking")
    page.keyboard.press("Alt+j")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#intake-since_when")).to_be_focused()
    assert [path for path, _body in server.posted if path == "POST /task-sheets"] == []


def test_a_consult_asks_hands_over_and_can_be_cancelled(page: Page, dist: Path) -> None:
    """Type-ahead, Enter; then Alt T hands over, Escape cancels."""
    server = opened(page, dist, "talking")
    page.keyboard.press("Alt+t")
    page.keyboard.type("高")
    page.keyboard.press("Enter")
    expect(page.get_by_label("转给谁").first).to_have_count(0)
    assert server.named("consult.start") == [{"call": data.CALL, "target": {"kind": "agent", "id": "agt-2003"}}]
    talking = {"engineer": "agt-2003", "state": "talking", "since": data.NOW}
    server.change(
        "call",
        data.talking() | {"state": "consulting", "consult": talking, "hears": [["caller", "music"], ["agent", "engineer"]]},
    )
    server.change("agent", _me("CONSULTING", call=data.CALL))
    phase(page, "consult")
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.keyboard.press("Alt+3")
    page.keyboard.press("Alt+t")
    page.keyboard.press("Escape")
    page.wait_for_function("() => true")
    assert [server.named(f"consult.{name}") for name in ("three_way", "complete", "cancel")] == [[{"call": data.CALL}]] * 3


def test_a_second_tab_is_a_remote_control(page: Page, dist: Path) -> None:
    """One tab holds the line; Alt M in the other mutes it there."""
    server = opened(page, dist, "talking")
    second = _second_tab(page.context, server)
    second.keyboard.press("Alt+m")
    expect(page.locator("[data-key=mute]")).to_have_attribute("aria-pressed", "true")
    expect(second.locator("[data-key=mute]")).to_have_attribute("aria-pressed", "true")


def _second_tab(context: BrowserContext, server: FakeServer) -> Page:
    second = context.new_page()
    server.attach(second)
    second.clock.set_fixed_time(data.NOW)
    second.goto(ORIGIN + "/desk")
    second.locator("[data-line=remote]").wait_for()
    expect(second.locator("[data-key=mute]")).to_be_enabled()
    return second


def test_the_page_returns_after_the_server_was_restarted(page: Page, dist: Path) -> None:
    """The socket ends with 1012: the page comes back by itself, as the same page, and asks for a snapshot."""
    server = opened(page, dist, "idle")
    server.sockets[-1].close(code=1012)
    page.wait_for_function("() => true")
    expect(page.locator("[data-core=up]").first).to_be_visible(timeout=10_000)
    tickets = [body for path, body in server.posted if path == "POST /stream-ticket"]
    assert len(server.sockets) > 1
    assert tickets[-1] == {"page": "pg-" + "0" * 32}


def test_nothing_is_served_for_a_scene_that_was_not_described(dist: Path) -> None:
    """Every scene has a server of its own: none leans on another's data."""
    servers = [serve(scene, dist, "zh") for scene in SCENES]
    assert len({id(server.entities) for server in servers}) == len(SCENES)
