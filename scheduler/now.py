"""The one place that reads the wall clock; everything else gets the moment handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """Give the present moment, aware and in UTC."""
    return datetime.now(UTC)
