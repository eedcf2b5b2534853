"""Recordings: the waveform, and the sound with exactly one byte range. Policy at each request; each play is audited before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from agent_console.server import call_records
from agent_console.server.actor import Actor
from agent_console.server.auth import Who, address_of
from agent_console.server.deps import Deps, Has
from agent_console.server.errors import ApiError
from agent_console.server.policy import AGENT, ENGINEER, SUPERVISOR, allow, roles
from recordings.errors import RecordingError
from recordings.models import Recording
from recordings.names import peaks_name
from recordings.ranges import ByteRange, Unsatisfiable, parse_range

ROUTES = APIRouter(tags=["recordings"])
LISTENERS = roles(SUPERVISOR, AGENT, ENGINEER)
PLAYABLE = ("final", "partial")


async def _recording(deps: Deps, actor: Actor, call: str) -> Recording:
    """Raise the same `no_such_recording` for none, and for one that is not his to hear: ids are not to be tried out."""
    async with deps.uow.read() as session:
        row = await call_records.one(session, actor, call)
    recording = row[1] if row is not None else None
    if recording is None or not recording.file or recording.status not in PLAYABLE:
        raise ApiError("no_such_recording")
    return recording


async def _size(deps: Deps, name: str) -> int:
    try:
        size = await asyncio.to_thread(deps.recordings.size, name)
    except RecordingError:
        size = None
    if size is None:
        raise ApiError("no_such_recording")
    return size


@ROUTES.get("/calls/{call}/recording/peaks", dependencies=allow(LISTENERS))
async def peaks(call: str, actor: Who, deps: Has) -> Response:
    """`{seconds, per_second, channels}`, made when the recording was finished and served as it is."""
    recording = await _recording(deps, actor, call)
    name = peaks_name(recording.file)
    size = await _size(deps, name)
    body = await asyncio.to_thread(lambda: b"".join(deps.recordings.read(name, 0, size - 1)))
    return Response(body, media_type="application/json")


@ROUTES.get("/calls/{call}/recording/audio", dependencies=allow(LISTENERS))
async def audio(call: str, request: Request, actor: Who, deps: Has) -> Response:
    """WAV, two channels: the customer, and what he heard."""
    recording = await _recording(deps, actor, call)
    size = await _size(deps, recording.file)
    try:
        wanted = parse_range(request.headers.get("range"), size)
    except Unsatisfiable:
        raise ApiError("bad_range", headers={"Content-Range": f"bytes */{size}"}) from None
    await _audit(deps, actor, call, address_of(request))
    part = wanted or ByteRange(0, size - 1)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(part.length), "Cache-Control": "no-store"}
    if wanted is not None:
        headers["Content-Range"] = wanted.content_range(size)
    blocks = deps.recordings.read(recording.file, part.first, part.last)
    return StreamingResponse(_threaded(blocks), 206 if wanted else 200, headers=headers, media_type="audio/wav")


async def _audit(deps: Deps, actor: Actor, call: str, address: str) -> None:
    """A player asks in many ranges: one line for each play, the first of a minute. Raises DatabaseAway: then it is not played."""
    if deps.plays.first(actor.session, call):
        try:
            await deps.audit.record("recording.played", actor, about=call, address=address)
        except BaseException:  # whatever the reason, cancelling too: what was not written down has not been played
            deps.plays.forget(actor.session, call)
            raise


async def _threaded(blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while block := await asyncio.to_thread(next, blocks, b""):
        yield block
