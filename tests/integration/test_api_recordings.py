"""Recordings and call records on a running api: who reads and hears what, byte ranges, audit."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from agent_console.server.resources import calls, owners
from crm_core.owners.models import Owner, OwnerTerm
from cti.store.models import CallFact, CallParty, CallRecord
from recordings.models import Recording
from recordings.names import peaks_name, wav_name
from recordings.storage import LocalStorage
from storage.base import key_of
from tests.support.live_api import LOGINS, NOW, running_api

SOUND = bytes(range(256)) * 40
one_loop = pytest.mark.asyncio(loop_scope="module")


def call_id() -> str:
    return str(uuid4())


async def add_call(api, agent: str, team: str, **more) -> str:
    """A finished call with a recording of its own."""
    call = call_id()
    file = wav_name(call, NOW)
    storage = LocalStorage(api.settings.recordings_dir)
    for name, body in ((file, SOUND), (peaks_name(file), b'{"seconds":1.0,"per_second":800.0,"channels":[[0],[1]]}')):
        with storage.create(name) as out:
            out.write(body)
    number, parties = more.pop("from_e164", "+8613800138000"), more.pop("parties", (agent,))
    row = CallRecord(id=call, direction="in", from_e164=number, to_number="4001", agent_id=agent, team_id=team, queue="repairs")
    row.started_at, row.answered_at, row.ended_at, row.state = NOW, NOW, NOW + timedelta(seconds=9), "ended"
    row.switch = row.uniqueid = row.from_raw = row.from_name = ""
    row.sip_call_id = f"sip-{call}@127.0.0.2"
    row.wait_s, row.talk_s, row.hold_s, row.rebuilt, row.legs, row.version = (
        1.0,
        8.0,
        0.0,
        False,
        [{"leg": "1", "role": "caller"}],
        1,
    )
    for name, value in more.items():
        setattr(row, name, value)
    recording = Recording(
        id=call, call_id=call, team_id=team, agent_id=agent, file=file, status="final", seconds=1.28, channels=2
    )
    recording.bytes, recording.sha256, recording.started_at = len(SOUND), "", NOW
    async with api.deps.uow.write() as session:
        session.add_all([row, recording, CallFact(id=call_id(), seq=1, call_id=call, at=NOW, kind="call.ended", data={}, v=1)])
        session.add_all(CallParty(agent_id=party, call_id=call) for party in parties)
    return call


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(tmp_path_factory):
    async with running_api(tmp_path_factory.mktemp("api")) as live:
        yield live


@pytest_asyncio.fixture(loop_scope="module")
async def call(api):
    return await add_call(api, "agt-agent", "t1")


@one_loop
@pytest.mark.parametrize("login", LOGINS)
async def test_only_the_calls_agent_and_the_teams_supervisor_hear_it(api, call, login):
    browser = await api.browser(login)
    allowed = login in {"agent", "supervisor"}
    for part in ("audio", "peaks"):
        answer = await browser.get(f"/calls/{call}/recording/{part}")
        assert (answer.status_code == 200) is allowed, (login, part, answer.text[:200])


@one_loop
@pytest.mark.parametrize("login", LOGINS)
async def test_whoever_had_the_call_reads_and_hears_it_when_another_has_it_now(api, login):
    parties = ("agt-agent", "agt-hotline_engineer", "agt-hotline_engineer2")
    call = await add_call(api, parties[-1], "t2", parties=parties)
    browser = await api.browser(login)
    theirs = f"agt-{login}" in parties
    allowed = theirs or login == "supervisor2"
    for part in ("", "/recording/audio", "/recording/peaks"):
        answer = await browser.get(f"/calls/{call}{part}")
        assert (answer.status_code == 200) is (allowed or (not part and login.startswith("admin"))), (login, part)
    listed = (await browser.get("/calls", params={"agent": f"agt-{login}"})).json().get("items", [])
    assert (call in [each["id"] for each in listed]) is theirs


@one_loop
async def test_the_sound_leaves_whole_or_one_range_of_it_and_is_never_stored(api, call):
    browser = await api.browser("supervisor")
    whole = await browser.get(f"/calls/{call}/recording/audio")
    assert whole.content == SOUND
    assert (whole.headers["content-type"], whole.headers["cache-control"]) == ("audio/wav", "no-store")
    part = await browser.get(f"/calls/{call}/recording/audio", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, SOUND[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(SOUND)}"


@one_loop
@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "bytes=999999-", "bytes=-0", "bytes=" + ",".join(["0-1"] * 10_000)])
async def test_more_than_one_range_or_none_that_is_there_is_416(api, call, header):
    browser = await api.browser("supervisor")
    answer = await browser.get(f"/calls/{call}/recording/audio", headers={"Range": header})
    assert answer.status_code in {416, 400, 431}
    assert SOUND[:50] not in answer.content


@one_loop
async def test_each_play_is_audited_once_with_its_call_and_listener(api, call):
    browser = await api.browser("supervisor")
    for header in ("bytes=0-99", "bytes=100-199"):
        await browser.get(f"/calls/{call}/recording/audio", headers={"Range": header})
    async with api.deps.uow.read() as session:
        statement = text("SELECT actor, role FROM audit WHERE action = 'recording.played' AND object = :call")
        rows = (await session.execute(statement, {"call": call})).all()
    assert [tuple(row) for row in rows] == [("u-supervisor", "supervisor")]


async def tried(api, cookie: str, calls) -> dict[str, int]:
    """The status for each id, asked on one connection without a client's overhead."""
    reader, writer = await asyncio.open_connection("127.0.0.1", api.settings.console_port)
    statuses = {}
    for call in calls:
        path = f"/api/v1/calls/{call}/recording/audio"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-0\r\nCookie: {cookie}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        statuses[call] = int(head.split(" ", 2)[1])
        await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
    writer.close()
    await writer.wait_closed()
    return statuses


