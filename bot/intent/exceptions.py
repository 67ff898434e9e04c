"""Days to leave out: "except Fridays", "but not in December", "excluding the 1st"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from bot.intent.dates import BadDay, day
from bot.intent.days import AND, WEEKDAYS, Asked, Except, ExceptNth, month_list, weekday_list
from bot.intent.monthdays import counted_list, month_days, nth_weekday
from bot.intent.monthscopes import counted, within
from bot.intent.numbers import Found, Tokens, phrase, skip, word_at
from bot.intent.tokens import is_number
from bot.intent.yeardays import date_of_a_year
from storage.schedules import Weekday

D = TypeVar("D", Weekday, date, tuple[int, int], int)
_LED = (
    "except for", "except", "excepting", "excluding", "exclude", "exclusive of", "other than",
    "apart from", "aside from", "with the exception of", "save for", "without", "minus",
    "but not", "but never", "but skip", "but exclude", "but excluding", "just not", "only not",
    "not", "never", "skipping", "skip", "unless it's", "unless it is", "unless", "omitting",
    "leaving out", "barring", "bar",
    "but leave out", "leave out", "and not", "and never", "and skip",
    "- not", "- except", "( not", "( except", "( excluding", "but",
)  # fmt: skip
_NEED_DAY = ("without", "minus", "skip", "skipping", "not", "never", "but", "unless", "exclude")
_HOLIDAYS = (
    "public holiday", "public holidays", "bank holiday", "bank holidays", "national holidays",
    "us holidays", "uk holidays", "german holidays", "company holidays", "federal holidays",
    "holiday", "holidays", "official holidays", "national holiday", "statutory holidays",
    "federal holiday", "company holiday",
)  # fmt: skip
NO_COUNTED = (
    "I can leave out weekdays, months and dates, but not a counted day such as that. "
    "Which days should it run?"
)
_ASK_WHICH = Asked(question=NO_COUNTED)


def exceptions(
    tokens: Tokens, at: int, today: date
) -> Found[Except | ExceptNth | Asked | BadDay] | None:
    """Read "except Fridays", "but not on weekends", "not in December", "except December 25"."""
    after = phrase(tokens, skip(tokens, at, ","), _LED)
    if after is None and word_at(tokens, at - 1) in ("day", "weekday", "week", "month"):
        after = phrase(tokens, at, ("save", "bar", "minus"))
    if after is None:
        return _off(tokens, at)
    nth = _nth(tokens, after)
    if nth is not None:
        return nth
    found: list[Except] = []
    end, following = after, after
    while (one := _one(tokens, following, today)) is not None:
        if not isinstance(one.value, Except):
            return Found(one.value, one.end)
        found.append(one.value)
        end = one.end
        joint = phrase(tokens, end, AND)
        if joint is None:
            break
        following = skip(tokens, joint, "not")
    beside_days = word_at(tokens, at - 1) in ("day", "daily", "weekday", "everyday")
    if not found or (word_at(tokens, after - 1) == "but" and following > after and not beside_days):
        return None
    return Found(merged(found), skip(tokens, end, ")"))


def _nth(tokens: Tokens, at: int) -> Found[ExceptNth] | None:
    """Read "the 2nd and 4th Saturday [of the month]"."""
    listed = counted_list(tokens, skip(tokens, at, ("on the", "on", "the", "for the", "every")))
    day = None if listed is None else WEEKDAYS.get(word_at(tokens, listed.end))
    if listed is None or day is None:
        return None
    scope = within(tokens, listed.end + 1)
    if scope is not None and (scope.value.unit != "month" or scope.value.months):
        return None
    end = listed.end + 1 if scope is None else scope.end
    return Found(ExceptNth(nths=listed.value, weekday=day), skip(tokens, end, ")"))


def _off(tokens: Tokens, at: int) -> Found[Except] | None:
    """Read ", Sundays off" and "(weekends off)" as days that are left out."""
    listed = weekday_list(tokens, skip(tokens, at, (", but", ",", "(", "- ", "-", "but", "and")))
    end = None if listed is None else phrase(tokens, listed.end, ("off", "excluded", "excepted"))
    if listed is None or end is None or at == 0:
        return None
    return Found(Except(weekdays=listed.value), skip(tokens, end, ")"))


def merged(found: Sequence[Except]) -> Except:
    """Give all exceptions as one."""
    return Except(
        weekdays=_all(some.weekdays for some in found),
        dates=_all(some.dates for some in found),
        yearly=_all(some.yearly for some in found),
        monthdays=_all(some.monthdays for some in found),
        months=_all(some.months for some in found),
        holidays=any(some.holidays for some in found),
        sure=any(some.sure for some in found),
    )


def _all(named: Iterable[tuple[D, ...]]) -> tuple[D, ...]:
    return tuple(sorted({day for some in named for day in some}))


def _one(tokens: Tokens, at: int, today: date) -> Found[Except | Asked | BadDay] | None:
    start = skip(tokens, at, ("on every", "on any", "on a", "on the", "on", "in the month of", "in",
                 "during", "for", "every", "the", "it's a", "it's", "a"))  # fmt: skip
    holidays = phrase(tokens, skip(tokens, start, ("any", "all", "the")), _HOLIDAYS)
    if holidays is not None:
        return Found(Except(holidays=True), holidays)
    weekly = weekday_list(tokens, start)
    if weekly is not None:
        return Found(Except(weekdays=weekly.value), weekly.end)
    months = month_list(tokens, start)
    if months is not None:
        return Found(Except(months=months.value), months.end)
    return _dated(tokens, start, today) or _monthday(tokens, start)


def _dated(tokens: Tokens, at: int, today: date) -> Found[Except | BadDay] | None:
    """Read "December 25" as that day of every year, and "25 Dec 2026" or "tomorrow" as one."""
    yearly = date_of_a_year(tokens, at)
    one = day(tokens, at, today)
    if yearly is not None and (one is None or one.end <= yearly.end):
        return Found(Except(yearly=(yearly.value,)), yearly.end)
    if one is None or (word_at(tokens, at - 1) == "the" and is_number(tokens[at])):
        return None
    if isinstance(one.value, BadDay):
        return Found(one.value, one.end)
    return Found(Except(dates=(one.value.on,)), one.end)


def _monthday(tokens: Tokens, at: int) -> Found[Except | Asked] | None:
    counted_day = nth_weekday(tokens, at)
    if counted_day is not None:
        return Found(_ASK_WHICH, counted_day.end)
    listed = month_days(tokens, at) or month_days(tokens, at - 1)
    if listed is not None:
        scope = listed.value.within
        if scope is not None and (scope.unit != "month" or scope.months or scope.every > 1):
            return Found(_ASK_WHICH, listed.end)
        return Found(Except(monthdays=listed.value.days, sure=scope is not None), listed.end)
    one = counted(tokens, at)
    if one is None or not 1 <= abs(one.value) <= 31:
        return None
    end = phrase(tokens, one.end, ("day", "calendar day")) or one.end
    if one.value < 0 and end == one.end:
        return None
    scope_after = within(tokens, end)
    found = Except(monthdays=(one.value,), sure=scope_after is not None)
    return Found(found, scope_after.end if scope_after else end)
