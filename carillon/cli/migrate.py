"""`carillon migrate`: bring the business database to this release's schema."""

from __future__ import annotations

import asyncio
import sys
from typing import NoReturn

from alembic.util.exc import CommandError

from carillon.migrations.schema import Migrated, SchemaError
from carillon.migrations.schema import migrate as upgrade
from carillon.settings import Settings
from storage.errors import StorageError, UnknownDatabase


def migrate() -> None:
    """Create or upgrade the business database; nothing to do is success."""
    done = run(Settings())
    if done.before == done.after:
        print(f"The database is at {done.after} already.")
    else:
        print(f"The database is now at {done.after} (before: {done.before or 'empty'}).")


def run(settings: Settings) -> Migrated:
    """The command without its output, for `carillon up`. Ends the process with one sentence when it cannot be done."""
    settings.state.mkdir(parents=True, exist_ok=True)
    try:
        return asyncio.run(upgrade(settings.database))
    except UnknownDatabase as error:
        fail(f"CARILLON_DATABASE_URL: {error}")
    except (SchemaError, StorageError, CommandError) as error:
        fail(str(error))


def fail(sentence: str) -> NoReturn:
    """One sentence on stderr, exit code 1."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)
