"""No committed file holds a package registry's address: a mirror set on a machine must be honoured, and locks must travel."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "bin/node.lock", "agent_console/web/package-lock.json")
SHAPES = re.compile(
    r'"resolved":\s*"http|(?<!no-emit)-{1,2}(extra-)?index-url|registry\s*=\s*http|https?://[^\s"\']+\.(whl|tgz|tar\.gz)\b'
)


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def test_locks_name_packages_and_hashes_but_no_address():
    for name in LOCKS:
        assert not re.search(r"https?://(?!opencollective|github|www\.|paypal|tidelift|ko-fi|feross)", _without_funding(name)), (
            name
        )


def _without_funding(name: str) -> str:
    """npm's lock repeats each package's funding page; that is no address to fetch from."""
    return re.sub(r'"(funding|url)":[^\n]*', "", (ROOT / name).read_text())


def test_no_file_has_an_index_an_artifact_or_a_resolved_address():
    mine = Path(__file__).resolve()
    for path in _tracked():
        if path.suffix in (".png", ".wav", ".ico") or path.resolve() == mine or not path.is_file():
            continue
        found = SHAPES.search(path.read_text(errors="replace"))
        assert found is None, f"{path.relative_to(ROOT)}: {found.group() if found else ''}"


def test_the_lock_of_a_tool_that_writes_addresses_is_not_committed():
    assert not (ROOT / "uv.lock").exists()
