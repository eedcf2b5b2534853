"""SIP messages (RFC 3261, sections 7 and 25): build and parse, no socket.

Text is UTF-8 with surrogateescape both ways, so that a hostile or broken name passes through byte for byte.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote, unquote

MAGIC_COOKIE = "z9hG4bK"
_COMPACT = {
    "i": "call-id",
    "m": "contact",
    "f": "from",
    "t": "to",
    "v": "via",
    "l": "content-length",
    "c": "content-type",
    "k": "supported",
}
_ENDS_A_LINE = re.compile("[\r\n\0]")
REASONS = {
    100: "Trying",
    180: "Ringing",
    183: "Session Progress",
    200: "OK",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    503: "Service Unavailable",
    603: "Decline",
}


class SipError(Exception):
    """Root of this package's errors."""


class MalformedMessage(SipError, ValueError):
    """What came in is not a SIP message."""


class UnsafeValue(SipError, ValueError):
    """A value with CR, LF or NUL would become another header: refused."""


@dataclass(frozen=True, slots=True)
class Message:
    """Headers in order; names are compared without case, compact forms are written out."""

    headers: tuple[tuple[str, str], ...]
    body: str = ""

    def get(self, name: str) -> str:
        """The first header of that name, or ''."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def all(self, name: str) -> list[str]:
        """Every header of that name, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def call_id(self) -> str:
        return self.get("Call-ID")

    @property
    def cseq(self) -> tuple[int, str]:
        """Number and method."""
        number, _, method = self.get("CSeq").partition(" ")
        return int(number), method.strip()

    @property
    def branch(self) -> str:
        return parameter(self.get("Via"), "branch")

    def _lines(self, start: str) -> bytes:
        lines = [start, *(f"{name}: {one_line(value)}" for name, value in self.headers)]
        body = self.body.encode("utf-8", "surrogateescape")
        lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


@dataclass(frozen=True, slots=True)
class Request(Message):
    """A request; `uri` is the Request-URI."""

    method: str = ""
    uri: str = ""

    def __bytes__(self) -> bytes:
        return self._lines(f"{self.method} {one_line(self.uri)} SIP/2.0")


@dataclass(frozen=True, slots=True)
class Response(Message):
    """A response."""

    code: int = 0
    reason: str = ""

    def __bytes__(self) -> bytes:
        return self._lines(f"SIP/2.0 {self.code} {self.reason}")


def parse(data: bytes) -> Request | Response:
    """Raise MalformedMessage unless it has a start line and the headers every message has (section 8.1.1)."""
    head, _, body = data.decode("utf-8", "surrogateescape").partition("\r\n\r\n")
    start, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
    headers = tuple(header for header in map(_header, filter(None, lines)) if header[0].lower() != "content-length")
    message = _start(start, headers, body)
    if not (message.call_id and message.get("Via") and re.fullmatch(r"\d+\s+\S+", message.get("CSeq"))):
        raise MalformedMessage("Call-ID, Via or CSeq is missing")
    return message


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise MalformedMessage("a header without a colon")
    name = name.strip()
    return _COMPACT.get(name.lower(), name), value.strip()


def _start(start: str, headers: tuple[tuple[str, str], ...], body: str) -> Request | Response:
    if match := re.fullmatch(r"SIP/2\.0 (\d{3}) ?(.*)", start):
        return Response(headers, body, code=int(match[1]), reason=match[2])
    if match := re.fullmatch(r"([A-Z]+) (\S+) SIP/2\.0", start):
        return Request(headers, body, method=match[1], uri=match[2])
    raise MalformedMessage("no SIP start line")


def response_to(
    request: Request, code: int, *, tag: str = "", extra: tuple[tuple[str, str], ...] = (), body: str = ""
) -> Response:
    """A response as section 8.2.6 builds it: Via, From, To, Call-ID, CSeq and Record-Route are the request's."""
    kept = [
        (name, f"{value};tag={tag}" if name.lower() == "to" and tag and not parameter(value, "tag") else value)
        for name, value in request.headers
        if name.lower() in {"via", "from", "to", "call-id", "cseq", "record-route"}
    ]
    return Response((*kept, *extra), body, code=code, reason=REASONS.get(code, "Unknown"))


def one_line(value: str) -> str:
    """The value itself, or UnsafeValue."""
    if _ENDS_A_LINE.search(value):
        raise UnsafeValue("a line break or NUL may not stand in a SIP header")
    return value


def parameter(header: str, name: str) -> str:
    """A `;name=value` after the address, or ''."""
    match = re.search(rf";\s*{re.escape(name)}\s*=\s*\"?([^;,\s\"]+)", header.rpartition(">")[2] or header, re.IGNORECASE)
    return match[1] if match else ""


def address_uri(header: str) -> str:
    """The URI of a From, To or Contact; '' when there is none."""
    without_name = re.sub(r'^\s*"(?:\\.|[^"\\])*"', "", header, flags=re.DOTALL)
    if match := re.search(r"<([^>]*)>", without_name):
        return match[1]
    return without_name.partition(";")[0].strip()


def user_of(uri: str) -> str:
    """The user part of a sip: URI, unescaped."""
    match = re.match(r"sips?:([^@;]*)@", uri)
    return unquote(match[1]) if match else ""


def sip_uri(user: str, host: str) -> str:
    """`sip:user@host` with everything escaped that RFC 3261 does not allow in a user part (`&`, `$`, `+` it does)."""
    return f"sip:{quote(user, safe='-_.!~*()&=+$,', errors='surrogateescape')}@{host}"


def name_addr(display: str, uri: str) -> str:
    """`"display" <uri>` with quotes and backslashes escaped (section 25.1, quoted-string); other bytes go out as they are."""
    if not display:
        return f"<{uri}>"
    escaped = one_line(display).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{uri}>'


def new_branch() -> str:
    """A branch that is unique for ever (section 8.1.1.7)."""
    return MAGIC_COOKIE + secrets.token_hex(10)


def new_tag() -> str:
    """A tag of a dialog's end."""
    return secrets.token_hex(6)
