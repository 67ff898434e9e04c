"""Walk a message once and read every fact about time and options in it; the rest is the task.

Each token ends up in exactly one fact or among the words that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

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
    | days.YearDay
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
    place = 0
    while place < len(tokens):
        piece = _longest(tokens, place, today)
        if piece is None:
            rest.append(place)
            place += 1
        else:
            pieces.append(piece)
            place = piece.end
    return Scan(tokens=tokens, pieces=tuple(pieces), rest=tuple(rest))


_OPENERS = words(
    "an "
    "a about after afternoon alert all and annually apart around as at beginning between "
    "bi-weekly biweekly business but by coming cron daily day demand dm don't during each "
    "effective email ending evening every everyday except excluding first for fortnightly "
    "from give half hourly if immediately in kill last lunch lunchtime manual manually max "
    "midnight monthly morning next night nightly no noon not notify now of on on-demand once "
    "only over page penultimate per ping post quarter quarterly report retries retry right "
    "run runs second-to-last send skip skipping start starting tell the this thrice through "
    "time timeout times today tomorrow tonight twice until up use weekday weekend weekly when "
    "with within without working yearly"
)


def may_open(token: Token) -> bool:
    """Whether any rule could begin with the token; a quick look that spares the task's words."""
    word = token.word
    if token.kind is not Kind.WORD:
        return token.kind not in (Kind.USER, Kind.LINK, Kind.EMOJI)
    known = word in _OPENERS or word in days.WEEKDAYS or word in days.MONTHS
    known = known or word in days.INITIALS
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
        days.year_day,
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
