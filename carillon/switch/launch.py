"""Runs Asterisk in the foreground as this process's child, until it ends or this process is told to stop."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import sys
import time
from pathlib import Path

from carillon import runfile
from carillon.settings import Settings
from carillon.switch import confine, folders, prompts
from carillon.switch.install import DEBIAN_ELSEWHERE, Installation, InstallFailed, ensure, say
from carillon.switch.ready import is_fully_booted
from carillon.switch.render import render
from carillon.switch.secrets import Secrets, load_or_create

SOCKET_PATH_MAX = 107  # sun_path of a Unix socket
BOOT_SECONDS = 30.0
STOP_SECONDS = 5.0
# Of the range that systemd leaves to dynamic services: no account of the machine has it, so nobody else reads what Asterisk
# writes. (The private root's own number for asterisk is some other service's on this machine.)
PRIVATE_ID = 61822


def serve(settings: Settings) -> int:
    """Install, render, run; 0 when it was told to stop, 1 when Asterisk ended by itself."""
    secrets = load_or_create(settings.secrets_file)
    child = start(settings, secrets, ensure())
    stopping = _Stop(child)
    if not _wait_until_booted(settings, secrets, child):
        say(f"Asterisk did not start; the end of {settings.switch_dir}/log/messages.log says why:\n{log_tail(settings)}")
        stopping.now()
        return 1
    runfile.write(settings.run_dir, "switch", pid=child, ports=_ports(settings))
    try:
        return stopping.wait_for_end()
    finally:
        runfile.remove(settings.run_dir, "switch")


def render_for_another(settings: Settings) -> Path:
    """Everything that an Asterisk 22 in a container of its own needs from us, and no start; the file for its `-C`."""
    prompts.ensure()
    etc = render(settings, load_or_create(settings.secrets_file), DEBIAN_ELSEWHERE)
    folders.prepare(settings, DEBIAN_ELSEWHERE, None)
    return etc / "asterisk.conf"


def start(settings: Settings, secrets: Secrets, installation: Installation) -> int:
    """Prepare everything and fork Asterisk; its pid. Must be called from a process without threads."""
    _check(settings, installation)
    prompts.ensure()
    account = _account(installation)
    etc = render(settings, secrets, installation)
    shown = folders.prepare(settings, installation, account)
    confinement = confine.Confinement(installation.root, settings.switch_dir / "ns", shown, etc / "hosts", account)
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            _stdout_to(settings.switch_dir / "log/stdout.log")
            confine.become([installation.binary, "-f", "-C", str(etc / "asterisk.conf")], confinement, parent)
        except BaseException as error:  # a forked child must never return into its parent's code
            sys.stderr.write(f"Asterisk could not be confined: {error}\n")
        finally:
            os._exit(1)
    return child


def _stdout_to(file: Path) -> None:
    """What Asterisk says before its logger runs."""
    os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), 1)


def log_tail(settings: Settings, lines: int = 30) -> str:
    """The end of Asterisk's own log."""
    with contextlib.suppress(FileNotFoundError):
        return "\n".join((settings.switch_dir / "log/messages.log").read_text(errors="replace").splitlines()[-lines:])
    return ""


def _check(settings: Settings, installation: Installation) -> None:
    control = settings.switch_dir / "run" / "asterisk.ctl"
    if len(str(control)) > SOCKET_PATH_MAX:
        raise InstallFailed(f"CARILLON_STATE is too long a path: {control} must have at most {SOCKET_PATH_MAX} characters.")
    if installation.root is None:
        return
    if os.geteuid() != 0:
        raise InstallFailed(
            "The private Asterisk needs root to enter its own root folder; run as root, or put an Asterisk 22 on PATH."
        )
    if settings.state.is_relative_to("/usr") or settings.state.is_relative_to("/etc"):
        raise InstallFailed(
            f"CARILLON_STATE={settings.state} lies below /usr or /etc, which the switch sees read-only; choose another."
        )


def _account(installation: Installation) -> confine.Account | None:
    """Whom Asterisk runs as; None when this process has no privileges to give up."""
    if os.geteuid() != 0:
        return None
    if installation.root is not None:
        return confine.Account(PRIVATE_ID, PRIVATE_ID)
    try:
        entry = pwd.getpwnam("asterisk")
    except KeyError:
        raise InstallFailed(
            "There is no account named asterisk to run Asterisk as; `adduser --system --group asterisk`."
        ) from None
    return confine.Account(entry.pw_uid, entry.pw_gid)


def _wait_until_booted(settings: Settings, secrets: Secrets, child: int) -> bool:
    deadline = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < deadline:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        if is_fully_booted(settings.ami_port, secrets.ami_read):
            return True
        time.sleep(0.05)
    return False


def _ports(settings: Settings) -> dict[str, int]:
    first, last = settings.rtp_first_last
    return {
        "ami": settings.ami_port,
        "http": settings.asterisk_http_port,
        "sip": settings.sip_port,
        "rtp_first": first,
        "rtp_last": last,
    }


class _Stop:
    """TERM, INT or HUP: Asterisk gets TERM (it ends calls in order), and KILL after five seconds."""

    def __init__(self, child: int) -> None:
        self._child = child
        self._asked = False
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, self._ask)
        signal.signal(signal.SIGALRM, lambda *_: self._send(signal.SIGKILL))

    def _ask(self, *_: object) -> None:
        self._asked = True
        self._send(signal.SIGTERM)
        signal.setitimer(signal.ITIMER_REAL, STOP_SECONDS)

    def _send(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child, number)

    def now(self) -> None:
        """Do not wait for order."""
        self._send(signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._child, 0)

    def wait_for_end(self) -> int:
        """0 when the end was asked for."""
        status = os.waitpid(self._child, 0)[1]
        signal.setitimer(signal.ITIMER_REAL, 0)
        if self._asked:
            return 0
        say(f"Asterisk ended by itself ({os.waitstatus_to_exitcode(status)}).")
        return 1
