"""The page as the api delivers it: a nonce of its own for styles, and a welcome for who is signed in."""

from __future__ import annotations

import dataclasses
import json

import pytest

from tests.support.live_api import running_api

PAGE = """<meta property="csp-nonce" nonce="__STYLE_NONCE__">
<script type="application/json" id="welcome">"__WELCOME__"</script>"""


@pytest.fixture
def served_page(tmp_path, monkeypatch):
    page = tmp_path / "console" / "index.html"
    page.parent.mkdir()
    page.write_text(PAGE)
    monkeypatch.setattr("carillon.api_wiring.built_console", lambda: page.parent)
    return tmp_path / "state"


def welcome_in(answer):
    return json.loads(answer.text.split('id="welcome">')[1].removesuffix("</script>"))


async def test_each_delivery_of_the_page_has_a_nonce_of_its_own_for_styles_alone(served_page):
    async with running_api(served_page) as live:
        http = await live.client()
        answers = [await http.get(path) for path in ("/", "/desk", "/")]
    nonces = [answer.text.split('nonce="')[1].split('"')[0] for answer in answers]
    assert len(set(nonces)) == 3
    for answer, nonce in zip(answers, nonces, strict=True):
        policy = answer.headers["content-security-policy"]
        assert f"style-src 'self' 'nonce-{nonce}';" in policy
        assert policy.count("nonce-") == 1
        assert "etag" not in answer.headers


async def test_the_page_brings_along_who_is_signed_in_and_a_ticket_that_opens_its_socket(served_page):
    async with running_api(served_page) as live:
        browser = await live.browser("agent")
        answer = await browser.http.get("/desk")
        said = welcome_in(answer)
        assert said["session"] == (await browser.get("/session")).json()
        assert answer.headers["cache-control"] == "no-store"
        assert live.deps.stream_tickets.take(said["ticket"]) is not None
        again = welcome_in(await browser.http.get("/desk"))
    assert again["ticket"] != said["ticket"]


async def test_the_page_of_who_is_not_signed_in_brings_nothing_along(served_page):
    async with running_api(served_page) as live:
        http = await live.client()
        assert welcome_in(await http.get("/")) is None
        browser = await live.browser("agent")
        await browser.post("/logout")
        assert welcome_in(await browser.http.get("/")) is None


async def test_a_name_that_looks_like_html_ends_no_element_of_the_page(served_page, monkeypatch):
    async with running_api(served_page) as live:
        browser = await live.browser("agent")
        actor_of = live.deps.auth.actor_of

        async def named(connection):
            actor = await actor_of(connection)
            return actor and dataclasses.replace(actor, name="</script><!--<b>&")

        monkeypatch.setattr(live.deps.auth, "actor_of", named)
        answer = await browser.http.get("/")
    assert answer.text.count("<") == PAGE.count("<")
    assert welcome_in(answer)["session"]["user"]["name"] == "</script><!--<b>&"
