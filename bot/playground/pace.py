"""How fast the app may call: a message a second per channel, and a tier per method."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

POSTING = frozenset({"chat.postMessage"})

PER_MINUTE = {
    "chat.update": 50,
    "chat.delete": 50,
    "conversations.open": 50,
    "conversations.info": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "reactions.add": 50,
    "chat.postEphemeral": 100,
    "views.open": 100,
    "views.push": 100,
    "views.update": 100,
    "views.publish": 100,
    "users.info": 100,
    "conversations.members": 100,
    "files.getUploadURLExternal": 100,
    "files.completeUploadExternal": 100,
    "conversations.list": 20,
    "users.list": 20,
}


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
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def wait_s(self, method: str, channel: str) -> int:
        """Take one call's turn: 0 when it may go on, else the whole seconds to wait."""
        if method in POSTING:
            return self._take(f"{method} {channel}", self.burst, self.per_second)
        allowed = PER_MINUTE.get(method)
        if allowed is None or not self.tiers:
            return 0
        return self._take(method, allowed, allowed / 60)

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
