"""Days counted in a month, a quarter or a year: "2nd Tuesday of each month", "last day"."""

from __future__ import annotations

from bot.intent.days import (
    AND,
    MONTHS,
    WEEKDAYS,
    WORKDAY,
    Asked,
    MonthDays,
    NthDay,
    NthWork,
    Within,
)
from bot.intent.monthscopes import counted, within
from bot.intent.numbers import Found, Tokens, cardinal, find, ordinal, phrase, skip, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Kind

NEAR = 40
"""How many tokens away a word still belongs to the same thought."""
_MOST_PARTS, _MOST_DAYS = 4, 31
_ENDINGS = ("st", "nd", "rd", "th")
_LED = ("on every", "on each", "every", "each", "on the", "in the", "the", "on")
_EDGES = {
    "at the end": -1, "on the end": -1, "by the end": -1, "every end": -1, "each end": -1,
    "at the start": 1, "on the start": 1, "at the beginning": 1, "at the very end": -1,
    "every start": 1, "start": 1, "beginning": 1, "the start": 1, "the beginning": 1,
    "in the beginning": 1, "at end": -1,
    "end": -1, "the end": -1, "the very end": -1, "on end": -1, "at start": 1,
}  # fmt: skip
_EDGE_WORDS = words(
    "eom end start beginning month-end day odd even odd-numbered even-numbered month's"
)
_MONTH_ENDS = ("at every month-end", "every month-end", "each month-end", "at each month-end",
               "at month end", "at month-end", "every month end", "every month's end",
               "each month end", "at each month end", "at every month end", "every eom",
               "each eom")  # fmt: skip
_AT_MONTH_END = ("month end", "month-end", "end of month", "eom", "on eom", "at eom", "month's end")
_BEFORE_TIME = ("", "at", ",", "every", "each", ":")
_AND_ON = ("and on the", "and the", "and also on the", "and again on the", "& on the", "and on",
           ", and on the")  # fmt: skip
_CLOSE = 8
"""Tokens between two days of a month that belong together."""
_MONTHLY = (
    "every month", "each month", "monthly", "every quarter", "quarterly", "each quarter",
    "once a month", "every other month", "bimonthly", "bi-monthly", "every 2 month",
    "every 3 month", "every 6 month", "every 4 month", "every two month", "every three month",
    "every six month", "once a quarter", "yearly", "annually", "every year",
)  # fmt: skip
_DAY_OR_WORKDAY = ("day", *WORKDAY)
_ANY_DAY = (*WEEKDAYS, *_DAY_OR_WORKDAY, "calendar day")
_ODD, _EVEN = (
    (f"{said} day", f"{said} - numbered day", f"{said} date", f"{said}-numbered day",
     f"{said} calendar day")
    for said in ("odd", "even")
)  # fmt: skip


def nth_weekday(tokens: Tokens, at: int) -> Found[NthDay | NthWork | Asked] | None:
    """Read "the 2nd Tuesday of each month", "last Friday", "first business day of the quarter"."""
    if _amid_a_list(tokens, at):
        return None
    led = phrase(tokens, at, _LED)
    start = at if led is None else led
    listed = counted_list(tokens, start)
    if listed is None:
        return None
    business = phrase(tokens, listed.end, WORKDAY)
    day = WEEKDAYS.get(word_at(tokens, listed.end))
    if business is not None:
        return _nth_work(tokens, listed, business)
    if day is None or not all(1 <= abs(one) <= 5 for one in listed.value):
        return None
    every = led is not None and word_at(tokens, led - 1) in ("every", "each")
    found = NthDay(nths=listed.value, weekday=day)
    scope = within(tokens, listed.end + 1)
    if scope is not None:
        named = len(scope.value.months) == 1 and not every
        yearly = phrase(tokens, scope.end, ("every year", "each year")) or scope.end
        sure = (
            not named or yearly > scope.end or word_at(tokens, scope.end - 2) in ("every", "each")
        )
        return Found(found._replace(within=scope.value, sure=sure), yearly)
    following = _scope_after_more(tokens, listed.end + 1)
    if following is not None:
        return Found(found._replace(within=following), listed.end + 1)
    many = len(listed.value) > 1 or listed.value[0] in (1, -1)
    if (every and many) or _says_month(tokens, at):
        return Found(found, listed.end + 1)
    return None if every else _which_nth(tokens, at, listed, found)


def _amid_a_list(tokens: Tokens, at: int) -> bool:
    """Whether "2nd" goes on with "1st and", where the whole list was tried before."""
    return (
        word_at(tokens, at - 1) in ("and", ",", "&", "or") and word_at(tokens, at - 2) in _ENDINGS
    )


def _nth_work(
    tokens: Tokens, listed: Found[tuple[int, ...]], after: int
) -> Found[NthDay | NthWork | Asked] | None:
    found = NthWork(nths=listed.value)
    scope = within(tokens, after)
    if scope is not None:
        return Found(NthWork(nths=listed.value, within=scope.value), scope.end)
    following = _scope_after_more(tokens, after)
    if following is not None:
        return Found(found._replace(within=following), after)
    return Found(found, after) if _says_month(tokens, after) else None


