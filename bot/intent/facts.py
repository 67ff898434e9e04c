"""Walk a message once and read every fact about time and options in it; the rest is the task.

Each token ends up in exactly one fact or among the words that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.intent import (
    additions,
    bounds,
    dates,
    days,
    exceptions,
    intervals,
    monthdays,
    numbers,
    options,
    strides,
    telling,
    times,
    yeardays,
    zones,
)
from bot.intent.numbers import Found, Tokens
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token

Fact = (
    times.Clocks
    | times.Part
    | times.Window
    | times.Minutes
    | times.BadTime
    | days.Days
    | days.Except
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
ADJECTIVES = frozenset(
    ("daily", "weekly", "monthly", "quarterly", "yearly", "nightly", "hourly", "morning", "evening")
)
Read = Callable[[Tokens, int, date], Found[Fact] | None]
Undated = Callable[[Tokens, int], Found[Fact] | None]


class Piece(NamedTuple):
    """A fact and the tokens it was read from."""

    fact: Fact
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a message holds: facts in their order, and the tokens (`words`) no fact used."""

    tokens: tuple[Token, ...]
    pieces: tuple[Piece, ...]
    rest: tuple[int, ...]
    facts: tuple[Fact, ...] = field(init=False)
    words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", tuple([piece.fact for piece in self.pieces]))
        object.__setattr__(self, "words", tuple([self.tokens[at].word for at in self.rest]))

    def with_adjectives(self) -> Scan:
        """Give a lone "daily" or "weekly" before a word back to the name it belongs to."""
        named = [piece for piece in self.pieces if self._is_adjective(piece)]
        return Scan(
            tokens=self.tokens,
            pieces=tuple(piece for piece in self.pieces if piece not in named),
            rest=tuple(sorted((*self.rest, *(piece.start for piece in named)))),
        )

    def _is_adjective(self, piece: Piece) -> bool:
        lone = piece.end - piece.start == 1
        return lone and self.tokens[piece.start].word in ADJECTIVES and piece.end in self.rest


def scan(tokens: Sequence[Token], today: date) -> Scan:
    """Read the longest fact at each place, from left to right."""
    return _scan(tuple(tokens), today)


@lru_cache(maxsize=64)
def _scan(tokens: tuple[Token, ...], today: date) -> Scan:
    pieces: list[Piece] = []
    rest: list[int] = []
    absent = _absent(tokens)
    place = 0
    while place < len(tokens):
        may_open_one = rules_for(tokens[place].kind, tokens[place].word)
        piece = fact_at(tokens, place, today, absent) if may_open_one else None
        if piece is None:
            rest.append(place)
            place += 1
        else:
            pieces.append(piece)
            place = piece.end
    return Scan(tokens=tokens, pieces=tuple(pieces), rest=tuple(rest))


