"""The one place that catches what a request raises and turns it into a sentence for the asker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from secrets import token_hex

import structlog

from bot.blocks import words
from bot.blocks.cards import Message
from scheduler.errors import SchedulerError
from storage.errors import StaleTask

Tell = Callable[[Message], Awaitable[object]]

log = structlog.get_logger(__name__)


@asynccontextmanager
async def told(tell: Tell, *, action: str) -> AsyncIterator[None]:
    """Tell the asker, by `tell`, why the block did not do what was asked, whatever it raised."""
    try:
        yield
    except SchedulerError as error:
        log.info("A request was refused", action=action, reason=type(error).__name__)
        await tell(words.refusal(error))
    except StaleTask:
        await tell(words.plain("Somebody else changed that task just now. Look again, then retry."))
    except Exception:
        reference = token_hex(3)
        log.exception("A request failed", action=action, fault=reference)
        await tell(words.fault(reference))
