"""Who speaks: Slack's description of a person, kept for an hour."""

from __future__ import annotations

from datetime import timedelta

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scheduler.now import Now
from storage.records import Person
from storage.store import Store

FRESH_FOR = timedelta(hours=1)

log = structlog.get_logger(__name__)


async def identify(user: str, *, store: Store, client: AsyncWebClient, now: Now) -> Person:
    """Say who somebody is; when Slack does not answer, what was known before, or only the id."""
    async with store.read() as work:
        known = await work.people.get(user)
    if known is not None and now() - known.fetched_at < FRESH_FOR:
        return known
    try:
        answer = await client.users_info(user=user)
    except (SlackApiError, ClientError, OSError, TimeoutError):
        log.warning("Slack did not say who somebody is", action="who_failed", exc_info=True)
        return known or Person(id=user, name="somebody", zone=None, fetched_at=now())
    found = answer["user"]
    person = Person(
        id=user,
        name=str(found.get("real_name") or found.get("name") or user),
        zone=found.get("tz"),
        is_admin=bool(found.get("is_admin")),
        fetched_at=now(),
    )
    async with store.begin() as work:
        await work.people.put(person)
    return person


async def recall(user: str, *, store: Store, now: Now) -> Person:
    """Say what is known of somebody without asking Slack, where every moment counts."""
    async with store.read() as work:
        known = await work.people.get(user)
    return known or Person(id=user, name="somebody", zone=None, fetched_at=now())
