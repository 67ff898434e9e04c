"""How fast the app may call: a message a second per channel, and a tier per method."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

POSTING = frozenset({"chat.postMessage"})

TIERS: dict[int, tuple[str, ...]] = {
    1: ("apps.connections.open",),
    20: (
        "conversations.list",
        "reactions.remove",
        "users.conversations",
        "users.list",
    ),
    50: (
        "bots.info",
        "chat.delete",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.invite",
        "conversations.join",
        "conversations.kick",
        "conversations.leave",
        "conversations.open",
        "conversations.replies",
        "reactions.add",
        "team.info",
    ),
    100: (
        "chat.postEphemeral",
        "conversations.members",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "users.info",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    ),
    600: ("auth.test", "chat.getPermalink"),
}
"""The calls a minute that a method takes at least: Slack's tiers 1 to 4, and its special ones."""

PER_MINUTE = {method: allowed for allowed, methods in TIERS.items() for method in methods}
SMALLEST_BURST = 20
"""A tier is "so many and more": reconnecting a few times in a minute is never refused."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Pace:
    """Token buckets: one per posting channel, one per other method."""

    def __init__(
        self, *, clock: Callable[[], float], burst: int = 10, per_second: float = 1.0
    ) -> None:
        self.burst = burst
        self.per_second = per_second
        self.tiers = True
        self.per_minute = dict(PER_MINUTE)
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._bursts: dict[str, int] = {}

    def wait_s(self, method: str, channel: str) -> int:
        """Take one call's turn: 0 when it may go on, else the whole seconds to wait."""
        if method in POSTING:
            return self._take(f"{method} {channel}", self.burst, self.per_second)
        allowed = self.per_minute.get(method)
        if allowed is None or not self.tiers:
            return 0
        burst = self._bursts.get(method, max(allowed, SMALLEST_BURST))
        return self._take(method, burst, allowed / 60)

    def tighten(self, method: str, per_minute: int) -> None:
        """Let a method take this many calls a minute from now on, and no burst beyond them."""
        self.per_minute[method] = per_minute
        self._bursts[method] = per_minute
        self._buckets.pop(method, None)

    def _take(self, key: str, burst: int, per_second: float) -> int:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(burst, now))
        earned = (now - bucket.filled_at) * per_second
        bucket.tokens = min(burst, bucket.tokens + earned)
        bucket.filled_at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return max(1, math.ceil((1 - bucket.tokens) / per_second))
