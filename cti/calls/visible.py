"""What a caller brings is kept and shown, but cannot act: characters without a shape get one.

Control characters become their Unicode picture (CR is ␍, U+240D; DEL is ␡): one character for one, readable, and not to be
confused with a backslash that was really there. C1 controls, bidirectional overrides, zero-width marks and line separators,
which have no picture, become ⟨U+202E⟩.
"""

from __future__ import annotations

import re

_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

_ESCAPED = re.compile(r"\\(.)")


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"


def visible(text: str) -> str:
    """The same text with every hidden character made visible."""
    return text if text.isprintable() else _HIDDEN.sub(_picture, text)


def spoken_name(display: str) -> str:
    """A display name as its sender meant it: Asterisk hands over the inside of a quoted-string with its escapes
    (RFC 3261, section 25.1), so a quote in a name comes with a backslash before it."""
    return _ESCAPED.sub(r"\1", display)
