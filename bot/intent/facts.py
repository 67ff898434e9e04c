"""Walk a message once and read every fact about time and options in it; the rest is the task.

Each token ends up in exactly one fact or among the words that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.intent import dates, days, intervals, numbers, options, times, zones
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
    | days.Months
    | days.Period
    | days.NoShape
    | dates.Day
    | dates.BadDay
    | intervals.Interval
    | intervals.Delay
    | intervals.Starting
    | intervals.Until
    | intervals.Lasting
    | intervals.Count
    | intervals.TimesADay
    | zones.Zone
    | options.Timeout
    | options.Retries
    | options.Notify
    | options.CronText
    | options.OnDemand
    | options.Now
)
ADJECTIVES = frozenset(
    ("daily", "weekly", "monthly", "quarterly", "yearly", "nightly", "hourly", "morning", "evening")
)
Read = Callable[[Tokens, int], Found[Fact] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A fact and the tokens it was read from."""

    fact: Fact
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a message holds: facts in their order, and the tokens no fact used."""

    tokens: tuple[Token, ...]
    pieces: tuple[Piece, ...]
    rest: tuple[int, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(piece.fact for piece in self.pieces)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.tokens[place].word for place in self.rest)


def scan(tokens: Sequence[Token], today: date) -> Scan:
    """Read the longest fact at each place, from left to right."""
    pieces: list[Piece] = []
    rest: list[int] = []
    place = 0
    while place < len(tokens):
        piece = _longest(tokens, place, today)
        if piece is None:
            rest.append(place)
            place += 1
        else:
            pieces.append(piece)
            place = piece.end
    return Scan(tokens=tuple(tokens), pieces=tuple(pieces), rest=tuple(rest))


_OPENERS = words(
    "a about after all and annually apart around as at at_most beginning between biweekly bi-weekly "
    "but by coming cron daily day during each effective ending every everyday except excluding "
    "fortnightly from for give half hourly if immediately in kill last lunchtime lunch max midnight "
    "monthly morning evening afternoon nightly next night no noon not now of on once on-demand only "
    "over page notify alert ping tell email dm penultimate per post quarter quarterly report retries "
    "retry right run runs second-to-last send skip skipping start starting the thrice through this "
    "time timeout times today tomorrow tonight twice until up use weekday weekend weekly when "
    "with without yearly first manual manually working business don't at demand"
)


def may_open(token: Token) -> bool:
    """Whether any rule could begin with the token; a quick look that spares the task's words."""
    word = token.word
    if token.kind is not Kind.WORD:
        return token.kind not in (Kind.USER, Kind.LINK, Kind.EMOJI)
    known = word in _OPENERS or word in days.WEEKDAYS or word in days.MONTHS
    return known or numbers.names_number(word) or zones.may_name_zone(word)


def _rules(today: date) -> tuple[Read, ...]:
    return (
        options.cron,
        times.past_the_hour,
        times.window,
        intervals.interval,
        days.nth_weekday,
        days.month_days,
        days.weekdays,
        days.every_day,
        days.exceptions,
        days.months,
        days.period,
        intervals.times_a_day,
        lambda tokens, at: dates.day(tokens, at, today),
        lambda tokens, at: intervals.bound(tokens, at, today),
        intervals.delay,
        times.times,
        times.part,
        zones.zone,
        options.timeout,
        options.retries,
        options.notify,
        options.demand,
    )


def _longest(tokens: Tokens, at: int, today: date) -> Piece | None:
    if not may_open(tokens[at]):
        return None
    rules = _rules(today)
    best: Found[Fact] | None = None
    for rule in rules:
        found = rule(tokens, at)
        if found is not None and found.end > (best.end if best else at):
            best = found
    return None if best is None else Piece(fact=best.value, start=at, end=best.end)
