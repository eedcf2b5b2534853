"""Reads rendered configuration back with pyst2's reader: what Asterisk is told, as `carillon doctor` and tests compare it.

pyst2 knows plain sections, items and comments; its fault closed here: it never closes the file.
"""

from __future__ import annotations

from pathlib import Path

from asterisk.config import Config, ParseError


class UnreadableConfiguration(Exception):
    """A file of ours that is no plain configuration; somebody edited it by hand."""


class _ClosedConfig(Config):  # type: ignore[misc]
    def load(self) -> None:
        self.raw_lines = Path(self.filename).read_text().splitlines(keepends=True)


def sections(file: Path) -> list[str]:
    """Names of the sections, in order; a name may come twice (pjsip.conf)."""
    return [str(each.name) for each in _read(file).categories]


def values(file: Path, section: str) -> dict[str, list[str]]:
    """Every item of every section of that name: key → values in order."""
    found: dict[str, list[str]] = {}
    for category in (each for each in _read(file).categories if each.name == section):
        for item in category.items:
            found.setdefault(item.name.strip(), []).append(item.value.strip())
    return found


def _read(file: Path) -> Config:
    try:
        return _ClosedConfig(str(file))
    except ParseError as error:
        raise UnreadableConfiguration(f"{file}: {error}") from error
