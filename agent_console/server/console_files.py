"""The built console: hashed assets for ever, index.html (with a welcome) for every other address of the page's own routes.

The files are listed once, at start: an address is looked up in that list and never becomes a path (CWE-22).
"""

from __future__ import annotations

import secrets
from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from agent_console.server.deps import Has
from agent_console.server.errors import ApiError
from agent_console.server.headers import policy_for_page
from agent_console.server.policy import PUBLIC, allow
from agent_console.server.welcome import NOBODY, welcome

ROUTES = APIRouter(include_in_schema=False)
IMMUTABLE = "public, max-age=31536000, immutable"
NONCE_PLACE = "__STYLE_NONCE__"  # written by the build (vite.config.ts)
WELCOME_PLACE = '"__WELCOME__"'  # agent_console/web/index.html
NOT_PAGES = ("api/", "sip", "assets/")
ABSENT = "The console is not built. Run bin/up, which builds it, and load this page again.\n"


class ConsoleFiles:
    """`folder` may be absent (an api alone, tests): then the page says so."""

    def __init__(self, folder: Path) -> None:
        files = (file for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else ()
        self._files = {file.relative_to(folder).as_posix(): file for file in files}

    def file(self, path: str) -> Response | None:
        """A file of the build, or None where the page itself is meant. Raises ApiError `not_found`."""
        file = self._files.get(path)
        if file is not None and path != "index.html":
            caching = IMMUTABLE if path.startswith("assets/") else "no-cache"
            kind = guess_type(path)[0] or "application/octet-stream"
            return FileResponse(file, media_type=kind, headers={"Cache-Control": caching})
        if path.startswith(NOT_PAGES) or "." in path.rpartition("/")[2].replace("index.html", ""):
            raise ApiError("not_found")
        return None

    def page(self, welcome: str = NOBODY) -> Response:
        """With a nonce of its own and this welcome. Stored nowhere: it is one person's, and a 304 would join an old page to
        a new policy."""
        index = self._files.get("index.html")
        if index is None:
            return Response(ABSENT, 503, media_type="text/plain")
        nonce = secrets.token_urlsafe(16)
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy_for_page(nonce)}
        written = index.read_text("utf-8").replace(NONCE_PLACE, nonce).replace(WELCOME_PLACE, welcome)
        return Response(written, media_type="text/html", headers=headers)


@ROUTES.get("/{path:path}", dependencies=allow(PUBLIC))
async def console_file(request: Request, deps: Has, path: str) -> Response:
    """The last route: what no other took."""
    files: ConsoleFiles = request.app.state.console_files
    return files.file(path) or files.page(await welcome(deps, request))
