"""Logs: a sentence, an action and ids on each line, to standard error, with secrets taken out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET = re.compile(
    r"(xox[abp]-|xapp-|sk-|AKIA|whsec_|Bearer )[\w.-]+|(://[^:/@\s]+:)[^@\s]+(?=@)"
)


def set_up_logs(level: str, form: str) -> None:
    """Send our lines and the libraries' to standard error, at `level`, as text or as JSON."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer)
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))


_NOISY = (
    "slack_bolt", "slack_sdk", "apscheduler", "aiosqlite", "uvicorn", "aiohttp", "httpx", "httpx2",
    "openai", "openai.agents",
)  # fmt: skip
"""Libraries that are heard from WARNING on, whatever is set: below, some write what was said."""


def without_secrets(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Take tokens, keys and passwords out of every text of a log line."""
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = _SECRET.sub(lambda found: f"{found[1] or found[2]}…", value)
    return line
