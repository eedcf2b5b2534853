"""`carillon core`: AMI, AGI, routing and the journal of this instance."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys

import typer

from carillon import loop, runfile
from carillon.core.wiring import serve
from carillon.logs import set_up
from carillon.settings import Settings
from cti.ports.journal import JournalFailed
from ivr.errors import FlowError
from storage.errors import StorageError


def run() -> None:
    """Run the core until it is told to stop."""
    settings = Settings()
    set_up(settings.log_level, "core")
    try:
        loop.run(_until_told(settings))
    except (JournalFailed, StorageError, FlowError) as error:
        sys.stderr.write(f"The core cannot start: {error}\n")
        raise typer.Exit(2) from None
    except OSError as error:
        sys.stderr.write(
            f"The core cannot listen on port {settings.agi_port}: {error.strerror}. Choose another CARILLON_PORT_BASE.\n"
        )
        raise typer.Exit(2) from None
    finally:
        mine = runfile.read(settings.run_dir, "core")
        if mine is not None:
            runfile.remove(settings.run_dir, "core")


async def _until_told(settings: Settings) -> None:
    turning, told = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        turning.add_signal_handler(name, told.set)
    task = asyncio.ensure_future(serve(settings))
    waiting = asyncio.ensure_future(told.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if task.done():
        task.result()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
