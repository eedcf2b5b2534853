#!/usr/bin/python3
"""The emergency path's last word: the core is away and nobody took the caller. Files a callback and says so.

Asterisk starts this in its own root (python3-minimal and pyst2, nothing of ours): `AGI(file_callback.py,<folder>)`. One
JSON file per call, whole or not at all; the core reads the folder when it is back (cti/agi/filed_callbacks.py). Only after
the file is on the disk is a callback promised, in the channel's language.
"""

import io
import json
import os
import re
import sys
from pathlib import Path

from asterisk.agi import AGI, AGIException

PROMISE = "carillon/busy-callback"
MOST = 256  # of any text a caller brought


def open_agi() -> AGI:
    """pyst2 over UTF-8, whatever the locale is, and without its trace (it would copy the caller's data into a log)."""
    reads = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    writes = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", write_through=True)
    return AGI(reads, writes, io.StringIO())


def what_to_file(agi: AGI) -> dict[str, str]:
    """Who called whom, in which language, and when (by Asterisk's clock)."""
    known = {
        "call": agi.env.get("agi_accountcode", ""),
        "uniqueid": agi.env.get("agi_uniqueid", ""),
        "number": agi.env.get("agi_callerid", ""),
        "name": agi.env.get("agi_calleridname", ""),
        "dnis": agi.get_variable("CTI_DNIS"),
        "queue": agi.get_variable("CTI_QUEUE"),
        "language": agi.env.get("agi_language", ""),
        "epoch": agi.get_full_variable("${EPOCH}"),
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
    try:
        agi.stream_file(PROMISE)
    except AGIException:  # he has hung up; his callback is filed
        return


if __name__ == "__main__":
    main()