@one_loop
@pytest.mark.timeout(300)
@pytest.mark.parametrize("login", ["agent", "supervisor", "hotline_engineer", "coordinator", "admin", "field_engineer"])
async def test_a_thousand_ids_tried_by_each_role_leak_nothing(api, login):
    """Some of them exist, of both teams; what leaves must be exactly what the role may hear."""
    own = {await add_call(api, "agt-agent", "t1") for _ in range(3)}
    others = {await add_call(api, "agt-agent2", "t2") for _ in range(3)}
    browser = await api.browser(login)
    statuses = await tried(api, browser.cookie, [*own, *others, *(call_id() for _ in range(994))])
    assert {call for call, status in statuses.items() if status < 400} == (own if login in {"agent", "supervisor"} else set())
    assert set(statuses.values()) <= {206, 403, 404}


@one_loop
@pytest.mark.parametrize(
    "name", ["../../carillon.sqlite3", "..%2f..%2fcarillon.sqlite3", "2026/03/02/x.wav", "%00", "recordings"]
)
async def test_no_path_leads_to_a_file(api, name):
    browser = await api.browser("supervisor")
    for address in (f"/calls/{name}/recording/audio", f"/../../recordings/final/{name}"):
        answer = await browser.get(address)
        assert b"SQLite" not in answer.content
        assert answer.status_code >= 400 or answer.headers["content-type"].startswith("text/html")


@one_loop
async def test_a_row_whose_file_leads_out_of_the_folder_gives_nothing(api):
    call = await add_call(api, "agt-agent", "t1")
    async with api.deps.uow.write() as session:
        await session.execute(text("UPDATE recordings SET file = '../../carillon.sqlite3' WHERE id = :id"), {"id": call})
    browser = await api.browser("supervisor")
    answer = await browser.get(f"/calls/{call}/recording/audio")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_such_recording")


@one_loop
async def test_lists_show_each_role_its_own_and_an_admin_no_recordings(api, call):
    seen = {}
    for login in ("agent", "agent2", "supervisor", "admin"):
        browser = await api.browser(login)
        items, cursor = [], ""
        while True:
            page = (await browser.get("/calls", params={"cursor": cursor} if cursor else {})).json()
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                break
        seen[login] = {item["id"]: item for item in items}
    assert call in seen["agent"]
    assert call in seen["supervisor"]
    assert call not in seen["agent2"]
    assert seen["agent"][call]["recording"] == {"seconds": 1.28, "channels": 2, "status": "final", "file": None}
    assert all(item["recording"] is None for item in seen["admin"].values())
    assert set(seen["agent"]).isdisjoint(seen["agent2"])