_NUMBER = "<number>"
_ZONE = "<zone>"
_LENGTH = f"{_NUMBER} a an half quarter <clock> "
_CLOCK = f"{_NUMBER} a half quarter noon midnight <clock> "
_ORDINAL = f"{_NUMBER} last "
_FROM_THE_END = (
    "second second-to-last penultimate next-to-last next last-but-one second-last third-to-last "
    "third-last fourth-to-last antepenultimate fifth-to-last "
)
_WEEKDAY = " ".join(
    (*days.WEEKDAYS, *days.INITIALS, *days.SHORT, "weekday weekend business working work ")
)
_MONTH = " ".join((*days.MONTHS, ""))
_PART = " ".join((*times.PARTS, ""))
_UNIT = " ".join((*numbers.UNITS, "fortnight "))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A way to read a fact, and the first words or kinds of token it can begin with.

    Where `needs` are given, a message in which none of them stands cannot hold the fact.
    """

    read: Read
    opens: frozenset[str]
    needs: frozenset[str]


def _dated(read: Read, opens: str, needs: str = "") -> Rule:
    """Make a rule that must know what day it is."""
    return Rule(read=read, opens=words(opens), needs=words(needs))


def _rule(read: Undated, opens: str, needs: str = "") -> Rule:
    """Make a rule that reads the same on every day."""
    return _dated(lambda tokens, at, _: read(tokens, at), opens, needs)


_RULES = (
    _rule(
        options.cron,
        f"on use with cron * {_NUMBER} <date> <code> <quoted> <mention>",
        needs="cron * <code> <quoted> <mention>",
    ),
    _rule(
        times.past_the_hour,
        f"at every each hourly <clock> {_NUMBER}",
        needs="past hour hourly half <clock>",
    ),
    _rule(times.window, f"during in within between from {_CLOCK}"),
    _rule(
        intervals.interval,
        "hourly minutely half half-hourly quarter-hourly once on per at in with every each",
    ),
    _rule(
        monthdays.nth_weekday,
        f"on in every each the {_ORDINAL}{_FROM_THE_END}",
        needs=f"{_ORDINAL}{_FROM_THE_END}",
    ),
    _rule(
        monthdays.month_days,
        "on in every each the at by day odd even start beginning end month month-end eom "
        f"{_ORDINAL}{_FROM_THE_END}",
        needs=f"eom day odd even odd-numbered even-numbered start beginning end month-end month's "
        f"{_ORDINAL}{_FROM_THE_END}",
    ),
    _rule(days.weekdays, f"on for every each all the from {_WEEKDAY}"),
    _rule(days.every_day, f"on every each everyday daily all once per day {_NUMBER}"),
    _dated(
        exceptions.exceptions,
        ", - ( and except excepting exclude excluding exclusive other but apart aside not never "
        "skip skipping with without minus save just only unless omitting leaving leave barring bar",
    ),
    _rule(yeardays.year_day, "every each yearly annually once twice", needs=_MONTH),
    _rule(days.months, "in of every each during only from", needs=f"{_MONTH}q1 q2 q3 q4"),
    _rule(
        days.period,
        "weekly every each once per monthly of in on quarterly yearly annually twice semimonthly "
        "semi-monthly",
    ),
    _rule(
        strides.stride,
        "from now at regularly periodically occasionally on every each once per twice "
        "alternate alternating biweekly bi-weekly bi fortnightly "
        "bimonthly bi-monthly biannually biannual bi-annually biennially half half-yearly "
        "semiannually semi-annually",
        needs=f"alternate alternating other {_NUMBER} half biweekly bi-weekly bi fortnight "
        "fortnightly bimonthly bi-monthly biannually biannual bi-annually biennially half-yearly "
        "semiannually semi-annually second couple few time now often while regularly periodically "
        "occasionally regular",
    ),
    _dated(strides.counted_from, ", counted counting", needs="counted counting"),
    _rule(intervals.times_a_day, f"twice thrice {_NUMBER}", needs="twice thrice time"),
    _dated(
        bounds.span,
        "for the all during throughout in this next",
        needs="week month quarter year",
    ),
    _dated(
        dates.day,
        f"once on the day tomorrow today this in next coming <date> {_LENGTH}{_ORDINAL}"
        f"{_WEEKDAY}{_MONTH}",
    ),
    _dated(
        bounds.bound,
        ", - ( and but from starting beginning start effective as commencing starts begins begin "
        "first kicking not between up until through thru ending ends expires expiring no stopping "
        "stops stop lasting going indefinitely forever with for over during within the this next "
        "all throughout in before only at max maximum a exactly just limit limited repeat "
        f"{_NUMBER}",
        needs=f"{bounds.SIGNS} {_NUMBER}",
    ),
    _rule(intervals.delay, f"in after {_LENGTH}", needs=_UNIT),
    _rule(times.times, f"at around about @ by ~ {_CLOCK}"),
    _rule(intervals.hours, _NUMBER, needs="- to until"),
    _rule(times.part, f"in at first during {_PART}"),
    _rule(additions.also, ", and plus + ; & / also then as along in again"),
    _rule(zones.zone, f"in , ( {_ZONE}"),
    _rule(
        options.timeout,
        f", and with the timeout time give kill at max {_LENGTH}",
        needs="timeout time limit give kill most max",
    ),
    _rule(
        options.retries,
        f", and at max with no without don't retry retries up {_NUMBER}",
        needs="retries retry attempts",
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
    ),
)


@lru_cache(maxsize=4096)
def rules_for(kind: Kind, word: str) -> tuple[Rule, ...]:
    """Give the rules that could begin with such a token, which spares the task's own words."""
    signs = _signs(kind, word)
    if signs.isdisjoint(_OPENINGS):
        return ()
    return tuple(rule for rule in _RULES if not signs.isdisjoint(rule.opens))


_OPENINGS = frozenset().union(*(rule.opens for rule in _RULES))


@lru_cache(maxsize=4096)
def _signs(kind: Kind, word: str) -> frozenset[str]:
    """Say what a token may stand for: its word, its kind, a number in words, part of a zone."""
    signs = {word} if kind in (Kind.WORD, Kind.MARK) else {f"<{kind}>"}
    if kind is Kind.WORD and zones.may_name_zone(word):
        signs.add(_ZONE)
    if kind is Kind.WORD and numbers.names_number(word):
        signs.add(_NUMBER)
    return frozenset(signs)


def _absent(tokens: Tokens) -> frozenset[Rule]:
    """Give the rules whose facts need a word that the message does not hold."""
    signs = frozenset().union(*(_signs(token.kind, token.word) for token in tokens))
    return frozenset(rule for rule in _NEEDY if signs.isdisjoint(rule.needs))


_NEEDY = tuple(rule for rule in _RULES if rule.needs)


def may_open(token: Token) -> bool:
    """Whether a fact could begin with the token."""
    return bool(rules_for(token.kind, token.word))


def fact_at(
    tokens: Tokens, at: int, today: date, absent: frozenset[Rule] = frozenset()
) -> Piece | None:
    """Read the longest fact that begins at a place, by any rule but those known to be absent."""
    best: Found[Fact] | None = None
    for rule in rules_for(tokens[at].kind, tokens[at].word):
        if rule in absent:
            continue
        found = rule.read(tokens, at, today)
        if found is not None and found.end > (best.end if best else at):
            best = found
    return None if best is None else Piece(fact=best.value, start=at, end=best.end)
