"""How far this machine's clock is from another one, told by an answer that took a while; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.doctor.check import Check, ok, unknown, warning

LIMIT = timedelta(seconds=2)
SECOND = timedelta(seconds=1)


def drift(
    before: datetime, after: datetime, told: datetime, *, grain: timedelta = timedelta(0)
) -> timedelta:
    """Say by how much our clock must be ahead, less than zero where it is behind.

    The other side told its time between our `before` and `after`, cut down to `grain`.
    """
    if before > told + grain:
        return before - (told + grain)
    if after < told:
        return after - told
    return timedelta(0)


def judge(name: str, other: str, apart: timedelta) -> Check:
    """Judge how far we are from another clock."""
    if abs(apart) <= LIMIT:
        return ok(name, f"This machine and {other} agree within {LIMIT.total_seconds():g} s.")
    side = "ahead of" if apart > timedelta(0) else "behind"
    return warning(
        name,
        f"This machine's clock is {abs(apart).total_seconds():.0f} s {side} {other}'s.",
        "Tasks run by this machine's clock: turn its time synchronisation on (timedatectl).",
    )


def against_header(
    name: str, other: str, headers: Mapping[str, str], before: datetime, after: datetime
) -> Check:
    """Judge our clock by the Date header of an answer."""
    told = {key.lower(): value for key, value in headers.items()}.get("date", "")
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return unknown(name, f"{other} did not say what time it is.")
    return judge(name, other, drift(before, after, moment, grain=SECOND))