def _scope_after_more(tokens: Tokens, at: int) -> Within | None:
    """Find the "of the month" that "first Monday and third Friday of the month" ends in."""
    end = at
    for _ in range(_MOST_PARTS):
        after = phrase(tokens, end, AND)
        listed = None if after is None else counted_list(tokens, skip(tokens, after, _LED))
        if listed is None:
            return None
        named = phrase(tokens, listed.end, _ANY_DAY)
        end = listed.end if named is None else named
        scope = within(tokens, end)
        if scope is not None:
            return scope.value
    return None


def _which_nth(
    tokens: Tokens, at: int, listed: Found[tuple[int, ...]], found: NthDay
) -> Found[Asked | NthDay] | None:
    """Ask what "the third Wednesday" is to mean; several of them come back each month."""
    nth = listed.value[0]
    if len(listed.value) > 1:
        return Found(found, listed.end + 1)
    if nth < 1 or word_at(tokens, at) not in ("on", "the"):
        return None
    said = f"{_th(nth)} {found.weekday.name.capitalize()}"
    return Found(
        Asked(
            question=f"Which {said} do you mean?",
            choices=(f"on the {said} of every month", f"every {_th(nth)} {said.split()[1]}")
            if nth > 1
            else (f"on the {said} of every month",),
        ),
        listed.end + 1,
    )


def _th(number: int) -> str:
    return {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}[number]


def _says_month(tokens: Tokens, at: int) -> bool:
    """Whether months or quarters are spoken of as what comes back, near that place."""
    near = range(max(0, at - NEAR), min(len(tokens), at + NEAR))
    return any(phrase(tokens, place, _MONTHLY) is not None for place in near)


def counted_list(tokens: Tokens, at: int) -> Found[tuple[int, ...]] | None:
    """Read "1st and 3rd", "first and last", "first 5"."""
    run = _first_so_many(tokens, at)
    if run is not None:
        return run
    first = counted(tokens, at)
    if first is None:
        return None
    found, end = [first.value], first.end
    while len(found) < _MOST_DAYS and (after := phrase(tokens, end, AND)) is not None:
        following = counted(tokens, skip(tokens, after, ("on the", "the")))
        if following is None:
            break
        found.append(following.value)
        end = following.end
    return Found(tuple(found), end)


def _first_so_many(tokens: Tokens, at: int) -> Found[tuple[int, ...]] | None:
    """Read "first 3" and "last two" before days."""
    edge = word_at(tokens, at)
    number = cardinal(tokens, at + 1) if edge in ("first", "last") else None
    if number is None or not 2 <= number.value <= 15:
        return None
    if phrase(tokens, number.end, _DAY_OR_WORKDAY) is None:
        return None
    span = range(1, number.value + 1) if edge == "first" else range(-number.value, 0)
    return Found(tuple(span), number.end)


def month_days(tokens: Tokens, at: int) -> Found[MonthDays] | None:
    """Read "on the 1st and 15th of every month", "the last day of the month", "day 15"."""
    if _amid_a_list(tokens, at):
        return None
    led = phrase(tokens, at, _LED)
    start = at if led is None else led
    every = led is not None and word_at(tokens, led - 1) in ("every", "each")
    near = {word_at(tokens, place) for place in range(at, at + 4)}
    if not near.isdisjoint(_EDGE_WORDS):
        edge = _edge(tokens, at) or _numbered(tokens, at) or _alternate(tokens, at)
        if edge is not None:
            return edge
    listed = _month_day_list(tokens, start)
    if listed is None:
        return None
    days, end = listed.value, listed.end
    scope = within(tokens, end)
    if scope is not None and scope.value.months:
        return _in_named_months(tokens, listed, scope, every=every)
    if scope is None:
        following = _scope_after_more(tokens, end)
        scope = None if following is None else Found(following, end)
    if scope is None and every and len(days) == 1 and word_at(tokens, end - 1) == "day":
        return None
    lone = not every and (len(days) == 1 or not led or days[0] < 0)
    of_month = days[0] < 0 or (led is not None and word_at(tokens, end - 1) in ("day", "first"))
    known = _goes_on(tokens, at) or (of_month and _says_month(tokens, at))
    if scope is None and lone and not known:
        return None
    return Found(
        MonthDays(days=days, within=scope.value if scope else None),
        scope.end if scope else end,
    )


def _goes_on(tokens: Tokens, at: int) -> bool:
    """Whether "the 1st" goes on with what comes back: "every day at 9 and also on the 1st"."""
    if word_at(tokens, at - 1) not in ("and", "also", "plus", "+", "again"):
        return _is_gone_on_with(tokens, at)
    return any(
        token.word in ("every", "each", "daily", *_ENDINGS)
        or token.text.casefold().endswith("days")
        for token in tokens[max(0, at - NEAR) : at]
    )


