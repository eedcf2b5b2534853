"""The page under the product's own Content-Security-Policy: nothing of it is refused, and it looks the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.console_open import server_for, visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]
LISTEN = "addEventListener('securitypolicyviolation', e => console.error('refused ' + e.violatedDirective + ' ' + e.blockedURI))"


def show(page: Page, path: str, role: str, *, policy: bool) -> None:
    """The page with its line and its data."""
    server = server_for(role)
    server.policy = policy
    page.unroute_all()
    visit(page, server, path)
    page.locator("footer[class*=strip]").wait_for()
    if role == "agent":
        page.locator("[data-line=registered]").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


# What each element looks like; the strip is left out, the age of the data lives in it.
LOOKS = """() => JSON.stringify([...document.querySelectorAll('nav *, header *, main *')].map(e => {
  const r = e.getBoundingClientRect(), s = getComputedStyle(e);
  const place = [r.x, r.y, r.width, r.height];
  return [e.tagName, ...place, s.color, s.backgroundColor, s.fontSize, s.padding, s.border, s.display, s.opacity].join(' ');
}))"""


@pytest.mark.parametrize(
    ("path", "role"), [("/desk", "agent"), ("/tickets", "agent"), ("/callbacks", "agent"), ("/board", "supervisor")]
)
def test_the_page_looks_the_same_under_the_policy_and_nothing_is_refused(page: Page, path: str, role: str) -> None:
    refused: list[str] = []
    page.add_init_script(LISTEN)
    page.on("console", lambda said: refused.append(said.text) if "refused" in said.text.lower() else None)
    show(page, path, role, policy=False)
    without = page.evaluate(LOOKS)
    show(page, path, role, policy=True)
    assert page.evaluate(LOOKS) == without
    assert refused == []


def test_what_opens_over_the_page_is_not_refused_either(page: Page) -> None:
    """Menus, selects, tooltips and growing text fields write styles when they open."""
    refused: list[str] = []
    page.add_init_script(LISTEN)
    page.on("console", lambda said: refused.append(said.text) if "refused" in said.text.lower() else None)
    server = server_for("supervisor")
    server.policy = True
    visit(page, server, "/board")
    page.get_by_role("button", name="服务水平").focus()
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.get_by_role("button", name="我的账号").click()
    menu = page.get_by_role("menu")
    expect(menu).to_be_visible()
    assert menu.evaluate("e => getComputedStyle(e).position") == "absolute"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert refused == []


def test_a_style_that_somebody_smuggles_in_is_refused(page: Page) -> None:
    server = server_for("supervisor")
    server.policy = True
    visit(page, server, "/board")
    page.evaluate("document.head.append(Object.assign(document.createElement('style'), {textContent: 'body { opacity: 0.5 }'}))")
    assert page.locator("body").evaluate("e => getComputedStyle(e).opacity") == "1"
