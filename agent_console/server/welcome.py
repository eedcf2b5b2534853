"""What the page would ask first, written into it: who is signed in, and a ticket for its socket.

After a reload in the middle of a call the caller hears music until the agent's line is back: two round trips less.
"""

from __future__ import annotations

import json

from fastapi import Request
from pydantic import BaseModel

from agent_console.server.deps import Deps
from agent_console.server.errors import ApiError
from agent_console.server.resources.sessions import SessionAnswer, session_answer
from storage.errors import DatabaseAway

NOBODY = "null"


class Welcome(BaseModel):
    """`ticket` as from `POST /stream-ticket`: single use, 30 s, and the socket still checks Origin and session."""

    session: SessionAnswer
    ticket: str


async def welcome(deps: Deps, request: Request) -> str:
    """JSON that may stand in a <script> element of the type application/json; `null` for who is not signed in."""
    try:
        actor = await deps.auth.actor_of(request)
    except (ApiError, DatabaseAway):  # the page asks by itself then, and says what is wrong
        return NOBODY
    if actor is None or actor.kind != "cookie":
        return NOBODY
    ticket = deps.stream_tickets.issue(actor.session, "", bearer=False)
    return _in_html(Welcome(session=session_answer(actor), ticket=ticket))


def _in_html(said: BaseModel) -> str:
    """A name with `</script>` or `<!--` in it ends nothing (HTML, 4.12.1.3: restrictions for contents of script elements)."""
    text = json.dumps(said.model_dump(mode="json"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
