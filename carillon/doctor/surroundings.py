"""What lies still: processes, disk, prompts, the IVR's numbers, and what other machines would need."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from carillon import runfile
from carillon.doctor.finding import Finding, error, fine, warning
from carillon.doctor.probes import NUMBER
from carillon.settings import Settings
from carillon.switch.addresses import local_ipv4
from carillon.switch.folders import LANGUAGES
from carillon.switch.install import find
from carillon.switch.prompts import texts
from ivr.errors import FlowError
from ivr.numbers import read_numbers
from recordings.room import room_at

PARTS = ("supervisor", "switch", "core", "api")
NUMBERS_FILE = Path(__file__).resolve().parents[2] / "ivr" / "flows" / "numbers.yaml"
FULL_MB = 100
MB_PER_HOUR = 115  # two channels of 16 bit at 8 kHz, one call


def check_parts(settings: Settings) -> Sequence[Finding]:
    """The processes that the run files name. In containers their numbers mean nothing outside each: what they do is asked."""
    return [] if settings.switch_addresses else [_part(settings, part) for part in PARTS]


def _part(settings: Settings, part: str) -> Finding:
    said = runfile.read(settings.run_dir, part)
    if said is not None and said.alive:
        return fine(part, pid=str(said.pid)) if said.ready else error(part, "part_starting")
    others = [runfile.read(settings.run_dir, one) for one in PARTS if one != part]
    if part == "supervisor" and all(one is not None and one.alive for one in others):
        return warning(part, "part_alone")
    return error(part, "part_missing", log=str(settings.state / "log" / f"{part}.log"))


def pids(settings: Settings) -> dict[str, int | None]:
    """Of the parts that live."""
    said = {part: runfile.read(settings.run_dir, part) for part in PARTS}
    return {part: one.pid if one is not None and one.alive else None for part, one in said.items()}


def check_disk(settings: Settings) -> Sequence[Finding]:
    """Room for recordings, and the right to write."""
    folder = settings.state
    if not os.access(folder, os.W_OK):
        return [error("disk", "state_unwritable", folder=str(folder), reason="access" if folder.exists() else "missing")]
    if settings.journal_file.exists() and not os.access(settings.journal_file, os.W_OK):
        return [error("disk", "journal_failed", file=str(settings.journal_file))]
    room = room_at(folder)
    free = room.free // 1_000_000
    if free < FULL_MB:
        return [error("disk", "disk_full", folder=str(folder), free=str(free))]
    if room.low:
        return [warning("disk", "disk_low", folder=str(folder), free=str(free), hours=str(free // MB_PER_HOUR))]
    return [fine("disk")]


def check_prompts(settings: Settings) -> Sequence[Finding]:
    """The files that Asterisk plays, in both languages."""
    sounds = settings.switch_dir / "data" / "sounds"
    files = [sounds / language / "carillon" / f"{name}.wav" for language, name in texts() if language in LANGUAGES]
    missing = [file for file in files if not file.exists()]
    if missing:
        return [error("prompts", "prompts_missing", count=str(len(missing)), example=str(missing[0]))]
    return [fine("prompts")]


def check_music(settings: Settings) -> Sequence[Finding]:
    """Decoded music silences agents in recordings: asterisk-config/musiconhold.conf. In containers it is the image's."""
    installation = None if settings.switch_addresses else find()
    if installation is None:
        return []
    folder = installation.path(installation.data) / "moh"
    return [fine("music") if any(folder.glob("*.wav")) else warning("music", "music_not_linear", folder=str(folder))]


def check_number(_settings: Settings) -> Sequence[Finding]:
    """The number that the README dials has its own line."""
    try:
        numbers = read_numbers(NUMBERS_FILE.read_text("utf-8"), NUMBERS_FILE.name)
    except (FlowError, OSError) as reason:
        return [error("dnis", "ivr_broken", reason=str(reason))]
    return [fine("dnis") if NUMBER in numbers.lines else warning("dnis", "dnis_missing", number=NUMBER)]


def check_reach(settings: Settings) -> Sequence[Finding]:
    """What browsers need; on other machines more."""
    tls = fine("tls") if settings.tls_cert is not None else warning("tls", "no_tls")
    if not local_ipv4():
        return [tls, warning("media", "only_loopback")]
    return [tls, fine("media") if settings.external_media_address else warning("media", "no_media_address")]
