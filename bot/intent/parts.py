"""Cut the facts of a message into the parts of a schedule: "Mondays at 9" and "Fridays at 16"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.intent import dates, days, intervals, options, strides, times
from bot.intent.rulebook import Fact

Shape = (
    days.Days | days.MonthDays | days.NthDay | days.NthWork | days.YearDay | strides.Stride
    | intervals.Interval | times.Minutes | options.CronText | dates.Day
)  # fmt: skip
"""What says on which days, or how often."""
_TIMED = times.Clocks | times.Window | times.Part
_SHAPES, _TIMES = Shape.__args__, _TIMED.__args__


class Parts(NamedTuple):
    """The facts of each part.

    `borrowed` says that one took its times from a part before it, `loose` that one is
    but a time or a day that nothing joins to the others.
    """

    parts: tuple[tuple[Fact, ...], ...]
    borrowed: bool = False
    loose: bool = False


def split(facts: Sequence[Fact]) -> Parts:
    """Give the facts of each part; what belongs to none of them alone is in all of them."""
    if not any(isinstance(fact, days.Also) for fact in facts) and _is_single(facts):
        return Parts(parts=(tuple(facts),))
    parts: list[list[Fact]] = [[]]
    common: list[Fact] = []
    joined, comma, loose = False, False, []
    for place, fact in enumerate(facts):
        if isinstance(fact, days.Also):
            joined, comma = not fact.comma, fact.comma
        elif isinstance(fact, strides.Counted) and shapes(parts[-1]):
            parts[-1].append(fact)
        elif not isinstance(fact, (*_SHAPES, *_TIMES)):
            common.append(fact)
        elif _opens_part(
            parts[-1],
            fact,
            joined=joined or (comma and _goes_on(parts[-1], fact)),
            timed=_is_timed(facts[place + 1 :]),
        ):
            loose += [] if joined or comma else [len(parts)]
            parts.append([fact])
            joined, comma = False, False
        else:
            parts[-1].append(fact)
            joined, comma = False, False
    if len(parts) == 1:
        return Parts(parts=(tuple(fact for fact in facts if not isinstance(fact, days.Also)),))
    left = any(not (shapes(parts[place]) and _has_time(parts[place])) for place in loose)
    shared, borrowed = _shared(parts)
    return Parts(parts=tuple((*part, *common) for part in shared), borrowed=borrowed, loose=left)


def _is_single(facts: Sequence[Fact]) -> bool:
    """Whether there are too few days and times for two parts."""
    return len(shapes(facts)) < 2 and sum(isinstance(fact, times.Clocks) for fact in facts) < 2


def shapes(facts: Sequence[Fact]) -> list[Fact]:
    """Give the facts that say on which days, or how often."""
    return [fact for fact in facts if isinstance(fact, _SHAPES)]


def _opens_part(part: Sequence[Fact], fact: Fact, *, joined: bool, timed: bool) -> bool:
    """Whether a new part begins with the fact, which has a time of its own if it is `timed`."""
    shaped = [one for one in part if isinstance(one, _SHAPES)]
    clocked = any(isinstance(one, times.Clocks) for one in part)
    if isinstance(fact, _SHAPES):
        apart = joined and bool(shaped) and (timed or not _goes_with(shaped, fact))
        return apart or (bool(shaped) and clocked and not _refines(shaped, fact))
    if isinstance(fact, times.Part):
        return False
    if isinstance(fact, times.Clocks):
        return clocked and bool(shaped)
    return False


def _is_timed(following: Sequence[Fact]) -> bool:
    """Whether a time of day comes next."""
    return bool(following) and isinstance(following[0], times.Clocks)


def _goes_on(part: Sequence[Fact], fact: Fact) -> bool:
    """Whether a list of counted weekdays goes on: "the first Monday, third Friday and ..."."""
    return isinstance(fact, days.NthDay) and any(isinstance(one, days.NthDay) for one in part)


def _goes_with(shaped: Sequence[Fact], fact: Fact) -> bool:
    """Whether days only narrow an interval ("every hour and only on weekdays")."""
    return any(isinstance(one, intervals.Interval) for one in shaped) and isinstance(
        fact, days.Days
    )


def _refines(shaped: Sequence[Fact], fact: Fact) -> bool:
    """Whether a fact says more of the same days, as "weekdays" does of "daily"."""
    if isinstance(fact, dates.Day) or not isinstance(fact, days.Days):
        return isinstance(fact, dates.Day)
    before = [set(one.weekdays) for one in shaped if isinstance(one, days.Days)]
    new = set(fact.weekdays)
    if any(isinstance(one, strides.Stride | intervals.Interval) for one in shaped):
        return True
    return bool(before) and any(new <= one or one <= new for one in before)


def _shared(parts: Sequence[Sequence[Fact]]) -> tuple[list[list[Fact]], bool]:
    """Let a part without times or days have those of its neighbour."""
    dated = any(isinstance(fact, dates.Day) for part in parts for fact in part)
    sure = [[fact if dated else _surely(fact) for fact in part] for part in parts]
    borrowed = False
    for place in range(1, len(sure)):
        if not shapes(sure[place]):
            sure[place] = [*shapes(sure[place - 1]), *sure[place]]
    for place in reversed(range(len(sure) - 1)):
        if not _timed(sure[place]) and _needs_time(sure[place]):
            sure[place] += _timed(sure[place + 1])
    for place in range(1, len(sure)):
        if not _timed(sure[place]) and _needs_time(sure[place]):
            borrowed = borrowed or _ends_in_time(parts[place - 1])
            sure[place] += _timed(sure[place - 1])
    return sure, borrowed


def _ends_in_time(part: Sequence[Fact]) -> bool:
    return isinstance(part[-1], _TIMES)


def _has_time(facts: Sequence[Fact]) -> bool:
    return any(isinstance(fact, _TIMES) for fact in facts) or not _needs_time(facts)


def _timed(facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if isinstance(fact, times.Clocks | times.Part)]


def _needs_time(facts: Sequence[Fact]) -> bool:
    return not any(
        isinstance(fact, intervals.Interval | times.Minutes | options.CronText) for fact in facts
    )


def _surely(fact: Fact) -> Fact:
    """Take a plain day for one that comes back, as it stands beside another."""
    return fact._replace(sure=True) if isinstance(fact, days.Days | days.MonthDays) else fact
