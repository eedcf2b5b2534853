"""HTTP digest as SIP uses it (RFC 7616, RFC 8760): SHA-256 where it is offered, else MD5."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from carillon.softphone.sip import Response, SipError

_ALGORITHMS = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}
_PREFERENCE = tuple(_ALGORITHMS)


class NoUsableChallenge(SipError):
    """The server asks for an algorithm we do not speak."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account's name and secret."""

    user: str
    secret: str = field(repr=False)


def authorization(response: Response, credentials: Credentials, method: str, uri: str) -> tuple[str, str]:
    """The header that answers a 401 or 407."""
    proxy = response.code == 407
    challenges = [_read(value) for value in response.all("Proxy-Authenticate" if proxy else "WWW-Authenticate")]
    challenge = _best(challenges)
    return ("Proxy-Authorization" if proxy else "Authorization", _answer(challenge, credentials, method, uri))


def _read(value: str) -> dict[str, str]:
    return {name.lower(): quoted or bare for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^",\s]+))', value)}


def _best(challenges: list[dict[str, str]]) -> dict[str, str]:
    for algorithm in _PREFERENCE:
        for challenge in challenges:
            if challenge.get("algorithm", "MD5").upper() == algorithm:
                return challenge
    raise NoUsableChallenge("the server offers neither SHA-256 nor MD5 digest")


def _answer(challenge: dict[str, str], credentials: Credentials, method: str, uri: str) -> str:
    algorithm = challenge.get("algorithm", "MD5").upper()

    def hashed(*parts: str) -> str:
        return _ALGORITHMS[algorithm](":".join(parts).encode()).hexdigest()

    realm, nonce, count, cnonce = challenge.get("realm", ""), challenge.get("nonce", ""), "00000001", secrets.token_hex(8)
    ours, theirs = hashed(credentials.user, realm, credentials.secret), hashed(method, uri)
    fields = {"username": credentials.user, "realm": realm, "nonce": nonce, "uri": uri}
    bare = {"algorithm": algorithm}
    if "auth" in [one.strip() for one in challenge.get("qop", "").split(",")]:
        fields |= {"response": hashed(ours, nonce, count, cnonce, "auth", theirs), "cnonce": cnonce}
        bare |= {"nc": count, "qop": "auth"}
    else:  # RFC 2069
        fields["response"] = hashed(ours, nonce, theirs)
    if "opaque" in challenge:
        fields["opaque"] = challenge["opaque"]
    pairs = [*(f'{name}="{value}"' for name, value in fields.items()), *(f"{name}={value}" for name, value in bare.items())]
    return "Digest " + ", ".join(pairs)
