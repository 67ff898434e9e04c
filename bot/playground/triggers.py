"""Short-lived permissions: trigger ids (3 s, one use) and response URLs (30 min, five uses)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bot.playground.calls import SlackError
from bot.playground.workspace import new_id

KEPT = 10_000
TRIGGER_S = 3.0
RESPONSE_URL_S = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass(slots=True)
class _Trigger:
    person: str
    expires_at: float
    used: bool = False


class Triggers:
    """Gives trigger ids to interactions and takes them back from `views.open` and `views.push`."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, _Trigger] = {}

    def issue(self, person: str) -> str:
        """Give a new trigger id for what a person just did."""
        trigger_id = f"{int(self._clock())}.{new_id('', 12).lower()}.{uuid4().hex}"
        self._known[trigger_id] = _Trigger(person, self._clock() + TRIGGER_S)
        _forget_oldest(self._known)
        return trigger_id

    def take(self, trigger_id: str) -> str:
        """Use a trigger id up and give its person; raises SlackError as Slack words it."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() > trigger.expires_at:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.person


@dataclass(slots=True, kw_only=True)
class ReturnAddress:
    """Where answers to one interaction go: the person, the channel, and the message clicked."""

    person: str
    channel: str
    message_ts: str | None
    expires_at: float
    uses: int = field(default=0)


class ReturnAddresses:
    """Gives response URLs to interactions and counts their uses."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, ReturnAddress] = {}

    def issue(self, person: str, channel: str, message_ts: str | None = None) -> str:
        """Give the key of a new response URL."""
        key = uuid4().hex
        self._known[key] = ReturnAddress(
            person=person,
            channel=channel,
            message_ts=message_ts,
            expires_at=self._clock() + RESPONSE_URL_S,
        )
        _forget_oldest(self._known)
        return key

    def take(self, key: str) -> ReturnAddress:
        """Count a use and say where it goes; raises SlackError `expired_url` or `used_url`."""
        address = self._known.get(key)
        if address is None or self._clock() > address.expires_at:
            raise SlackError("expired_url")
        if address.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        address.uses += 1
        return address


def _forget_oldest(known: dict[str, Any]) -> None:
    if len(known) > KEPT:
        del known[next(iter(known))]
