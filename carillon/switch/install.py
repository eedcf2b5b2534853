"""Finds an Asterisk 22, or builds a private one: Debian's own packages in a folder, touched by nothing else.

Debian 12 and 13 package no Asterisk and other versions are refused until a test runs on them, so a machine without
Asterisk 22 on PATH gets a root of Debian sid by mmdebstrap. Signatures are checked with the machine's Debian keyring.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / ".build"
ROOT = BUILD / "asterisk" / "root"
VERSION_WANTED = 22
# Python is for the AGI child script: the root has none of its own, and pyst2 needs more than python3-minimal (pprint).
# Music as .wav: why not the smaller GSM says musiconhold.conf.
PACKAGES = "asterisk,asterisk-core-sounds-en-gsm,asterisk-moh-opsound-wav,python3"


class InstallFailed(Exception):
    """One sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Which Asterisk runs. `root` is None for the one on PATH."""

    binary: str
    version: str
    root: Path | None
    elsewhere: bool = False  # in another container, laid out as Debian does

    def path(self, inside: str) -> Path:
        """A path of the installation as this process sees it."""
        return Path(inside) if self.root is None else self.root / inside.lstrip("/")

    @property
    def modules(self) -> str:
        """Folder of the loadable modules, as Asterisk sees it."""
        if self.elsewhere:
            return f"/usr/lib/{platform.machine()}-linux-gnu/asterisk/modules"
        found = [each for each in _module_folders(self) if (each / "res_pjsip.so").exists()]
        if not found:
            raise InstallFailed(f"The Asterisk {self.version} found has no res_pjsip.so; install its PJSIP modules.")
        return str(found[0]) if self.root is None else "/" + str(found[0].relative_to(self.root))

    @property
    def data(self) -> str:
        """Folder of its documentation, sounds and music, as Asterisk sees it."""
        if self.elsewhere:
            return "/usr/share/asterisk"
        return next(each for each in ("/usr/share/asterisk", "/var/lib/asterisk") if self.path(each + "/documentation").is_dir())


def _module_folders(installation: Installation) -> Iterator[Path]:
    yield from installation.path("/usr/lib").glob("*-linux-gnu/asterisk/modules")
    yield installation.path("/usr/lib/asterisk/modules")
    yield installation.path("/usr/lib64/asterisk/modules")


DEBIAN_ELSEWHERE = Installation("/usr/sbin/asterisk", "Asterisk 22", None, elsewhere=True)


def find() -> Installation | None:
    """The Asterisk that would run now; None: nothing is installed yet."""
    return _on_path() or _private()


def ensure() -> Installation:
    """The Asterisk that runs, built first where there is none."""
    found = find()
    if found:
        return found
    if os.geteuid() != 0:
        raise InstallFailed(
            "There is no Asterisk 22 on PATH, and only root can set up a private one; run as root, or install it."
        )
    _build()
    built = _private()
    if built is None:
        raise InstallFailed(f"The private Asterisk in {ROOT} does not run; remove that folder and start again.")
    return built


def major(version_line: str) -> int:
    """22 of `Asterisk 22.10.1~dfsg`; 0 where there is no number."""
    found = re.search(r"Asterisk\D*(\d+)\.", version_line)
    return int(found[1]) if found else 0


def _version(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout.strip()
    except OSError:
        return ""


def _on_path() -> Installation | None:
    binary = shutil.which("asterisk")
    if not binary:
        return None
    version = _version([binary, "-V"])
    if major(version) == VERSION_WANTED:
        return Installation(binary, version, None)
    say(f"{binary} is {version or 'not runnable'}; Carillon runs on Asterisk {VERSION_WANTED} only and uses a private one.")
    return None


def _private() -> Installation | None:
    if not (ROOT / "usr/sbin/asterisk").exists() or not any(ROOT.glob("usr/share/asterisk/moh/*.wav")):
        return None  # absent, or built by an older checkout
    version = _version(["chroot", str(ROOT), "/usr/sbin/asterisk", "-V"])
    return Installation("/usr/sbin/asterisk", version, ROOT) if major(version) == VERSION_WANTED else None


def _build() -> None:
    """Build in a folder beside and rename: a root is whole or absent."""
    if not shutil.which("mmdebstrap"):
        raise InstallFailed("There is no Asterisk 22 on PATH and no mmdebstrap to build one; run `apt-get install mmdebstrap`.")
    draft = ROOT.with_name("root.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(parents=True, exist_ok=True)
    say("Building a private Asterisk 22 from Debian sid (about 40 s, 420 MB) …")
    done = subprocess.run(
        [
            "mmdebstrap",
            "--variant=minbase",
            f"--include={PACKAGES}",
            '--aptopt=APT::Install-Recommends "false"',
            '--aptopt=Acquire::Check-Valid-Until "false"',
            "sid",
            str(draft),
            mirror(),
        ],
        stdout=sys.stderr,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise InstallFailed(
            "mmdebstrap could not build the private Asterisk (its last lines are above); is the Debian mirror reachable?"
        )
    for name in ("hosts", "resolv.conf"):  # mount points: launch.py puts the instance's own /etc/hosts here
        (draft / "etc" / name).touch()
    shutil.rmtree(ROOT, ignore_errors=True)
    draft.rename(ROOT)
    say("The private Asterisk is ready.")


def mirror(etc: Path = Path("/etc")) -> str:
    """The Debian mirror that this machine's own apt uses, so that a site's mirror is honoured.

    It is the entry for the machine's release with component main: other vendors' entries have other suites or components.
    """
    release = re.search(r"^VERSION_CODENAME=\"?(\w+)", (etc / "os-release").read_text(), re.MULTILINE)
    files = [etc / "apt/sources.list", *sorted((etc / "apt/sources.list.d").glob("*"))]
    for file in (each for each in files if each.is_file()):
        text = "\n".join(line for line in file.read_text().splitlines() if not line.lstrip().startswith("#"))
        for uri, suites, components in _deb822(text) if file.suffix == ".sources" else _one_line(text):
            if release and release[1] in suites and "main" in components:
                return uri
    raise InstallFailed(
        "No Debian mirror is named in /etc/apt, so a private Asterisk cannot be built; put an Asterisk 22 on PATH."
    )


def _deb822(text: str) -> Iterator[tuple[str, list[str], list[str]]]:
    for stanza in re.split(r"\n\s*\n", text):
        value = {name.lower(): rest.split() for name, rest in re.findall(r"^([A-Za-z-]+):\s*(.*)$", stanza, re.MULTILINE)}
        for uri in value.get("uris", []):
            yield uri, value.get("suites", []), value.get("components", [])


def _one_line(text: str) -> Iterator[tuple[str, list[str], list[str]]]:
    for uri, suite, components in re.findall(r"^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$", text, re.MULTILINE):
        yield uri, [suite], components.split()


def say(sentence: str) -> None:
    """Progress for the person at the terminal."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


if __name__ == "__main__":  # bin/up: beside the other set-up, before any package is installed
    try:
        ensure()
    except InstallFailed as failure:
        say(str(failure))
        raise SystemExit(1) from None
