"""A Chromium and a page for tests of single pages. A module's own: Playwright's event loop lives in this thread until the browser
is closed, and tests with a loop of their own come after them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.console_open import chromium, sound_page

expect.set_options(timeout=20_000)  # a busy machine draws late; what must be quick says its own limit


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """As `chromium` says."""
    yield from chromium()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """As `sound_page` says."""
    yield from sound_page(browser)
