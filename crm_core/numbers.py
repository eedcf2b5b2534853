"""Telephone numbers: what a trunk brought or a person typed becomes E.164, or a reason why it does not.

The only file that knows the phonenumbers library. Nothing here raises: a caller's odd number never costs him the call;
it is kept raw beside an empty `e164`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

MOST_CHARACTERS = 64  # longer than any written number; E.164 allows 15 digits
SHORT_CODE_DIGITS = 6  # extensions, 110, 10086, 95588: meaningful inside one network only
_WITHHELD = frozenset(
    {"", "anonymous", "unknown", "unavailable", "restricted", "private", "withheld", "invalid", "asterisk", "s"}
)
_SCHEME = re.compile(r"^(sips?|tel):", re.IGNORECASE)
_WRITTEN = re.compile(r"\+?\d+")
_SEPARATORS = str.maketrans("", "", " -./()（）－\u00a0\u3000")


class NumberReason(StrEnum):
    """How `normalise` understood the number; anything but E164 leaves `e164` empty."""

    E164 = "e164"
    WITHHELD = "withheld"  # empty, anonymous, unknown …
    SHORT_CODE = "short_code"
    NOT_A_NUMBER = "not_a_number"  # letters, control characters, signs
    TOO_LONG = "too_long"
    IMPOSSIBLE = "impossible"  # digits that no number of that country has


@dataclass(frozen=True, slots=True)
class Number:
    """`e164` is `+86…` or ''. `raw` is what came, untouched: escape it before it is shown or logged."""

    e164: str
    raw: str
    reason: NumberReason


def normalise(raw: str, region: str) -> Number:
    """Read `raw` as somebody in `region` (the trunk's, e.g. CN) writes it: 138…, 010…, 0086…, 86138…, +44…, a SIP user part."""
    if len(raw) > MOST_CHARACTERS:
        return Number("", raw, NumberReason.TOO_LONG)
    written = _user_part(raw).translate(_SEPARATORS)
    reason = _refusal(written)
    if reason:
        return Number("", raw, reason)
    e164 = _e164(written, region)
    return Number(e164, raw, NumberReason.E164 if e164 else NumberReason.IMPOSSIBLE)


def country_prefix(region: str) -> str:
    """+86 of CN; + (every number) of a region that has none."""
    return f"+{phonenumbers.country_code_for_region(region) or ''}"


def mask(number: str) -> str:
    """For logs: the last four digits only, and those only of a number that has more to hide."""
    if not number:
        return ""
    return f"***{number[-4:]}" if len(number) > SHORT_CODE_DIGITS else "***"


def _user_part(raw: str) -> str:
    """Of `sip:+86…@host;user=phone` the number; of anything else itself."""
    without_scheme = _SCHEME.sub("", raw.strip(' <>"'))
    return without_scheme.partition("@")[0].partition(";")[0]


def _refusal(written: str) -> NumberReason | None:
    if written.lower() in _WITHHELD:
        return NumberReason.WITHHELD
    if not _WRITTEN.fullmatch(written):
        return NumberReason.NOT_A_NUMBER  # phonenumbers would read letters as a vanity number
    if len(written) <= SHORT_CODE_DIGITS and not written.startswith("+"):
        return NumberReason.SHORT_CODE
    return None


def _e164(written: str, region: str) -> str:
    plus = re.sub("^00", "+", written)  # the international prefix of the ITU, which trunks of any region send
    try:
        parsed = phonenumbers.parse(plus, region)
    except phonenumbers.NumberParseException:
        return ""
    # Written with its country code a number need only be possible, since numbering plans grow faster than libraries;
    # without one it must be valid, or any eight digits would become somebody's number.
    good = phonenumbers.is_possible_number(parsed) if plus.startswith("+") else phonenumbers.is_valid_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if good else ""
