"""The head of a FastAGI session: `agi_…: …` lines up to an empty one."""

from __future__ import annotations

from cti.calls.visible import visible

HEAD_LIMIT = 16 * 1024  # Asterisk sends about 700 bytes; a caller's name is at most 79 of them


def parse_head(head: bytes) -> dict[str, str]:
    """agi_* without the prefix. `script` is the path without a query, `key` the secret that the dialplan gave as
    first argument (Asterisk writes the address of a FastAGI server that it cannot reach into its log, arguments never).

    The first line of a name counts: a line end that a caller had smuggled in could not set a variable again.
    """
    variables: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").split("\n"):
        name, found, value = line.partition(": ")
        if found and name.startswith("agi_"):
            variables.setdefault(name[4:], visible(value.rstrip("\r")))
    variables["script"] = variables.get("network_script", "").partition("?")[0]
    variables["key"] = variables.pop("arg_1", "")
    return variables
