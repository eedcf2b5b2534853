"""One Snapshot from the lists of the reading account.

`Status` alone carries every field of CoreShowChannels and our channel variables, in one pass over the channels: two lists
would disagree about a call that moves in between. Rows are keyed by Uniqueid, because a channel was seen twice while it was
being answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cti.ami import actions
from cti.ami.connection import AmiConnection, Answer
from cti.ami.translate import endpoint_of
from cti.calls.visible import visible
from cti.ports.telephony import ActionRefused, ChannelRow, Snapshot

# The channel is the durable store: what the core and the dialplan wrote there is how a new core learns what goes on.
VARIABLES = (
    *("CTI_CALL", "CTI_STATE", "CTI_SIDE", "CTI_QUEUE", "CTI_LANG", "CTI_REC", "CTI_AGENT", "CTI_OFFER", "CTI_DNIS"),
    *("CTI_SIPCALLID", "CTI_ROOM", "CTI_MM", "CTI_PAUSED", "MIXMONITOR_FILENAME"),
)
STATUS = {"Action": "Status", "Variables": ",".join(VARIABLES)}
_UNSET = {"", "(null)"}  # what Status writes for a variable that is not set
FALLBACK_QUEUE = "fallback"


async def take(connection: AmiConnection, now: datetime, started_at: datetime) -> Snapshot:
    """Ask for everything. Raises SwitchUnavailable."""
    rows = {row.uniqueid: row for row in map(_row, await connection.listing(STATUS, "Status"))}
    rooms = {name: await room_members(connection, name) for name in await _rooms(connection)}
    queue = actions.queue_status(FALLBACK_QUEUE)
    members = await connection.listing(queue, "QueueMember")
    callers = await connection.listing(queue, "QueueEntry")
    return Snapshot(
        at=now,
        started_at=started_at,
        channels=tuple(rows.values()),
        rooms={name: tuple(uniqueid for uniqueid, _ in inside) for name, inside in rooms.items() if inside},
        queue_callers=tuple(caller.get("Uniqueid") for caller in callers),
        queue_members=tuple(member.get("Location") for member in members),
    )


async def _rooms(connection: AmiConnection) -> list[str]:
    try:
        found = await connection.listing({"Action": "ConfbridgeListRooms"}, "ConfbridgeListRooms")
    except ActionRefused:  # the answer of Asterisk 22 when there is no conference at all
        return []
    return [room.get("Conference") for room in found]


async def room_members(connection: AmiConnection, room: str) -> list[tuple[str, str]]:
    """(uniqueid, channel name) of each; a room that has ended has none."""
    try:
        found = await connection.listing(actions.room_list(room), "ConfbridgeList")
    except ActionRefused:
        return []
    return [(member.get("Uniqueid"), member.get("Channel")) for member in found]


async def started_at(connection: AmiConnection, now: datetime, uptime: float) -> datetime:
    """When this Asterisk process started. CoreStatus says it in the zone of Asterisk's machine, FullyBooted says how long
    ago: the first gives the seconds, the second the zone (zones lie on quarters of an hour)."""
    answer = await connection.action({"Action": "CoreStatus"})
    local = datetime.fromisoformat(f"{answer.get('CoreStartupDate')}T{answer.get('CoreStartupTime')}").replace(tzinfo=now.tzinfo)
    offset = (local - (now - timedelta(seconds=uptime))).total_seconds()
    return local - timedelta(seconds=round(offset / 900) * 900)


def _row(status: Answer) -> ChannelRow:
    variables = dict(pair.split("=", 1) for pair in status.all("Variable") if "=" in pair)
    variables = {name: value for name, value in variables.items() if value not in _UNSET}
    channel = status.get("Channel")
    return ChannelRow(
        uniqueid=status.get("Uniqueid"),
        channel=channel,
        endpoint=endpoint_of(channel),
        call=variables.pop("CTI_CALL", ""),
        context=status.get("Context"),
        exten=visible(status.get("Exten")),
        application=status.get("Application"),
        application_data=visible(status.get("Data")),
        bridge=status.get("BridgeID"),
        state=status.get("ChannelStateDesc"),
        caller_number=_party(status.get("CallerIDNum")),
        caller_name=_party(status.get("CallerIDName")),
        connected_number=_party(status.get("ConnectedLineNum")),
        seconds=int(status.get("Seconds") or 0),
        variables=variables,
    )


def _party(text: str) -> str:
    return "" if text == "<unknown>" else visible(text)
