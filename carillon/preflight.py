"""Before anything starts: nobody else has this state directory, and every port is free. One sentence each."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path

from carillon.settings import Settings


class CannotStart(Exception):
    """One sentence that says what is in the way and what to change."""


def lock(run_dir: Path, name: str = "supervisor") -> int:
    """Hold `run/<name>.lock` for the life of the process; the descriptor (never closed: the kernel frees
    it, whatever happens to us)."""
    run_dir.mkdir(parents=True, exist_ok=True)
    held = os.open(run_dir / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.read(held, 20).decode().strip()
        os.close(held)
        raise CannotStart(f"Carillon runs already on {run_dir.parent} ({name} {pid}); choose another CARILLON_STATE.") from None
    os.ftruncate(held, 0)
    os.write(held, str(os.getpid()).encode())
    return held


def check_ports(settings: Settings) -> None:
    """Raise CannotStart for the first port that somebody has."""
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    wanted = (
        (settings.listen, settings.console_port, tcp, "the console"),
        ("127.0.0.1", settings.ami_port, tcp, "Asterisk's manager interface"),
        ("127.0.0.1", settings.agi_port, tcp, "the core's FastAGI server"),
        ("127.0.0.1", settings.asterisk_http_port, tcp, "Asterisk's HTTP server"),
        (settings.sip_listen, settings.sip_port, udp, "SIP"),
        ("127.0.0.1", settings.core_metrics_port, tcp, "the core's metrics"),
    )
    for host, port, kind, use in wanted:
        _check_port(host, port, kind, f"for {use}: choose another CARILLON_PORT_BASE (now {settings.port_base})")


def _check_port(host: str, port: int, kind: socket.SocketKind, hint: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:  # connections of a stopped instance may linger; that is no taken port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            name = "UDP" if kind is socket.SOCK_DGRAM else "TCP"
            raise CannotStart(f"{name} port {port} on {host} cannot be had ({error.strerror}); it is {hint}.") from None
