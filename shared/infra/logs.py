"""Structured logs: one JSON object a line on standard output. Ids and codes only; nothing that a person wrote."""

import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog


def set_up(level: int = logging.INFO) -> None:
    """Sends structlog and the standard library's loggers through the same JSON renderer."""
    structlog.configure(
        processors=[_line],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_NameOnly())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.raiseExceptions = False  # a line that cannot be written would be printed with its arguments


def _line(_: Any, level: str, event: MutableMapping[str, Any]) -> bytes:
    """The whole line in one step: every request writes one. (orjson writes the time.)"""
    event.update(level=level, timestamp=datetime.now(UTC))
    return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z)


class _NameOnly(logging.Formatter):
    """Library loggers may quote data in their messages: what is kept is who spoke, how loud, and the template.

    The first line of it: some put the failed task with its exception, and that one's words, into those below.
    """

    def format(self, record: logging.LogRecord) -> str:
        template = str(record.msg).partition("\n")[0][:200]
        event = {"level": record.levelname.lower(), "logger": record.name, "event": template}
        if record.exc_info and record.exc_info[0]:
            event["error"] = record.exc_info[0].__name__
        return orjson.dumps(event).decode()
