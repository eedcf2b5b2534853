"""The instance's own secrets: made at random at the first start, kept in one file that only its owner reads."""

from __future__ import annotations

import json
import os
import secrets as randomness
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

AMI_READ_USER = "cti_read"  # listens and takes snapshots
AMI_CTL_USER = "cti_ctl"  # acts
ARI_USER = "cti_endpoints"  # mints end points; ARI has no permission classes, so this is the strongest one


@dataclass(frozen=True, slots=True)
class Secrets:
    """Nothing here is ever logged: every field is kept out of repr."""

    ami_read: str = field(repr=False)
    ami_ctl: str = field(repr=False)
    ari: str = field(repr=False)
    agi: str = field(repr=False)  # the key that a FastAGI request must carry
    session: str = field(repr=False)  # the audit's key is derived from it


def load_or_create(path: Path) -> Secrets:
    """Read the file, filling in what an older version did not have; write it (0600, atomic) when something was added."""
    known = json.loads(path.read_text()) if path.exists() else {}
    names = [each.name for each in fields(Secrets)]
    made = Secrets(**{name: known.get(name) or randomness.token_hex(24) for name in names})
    if asdict(made).items() - known.items():
        _write_private(path, json.dumps(known | asdict(made), indent=2) + "\n")
    return made


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
