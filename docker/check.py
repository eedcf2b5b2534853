"""Builds both images with buildah and starts what docker-compose.yml starts, without an engine; needs root.

    .venv/bin/python docker/check.py build [option of `buildah bud` …]
    .venv/bin/python docker/check.py run

`run` takes commands, environment, health checks and limits from the compose file and the images, and gives each service
namespaces of its own (mounts, processes) on one network of loopback alone. PostgreSQL and Redis are this machine's programs.
Nothing of it is a container engine: its networks, published ports and volumes stay unproven.
"""

# ruff: noqa: INP001, S101, S603, S607, T201 - a script that runs programs of PATH, for a person
from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parents[1]
IMAGES = {"carillon-asterisk": "docker/asterisk.Dockerfile", "carillon-app": "docker/app.Dockerfile"}
ADDRESSES = {"postgres": "172.31.88.11", "redis": "172.31.88.12"}
LIMITS = ("--ulimit", "nproc=32768:32768", "--ulimit", "nofile=20000:20000")  # chroot isolation cannot raise a machine's own
ENTER = r"""
root=$1 state=$2 hosts=$3; shift 3
mount --bind "$root" "$root"; mount -t proc proc "$root/proc"; mount -t tmpfs tmpfs "$root/tmp"; mount -t tmpfs tmpfs "$root/dev"
for each in null zero full random urandom; do touch "$root/dev/$each"; mount --bind "/dev/$each" "$root/dev/$each"; done
mount --bind "$state" "$root/state"; mount --bind "$hosts" "$root/etc/hosts"
mount -o remount,bind,ro "$root"
exec chroot "$root" "$@"
"""


