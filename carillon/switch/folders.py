"""The switch's part of the state directory: what Asterisk reads besides its configuration, and what it writes."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from carillon.settings import Settings
from carillon.switch.confine import Account
from carillon.switch.install import BUILD, CHECKOUT, Installation

PROMPTS = BUILD / "prompts"
LANGUAGES = ("zh", "en")
WRITTEN = ("lib", "lib/keys", "spool", "run", "log", "cdr", "callbacks")  # by Asterisk itself
LINKED = ("documentation", "rest-api")  # of Asterisk's own data folder; sounds are ours, music is named in musiconhold.conf
AGI_SCRIPTS = CHECKOUT / "cti" / "agi" / "scripts"  # programs that Asterisk starts, in its own Python
AGI_LIBRARIES = ("asterisk", "six")  # pyst2 and what it needs, put beside the scripts


def prepare(settings: Settings, installation: Installation, account: Account | None) -> list[Path]:
    """Make everything, hand what Asterisk writes to its account, and return the folders it may see."""
    switch = settings.switch_dir
    for name in WRITTEN:
        (switch / name).mkdir(parents=True, exist_ok=True)
    settings.recordings_incoming.mkdir(parents=True, exist_ok=True)
    (switch / "ns").mkdir(exist_ok=True)
    for name in ("cdr-custom", "cel-custom"):  # where the modules write, below the log folder
        _link(switch / "log" / name, switch / "cdr")
    _data(switch / "data", installation)
    _agi(switch / "agi-bin")
    if account is not None:
        _hand_over(switch, settings.recordings_incoming, account)
    return [switch, settings.recordings_incoming]


def _data(data: Path, installation: Installation) -> None:
    """Asterisk's data folder: its own one by links, our prompts as `sounds/<language>/carillon/<name>.wav`."""
    data.mkdir(exist_ok=True)
    for name in LINKED:
        _link(data / name, Path(installation.data) / name)
    for language in LANGUAGES:
        target = data / "sounds" / language / "carillon"
        shutil.rmtree(target, ignore_errors=True)
        if (PROMPTS / language).is_dir():
            shutil.copytree(PROMPTS / language, target)


def _agi(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for script in AGI_SCRIPTS.glob("*.py"):
        (folder / script.name).write_bytes(script.read_bytes())
        (folder / script.name).chmod(0o755)
    for name in AGI_LIBRARIES:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin)
        if origin.name == "__init__.py":
            shutil.copytree(origin.parent, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(origin, folder / origin.name)


def _hand_over(switch: Path, incoming: Path, account: Account) -> None:
    """Own what is written; be let in, by group, to what is read."""
    for name in WRITTEN:
        for folder, _, files in os.walk(switch / name):
            for each in (Path(folder), *(Path(folder, file) for file in files)):
                os.chown(each, account.uid, account.gid, follow_symlinks=False)
    os.chown(incoming, account.uid, account.gid)
    incoming.chmod(0o750)
    for read in (switch / "etc", *(switch / "etc").iterdir()):
        os.chown(read, 0, account.gid)
    for name in ("etc", *WRITTEN):
        (switch / name).chmod(0o750)


def _link(link: Path, target: Path) -> None:
    if link.is_symlink():
        if link.readlink() == target:
            return
        link.unlink()
    link.symlink_to(target)
