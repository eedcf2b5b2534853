"""A PostgreSQL of the tests' own: Debian's programs on a free port and a temporary folder, by an unprivileged user."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.ports import free_port

BINARIES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), Path("/usr/lib/postgresql/15/bin"))


def _unprivileged() -> dict[str, object]:
    """PostgreSQL refuses to run as root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@dataclass
class PostgresServer:
    """One cluster; `create` makes databases in it."""

    folder: Path
    port: int

    def start(self) -> None:
        """Start and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", options, "-w", "-t", "30", "start"
        )

    def stop(self) -> None:
        """Cut every connection and end."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def init(self) -> None:
        """Make the empty cluster."""
        self._run(
            "initdb", "-D", str(self.folder / "data"), "-U", "carillon", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
        )

    def url(self, database: str) -> str:
        """For the async engine."""
        return f"postgresql+psycopg://carillon@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """A new database, by default an empty one; its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(template))
        self.admin(statement)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove it with everybody who is still connected."""
        self.admin(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def admin(self, statement: sql.Composed | sql.SQL) -> None:
        """One statement outside a transaction."""
        with psycopg.connect(f"host=127.0.0.1 port={self.port} user=carillon dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(BINARIES / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            timeout=60,
            check=False,
            **_unprivileged(),  # type: ignore[call-overload]
        )
        assert done.returncode == 0, f"{program}: {done.stderr.decode(errors='replace')}"


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Started, and gone with its folder at the end."""
    assert (BINARIES / "initdb").exists(), "PostgreSQL is not installed: bin/test installs it"
    folder = Path(tempfile.mkdtemp(prefix="carillon-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = PostgresServer(folder, free_port())
        server.init()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
