"""Times of day and how often in words, and cron expressions, for `scheduler.sentences`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from itertools import pairwise

from scheduler.crontab import Days, Fields
from scheduler.day_words import cron_days, listed, run_of

_UNITS = ((3_600, "hour"), (60, "minute"), (1, "second"))
_STEPS = 5  # fewer times are said one by one
_LISTED = 6  # longer lists of a cron are a frequency, or stay an expression
_DAY = 24 * 60


def at_times(times: Iterable[time]) -> str:
    """Say times one by one, as in "at 09:00 and 17:30"."""
    return "at " + listed([f"{at:%H:%M}" for at in sorted(set(times))])


def interval(seconds: int) -> str:
    """Say how often in the largest whole unit, as in "every 90 minutes"."""
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    number = seconds // size
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"


def window(times: Iterable[time], *, wraps: bool) -> str:
    """Say five and more times in even steps as a window; empty where the steps are not even.

    A window of every day may go past midnight (`wraps`), as "from 22:00 to 06:00" does.
    """
    minutes = sorted({at.hour * 60 + at.minute for at in times})
    if len(minutes) < _STEPS:
        return ""
    ahead = [
        (after - one) % _DAY for one, after in zip(minutes, [*minutes[1:], minutes[0]], strict=True)
    ]
    step = min(ahead)
    breaks = [place for place, gap in enumerate(ahead) if gap != step]
    last = breaks[0] if breaks else len(minutes) - 1
    if len(breaks) > 1 or (last != len(minutes) - 1 and not wraps):
        return ""
    first = minutes[(last + 1) % len(minutes)]
    return f"{interval(60 * step)} from {_clock(first)} to {_clock(minutes[last])}"


def overnight(evening: Sequence[time], morning: Sequence[time]) -> str:
    """Say the times of an evening and of the morning after as one window; empty where they aren't.

    There need be no five of them, as a window past midnight has no shorter name.
    """
    minutes = [at.hour * 60 + at.minute for at in sorted(evening)]
    minutes += [_DAY + at.hour * 60 + at.minute for at in sorted(morning)]
    steps = {after - one for one, after in pairwise(minutes)}
    if len(steps) != 1 or minutes[-1] - minutes[0] > _DAY - 1:
        return ""
    ends = f"from {_clock(minutes[0])} to {_clock(minutes[-1] - _DAY)} the next day"
    return f"{interval(60 * steps.pop())} {ends}"


def cron_words(fields: Fields) -> str:
    """Say a cron expression; empty where words would be longer than the expression."""
    days = cron_days(fields.days)
    if not days:
        return ""
    if len(fields.times) <= _LISTED and not _is_frequent(fields):
        return f"{days} {at_times(fields.times)}"
    pace = _pace(fields)
    if not pace:
        return ""
    return pace if fields.days == Days() else f"{pace}, {days}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _is_frequent(fields: Fields) -> bool:
    """Say whether the hours are a full day in even steps, as "every 6 hours" has them."""
    step = _step(fields.hours, 24)
    return bool(step) and len(fields.hours) > 2 and len(fields.minutes) == 1


def _pace(fields: Fields) -> str:
    minutes = fields.minutes
    if len(minutes) == 1:
        return _hourly(fields)
    step = _step(minutes, 60)
    if step and not minutes[0]:
        return _within(interval(60 * step), fields)
    return _within(f"{_past(minutes)} every hour", fields) if len(minutes) <= _LISTED else ""


def _hourly(fields: Fields) -> str:
    hours, first, last = fields.hours, fields.times[0], fields.times[-1]
    step = _step(hours, 24)
    if step == 1:
        return f"every hour {_past(fields.minutes)}" if first.minute else "every hour"
    if step:
        past = f" {_past(fields.minutes)}" if first.minute else ""
        return f"{interval(3600 * step)}{past}" if hours[0] == 0 else ""
    step = hours[1] - hours[0]
    if hours == tuple(range(hours[0], hours[-1] + 1, step)):
        return f"{interval(3600 * step)} from {first:%H:%M} to {last:%H:%M}"
    return _within("every hour", fields)


def _within(often: str, fields: Fields) -> str:
    ends = run_of(fields.hours, 24)
    if ends is None or len(fields.hours) == 24:
        return often if ends else ""
    first, last = time(ends[0], fields.minutes[0]), time(ends[1], fields.minutes[-1])
    return f"{often} from {first:%H:%M} to {last:%H:%M}"


def _past(minutes: Sequence[int]) -> str:
    return "at " + listed([f":{minute:02d}" for minute in minutes])


def _step(numbers: Sequence[int], span: int) -> int:
    """Give the even distance that carries the numbers round the whole clock; 0 if there is none."""
    step = span // len(numbers)
    even = list(range(numbers[0], span, step)) == list(numbers)
    return step if even and span % step == 0 else 0
