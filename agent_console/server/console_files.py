"""The built console: hashed assets for ever, index.html for every other address of the page's own routes.

The files are listed once, at start: an address is looked up in that list and never becomes a path (CWE-22).
"""

from __future__ import annotations

import secrets
from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from agent_console.server.errors import ApiError
from agent_console.server.headers import policy_for_page
from agent_console.server.policy import PUBLIC, allow

ROUTES = APIRouter(include_in_schema=False)
IMMUTABLE = "public, max-age=31536000, immutable"
NONCE_PLACE = "__STYLE_NONCE__"  # written by the build (vite.config.ts)
NOT_PAGES = ("api/", "sip", "assets/")
ABSENT = "The console is not built. Run bin/up, which builds it, and load this page again.\n"


class ConsoleFiles:
    """`folder` may be absent (an api alone, tests): then the page says so."""

    def __init__(self, folder: Path) -> None:
        files = (file for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else ()
        self._files = {file.relative_to(folder).as_posix(): file for file in files}

    def answer(self, path: str) -> Response:
        """Raises ApiError `not_found`."""
        file = self._files.get(path)
        if file is not None and path != "index.html":
            caching = IMMUTABLE if path.startswith("assets/") else "no-cache"
            kind = guess_type(path)[0] or "application/octet-stream"
            return FileResponse(file, media_type=kind, headers={"Cache-Control": caching})
        if path.startswith(NOT_PAGES) or "." in path.rpartition("/")[2].replace("index.html", ""):
            raise ApiError("not_found")
        index = self._files.get("index.html")
        if index is None:
            return Response(ABSENT, 503, media_type="text/plain")
        return _page(index.read_text("utf-8"))


def _page(written: str) -> Response:
    """With a nonce of its own. No validator: a 304 would join an old page to a new policy."""
    nonce = secrets.token_urlsafe(16)
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy_for_page(nonce)}
    return Response(written.replace(NONCE_PLACE, nonce), media_type="text/html", headers=headers)


@ROUTES.get("/{path:path}", dependencies=allow(PUBLIC))
async def console_file(request: Request, path: str) -> Response:
    """The last route: what no other took."""
    files: ConsoleFiles = request.app.state.console_files
    return files.answer(path)
