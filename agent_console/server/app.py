"""Puts the app together. No work at import, nothing opened here: `create_app` takes everything ready made."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from agent_console.server import console_files, errors, sip_relay, stream
from agent_console.server.body_limit import BodyLimit
from agent_console.server.console_files import ConsoleFiles
from agent_console.server.deps import Deps
from agent_console.server.headers import SecurityHeaders
from agent_console.server.policy import check_declared
from agent_console.server.resources import RESOURCES

API = "/api/v1"


def create_app(deps: Deps) -> FastAPI:
    """Raise Undeclared when a route has no policy."""
    app = FastAPI(title="Carillon", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.deps = deps
    app.state.console_files = ConsoleFiles(deps.config.console_dir)
    api = APIRouter(prefix=API)
    for resource in RESOURCES:
        api.include_router(resource.ROUTES)
    api.include_router(stream.ROUTES)
    app.include_router(api)
    app.include_router(sip_relay.ROUTES)
    app.include_router(console_files.ROUTES)
    errors.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders, tls=deps.config.tls)
    check_declared(app)
    return app
