"""What may become bytes on an AMI connection. Facts of Asterisk 22 main/manager.c: a line holds 1024 bytes, an action 128
headers, and a bare LF ends a line just as CR LF does."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from cti.ports.telephony import InvalidValue

MAX_LINE = 1024  # with its CR LF
MAX_HEADERS = 128
RESERVED = 2  # ActionID, and one that the library may add


def check(action: Mapping[str, str | Sequence[str]]) -> None:
    """Refuse whatever would not arrive as exactly one action with exactly these headers."""
    lines = 0
    for name, value in action.items():
        for one in (value,) if isinstance(value, str) else value:
            _check_line(name, one)
            lines += 1
    if lines + RESERVED > MAX_HEADERS:
        raise InvalidValue(f"an AMI action of {lines} headers: Asterisk reads {MAX_HEADERS}")


def _check_line(name: str, value: str) -> None:
    if not (name.isascii() and name.isidentifier()):
        raise InvalidValue(f"header name {name!r} is not a name")
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise InvalidValue(f"a control character in header {name}")
    try:
        size = len(f"{name}: {value}\r\n".encode())
    except UnicodeEncodeError as error:
        raise InvalidValue(f"header {name} is not UTF-8") from error
    if size > MAX_LINE:
        raise InvalidValue(f"header {name} of {size} bytes: Asterisk reads {MAX_LINE}")
