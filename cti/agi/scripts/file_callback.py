#!/usr/bin/python3
"""The emergency path's last word: the core is away and nobody took the caller. Files a callback and says so.

Asterisk starts this in its own root (python3-minimal and pyst2, nothing of ours): `AGI(file_callback.py,<folder>)`. One
JSON file per call, whole or not at all; the core reads the folder when it is back (cti/agi/filed_callbacks.py). Only after
the file is on the disk is a callback promised, in the channel's language.
"""

import contextlib
import io
import json
import os
import re
import sys
import time
from pathlib import Path

from asterisk.agi import AGI, AGIException

PROMISE = "carillon/busy-callback"
GONE = (AGIException, ValueError, OSError)  # a HANGUP line and a closed pipe reach us as the latter two
MOST = 256  # of any text a caller brought


def open_agi() -> AGI:
    """pyst2 over UTF-8, whatever the locale is, and without its trace (it would copy the caller's data into a log)."""
    reads = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    writes = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", write_through=True)
    return AGI(reads, writes, io.StringIO())


def asked(agi: AGI, variable: str) -> str:
    """A channel variable; nothing once the caller has hung up (pyst2 says so in several ways)."""
    try:
        return str(agi.get_variable(variable))
    except GONE:
        return ""


def what_to_file(agi: AGI) -> dict[str, str]:
    """Who called whom, in which language, and when."""
    known = {
        "call": agi.env.get("agi_accountcode", ""),
        "uniqueid": agi.env.get("agi_uniqueid", ""),
        "number": agi.env.get("agi_callerid", ""),
        "name": agi.env.get("agi_calleridname", ""),
        "dnis": asked(agi, "CTI_DNIS"),
        "queue": asked(agi, "CTI_QUEUE"),
        "language": agi.env.get("agi_language", ""),
        "epoch": str(int(time.time())),  # noqa: TID251  # a program of its own, without the core's clock
    }
    return {name: value[:MOST] for name, value in known.items()}


def write_whole(folder: Path, filed: dict[str, str]) -> None:
    """Beside, synced, renamed: a reader never sees half a file."""
    name = re.sub(r"[^A-Za-z0-9-]", "", filed["call"] or filed["uniqueid"])
    draft = folder / f"{name}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(filed, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / f"{name}.json")


def main() -> None:
    """File first, speak afterwards: the caller may hang up in the middle of the sentence."""
    agi = open_agi()
    write_whole(Path(sys.argv[1]), what_to_file(agi))
    with contextlib.suppress(*GONE):  # his callback is filed
        agi.stream_file(PROMISE)


if __name__ == "__main__":
    main()
