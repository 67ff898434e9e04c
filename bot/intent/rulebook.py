"""The rules of single facts: how each is read, and which words it can begin with.

Told beforehand which rules could fit, `bot.intent.facts` spares a message's other words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from bot.intent import (
    additions,
    barehours,
    bounds,
    dates,
    days,
    exceptions,
    intervals,
    monthdays,
    numbers,
    options,
    pasthour,
    strides,
    telling,
    times,
    windows,
    yeardays,
    zones,
)
from bot.intent.numbers import Found
from bot.intent.spelling import words

Fact = (
    times.Clocks
    | times.Part
    | times.Window
    | times.Minutes
    | times.BadTime
    | days.Days
    | days.Except
    | days.ExceptNth
    | days.MonthDays
    | days.NthDay
    | days.NthWork
    | days.Months
    | days.YearDay
    | days.Period
    | days.Asked
    | days.Also
    | strides.Stride
    | strides.Counted
    | dates.Day
    | dates.BadDay
    | intervals.Interval
    | intervals.Delay
    | intervals.Starting
    | intervals.StartingAt
    | intervals.Until
    | intervals.UntilTime
    | intervals.Lasting
    | intervals.Brief
    | intervals.Count
    | intervals.Endless
    | intervals.TimesADay
    | zones.Zone
    | options.Timeout
    | options.Retries
    | options.Notify
    | options.CronText
    | options.OnDemand
    | options.Now
    | telling.Telling
    | telling.Posting
)
Read = Callable[..., Found[Fact] | None]
"""Takes tokens and a place, and the day that it is where the rule `is_dated`."""


_NO_WORDS: Mapping[str, str] = MappingProxyType({})
NUMBER = "<number>"
ZONE = "<zone>"
_LENGTH = f"{NUMBER} a an half quarter <clock> "
_CLOCK = f"{NUMBER} a half quarter noon midnight <clock> "
_ORDINAL = f"{NUMBER} last final "
_FROM_THE_END = (
    "second second-to-last penultimate next-to-last next last-but-one second-last third-to-last "
    "third-last fourth-to-last antepenultimate fifth-to-last "
)
_WEEKDAY = " ".join(
    (
        *days.WEEKDAYS,
        *days.INITIALS,
        *days.SHORT,
        days.LETTERS,
        "weekday week weekend business working work ",
    )
)
_MONTH = " ".join((*days.MONTHS, ""))
_PART = " ".join((*times.PARTS, ""))
_FEAST = " ".join((*{said.split()[0] for said in dates.FEASTS}, ""))
_UNIT = " ".join((*numbers.UNITS, "fortnight "))
_EDGE = (
    "day calendar odd even odd-numbered even-numbered start beginning end very month month-end "
    "month's eom "
)


class Rule(NamedTuple):
    """A way to read a fact, and the first words or kinds of token it can begin with.

    Where `needs` are given, a message in which none of them stands cannot hold the fact. After a
    small word that `then` holds, the fact can only go on with one of the words given there. A part
    of a schedule (`is_part`) may stand after an "and" that joins it to another.
    """

    read: Read
    opens: frozenset[str]
    needs: frozenset[str]
    then: Mapping[str, frozenset[str]]
    is_dated: bool
    is_part: bool


def _rule(
    read: Read,
    opens: str,
    needs: str = "",
    then: Mapping[str, str] = _NO_WORDS,
    *,
    is_part: bool = False,
) -> Rule:
    """Make a rule that reads the same on every day."""
    return _made(read, opens, needs, then, is_dated=False, is_part=is_part)


def _dated(read: Read, opens: str, needs: str = "", then: Mapping[str, str] = _NO_WORDS) -> Rule:
    """Make a rule that must know what day it is."""
    return _made(read, opens, needs, then, is_dated=True, is_part=False)


def _made(
    read: Read,
    opens: str,
    needs: str,
    then: Mapping[str, str],
    *,
    is_dated: bool,
    is_part: bool,
) -> Rule:
    following = {first: words(said) for firsts, said in then.items() for first in firsts.split()}
    return Rule(read, words(opens), words(needs), following, is_dated, is_part)


RULES = (
    _rule(
        options.cron,
        f"on use with cron * {NUMBER} <date> <code> <quoted> <mention>",
        needs="cron * <code> <quoted> <mention>",
    ),
    _rule(
        pasthour.past_the_hour,
        f"at on the top a half quarter every each hourly <clock> {NUMBER}",
        needs="past hour hourly half <clock>",
        then={
            "every each": "hour",
            "at": "the top a half quarter <number> <clock>",
            "on": "the top",
            "a": "half quarter",
            "the": "top",
            "top": "and",
        },
    ),
    _rule(
        windows.window,
        f"during in within between from {_CLOCK}",
        then={"in within": "business working"},
        is_part=True,
    ),
    _rule(
        intervals.interval,
        "hourly minutely half half-hourly quarter-hourly once on per at in with every each",
        then={
            "every each": f"{_LENGTH}{_UNIT}other alternate couple few single - <date>",
            "at": "intervals an",
            "in": "intervals",
            "with": "an",
        },
        is_part=True,
    ),
    _rule(
        monthdays.nth_weekday,
        f"on in every each the {_ORDINAL}{_FROM_THE_END}",
        needs=f"{_ORDINAL}{_FROM_THE_END}",
        then={
            "the every each": f"{_ORDINAL}{_FROM_THE_END}",
            "on": f"every each the {_ORDINAL}{_FROM_THE_END}",
            "in": "the",
        },
        is_part=True,
    ),
    _rule(
        monthdays.month_days,
        "on in every each the at by day odd even start beginning end month month-end eom "
        f"{_ORDINAL}{_FROM_THE_END}",
        needs=f"eom day odd even odd-numbered even-numbered start beginning end month-end month's "
        f"{_ORDINAL}{_FROM_THE_END}",
        then={
            "the every each": f"{_EDGE}{_ORDINAL}{_FROM_THE_END}",
            "on": f"the every each {_EDGE}{_ORDINAL}{_FROM_THE_END}",
            "at": f"the every each very {_EDGE}",
            "in by": "the",
        },
        is_part=True,
    ),
    _rule(
        days.weekdays,
        f"on for every each all the from {_WEEKDAY}",
        then={
            "the": f"from {_WEEKDAY}",
            "on for every each all": f"the from every each all single {_WEEKDAY}",
        },
        is_part=True,
    ),
    _rule(
        days.every_day,
        f"on every each everyday daily all once per day {NUMBER}",
        then={"every each": f"single day calendar {NUMBER} {_PART}", "on": "a"},
        is_part=True,
    ),
    _dated(
        exceptions.exceptions,
        f", - ( {_WEEKDAY}and except excepting exclude excluding exclusive other but apart aside "
        "not never "
        "skip skipping with without minus save just only unless omitting leaving leave barring bar",
    ),
    _rule(
        yeardays.year_day,
        "every each yearly annually once twice",
        needs=_MONTH,
        then={"every each": f"the year {_ORDINAL}{_MONTH}"},
        is_part=True,
    ),
    _rule(
        days.months,
        f"in of every each during only from {_MONTH}",
        needs=_MONTH,
        then={"in of every each during from": _MONTH},
        is_part=True,
    ),
    _rule(
        days.period,
        "weekly every each once per monthly of in on quarterly yearly annually twice semimonthly "
        "semi-monthly",
        then={
            "every each": f"week month quarter year calendar single {NUMBER}",
            "of in": "every each",
            "on": "a",
        },
        is_part=True,
    ),
    _rule(
        strides.stride,
        "from now at regularly periodically occasionally on every each once per twice "
        "alternate alternating biweekly bi-weekly bi fortnightly "
        "bimonthly bi-monthly biannually biannual bi-annually biennially half half-yearly "
        "semiannually semi-annually some sometime for",
        needs=f"some sometime alternate alternating other {NUMBER} half biweekly bi-weekly bi "
        "fortnight fortnightly bimonthly bi-monthly biannually biannual bi-annually biennially "
        "half-yearly semiannually semi-annually second couple few time now often while regularly "
        "periodically occasionally regular",
        then={
            "every each": f"{NUMBER} other alternate alternating couple few fortnight half now so "
            "once",
            "from": "time",
            "now": "and",
            "for": "some sometime",
            "some": "time",
            "at": "regular",
            "on": "a alternate alternating every each once per biweekly bi-weekly bi fortnightly "
            "half twice",
        },
        is_part=True,
    ),
    _dated(strides.counted_from, ", counted counting", needs="counted counting"),
    _rule(intervals.times_a_day, f"twice thrice {NUMBER}", needs="twice thrice time"),
    _dated(
        bounds.span,
        "for the all during throughout in this next",
        needs="week month quarter year",
    ),
    _dated(
        dates.day,
        f"once on the day week tomorrow today this in next coming {_FEAST}<date> {_LENGTH}"
        f"{_ORDINAL}{_WEEKDAY}{_MONTH}",
        then={
            "the": f"day week {_ORDINAL}{_MONTH}",
            "a an": f"{_UNIT}half quarter couple few",
            "in": _LENGTH,
        },
    ),
    _dated(
        bounds.bound,
        ", - ( and but from starting beginning start effective as commencing starts begins begin "
        "first kicking not between up until through thru ending ends expires expiring no stopping "
        "stops stop lasting going indefinitely forever with for over during within the this next "
        "all throughout in before only at max maximum a exactly just limit limited repeat "
        f"{NUMBER}",
        needs=f"{bounds.SIGNS} {NUMBER}",
        then={"the": "next", "at": "most"},
    ),
    _rule(intervals.delay, f"in after {_LENGTH}", needs=_UNIT),
    _rule(
        times.times,
        f"at around about @ by ~ in {_CLOCK}",
        then={"in": "the <clock>"},
        is_part=True,
    ),
    _rule(
        barehours.hours_after_days,
        NUMBER,
        needs="daily everyday tomorrow today tonight nightly day every each " + _WEEKDAY,
    ),
    _rule(intervals.hours, NUMBER, needs="- to until"),
    _rule(
        times.part,
        f"in at first during close end {_PART}",
        then={
            "in during": "the",
            "at": f"{_PART}the close end",
            "first": "thing",
            "close end": "of",
        },
        is_part=True,
    ),
    _rule(additions.joint, ", and plus + ; & / also then as along in again"),
    _rule(zones.zone, f"in , ( tz timezone {ZONE}", then={"in , (": f"in tz timezone {ZONE}"}),
    _rule(
        options.timeout,
        f", and with the timeout time give kill at max {_LENGTH}",
        needs="timeout time limit give kill most max",
        then={"at": "most"},
    ),
    _rule(
        options.retries,
        f", and at max with no without don't retry retries up {NUMBER}",
        needs="retries retry attempts",
        then={"at": "most"},
    ),
    _rule(
        telling.telling,
        ", . ; and & + n plus then also please notify tell alert ping dm message page text inform "
        "cc send let email e-mail mail shoot do don't no without if when whenever once on after in",
    ),
    _rule(
        telling.posting,
        ", . ; and & + n plus then also please post send share publish put drop report deliver "
        "results output the write",
        needs="<channel>",
    ),
    _rule(
        options.notify,
        ", and post send report to in page notify alert ping tell email dm <channel>",
    ),
    _rule(
        options.demand,
        ", . - run runs only on on-demand when manually manual no without if right immediately at "
        "now",
        then={"at": "once", "on": "demand"},
    ),
)