@dataclass
class Service:
    """One service of the compose file, in an image's mounted root."""

    name: str
    said: dict[str, Any]
    config: dict[str, Any]
    root: Path
    volumes: Path
    process: subprocess.Popen[bytes] | None = None

    def inside(self, command: Sequence[str]) -> list[str]:
        """As the image's account, without capabilities, in its environment and folder."""
        accounts = (line.split(":") for line in (self.root / "etc/passwd").read_text().splitlines())
        uid, gid = next((each[2], each[3]) for each in accounts if each[0] == self.config["User"])
        drop = ["--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs"]
        environment = [*self.config["Env"], *(f"{name}={value}" for name, value in self.said.get("environment", {}).items())]
        folder = self.config.get("WorkingDir") or "/"
        return ["setpriv", f"--reuid={uid}", f"--regid={gid}", *drop, "env", "-i", f"--chdir={folder}", *environment, *command]

    def start(self, command: Sequence[str] | None = None) -> None:
        """Its own or another command as process 1 of its own namespaces."""
        own = [
            *self.said.get("entrypoint", self.config.get("Entrypoint") or []),
            *self.said.get("command", self.config.get("Cmd") or []),
        ]
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", ENTER, "sh"]
        shown = [str(self.root), str(self.volumes / "state"), str(self.volumes / "hosts")]
        with (self.volumes / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen([*apart, *shown, *self.inside(command or own)], stdout=log, stderr=log)

    def execute(self, *command: str, **options: Any) -> subprocess.Popen[str]:
        """Another process in the running service, as a health check is."""
        target = ["nsenter", f"--target={self.first_process()}", "--mount", "--pid", "chroot", str(self.root)]
        return subprocess.Popen([*target, *self.inside(command)], text=True, **options)

    def first_process(self) -> int:
        """The number that process 1 of the service has out here."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        while not (number := children.read_text().strip()):
            if self.process.poll() is not None:
                self.fail(f"ended with {self.process.returncode}")
            time.sleep(0.02)
        return int(number)

    def healthy(self) -> None:
        """Return when the compose file's health check succeeds."""
        check = self.said["healthcheck"]
        began = time.monotonic()
        deadline = began + int(check["interval"][:-1]) * int(check["retries"])
        while self.execute(*check["test"][1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait():
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.fail("is not healthy")
            time.sleep(0.2)
        say(f"{self.name}: healthy after {time.monotonic() - began:.1f} s")

    def confined(self) -> None:
        """Its root is read-only, it is nobody special and has no way to become so."""
        told = "touch /x 2>&1; grep -E 'Uid|CapPrm|CapBnd|NoNewPrivs' /proc/1/status"
        words = self.execute("sh", "-c", told, stdout=subprocess.PIPE).communicate()[0]
        if "Read-only file system" not in words:
            self.fail(f"could write to its root: {words}")
        say(f"{self.name}: root is read-only; {' '.join(words.partition('Uid:')[2].split())}")

    def complete(self, command: Sequence[str] | None = None) -> None:
        """Run to a good end."""
        self.start(command)
        assert self.process is not None
        if self.process.wait(120):
            self.fail(f"ended with {self.process.returncode}")
        say(f"{self.name}: {' '.join(command or self.said['command'])} ended with 0")

    def stop(self) -> None:
        """As an engine does: TERM to process 1, and ten seconds."""
        assert self.process is not None
        began = time.monotonic()
        os.kill(self.first_process(), signal.SIGTERM)
        say(f"{self.name}: ended with {self.process.wait(10)} after {time.monotonic() - began:.1f} s of TERM")

    def fail(self, what: str) -> None:
        """End everything: the namespaces go with this process."""
        logs = (self.volumes / f"{self.name}.log", self.volumes / f"state/log/{self.name}.log")
        tails = "\n".join(each.read_text(errors="replace")[-3000:] for each in logs if each.exists())
        raise SystemExit(f"{self.name} {what}:\n{tails}")


def build(options: Sequence[str]) -> None:
    """Both images from the Dockerfiles; `options` are for a machine whose registries need certificates or a proxy."""
    for image, file in IMAGES.items():
        bud = ["buildah", "bud", "--isolation", "chroot", *LIMITS, *options, "-f", file, "-t", image, "."]
        subprocess.run(bud, cwd=CHECKOUT, check=True)
    subprocess.run(["buildah", "images"], check=True)


def run() -> None:
    """Mount both images, then go on in namespaces that end with everything in them."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="carillon-check-")))
        folder.chmod(0o755)
        roots = {image: stack.enter_context(_mounted(image)) for image in IMAGES}
        apart = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        done = subprocess.run([*apart, sys.executable, __file__, "inside", str(folder), json.dumps(roots)], check=False)
    raise SystemExit(done.returncode)


@contextlib.contextmanager
def _mounted(image: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Root and configuration of a container made of an image."""
    container = _output("buildah", "from", "--pull-never", f"localhost/{image}")
    try:
        config = json.loads(_output("buildah", "inspect", "--type", "container", container))["OCIv1"]["config"]
        yield _output("buildah", "mount", container), config
    finally:
        subprocess.run(["buildah", "umount", container], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["buildah", "rm", container], check=True, stdout=subprocess.DEVNULL)


def inside(folder: Path, roots: dict[str, tuple[str, dict[str, Any]]]) -> None:
    """The compose file from setup to a call, in its own order."""
    os.environ["CARILLON_DB_PASSWORD"] = os.urandom(12).hex()
    compose = yaml.safe_load(re.sub(r"\$\{(\w+):[-?]([^}]*)\}", _filled, (CHECKOUT / "docker-compose.yml").read_text()))
    service = {
        name: Service(name, said, roots[said["image"]][1], Path(roots[said["image"]][0]), folder)
        for name, said in compose["services"].items()
        if said["image"] in roots
    }
    _prepare(folder, compose, service["setup"].root)
    service["setup"].complete()
    service["setup"].complete([*service["core"].config["Entrypoint"], "seed"])  # a company to call: the first start has none
    for name in ("asterisk", "core", "api"):
        service[name].start()
        service[name].healthy()
        service[name].confined()
    _call(service["api"], folder)
    for name in ("api", "core", "asterisk"):
        service[name].stop()


def _filled(found: re.Match[str]) -> str:
    return os.environ.get(found[1]) or found[2]


def _prepare(folder: Path, compose: dict[str, Any], app: Path) -> None:
    """Addresses, names, an empty volume with the owner that the image's folder has, and the two servers."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in (compose["services"]["asterisk"]["networks"]["inside"]["ipv4_address"], *ADDRESSES.values()):
        subprocess.run(["ip", "address", "add", f"{address}/24", "dev", "lo"], check=True)
    (folder / "hosts").write_text("127.0.0.1 localhost\n" + "".join(f"{there} {name}\n" for name, there in ADDRESSES.items()))
    (folder / "state").mkdir()
    owner = (app / "state").stat()
    os.chown(folder / "state", owner.st_uid, owner.st_gid)
    _postgres(folder / "postgres", os.environ["CARILLON_DB_PASSWORD"])
    redis = [
        *compose["services"]["redis"]["command"],
        "--bind",
        ADDRESSES["redis"],
        "--protected-mode",
        "no",
    ]  # as its image is built
    subprocess.Popen(redis, user="redis", group="redis", extra_groups=[], cwd="/", stdout=subprocess.DEVNULL)


def _postgres(folder: Path, password: str) -> None:
    """Made as its image's entry point makes it: one user, one database, a password from other addresses."""
    folder.mkdir()
    shutil.chown(folder, "postgres", "postgres")
    (folder / "password").write_text(password)
    script = f"""
    PATH=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1):$PATH
    initdb -D data -U carillon --pwfile=password --auth-host=scram-sha-256 -E UTF8 --locale=C.UTF-8
    echo host all all all scram-sha-256 >>data/pg_hba.conf
    pg_ctl -D data -l log -w -o '-c listen_addresses={ADDRESSES["postgres"]} -c unix_socket_directories={folder}' start
    createdb -h {folder} -U carillon carillon
    """
    subprocess.run(
        ["sh", "-ec", script],
        check=True,
        user="postgres",
        group="postgres",
        extra_groups=[],
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )


def _call(api: Service, folder: Path) -> None:
    """A software agent and a caller with the image's own programs: exit 0, a final record and its recording."""
    accounts = json.loads((folder / "state/demo-accounts.json").read_text())
    login = next(each["login"] for each in accounts if each["role"] == "agent")
    carillon = ("python", "-m", "carillon.cli.main")
    with (folder / "call.log").open("w") as log:
        agent = api.execute(*carillon, "agent", "--login", login, stdout=subprocess.PIPE, stderr=log)
        assert agent.stdout is not None
        if agent.stdout.readline() != "READY\n":
            api.fail(f"has no agent: {(folder / 'call.log').read_text()}")
        caller = api.execute(*carillon, "call", "--wait", stdout=subprocess.PIPE, stderr=log)
        said = caller.communicate(timeout=240)[0]
    if caller.returncode:
        api.fail(f"took no call ({caller.returncode}): {(folder / 'call.log').read_text()}")
    record = json.loads(said)
    heard = folder / Path(record["recording"]["file"]).relative_to("/")
    say(f"call: {record['from']} to {record['to']}, agent {record['agent']}, ended by {record['ended_by']}")
    say(f"call: a recording of {heard.stat().st_size} bytes")


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def say(sentence: str) -> None:
    """What was shown, one line each."""
    print(sentence, flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", *options]:
            build(options)
        case ["run"]:
            run()
        case ["inside", folder, roots]:
            inside(Path(folder), json.loads(roots))
        case _:
            raise SystemExit(__doc__)
