"""What a new core goes on from: facts of open calls, of agents, and of the ended calls that agents still write up."""

from __future__ import annotations

from cti.calls.facts import Fact, FactKind
from cti.store.journal import SqliteJournal

BEGINNINGS = (FactKind.CALL_ARRIVED, FactKind.CALL_DIALLED)


async def remembered(journal: SqliteJournal) -> list[Fact]:
    """For `restore`. An ended call of which the journal has been cut already is left out: half a record would be a wrong one."""
    facts = [fact async for fact in journal.replay(calls_open_only=True)]
    open_calls = {fact.call for fact in facts}
    bound = {fact.agent: fact.data.get("with") for fact in facts if fact.kind is FactKind.AGENT_STATE}
    for call in sorted({str(call) for call in bound.values() if call} - open_calls):
        ended = [stored.fact for stored in await journal.of_call(call)]
        if ended and ended[0].kind in BEGINNINGS:
            facts += ended
    return facts
