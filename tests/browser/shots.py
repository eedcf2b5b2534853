"""Pictures of every scene of the console, and what is wrong with them: axe, words cut off, small targets, overflow.

.venv/bin/python -m tests.browser.shots DIST OUT [--only NAME …] [--lang zh en] [--size 1366 …] [--scheme light dark] [--axe FILE]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.console_scenes import SCENES, Scene, play

SIZES = {"1366": (1366, 768), "1920": (1920, 1080), "1024": (1024, 768), "650": (1366, 650)}
CHROMIUM = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
CUT = """() => [...document.querySelectorAll('body *')].filter(e => { const s = getComputedStyle(e), r = e.getBoundingClientRect();
  return r.width > 2 && !e.closest('.sr, svg, input, textarea') && /hidden|clip/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1 && e.innerText
    && e.children.length < 6 && !e.title && !e.closest('td[title]') }).map(e => e.innerText.trim().slice(0, 50).replace(/\\n/g, ' ')).filter(Boolean)"""
SMALL = """() => [...document.querySelectorAll('button, a[href], input:not([type=radio]):not([type=checkbox]), select')].filter(e => {
  const r = e.getBoundingClientRect(); return r.width && !e.disabled && r.height < 23.5 && getComputedStyle(e).display !== 'inline' })
  .map(e => (e.innerText || e.ariaLabel || e.tagName).trim().slice(0, 24) + ' ' + Math.round(e.getBoundingClientRect().height))"""
WIDE = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight)"
KEYS = "() => [...document.body.innerText.matchAll(/\\b[a-z_]+:[a-z_]+\\.[a-z_.]+|\\b(?:desk|shell|check)\\.[a-z_.]+/g)].map(m => m[0])"


def axe_faults(page: Page, axe: str) -> list[str]:
    """Serious and critical ones."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"AXE {one['impact']} {one['id']} x{len(one['nodes'])}: {one['nodes'][0]['html'][:140]} {one['nodes'][0].get('failureSummary', '')[:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


def look(page: Page, axe: str) -> list[str]:
    """Everything that is wrong with the page as it stands."""
    faults = [f"CUT {text}" for text in page.evaluate(CUT)] + [f"SMALL {text}" for text in page.evaluate(SMALL)]
    faults += [f"KEY {key}" for key in page.evaluate(KEYS)]
    wide = page.evaluate(WIDE)
    return faults + ([f"WIDE {wide}"] if wide else []) + (axe_faults(page, axe) if axe else [])


def open_page(browser: Browser, size: str) -> Page:
    """A fresh context in Shanghai, without motion."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        permissions=["microphone"],
        locale="zh-CN",
    )
    return context.new_page()


def _one(browser: Browser, scene: Scene, args: argparse.Namespace, axe: str) -> list[str]:
    faults = []
    for size in args.size:
        for language in args.lang:
            for scheme in args.scheme:
                page = open_page(browser, size)
                name = f"{scene.name}-{language}-{size}-{scheme}"
                errors: list[str] = []
                page.on("pageerror", lambda error, to=errors: to.append(f"ERROR {error}"))
                try:
                    play(scene, page, args.dist, language, scheme)
                    errors += look(page, axe)
                finally:
                    page.screenshot(path=args.out / f"{name}.png")
                    page.context.close()
                for each in errors:
                    sys.stdout.write(f"{name}: {each}\n")
                    sys.stdout.flush()
                faults += errors
    return faults


def main() -> int:
    """0: nothing is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dist", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--lang", nargs="*", default=["zh", "en"])
    parser.add_argument("--size", nargs="*", default=["1366", "1920", "1024"])
    parser.add_argument("--scheme", nargs="*", default=["light", "dark"])
    parser.add_argument("--axe", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    axe = args.axe.read_text() if args.axe else ""
    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for scene in SCENES:
            if not args.only or scene.name in args.only:
                try:
                    faults += _one(browser, scene, args, axe)
                except Exception as error:  # a scene that cannot be played is a finding, the others are still looked at
                    faults.append(str(error))
                    sys.stdout.write(f"{scene.name}: FAILED {str(error)[:300]}\n")
        browser.close()
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
