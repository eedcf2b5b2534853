"""Structured logs: one JSON object a line on stderr, UTC, control characters escaped by JSON itself, telephone numbers masked."""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

_NUMBER = re.compile(r"(?<![\w.:-])\+?\d{6,15}(\d{4})(?![\w.:-])")
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Whatever looks like a telephone number keeps its last four digits."""
    for key, value in event.items():
        if isinstance(value, str) and key not in ("timestamp", "epoch"):
            event[key] = _NUMBER.sub(r"****\1", value)
    return event


def set_up(level: str, part: str) -> None:
    """For the whole process; what libraries log too, in the same shape."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Without local variables: they hold passwords, tokens and softphone secrets.
        structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
        mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(part=part)
    foreign = logging.StreamHandler(sys.stderr)
    finish: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(),
    ]
    pre: list[structlog.typing.Processor] = [structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(), *shared]
    foreign.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=pre, processors=finish))
    logging.basicConfig(level=_LEVELS[level], handlers=[foreign], force=True)
    for chatty in ("httpx", "alembic", "uvicorn.error"):  # a line each request, with end points and tickets in it
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for telling in ("websockets", "aiosqlite", "asyncio"):  # at debug they show frames: SIP secrets, session tokens
        logging.getLogger(telling).setLevel(max(logging.INFO, _LEVELS[level]))