def _is_gone_on_with(tokens: Tokens, at: int) -> bool:
    """Whether another such day follows with a time of its own: "… and on the 15th at 17:00"."""
    joint = find(tokens, _AND_ON, at)
    number = None if joint is None or joint[0] > at + _CLOSE else ordinal(tokens, joint[1])
    if number is None or word_at(tokens, number.end) in (*WEEKDAYS, *MONTHS, "of"):
        return False
    return word_at(tokens, number.end - 1) in _ENDINGS


def _in_named_months(
    tokens: Tokens, listed: Found[tuple[int, ...]], scope: Found[Within], *, every: bool
) -> Found[MonthDays] | None:
    """Read "the last day of March", "the 1st of june and july"; "the 3rd of March" is a date."""
    days, named = listed.value, scope.value.months
    yearly = phrase(tokens, scope.end, ("every year", "each year"))
    if yearly is None and word_at(tokens, scope.end - 1) == "year":
        yearly = scope.end
    once = len(days) == 1 and len(named) == 1 and days[0] > 0
    if once and not yearly:
        return None
    sure = bool(every or yearly or len(named) > 1 or len(days) > 1 or days[0] < 0)
    return Found(MonthDays(days=days, sure=sure, within=scope.value), yearly or scope.end)


def _month_day_list(tokens: Tokens, at: int) -> Found[tuple[int, ...]] | None:
    run = _first_so_many(tokens, at)
    if run is not None and word_at(tokens, run.end) == "day":
        return Found(run.value, run.end + 1)
    first = _month_day(tokens, at)
    if first is None:
        return None
    days, end = _through(tokens, first)
    while len(days) < _MOST_DAYS and (after := phrase(tokens, end, AND)) is not None:
        following = _month_day(tokens, skip(tokens, after, ("on the", "the")))
        if following is None:
            break
        more, end = _through(tokens, following)
        days.extend(more)
    return Found(tuple(days), end)


def _through(tokens: Tokens, first: Found[int]) -> tuple[list[int], int]:
    """Read on from "1st" to the end of "1st to 7th", and give the days between."""
    joint = phrase(tokens, first.end, ("to the", "to", "through the", "through", "thru", "-"))
    last = None if joint is None else _month_day(tokens, joint)
    if last is None or last.value <= first.value or first.value < 0:
        return [first.value], first.end
    return list(range(first.value, min(last.value, 32) + 1)), last.end


def _edge(tokens: Tokens, at: int) -> Found[MonthDays] | None:
    """Read "at the end of the month", "every end of quarter", "at the start of each year"."""
    whole = phrase(tokens, at, _MONTH_ENDS)
    if whole is None and (end := phrase(tokens, at, _AT_MONTH_END)) is not None:
        whole = end if word_at(tokens, end) in _BEFORE_TIME or _is_clock(tokens, end) else None
    if whole is not None:
        return Found(MonthDays(days=(-1,)), whole)
    led = phrase(tokens, at, _EDGES)
    scope = None if led is None else within(tokens, led)
    if led is None or scope is None or word_at(tokens, led) != "of":
        return None
    said = " ".join(token.word for token in tokens[at:led])
    if led == at + 1 and word_at(tokens, led + 1) == "the":
        return None
    return Found(MonthDays(days=(_EDGES[said],), within=scope.value), scope.end)


def _is_clock(tokens: Tokens, at: int) -> bool:
    return at < len(tokens) and tokens[at].kind in (Kind.CLOCK, Kind.NUMBER)


def _alternate(tokens: Tokens, at: int) -> Found[MonthDays] | None:
    """Read "on the odd days of every month"."""
    start = skip(tokens, at, ("on the", "on", "every"))
    for first, said in ((1, _ODD), (2, _EVEN)):
        after = phrase(tokens, start, said)
        scope = None if after is None else within(tokens, after)
        if scope is not None:
            return Found(MonthDays(days=tuple(range(first, 32, 2)), within=scope.value), scope.end)
    return None


def _numbered(tokens: Tokens, at: int) -> Found[MonthDays] | None:
    """Read "on day 12" after "every month" or before "of every month"."""
    led = phrase(tokens, at, ("on the day", "on day", "day"))
    number = None if led is None else cardinal(tokens, led)
    if number is None:
        return None
    scope = within(tokens, number.end)
    before = at - 2 if word_at(tokens, at - 1) == "," else at - 1
    if scope is None and word_at(tokens, before) not in ("month", "monthly"):
        return None
    return Found(
        MonthDays(days=(number.value,), within=scope.value if scope else None),
        scope.end if scope else number.end,
    )


def _month_day(tokens: Tokens, at: int) -> Found[int] | None:
    named = phrase(tokens, at, "day")
    day = counted(tokens, at if named is None else named)
    if day is None:
        return None
    if day.value < 0:
        end = phrase(tokens, day.end, ("day", "calendar day"))
        return None if end is None else Found(day.value, end)
    if word_at(tokens, day.end) in WEEKDAYS or word_at(tokens, day.end) in MONTHS:
        return None
    if phrase(tokens, day.end, WORKDAY) is not None or word_at(tokens, day.end) == "month":
        return None
    return Found(day.value, skip(tokens, day.end, ("calendar day", "day")))
