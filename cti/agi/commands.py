"""AGI commands as text and their answers. Values are quoted; what could end a line or a string early is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cti.ports.telephony import InvalidValue

_RESULT = re.compile(r"^(\d{3})[ -](?:result=(\S*))?\s?(.*)$")


def quote(value: str) -> str:
    """One argument. Asterisk's parser knows `\\"` and `\\\\` inside quotes; a line end or NUL it cannot carry."""
    if any(character in value for character in "\r\n\0"):
        raise InvalidValue("a line end or NUL in an AGI argument")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def command(*words: str | int) -> str:
    """A whole command line: the first word as it is (our own), the others quoted."""
    verb, *arguments = words
    return " ".join([str(verb), *(quote(str(argument)) for argument in arguments)])


@dataclass(frozen=True, slots=True)
class Result:
    """`200 result=1 (value) endpos=…`: code, result and the rest."""

    code: int
    result: str
    rest: str

    @property
    def value(self) -> str:
        """What stands in parentheses; a value may hold parentheses itself, so to the last one."""
        start, end = self.rest.find("("), self.rest.rfind(")")
        return self.rest[start + 1 : end] if 0 <= start < end else ""


def parse_result(line: str) -> Result | None:
    """None for a line that is no answer."""
    match = _RESULT.match(line)
    return Result(int(match[1]), match[2] or "", match[3]) if match else None
