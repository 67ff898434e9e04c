"""Settle which times of day were meant, and what of them is an assumption."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import NamedTuple

from bot.intent.rulebook import Fact
from bot.intent.times import PARTS, Clock, Clocks, Part, afternoon

_SURE_PARTS = ("lunch", "lunchtime")
_LATE = ("tonight", "evening", "afternoon")
"""Parts of a day in which "7:30" is half past seven in the evening."""


class Settled(NamedTuple):
    """Times of day; `said` where a clock time was written, `tonight` where that was."""

    at: tuple[time, ...] = ()
    assumed: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    said: bool = False
    tonight: bool = False


def settle(facts: Sequence[Fact]) -> Settled:
    """Read the times that were said, with "morning" or "evening" settling a bare hour."""
    clocks = next((fact.clocks for fact in facts if isinstance(fact, Clocks)), ())
    parts = [fact.name for fact in facts if isinstance(fact, Part)]
    part = parts[0] if parts else None
    tonight = part == "tonight"
    if clocks:
        return _from_clocks(clocks, part, tonight=tonight)
    if part is None:
        return Settled()
    at = PARTS[part]
    if len(set(parts)) > 1:
        return Settled(at=tuple(sorted({PARTS[name] for name in parts})), assumed=("time",))
    if part in _SURE_PARTS:
        return Settled(at=(at,))
    middle = min(at.hour, 22)
    hours = (middle - 1, middle, middle + 1)
    choices = tuple(f"{hour:02d}:00" for hour in hours)
    return Settled(at=(at,), assumed=("time",), choices=choices, tonight=tonight)


def likely(clock: Clock) -> time:
    """Give the likelier reading of a bare hour: 1 to 6 in the afternoon, 7 to 12 as it stands."""
    return afternoon(clock).at if clock.bare and 1 <= clock.at.hour <= 6 else clock.at


def _from_clocks(clocks: tuple[Clock, ...], part: str | None, *, tonight: bool) -> Settled:
    bare = any(clock.bare for clock in clocks)
    if part in _LATE and not bare:
        later = [afternoon(one) if _is_early(one) else one for one in clocks]
        return Settled(at=tuple(sorted(one.at for one in later)), said=True, tonight=tonight)
    if bare and part is not None:
        settled = [_in_part(clock, part) for clock in clocks]
        return Settled(at=tuple(sorted(settled)), said=True, tonight=tonight)
    at = tuple(sorted({likely(clock) for clock in clocks}))
    if bare:
        first = next(clock for clock in clocks if clock.bare)
        readings = (likely(first), likely(first).replace(hour=(likely(first).hour + 12) % 24))
        choices = tuple(f"{one:%H:%M}" for one in readings)
        return Settled(at=at, assumed=("meridiem",), choices=choices, said=True, tonight=tonight)
    if any(clock.rough for clock in clocks):
        choices = tuple(f"{one:%H:%M}" for one in at)
        return Settled(at=at, assumed=("time",), choices=choices, said=True)
    return Settled(at=at, said=True, tonight=tonight)


def _is_early(clock: Clock) -> bool:
    return not clock.halved and 1 <= clock.at.hour < 12


def _in_part(clock: Clock, part: str) -> time:
    if not clock.bare:
        return clock.at
    small_hours = part in ("night", "nightly", "tonight") and clock.at.hour in (12, 1, 2, 3, 4)
    if part == "morning" or small_hours:
        return clock.at.replace(hour=clock.at.hour % 12)
    return clock.at.replace(hour=clock.at.hour % 12 + 12)
