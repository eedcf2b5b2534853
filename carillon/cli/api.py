"""`carillon api`: the console's server of this instance, in the foreground."""

from __future__ import annotations

import ssl
import sys

import typer

from carillon import loop
from carillon.api_server import CannotStart, serve
from carillon.logs import set_up
from carillon.settings import Settings
from storage.errors import StorageError


def run() -> None:
    """Run the api until it is told to stop."""
    settings = Settings()
    set_up(settings.log_level, "api")
    try:
        loop.run(serve(settings))
    except CannotStart as error:
        _end(str(error))
    except StorageError as error:
        _end(f"The api cannot start: {error}.")
    except (FileNotFoundError, ssl.SSLError) as error:
        _end(f"The api cannot use CARILLON_TLS_CERT and CARILLON_TLS_KEY: {error}.")


def _end(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    raise typer.Exit(2) from None
