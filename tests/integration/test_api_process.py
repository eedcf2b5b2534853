"""`carillon api` as a process: what it says when it cannot start, how it stops, TLS, demo accounts from elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from carillon import runfile
from carillon.api_server import CannotStart, check_schema
from carillon.api_wiring import built_console, origins
from carillon.settings import Settings
from tests.support.live_api import Browser, LiveApi, running_api
from tests.support.ports import free_port


def environment(state: Path, base: int, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARILLON_")}
    return kept | {"CARILLON_STATE": str(state), "CARILLON_PORT_BASE": str(base)} | more


@contextlib.asynccontextmanager
async def process(env: dict[str, str]):
    """The real command; killed at the end when it still runs."""
    command = (sys.executable, "-m", "carillon.cli.main", "api")
    started = await asyncio.create_subprocess_exec(*command, env=env, stderr=asyncio.subprocess.PIPE)
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


@pytest.fixture
async def state(tmp_path):
    """A state directory with people, left by an api that has stopped."""
    async with running_api(tmp_path) as live:
        folder = live.settings.state
    runfile.remove(folder / "run", "api")
    return folder


async def ready(state: Path) -> None:
    async with asyncio.timeout(40):
        while True:
            said = runfile.read(state / "run", "api")
            if said is not None and said.ready:
                return
            await asyncio.sleep(0.05)


async def test_a_database_that_was_never_migrated_is_one_sentence_and_exit_2(tmp_path):
    async with process(environment(tmp_path, free_port())) as api:
        _, said = await asyncio.wait_for(api.communicate(), 40)
    assert api.returncode == 2
    assert said.decode().splitlines()[-1].startswith("The ")
    assert "carillon migrate" in said.decode()
    assert "Traceback" not in said.decode()


async def test_a_taken_port_is_one_sentence_and_exit_2(tmp_path):
    async with running_api(tmp_path) as live, process(environment(tmp_path, live.settings.port_base)) as api:
        _, said = await asyncio.wait_for(api.communicate(), 40)
    assert api.returncode == 2
    assert f"port {live.settings.console_port}" in said.decode()
    assert "Traceback" not in said.decode()


async def test_sigterm_closes_sockets_with_1012_ends_with_0_and_leaves_no_run_file(state):
    base, key = free_port(), (state / "run" / "cli.token").read_text()
    async with process(environment(state, base)) as api:
        await ready(state)
        origin = f"http://127.0.0.1:{base}"
        async with httpx.AsyncClient(base_url=origin, trust_env=False, timeout=20) as http:
            browser = Browser(http, origin)
            await browser.log_in("agent")
            async with browser.page() as page:
                await page.next("snapshot")
                api.send_signal(signal.SIGTERM)
                await asyncio.wait_for(page.socket.wait_closed(), 10)
                assert page.socket.close_code == 1012
        await asyncio.wait_for(api.wait(), 15)
    assert api.returncode == 0
    assert runfile.read(state / "run", "api") is None
    assert key != (state / "run" / "cli.token").read_text()


async def test_after_kill_9_and_a_new_start_the_same_session_and_page_go_on(state):
    base = free_port()
    origin = f"http://127.0.0.1:{base}"
    async with httpx.AsyncClient(base_url=origin, trust_env=False, timeout=20) as http:
        browser = Browser(http, origin)
        async with process(environment(state, base)) as first:
            await ready(state)
            await browser.log_in("agent")
            async with browser.page() as page:
                page_id = (await page.next("snapshot"))["page"]
                first.send_signal(signal.SIGKILL)
                await page.socket.wait_closed()
        runfile.remove(state / "run", "api")
        async with process(environment(state, base)):
            await ready(state)
            async with browser.page(page_id) as page:
                assert (await page.next("snapshot"))["page"] == page_id


async def test_the_command_lines_key_is_for_its_owner_alone(state):
    assert (state / "run" / "cli.token").stat().st_mode & 0o777 == 0o600


async def test_the_log_is_json_with_masked_numbers_and_no_secret(state):
    base = free_port()
    async with process(environment(state, base, CARILLON_LOG_LEVEL="debug")) as api:
        await ready(state)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{base}", trust_env=False, timeout=20) as http:
            browser = Browser(http, f"http://127.0.0.1:{base}")
            said = await browser.log_in("agent")
            await browser.get("/calls", params={"q": "13800138000"})
        secrets = [http.cookies["carillon_session"], said["csrf"], (state / "run" / "cli.token").read_text()]
        api.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(api.communicate(), 20)
    assert not [each for each in (*secrets, "correct horse battery", "13800138000") if each in log.decode()]
    for line in log.decode().splitlines():
        json.loads(line)


async def test_an_older_or_newer_schema_is_told(tmp_path):
    async with running_api(tmp_path) as live:
        async with live.deps.uow.write() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
        with pytest.raises(CannotStart, match="carillon migrate"):
            await check_schema(live.settings)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command, *subject], check=True, capture_output=True)
    return cert, key


async def test_under_tls_the_cookie_is_host_bound_and_secure_and_hsts_is_sent(tmp_path, certificate):
    cert, key = certificate
    async with running_api(tmp_path, tls_cert=cert, tls_key=key) as live:
        origin = f"https://localhost:{live.settings.console_port}"
        context = ssl.create_default_context(cafile=str(cert))
        async with httpx.AsyncClient(base_url=origin, verify=context, trust_env=False, timeout=20) as http:
            browser = Browser(http, origin)
            await browser.log_in("agent")
            answer = await browser.get("/session")
            assert answer.status_code == 200
            assert "max-age=31536000" in answer.headers["strict-transport-security"]
            cookie = next(iter(http.cookies.jar))
            assert (cookie.name, cookie.secure, cookie.path) == ("__Host-carillon_session", True, "/")


async def test_demo_accounts_work_from_this_machine_only_unless_the_settings_say_so(tmp_path, monkeypatch):
    for remote in (False, True):
        async with running_api(tmp_path / str(remote), demo_remote=remote) as live:
            async with live.deps.uow.write() as session:
                await session.execute(text("UPDATE users SET demo = 1"))
            assert (await _log_in(live)).status_code == 200
            with monkeypatch.context() as patched:
                patched.setattr("agent_console.server.resources.sessions.address_of", lambda _request: "192.0.2.7")
                answer = await _log_in(live)
            assert answer.status_code == (200 if remote else 403), answer.text


async def _log_in(live: LiveApi) -> httpx.Response:
    http = await live.client(Origin=live.origin)
    return await http.post("/api/v1/login", json={"login": "agent", "password": "correct horse battery"})


async def test_every_answer_has_the_security_headers_errors_and_files_too(tmp_path):
    async with running_api(tmp_path) as live:
        http = await live.client()
        for path in ("/", "/api/v1/session", "/api/v1/no-such", "/assets/none.js", "/api/v1/health", "/desk"):
            headers = (await http.get(path)).headers
            policy = headers["content-security-policy"]
            assert "script-src 'self';" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert "microphone=(self)" in headers["permissions-policy"]
            assert "server" not in headers


async def test_an_error_of_ours_has_a_code_and_an_id_and_no_stack(tmp_path, monkeypatch):
    async with running_api(tmp_path) as live:
        browser = await live.browser("agent")

        async def broken():
            raise RuntimeError("secret detail")

        monkeypatch.setattr(live.deps.codes, "dispositions", broken)
        with capture_logs() as logs:
            answer = await browser.get("/dispositions")
    assert answer.status_code == 500
    assert [line["error_id"] for line in logs if line.get("action") == "internal_error"] == [
        answer.json()["error"]["params"]["id"]
    ]
    assert answer.json()["error"]["code"] == "internal"
    assert len(answer.json()["error"]["params"]["id"]) == 12
    assert "secret" not in answer.text


async def test_a_body_above_a_mebibyte_is_413(tmp_path):
    async with running_api(tmp_path) as live:
        http = await live.client(Origin=live.origin)
        answer = await http.post("/api/v1/login", content=b'{"login":"' + b"x" * 1_100_000 + b'"}')
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")

        async def endless():
            for _ in range(40):
                yield b"x" * 100_000

        answer = await http.post("/api/v1/login", content=endless())  # chunked: it does not say its length
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_origins_are_this_machine_and_what_the_settings_add(tmp_path):
    settings = Settings(state=tmp_path, port_base=9000, public_origins="https://console.example.com/, http://10.0.0.5:9000")
    known = origins(settings)
    assert {"http://localhost:9000", "http://127.0.0.1:9000", "https://console.example.com", "http://10.0.0.5:9000"} <= known
    assert "http://localhost" not in known


def test_the_newest_build_of_the_console_is_served(tmp_path):
    for name, when in (("old", 1), ("new", 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name)
        os.utime(tmp_path / name / "index.html", (when, when))
    assert built_console(tmp_path).name == "new"
