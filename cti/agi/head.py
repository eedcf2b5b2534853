"""The head of a FastAGI session: `agi_…: …` lines up to an empty one."""

from __future__ import annotations

from urllib.parse import parse_qs

from cti.calls.visible import visible

HEAD_LIMIT = 16 * 1024  # Asterisk sends about 700 bytes; a caller's name is at most 79 of them


def parse_head(head: bytes) -> dict[str, str]:
    """agi_* without the prefix. The request's query is split off: `script` is the path, `key` the secret it carried.

    The first line of a name counts: a line end that a caller had smuggled in could not set a variable again.
    """
    variables: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").split("\n"):
        name, found, value = line.partition(": ")
        if found and name.startswith("agi_"):
            variables.setdefault(name[4:], visible(value.rstrip("\r")))
    path, _, query = variables.get("network_script", "").partition("?")
    variables["script"] = path
    variables["key"] = parse_qs(query).get("key", [""])[0]
    return variables
