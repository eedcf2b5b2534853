"""A scene: a state of the console that can be opened and looked at; and how it is brought about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support import console_data as data
from tests.support.console_fake import ORIGIN, FakeServer, phone_event

Json = dict[str, Any]
Do = Callable[[Page, FakeServer, Any], None]


@dataclass
class House:
    """Who is signed in, what the live socket says first, what the api answers."""

    session: Json
    entities: Json
    rest: Json


@dataclass(frozen=True)
class Scene:
    """`mine`: my own agent entity; `call`: the call I have; `then`: what happens after the page is there. A `house` of its own
    takes the place of the small one of the desk, of `mine` and of `call`."""

    name: str
    path: str = "/desk"
    mine: Json = field(default_factory=dict)
    call: Json | None = None
    then: Do | None = None
    role: str = "agent"
    rest: Json = field(default_factory=dict)
    signed_in: bool = True
    phone: str = ""  # ring | talk: what the fake phone does first
    house: Callable[[Any], House] | None = None


def press(*keys: str) -> Do:
    """Keys, with the focus on nothing before the first."""

    def run(page: Page, _server: FakeServer, _t: Any) -> None:
        page.evaluate("document.activeElement && document.activeElement.blur()")
        for key in keys:
            page.keyboard.press(key)

    return run


def both(*steps: Do) -> Do:
    """One after the other."""

    def run(page: Page, server: FakeServer, t: Any) -> None:
        for step in steps:
            step(page, server, t)

    return run


def _small_house(scene: Scene, t: Any) -> House:
    session = data.session(t, scene.role)
    number = session["agent"]["number"]
    own = {"role": scene.role, "skills": {"repairs": 3, "english": 2}, **scene.mine}
    me = data.agent(number, session["user"]["name"], **({"state": "READY"} | own))
    others = [one for one in data.colleagues(t) if one["id"] != me["id"]]
    if scene.role != "agent":
        others.append(data.agent("1024", t("林悦", "Lin Yue"), "CONSULTING"))
    switch = [{"id": "sw-1", "up": True, "since": data.NOW}]
    entities = {"agent": [me, *others], "call": [scene.call] if scene.call else [], "queue": data.queues(t), "switch": switch}
    return House(session, entities, data.names(t))


def serve(scene: Scene, dist: Path, language: str) -> FakeServer:
    """The server of a scene."""
    t = data.texts(language)
    house = scene.house(t) if scene.house else _small_house(scene, t)
    server = FakeServer(dist, data.NOW, house.session, house.entities, rest=house.rest | scene.rest)
    if not scene.signed_in:
        server.rest["GET /session"] = lambda _body: (401, {"error": {"code": "not_signed_in", "params": {}}})
    return server


def play(scene: Scene, page: Page, dist: Path, language: str, scheme: str) -> FakeServer:
    """Open the page and bring it into the scene."""
    server = serve(scene, dist, language)
    server.attach(page)
    page.clock.set_fixed_time(data.NOW)
    shown = {"language": "zh-CN" if language == "zh" else "en", "scheme": scheme}
    page.add_init_script(
        f"for (const k of ['', '.linyue']) localStorage.setItem('carillon.display' + k, JSON.stringify({shown!r}))"
    )
    page.goto(ORIGIN + scene.path)
    page.locator("main").first.wait_for()
    if scene.signed_in:
        if server.session["agent"]:
            page.locator("[data-line=registered]").wait_for()
        page.locator("main:not([aria-busy]) :is(h1, h2, a)").first.wait_for(state="attached")
        page.evaluate("document.fonts.ready")
    if scene.phone:
        how = "resume" if scene.phone == "talk" else None
        phone_event(page, do="ring", call=data.CALL, **({"how": how} if how else {}))
        phone_event(page, do="quality", quality={"rttMs": 28, "lossPct": 0.1, "jitterMs": 4})
    if scene.then is not None:
        scene.then(page, server, data.texts(language))
    page.wait_for_timeout(350)  # the picture's own settling: menus fade in, drafts are kept after 300 ms
    return server
