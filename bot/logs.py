"""Logs: a sentence, an action and ids on each line, to standard error, with secrets taken out."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Collection, Iterator, MutableMapping
from typing import Any
from urllib.parse import quote

import structlog

from storage.outage import is_outage

_SECRET = re.compile(
    r"(xox[a-z]-|xapp-|\bsk-|\bAKIA|whsec_|Bearer )[\w.+/=-]+|(://[^:/@\s]*:)[^@\s]+(?=@)"
)
_NAMES = "password|passwd|secret|token|api_?key|authorization|cookie"
_NAME = re.compile(f"(?:{_NAMES})$", re.IGNORECASE)
_KEY = re.compile(
    f"((?:{_NAMES})" + r"""["']?(?:=|:\s?)["']?)[^\s"',;})\]]+""",
    re.IGNORECASE,
)
SHORTEST = 6
"""A secret below this many characters is too common a text to be cut out wherever it stands."""


def set_up_logs(level: str, form: str, *, secrets: Collection[str] = ()) -> None:
    """Send our lines and the libraries' to standard error, at `level`, as text or as JSON.

    `secrets` are texts that are cut out wherever they stand, whatever they look like.
    """
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
            without_outages,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(secrets, foreign_pre_chain=shared, processor=renderer))
    handler.addFilter(is_heard)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))


_NOISY = (
    "slack_bolt", "slack_sdk", "apscheduler", "aiosqlite", "uvicorn", "aiohttp", "httpx", "httpx2",
    "openai", "openai.agents", "httpcore", "procrastinate", "tzlocal",
)  # fmt: skip
"""Libraries that are heard from WARNING on, whatever is set: below, some write what was said."""


_POOL = "psycopg.pool"
"""Warns at each try to connect anew; that the database is away is told by `storage.outage`."""


def is_heard(record: logging.LogRecord) -> bool:
    """Say whether a line is written; some libraries give their loggers a level of their own."""
    if record.exc_info and is_outage(record.exc_info[1]) and not _tells_all():
        return False
    if record.name == _POOL and record.levelno < logging.ERROR and not _tells_all():
        return False
    return record.levelno >= logging.WARNING or not record.name.startswith(_NOISY)


def _tells_all() -> bool:
    return logging.getLogger().isEnabledFor(logging.DEBUG)


def without_outages(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Leave out what failed only as the database does not answer: `storage.outage` tells of it.

    At level debug each such line is written.
    """
    given = line.get("exc_info")
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException) and is_outage(error) and not _tells_all():
        raise structlog.DropEvent
    return line


class Discreet(structlog.stdlib.ProcessorFormatter):
    """Writes a whole line, then cuts the known secrets out of it, be they deep in a structure."""

    def __init__(self, secrets: Collection[str], **named: Any) -> None:
        super().__init__(**named)
        forms = {form for secret in secrets for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def format(self, record: logging.LogRecord) -> str:
        """Write the line without secrets."""
        line = _cut(super().format(record))
        return line if self._known is None else self._known.sub("…", line)


def _forms(secret: str) -> Iterator[str]:
    """Give a secret as it is and as it stands in JSON, in Python's own quotes and in addresses."""
    if len(secret) >= SHORTEST:
        yield from (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe=""))


def _cut(text: str) -> str:
    return _SECRET.sub(lambda found: f"{found[1] or found[2]}…", text)


def without_secrets(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Take tokens, keys and passwords out of every text of a log line."""
    for name, value in line.items():
        if isinstance(value, str):
            named = _KEY.sub(lambda found: f"{found[1]}…", _cut(value))
            line[name] = "…" if _NAME.search(name) else named
    return line
