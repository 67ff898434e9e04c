"""Let the last word count: "3am… no wait, 4am" is 4am."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.intent import dates, days, intervals, options, strides, times
from bot.intent.facts import Scan, fact_at, scan
from bot.intent.numbers import find, first_words, says_any, skip
from bot.intent.rulebook import Fact
from bot.intent.tokens import Token

_MARKERS = ("no wait", "wait no", "wait", "scratch that", "actually", "i mean", "make that",
            "sorry", "correction", "no ,", "oops", "no make it", "eh make it",
            "ehh make it", "er make it", "uh make it", "hmm make it", ", make it", "better make it",
            "or rather")  # fmt: skip
_MAY_MARK = first_words(_MARKERS) | {"no"}
_AFTER = (",", "just do it", "do it", "make it", "make that", "no", "i meant", "i mean", "just")
_HANGING = ("-", "--", "...", "…", ",", ".", "?", "at", "on", "no", "hmm", "hm", "uh", "um", "erm",
            "er", "eh", "ehh", "oh", "ah", "ups")  # fmt: skip
_ANY_DAY = date(2000, 1, 3)
"""Corrections only compare kinds of facts, for which any day does."""


def settled(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Leave out what a later phrase of the same kind takes back, and the words that say so."""
    if not says_any(tokens, _MAY_MARK):
        return tuple(tokens)
    marked = find(tokens, _MARKERS, 1)
    if marked is None:
        marked = _plain_no(tokens)
    return tuple(tokens) if marked is None else _replaced(tokens, *marked)


def _plain_no(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Find the "no" of "every monday no tuesday", between two facts of one kind."""
    at = next((at for at in range(1, len(tokens)) if tokens[at].word == "no"), None)
    if at is None or at + 1 == len(tokens):
        return None
    after = fact_at(tokens, at + 1, _ANY_DAY)
    before = scan(tokens[:at], _ANY_DAY).pieces
    if after is None or not before or before[-1].end != at:
        return None
    slot = _slot(after.fact)
    return (at, at + 1) if slot is not None and slot == _slot(before[-1].fact) else None


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
    while before and before[-1].word in _HANGING:
        before.pop()
    first = start + new.pieces[0].start
    return (*before, *tokens[start:first], *_every(tokens, old, new), *tokens[first:])


def _every(tokens: Sequence[Token], old: Scan, new: Scan) -> tuple[Token, ...]:
    """Keep the "every" of "every Tuesday … actually Thursday"."""
    days_said = [piece for piece in old.pieces if isinstance(piece.fact, days.Days)]
    again = [piece.fact for piece in new.pieces if isinstance(piece.fact, days.Days)]
    if not (days_said and again) or again[0].sure or not isinstance(new.pieces[0].fact, days.Days):
        return ()
    led = tokens[days_said[0].start]
    return (led,) if led.word in ("every", "each") else ()


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
