"""Turns the calling process into a confined Asterisk: own mount namespace, own root, no privileges. Never returns.

Everything the instance needs is bound at the same absolute path inside a root made of tmpfs, so rendered paths are true on
both sides; the shared private root is mounted read-only and serves any number of instances; what is mounted is seen by this
process tree alone and ends with it. Of the state directory Asterisk sees its own part, not the secrets or the database.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNS = 0x00020000
_MS_RDONLY, _MS_NOSUID, _MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = 1, 2, 32, 4096, 16384, 1 << 18
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


@dataclass(frozen=True, slots=True)
class Account:
    """Whom Asterisk runs as."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Confinement:
    """`root`: the private Asterisk, None for the one on PATH; `mount_point`: an empty folder; `shown`: writable folders."""

    root: Path | None
    mount_point: Path
    shown: Sequence[Path]
    hosts: Path
    account: Account | None


def become(command: Sequence[str], confinement: Confinement, parent: int) -> NoReturn:
    """Exec `command`, to die with `parent`."""
    if confinement.root is not None:
        _own_root(confinement.root, confinement)
    _raise_file_limit()
    if confinement.account is not None:
        os.setgroups([])
        os.setgid(confinement.account.gid)
        os.setuid(confinement.account.uid)
    # After setuid: a change of credentials clears the signal. Then look whether the parent went meanwhile.
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if os.getppid() != parent:
        os._exit(1)
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1"}  # noqa: S108
    os.execve(command[0], list(command), environment)  # noqa: S606 - no shell is the point


def _own_root(root: Path, confinement: Confinement) -> None:
    if _libc.unshare(_CLONE_NEWNS):
        _fail("unshare")
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)  # nothing mounted from here on is seen outside
    new = confinement.mount_point
    _mount("tmpfs", new, "tmpfs", _MS_NOSUID, "mode=755")
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        if (root / name).is_symlink():
            (new / name).symlink_to((root / name).readlink())
    for name in ("usr", "etc"):
        _bind(root / name, new / name, read_only=True)
    _bind(confinement.hosts, new / "etc/hosts", read_only=True)
    _bind(Path("/proc"), new / "proc")
    for name in _DEVICES:
        (new / "dev").mkdir(exist_ok=True)
        (new / "dev" / name).touch()
        _mount(f"/dev/{name}", new / "dev" / name, None, _MS_BIND)
    for name in ("tmp", "var/tmp"):
        (new / name).mkdir(parents=True)
        (new / name).chmod(0o1777)
    for folder in confinement.shown:
        _bind(folder, new / folder.relative_to("/"))
    os.chroot(new)
    os.chdir("/")


def _bind(source: Path, target: Path, *, read_only: bool = False) -> None:
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    _mount(str(source), target, None, _MS_BIND)
    if read_only:
        _mount(None, target, None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY)


def _mount(source: str | None, target: str | Path, kind: str | None, flags: int, data: str = "") -> None:
    arguments = [each.encode() if each else None for each in (source, str(target), kind)]
    if _libc.mount(*arguments, ctypes.c_ulong(flags), data.encode() or None):
        _fail(f"mount {target}")


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        _fail("prctl")


def _raise_file_limit() -> None:
    """A bridged call needs four sockets for media alone."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _fail(what: str) -> NoReturn:
    number = ctypes.get_errno()
    raise OSError(number, f"{what}: {os.strerror(number)}")
