"""When a pause ends: "until Monday 9am", "for two days", "over the weekend"."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.intent.dates import Day, day
from bot.intent.days import MonthDays
from bot.intent.intents import Pause
from bot.intent.monthdays import month_days
from bot.intent.numbers import Found, Tokens, duration, phrase, skip
from bot.intent.times import Clock, clock, part
from bot.intent.timesofday import likely

_UNTIL = ("up until", "until", "up to", "til")
_THROUGH = ("through", "up to and including", "until and including")
_FOR = ("for the next", "for another", "for about", "for", "the next")
_WEEKEND = ("over the weekend", "for the weekend", "during the weekend", "this weekend",
            "on the weekend", "until after the weekend", "until the weekend is over")  # fmt: skip
_TODAY = ("for today", "today", "for the rest of the day", "for the day", "the rest of the day",
          "until the end of the day", "until end of day", "until eod")  # fmt: skip
_WEEK = ("this week", "for this week", "for the rest of the week", "the rest of the week",
         "until the end of the week", "until end of week", "until eow")  # fmt: skip
_MONTH = ("this month", "for this month", "for the rest of the month", "the rest of the month",
          "until the end of the month", "until end of month", "until eom",
          "until month end")  # fmt: skip
_PARTS = {"morning": time(9), "noon": time(12), "lunch": time(12), "evening": time(18)}
_PAIR = ("a couple of", "a couple", "a pair of")
_LENGTHS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}


def ending(tokens: Tokens, at: int, local: datetime) -> Pause | None:
    """Read the end of a pause from a place to the end of the message; `local` is now there."""
    today, size = local.date(), len(tokens)
    if phrase(tokens, at, _WEEKEND) == size:
        return Pause(on=_monday_after(today))
    if phrase(tokens, at, _TODAY) == size:
        return Pause(on=today + timedelta(days=1))
    if phrase(tokens, at, _WEEK) == size:
        return Pause(on=_monday_after(today))
    if phrase(tokens, at, _MONTH) == size:
        return Pause(on=_month_after(today))
    through = phrase(tokens, at, _THROUGH)
    if through is not None and (last := _moment(tokens, through, local)) is not None:
        return last if last.at is not None else Pause(on=last.on + timedelta(days=1))
    until = phrase(tokens, at, _UNTIL)
    return _moment(tokens, until, local) if until is not None else _lasting(tokens, at, local)


def _monday_after(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _month_after(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def _lasting(tokens: Tokens, at: int, local: datetime) -> Pause | None:
    """Read "for two days": whole days end as a day begins, hours end at their minute."""
    start = phrase(tokens, at, _FOR)
    found = None if start is None else _length(tokens, start)
    if found is None or found.end != len(tokens) or not found.value:
        return None
    ends = local + timedelta(seconds=found.value)
    whole = found.value % 86_400 == 0
    return Pause(on=ends.date(), at=None if whole else ends.time().replace(second=0, microsecond=0))


def _length(tokens: Tokens, at: int) -> Found[int] | None:
    pair = phrase(tokens, at, _PAIR)
    if pair is not None and pair < len(tokens) and tokens[pair].word in _LENGTHS:
        return Found(2 * _LENGTHS[tokens[pair].word], pair + 1)
    unit = tokens[at].word if at < len(tokens) else ""
    if unit in _LENGTHS and tokens[at - 1].word == "next":
        return Found(_LENGTHS[unit], at + 1)
    return duration(tokens, at)


def _moment(tokens: Tokens, at: int, local: datetime) -> Pause | None:
    """Read a day, a time, or both in either order, to the end of the message."""
    day_first = _on_day(tokens, at, local, None)
    first = _time(tokens, at)
    if day_first is not None or first is None:
        return day_first
    if first.end < len(tokens):
        return _on_day(tokens, skip(tokens, first.end, ("on", ",")), local, first.value)
    at_time = likely(first.value)
    return Pause(on=local.date() + timedelta(days=at_time <= local.time()), at=at_time)


def _on_day(tokens: Tokens, at: int, local: datetime, before: Clock | None) -> Pause | None:
    """Read a day to the end of the message, with its time after it where none stood before."""
    found = _day(tokens, skip(tokens, at, ("on", "the")), local.date())
    if found is None:
        return None
    later = None if before is not None else _time(tokens, found.end)
    said = before if later is None else later.value
    end = found.end if later is None else later.end
    at_time = None if said is None else likely(said)
    spoken = part(tokens, end) if said is None else None
    if spoken is not None:
        at_time, end = _PARTS.get(spoken.value.name), spoken.end
    return Pause(on=found.value, at=at_time) if end == len(tokens) else None


def _day(tokens: Tokens, at: int, today: date) -> Found[date] | None:
    found = day(tokens, at, today)
    if found is not None and isinstance(found.value, Day):
        return Found(found.value.on, found.end)
    dated = month_days(tokens, at)
    if dated is None or not isinstance(dated.value, MonthDays) or len(dated.value.days) != 1:
        return None
    number = dated.value.days[0]
    for ahead in range(1, 62):
        on = today + timedelta(days=ahead)
        if on.day == number:
            return Found(on, dated.end)
    return None


def _time(tokens: Tokens, at: int) -> Found[Clock] | None:
    found = clock(tokens, skip(tokens, at, "at"), led=True)
    if found is None or not isinstance(found.value, Clock):
        return None
    return Found(found.value, found.end)
