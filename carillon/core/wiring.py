"""The core's composition root: plain constructor calls, closed in reverse order. Nothing here decides anything."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import secrets
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from zoneinfo import ZoneInfo

import structlog

from carillon import loop, runfile
from carillon.clock import SystemClock
from carillon.core.bus_handler import BusConsoles, BusHandler
from carillon.core.day import Day
from carillon.core.ivr_desk import IvrDesk, load_ivr
from carillon.core.metrics import exported
from carillon.core.patient_lookup import PatientLookup
from carillon.core.rebuilder import Rebuilder
from carillon.core.recording_clerk import RecordingClerk
from carillon.core.recording_watch import RecordingWatch
from carillon.core.remembered import remembered
from carillon.core.staff import Staff
from carillon.settings import Settings
from carillon.switch.secrets import ARI_USER, load_or_create
from crm_core.numbers import country_prefix, normalise
from crm_core.owners.lookup import NumberLookup
from cti.agi.server import AgiServer
from cti.ami.gateway import AmiAccess, AmiGateway
from cti.ari.accounts import AriAccounts
from cti.bus.local import LocalBusServer
from cti.bus.port import BusServer
from cti.services.core import Core
from cti.services.effects import Effects
from cti.services.house import House
from cti.services.limits import Limits
from cti.services.recorder import Recorder
from cti.services.restore import restore
from cti.services.state import Floor
from cti.services.timers import Timers
from cti.store.directory import Directory
from cti.store.journal import SqliteJournal
from cti.store.models import CallRecord
from cti.store.projector import Projector
from recordings.desk import RecordingDesk
from recordings.ingest import Ingest
from recordings.storage import LocalStorage
from storage.engine import engine_for
from storage.held_reader import HeldReader
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("carillon.core")


def pat_supervisor() -> Callable[[], None]:
    """A line on the inherited pipe says that this loop turns; without a supervisor nothing is said."""
    number = os.environ.get("CARILLON_PAT_FD", "")
    if not number:
        return lambda: None
    descriptor = int(number)
    os.set_blocking(descriptor, False)

    def pat() -> None:
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(descriptor, b"pat\n")

    return pat


def bus_server(settings: Settings, epoch: str) -> BusServer:
    """The local socket, or Redis streams when grown."""
    if settings.redis_url:
        from cti.bus.redis_streams import RedisBusServer  # noqa: PLC0415 - redis is imported only when used

        return RedisBusServer(settings.redis_url, epoch)
    return LocalBusServer(settings.bus_socket, epoch)


@contextlib.asynccontextmanager
async def opened_journal(settings: Settings) -> AsyncIterator[SqliteJournal]:
    """The journal, locked for this process."""
    journal = SqliteJournal(settings.journal_file)
    await asyncio.to_thread(journal.open)
    try:
        yield journal
    finally:
        await asyncio.to_thread(journal.close)


def e164(raw: str, region: str) -> str:
    """The number in E.164, or ''."""
    return normalise(raw, region).e164


async def serve(settings: Settings) -> None:
    """Run the core until cancelled."""
    async with contextlib.AsyncExitStack() as stack:
        keys = load_or_create(settings.secrets_file)
        journal = await stack.enter_async_context(opened_journal(settings))
        work = UnitOfWork(engine_for(settings.database))
        stack.push_async_callback(work.dispose)
        reader = HeldReader(work.engine)
        stack.push_async_callback(reader.close)
        epoch, clock = uuid.uuid4().hex, SystemClock()
        staff = Staff(Directory(work))
        server = bus_server(settings, epoch)
        gateway = AmiGateway(
            AmiAccess("127.0.0.1", settings.ami_port, keys.ami_read, keys.ami_ctl),
            switch=settings.switch_id,
            clock=clock,
            rng=random.Random(),  # noqa: S311 - jitter, no secret
        )
        recorder = Recorder(journal, clock, lambda: uuid.uuid4().hex)
        accounts = await stack.enter_async_context(
            AriAccounts(f"http://127.0.0.1:{settings.asterisk_http_port}", ARI_USER, keys.ari)
        )
        queues = await staff.queues()
        ivr = load_ivr(list(queues))
        house = House(
            switch=settings.switch_id,
            epoch=epoch,
            region=settings.region,
            floor=Floor(),
            recorder=recorder,
            effects=Effects(recorder.commit),
            timers=Timers(),
            telephony=gateway,
            accounts=accounts,
            consoles=BusConsoles(server),
            owners=PatientLookup(NumberLookup(reader, CallRecord.__table__, clock.now)),
            clock=clock,
            limits=Limits(ring=settings.ring_seconds, wrap_up=settings.wrap_up_seconds),
            queues=queues,
            default_queue="repairs",
            new_id=lambda: str(uuid.uuid4()),
            new_secret=lambda: secrets.token_urlsafe(24),
            zone=ZoneInfo(settings.time_zone),
            dial_prefixes=tuple((settings.dial_prefixes or country_prefix(settings.region)).split(",")),
            region_of=lambda dnis: ivr.numbers.line(dnis).region,
        )
        stack.callback(house.timers.close)
        core = Core(house, e164, pat_supervisor(), lambda: not journal.failed)
        await staff.employ(house)
        restore(core, await remembered(journal))
        projector = Projector(journal, work, lambda queue: queues[queue].team if queue in queues else "")
        agi = AgiServer("127.0.0.1", settings.agi_port, keys.agi, IvrDesk(core, ivr).serve)
        rebuilder = Rebuilder(core, journal, work, settings.switch_dir / "cdr" / "cel.csv", e164)
        storage = LocalStorage(settings.recordings_dir)
        desk = RecordingDesk(Ingest(settings.recordings_incoming, storage))
        clerk, watch = RecordingClerk(core, desk, work), RecordingWatch(core, desk, settings.recordings_incoming)
        parts = {
            "effects": house.effects.run(),
            "core": core.run(),
            "ami": gateway.run(),
            "projector": projector.run(),
            "staff": staff.follow(core),
            "day": Day(core, journal, work).run(),
            "rebuilder": rebuilder.run(),
            "recordings": clerk.run(),
            "recording watch": watch.run(),
        }
        stack.enter_context(exported(core, projector, settings.core_metrics_port))
        async with agi:
            await _run(settings, core, server, parts)


async def _run(settings: Settings, core: Core, server: BusServer, parts: Mapping[str, Coroutine[None, None, None]]) -> None:
    """Everything that turns, in one group: the first that fails ends the process, and the supervisor starts it anew."""
    async with asyncio.TaskGroup() as group:
        for name, part in parts.items():
            group.create_task(part, name=name)
        await core.ready.wait()
        group.create_task(server.run(BusHandler(core)), name="bus")
        await server.listening.wait()
        loop.started()
        runfile.write(settings.run_dir, "core", ports={"agi": settings.agi_port})
        log.info("core ready", action="core_ready", epoch=core.house.epoch)
