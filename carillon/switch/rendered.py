"""Reads rendered configuration back with pyst2's reader: what Asterisk is told, as `carillon doctor` and tests compare it.

pyst2 knows plain sections, items and comments: that is what `carillon.switch.render` writes. Its fault closed here: it never
closes the file.
"""

from __future__ import annotations

from pathlib import Path

from asterisk.config import Config, ParseError


class UnreadableConfiguration(Exception):
    """A file of ours that is no plain configuration; somebody edited it by hand."""


class _ClosedConfig(Config):  # type: ignore[misc]
    def load(self) -> None:
        self.raw_lines = Path(self.filename).read_text("utf-8").splitlines(keepends=True)


class Sections:
    """One file; raises OSError, or UnreadableConfiguration with the reason."""

    def __init__(self, file: Path) -> None:
        try:
            self._read = _ClosedConfig(str(file)).categories
        except (ParseError, UnicodeDecodeError) as reason:
            raise UnreadableConfiguration(" ".join(str(part) for part in reason.args)) from reason

    @property
    def names(self) -> list[str]:
        """In order; a name may come twice (pjsip.conf)."""
        return [str(each.name) for each in self._read]

    def values(self, section: str) -> dict[str, list[str]]:
        """Every item of every section of that name: key → values in order."""
        found: dict[str, list[str]] = {}
        for item in (item for each in self._read if each.name == section for item in each.items):
            found.setdefault(item.name.strip(), []).append(item.value.strip())
        return found

    def first(self, section: str, key: str) -> str:
        """'' when it is not there."""
        return self.values(section).get(key, [""])[0]
