"""Let the last word count: "3am… no wait, 4am" is 4am."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.intent import dates, days, intervals, options, strides, times
from bot.intent.facts import Fact, scan
from bot.intent.numbers import find, skip
from bot.intent.tokens import Token

_MARKERS = ("no wait", "wait no", "wait", "scratch that", "actually", "i mean", "make that",
            "sorry", "correction", "no ,", "oops")  # fmt: skip
_AFTER = (",", "just do it", "do it", "make it", "make that", "no", "i meant", "i mean", "just")
_ANY_DAY = date(2000, 1, 3)
"""Corrections only compare kinds of facts, for which any day does."""


def settled(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Leave out what a later phrase of the same kind takes back, and the words that say so."""
    marked = find(tokens, _MARKERS, 1)
    return tuple(tokens) if marked is None else _replaced(tokens, *marked)


def _replaced(tokens: Sequence[Token], at: int, marked: int) -> tuple[Token, ...]:
    start = marked
    while (after := skip(tokens, start, _AFTER)) != start:
        start = after
    new = scan(tokens[start:], _ANY_DAY)
    kinds = {_slot(piece.fact) for piece in new.pieces} - {None}
    if not kinds or not new.pieces or new.pieces[0].start > 1:
        return tuple(tokens)
    old = scan(tokens[:at], _ANY_DAY)
    gone = {
        place
        for piece in old.pieces
        if _slot(piece.fact) in kinds
        for place in range(piece.start, piece.end)
    }
    before = [token for place, token in enumerate(tokens[:at]) if place not in gone]
    while before and before[-1].word in ("-", "--", "...", "…", ",", ".", "?", "at", "on", "no"):
        before.pop()
    return (*before, *tokens[start:])


def _slot(fact: Fact) -> str | None:
    """Say what a fact decides, so that a later one of its kind replaces it."""
    match fact:
        case times.Clocks() | times.BadTime():
            return "time"
        case days.Days() | dates.Day() | days.MonthDays() | days.NthDay() | days.NthWork():
            return "days"
        case strides.Stride() | days.YearDay():
            return "days"
        case options.CronText() | intervals.Interval() | times.Minutes():
            return "recurrence"
        case _:
            return None
