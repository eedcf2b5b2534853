"""The one place with HTTP codes. Every error leaves as `{"error": {"code", "params"}}`; sentences are made in the page."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from crm_core.errors import CrmError
from crm_core.people.passwords import WeakPassword
from crm_core.people.service import SetupRefused
from cti.bus.port import CommandRefused, CommandTimeout, CoreAway
from storage.cursors import BadCursor
from storage.errors import Conflict, DatabaseAway, Duplicate

log = structlog.get_logger("api")

STATUS: Mapping[str, int] = {
    "not_signed_in": 401,
    "wrong_login": 401,
    "not_allowed": 403,
    "bad_origin": 403,
    "bad_csrf": 403,
    "demo_local_only": 403,
    "setup_refused": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "wrong_state": 409,
    "conflict": 409,
    "duplicate": 409,
    "taken": 409,
    "not_reachable": 409,
    "no_engineer": 409,
    "number_not_allowed": 422,
    "number_needed": 422,
    "wrong_holder": 422,
    "note_full": 422,
    "disk_low": 507,
    "too_large": 413,
    "bad_range": 416,
    "invalid_value": 422,
    "fields_missing": 422,
    "weak_password": 422,
    "too_many_attempts": 429,
    "overloaded": 503,
    "core_away": 503,
    "switch_away": 503,
    "database_away": 503,
    "timeout": 504,
    "internal": 500,
}
BY_STATUS: Mapping[int, str] = {401: "not_signed_in", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed"}


def status_of(code: str) -> int:
    """404 for `no_such_…`, 400 for a code that has no line of its own."""
    return STATUS.get(code, 404 if code.startswith("no_such_") else 400)


class ApiError(Exception):
    """A refusal with a stable code; `headers` for Retry-After and the like."""

    def __init__(self, code: str, /, *, headers: Mapping[str, str] | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params, self.headers = code, params, dict(headers or {})


def answer(code: str, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The error as it leaves."""
    body = {"error": {"code": code, "params": dict(params or {})}}
    return JSONResponse(body, status_of(code), headers=dict(headers or {}))


# What an exception of the house means to the caller. A subject's own errors are turned into ApiError in its resource.
CODES: Mapping[type[Exception], Callable[[Any], tuple[str, Mapping[str, Any]]]] = {
    ApiError: lambda e: (e.code, e.params),
    CrmError: lambda e: (e.code, e.params),
    CommandRefused: lambda e: (e.code, e.params),
    CoreAway: lambda e: ("core_away", {}),
    CommandTimeout: lambda e: ("timeout", {}),
    DatabaseAway: lambda e: ("database_away", {}),
    Conflict: lambda e: ("conflict", {}),
    Duplicate: lambda e: ("duplicate", {}),
    BadCursor: lambda e: ("invalid_value", {"field": "cursor"}),
    WeakPassword: lambda e: ("weak_password", {"reason": e.code}),
    SetupRefused: lambda e: ("setup_refused", {}),
}


def code_of(error: Exception) -> tuple[str, Mapping[str, Any]]:
    """Code and params of any exception; an unknown one is `internal` with an id that the log has too."""
    for kind in type(error).__mro__:
        if kind in CODES:
            return CODES[kind](error)
    error_id = secrets.token_hex(6)
    log.error("a request failed by a fault of ours", action="internal_error", error_id=error_id, exc_info=error)
    return "internal", {"id": error_id}


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    code, params = code_of(error)
    return answer(code, params, getattr(error, "headers", None))


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    """Which fields, never their values: an error must not repeat a password."""
    details = error.errors() if isinstance(error, RequestValidationError) else []
    fields = sorted({".".join(str(part) for part in each["loc"][1:]) or str(each["loc"][0]) for each in details})
    return answer("invalid_value", {"field": fields[0] if fields else "body", "fields": fields})


async def _http(_request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 413:
        return answer("too_large")
    return answer(BY_STATUS.get(status, "invalid_value" if status < 500 else "internal"))


def install(app: FastAPI) -> None:
    """Every exception has its answer; what nobody foresaw is `internal`."""
    for kind in CODES:
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _refused)
