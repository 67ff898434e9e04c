"""Hours from one time of day to another: "between 9am and 6pm", "9-17", "business hours"."""

from __future__ import annotations

from calendar import month_name
from datetime import time

from bot.intent.numbers import Found, Tokens, phrase, skip, word_at
from bot.intent.times import BadTime, Clock, Window, afternoon, clock

_MONTHS = frozenset(name.lower() for name in month_name if name)
_NEXT_DAY = ("the next day", "the next morning", "the following day", "the following morning",
             "the day after", "next day", "next morning")  # fmt: skip


def window(tokens: Tokens, at: int) -> Found[Window | BadTime] | None:
    """Read "between 9am and 6pm", "from 9 to 17", "9am-6pm", "during 9 to 5"."""
    working = phrase(
        tokens, at, ("during business hour", "during working hour", "during office hour",
        "in business hour", "in working hour", "within business hour", "within working hour"),
    )  # fmt: skip
    if working is not None:
        ends = (Clock(at=time(9), rough=True), Clock(at=time(17), rough=True))
        return Found(Window(first=ends[0], last=ends[1]), working)
    led = phrase(tokens, at, ("between", "from", "during"))
    first = clock(tokens, at if led is None else led, led=led is not None)
    if first is None:
        return None
    joints = ("and", "&", "n") if word_at(tokens, at) == "between" else "to"
    joint = phrase(tokens, first.end, joints)
    joint = joint or phrase(tokens, first.end, ("-", "until", "through", "thru", "to"))
    if joint is None:
        return None
    last = clock(tokens, joint, led=True)
    if last is None or _is_date(tokens, last):
        return None
    for end in (first.value, last.value):
        if isinstance(end, BadTime):
            return Found(end, last.end)
    assert isinstance(first.value, Clock) and isinstance(last.value, Clock)
    return Found(_settled(first.value, last.value), skip(tokens, last.end, _NEXT_DAY))


def _is_date(tokens: Tokens, found: Found[Clock | BadTime]) -> bool:
    """Whether "07:45 until 25" goes on with "October"."""
    word = word_at(tokens, found.end)
    return word in _MONTHS or word in ("st", "nd", "rd", "th")


def _settled(first: Clock, last: Clock) -> Window:
    """Read "9 to 5" and "9 to 5pm" as working hours; anything else stays as it was said."""
    if first.bare and last.bare and last.at <= first.at:
        return Window(first=first._replace(bare=False), last=afternoon(last))
    if last.bare and not first.bare and last.at <= first.at and first.at.hour < 12:
        return Window(first=first, last=afternoon(last))
    if first.bare and not last.bare:
        return Window(first=first._replace(bare=False), last=last)
    return Window(first=first._replace(bare=False), last=last._replace(bare=False))