@one_loop
async def test_a_list_is_searched_by_number_and_by_time(api):
    call = await add_call(api, "agt-agent", "t1", from_e164="+862155501234")
    browser = await api.browser("supervisor")
    found = (await browser.get("/calls", params={"q": "5550 1234"})).json()["items"]
    assert [item["id"] for item in found] == [call]
    assert (await browser.get("/calls", params={"from": "2027-01-01T00:00:00Z"})).json()["items"] == []
    assert (await browser.get("/calls", params={"q": "%"})).json()["items"] == []
    assert (await browser.get("/calls", params={"cursor": "broken"})).json()["error"]["code"] == "invalid_value"


@one_loop
async def test_a_list_is_searched_by_the_owners_name_within_what_the_role_sees(api):
    owner = Owner(id=call_id(), name="周建国", name_key=key_of("周建国"), created_at=NOW, updated_at=NOW, version=1)
    async with api.deps.uow.write() as session:
        session.add(owner)
        await session.flush()
        session.add(OwnerTerm(owner_id=owner.id, term="建国"))
    call = await add_call(api, "agt-agent", "t1", owner_id=owner.id)
    found = {}
    for login in ("agent", "supervisor", "admin", "agent2", "supervisor2"):
        browser = await api.browser(login)
        items = (await browser.get("/calls", params={"q": "建国"})).json()["items"]
        found[login] = [(item["id"], item["owner_name"]) for item in items]
    seen = [(call, "周建国")]
    assert found == {"agent": seen, "supervisor": seen, "admin": seen, "agent2": [], "supervisor2": []}
    assert (await (await api.browser("agent")).get(f"/calls/{call}")).json()["owner_name"] == "周建国"


def test_whoever_reads_calls_may_read_owners_names():
    assert calls.READERS.roles is not None
    assert owners.FINDERS.roles is not None
    assert calls.READERS.roles <= owners.FINDERS.roles


@one_loop
async def test_one_call_has_its_legs_and_facts(api, call):
    browser = await api.browser("agent")
    record = (await browser.get(f"/calls/{call}")).json()
    assert record["from"] == "+8613800138000"
    assert record["facts"] == [{"at": "2026-03-02T01:00:00.000Z", "kind": "call.ended"}]
    assert record["legs"] == [{"leg": "1", "role": "caller"}]
    other = await api.browser("agent2")
    assert (await other.get(f"/calls/{call}")).json()["error"]["code"] == "no_such_call"


@one_loop
async def test_the_command_line_reads_whole_records_and_nothing_else(api, call):
    for _ in range(2):
        await add_call(api, "agt-agent2", "t2")
    http = await api.client(Authorization=f"Bearer {api.cli_token}")
    items = (await http.get("/api/v1/cli/calls", params={"last": 3})).json()["items"]
    assert len(items) == 3
    found = (await http.get(f"/api/v1/cli/calls/by-sip-call-id/sip-{call}@127.0.0.2")).json()
    assert (found["state"], found["answered"], found["ended"], found["final"]) == ("ended", True, True, True)
    assert found["record"]["recording"]["file"].startswith(str(api.settings.recordings_dir))
    assert (await http.get("/api/v1/cli/calls/by-sip-call-id/unknown")).json()["error"]["code"] == "no_such_call"
    for path in ("/calls", f"/calls/{call}/recording/audio", "/session", "/owners"):
        assert (await http.get(f"/api/v1{path}")).json()["error"]["code"] == "not_allowed"
    assert (await http.post("/api/v1/stream-ticket")).json()["error"]["code"] == "not_allowed"


@one_loop
async def test_a_wrong_key_is_401_so_that_the_command_line_reads_it_again(api):
    http = await api.client(Authorization="Bearer wrong")
    assert (await http.get("/api/v1/cli/calls")).status_code == 401
    bearer = await api.bearer("admin")
    assert (await bearer.get("/api/v1/cli/calls")).status_code == 401


@one_loop
async def test_health_and_metrics_answer_this_machine(api):
    http = await api.client()
    health = (await http.get("/api/v1/health")).json()
    assert (health["core"]["up"], health["database"], health["ok"]) == (True, True, False)
    assert b"carillon_sip_sockets_ended_total" in (await http.get("/api/v1/metrics")).content
