"""What stands before every event: write it down before it is acknowledged, and let twins pass by.

An event is stored with its payload, as received, within a second; only then does Slack get its
acknowledgement. Where that fails Slack gets none (503), and sends the event again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.slack.intake import Intake
from bot.slack.mentions import Concern, concern, message_key, root_key
from scheduler.now import Now
from storage.inbound import Arrival
from storage.store import Store

STORE_LIMIT_S = 1.0
TALK_LASTS = timedelta(minutes=30)

log = structlog.get_logger(__name__)


class Receive:
    """Stores events that concern us, each message once, and drops all others unstored."""

    def __init__(self, store: Store, *, personas: Collection[str], now: Now, me: str) -> None:
        self._store = store
        self._personas = personas
        self._intake = Intake(store, now, me=me)
        self._now = now

    async def __call__(
        self,
        body: dict[str, Any],
        context: AsyncBoltContext,
        next_: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        """Let an event through once, with `inbound_id` in its context."""
        if body.get("type") != "event_callback" or body["event"]["type"] not in _MESSAGES:
            return await next_()
        try:
            async with asyncio.timeout(STORE_LIMIT_S):
                if not await self._concerns_us(body, str(context.bot_user_id)):
                    return BoltResponse(status=200)
                inbound_id = await self._store_event(body)
        except Exception:
            log.exception("An event could not be stored; Slack sends it again", action="not_stored")
            return BoltResponse(status=503)
        if inbound_id is None:
            return BoltResponse(status=200)
        context["inbound_id"] = inbound_id
        return await next_()

    async def _concerns_us(self, body: dict[str, Any], bot_user: str) -> bool:
        event = body["event"]
        match concern(event, bot_user=bot_user, personas=self._personas):
            case Concern.NONE:
                return False
            case Concern.THREAD:
                return await self._is_ours(event, body["team_id"])
            case _:
                return True

    async def _is_ours(self, event: dict[str, Any], team: str) -> bool:
        """Say whether a thread is a task's, or one where this person spoke of some just now."""
        place = (event["channel"], event["thread_ts"])
        began = root_key(message_key(event, team), *place)
        async with self._store.read() as work:
            if await work.tasks.of_thread(*place) or await work.tasks.of_request(began):
                return True
            talk = await work.talks.get(*place, str(event["user"]))
        spoke = talk is not None and bool(talk.asked is not None or talk.tasks)
        return spoke and talk is not None and self._now() - talk.at <= TALK_LASTS

    async def _store_event(self, body: dict[str, Any]) -> int | None:
        arrival = Arrival(
            event_key=body["event_id"],
            message_key=message_key(body["event"], body["team_id"]),
            payload=body,
        )
        return await self._intake.store(arrival)


_MESSAGES = ("message", "app_mention")
