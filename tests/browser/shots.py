"""Pictures of every scene of the console, and what is wrong with them: axe, words cut off, small targets, overflow.

.venv/bin/python -m tests.browser.shots DIST OUT [--only NAME …] [--lang zh en] [--size 1366 1920 1024 650 390]
    [--scheme light dark] [--axe FILE]
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.support.console_scene import Scene, play
from tests.support.console_scenes import SCENES

SIZES = {"1366": (1366, 768), "1920": (1920, 1080), "1024": (1024, 768), "650": (1366, 650), "390": (390, 844)}
CHROMIUM = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
CUT = """() => {
  const cut = e => {
    const s = getComputedStyle(e), r = e.getBoundingClientRect();
    const hides = /hidden|clip/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1;
    const meant = e.title || e.closest('.sr, svg, input, textarea, td[title]');
    return hides && r.width > 2 && e.innerText && e.children.length < 6 && !meant;
  };
  const all = [...document.querySelectorAll('body *')];
  return all.filter(cut).map(e => e.innerText.trim().slice(0, 50).replace(/\\n/g, ' ')).filter(Boolean);
}"""
SMALL = """() => {
  const wanted = 'button, a[href], input:not([type=radio]):not([type=checkbox]), select';
  const small = e => {
    const r = e.getBoundingClientRect();
    return r.width && !e.disabled && r.height < 23.5 && getComputedStyle(e).display !== 'inline';
  };
  const name = e => (e.innerText || e.ariaLabel || e.tagName).trim().slice(0, 24);
  const height = e => Math.round(e.getBoundingClientRect().height);
  return [...document.querySelectorAll(wanted)].filter(small).map(e => name(e) + ' ' + height(e));
}"""
WIDE = """() => {
  const page = document.documentElement;
  return Math.max(0, page.scrollWidth - innerWidth, page.scrollHeight - innerHeight);
}"""
KEYS = """() => {
  const key = /\\b(?:desk|shell|check|common|login|setup|board|hotline|calls|owners|tickets|callbacks)[:.][a-z_]+[a-z_.]*/g;
  return [...document.body.innerText.matchAll(key)].map(m => m[0]);
}"""


def axe_faults(page: Page, axe: str) -> list[str]:
    """Serious and critical ones."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    grave = [one for one in found if one["impact"] in {"serious", "critical"}]
    return [f"AXE {one['id']} x{len(one['nodes'])}: {one['nodes'][0]['html'][:140]} {_why(one)}" for one in grave]


def _why(violation: dict[str, Any]) -> str:
    return str(violation["nodes"][0].get("failureSummary", ""))[:200].replace("\n", " ")


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


def _note(errors: list[str], error: Error) -> None:
    errors.append(f"ERROR {error}")


def _one(browser: Browser, scene: Scene, args: argparse.Namespace, axe: str) -> list[str]:
    faults = []
    for size in args.size:
        for language in args.lang:
            for scheme in args.scheme:
                page = open_page(browser, size)
                name = f"{scene.name}-{language}-{size}-{scheme}"
                errors: list[str] = []
                page.on("pageerror", partial(_note, errors))
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
    names = [scene.name for scene in SCENES]
    parser.add_argument("--only", nargs="*", default=names, choices=names, metavar="NAME", help=" ".join(names))
    parser.add_argument("--lang", nargs="*", default=["zh", "en"], choices=["zh", "en"])
    parser.add_argument(
        "--size", nargs="*", default=["1366", "1920", "1024"], choices=list(SIZES), help="650: 1366 wide; 390: narrow"
    )
    parser.add_argument("--scheme", nargs="*", default=["light", "dark"], choices=["light", "dark"])
    parser.add_argument("--axe", type=Path, help="axe.min.js, to have its serious and critical findings too")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    axe = args.axe.read_text() if args.axe else ""
    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for scene in SCENES:
            if scene.name in args.only:
                try:
                    faults += _one(browser, scene, args, axe)
                except Exception as error:  # a scene that cannot be played is a finding, the others are still looked at
                    faults.append(str(error))
                    sys.stdout.write(f"{scene.name}: FAILED {str(error)[:300]}\n")
        browser.close()
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
