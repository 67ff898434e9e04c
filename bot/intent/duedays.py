"""On which days the tasks are due that are asked for: "tomorrow", "between Mon and Wed"."""

from __future__ import annotations

from datetime import date, timedelta

from bot.intent import dates, days, times
from bot.intent.days import WEEKDAYS, weekday_list
from bot.intent.facts import scan
from bot.intent.intents import Selection
from bot.intent.intervals import Starting
from bot.intent.numbers import Tokens, find, phrase, says_any, skip, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Token
from storage.schedules import Weekday

_FROM_TODAY = {
    "today": (0, 0), "tonight": (0, 0), "this morning": (0, 0), "this afternoon": (0, 0),
    "this evening": (0, 0), "overnight": (0, 1), "tomorrow": (1, 1), "the next day": (1, 1),
    "the next 24 hour": (0, 1), "the day after tomorrow": (2, 2), "the next 7 day": (0, 6),
    "the coming day": (0, 3), "the coming week": (0, 6), "the next few day": (0, 3),
    "this month": (0, 30), "the next month": (0, 30),
}  # fmt: skip
"""The first and the last day, counted from today."""
_FROM_MONDAY = {
    "this week": (0, 6), "the week": (0, 6), "the rest of the week": (0, 6), "next week": (7, 13),
    "this weekend": (5, 6), "the weekend": (5, 6), "on weekend": (5, 6), "weekend": (5, 6),
    "next weekend": (12, 13), "on weekday": (7, 11), "weekday": (7, 11),
}  # fmt: skip
"""The same, counted from the Monday of this week."""


def due_days(tokens: tuple[Token, ...], today: date) -> tuple[Selection, tuple[Token, ...]] | None:
    """Take out the day, or the days, on which the tasks are due; None where none is named."""
    return (
        _past(tokens, today)
        or _span(tokens, today)
        or _range(tokens, today)
        or _one_day(tokens, today)
    )


def _span(tokens: tuple[Token, ...], today: date) -> tuple[Selection, tuple[Token, ...]] | None:
    monday = today - timedelta(days=today.weekday())
    for start, table in ((today, _FROM_TODAY), (monday, _FROM_MONDAY)):
        found = find(tokens, table)
        if found is None:
            continue
        at, end = found
        first, last = table[" ".join(token.word for token in tokens[at:end])]
        chosen = Selection(
            first=max(today, start + timedelta(days=first)), last=start + timedelta(days=last)
        )
        part = times.part(tokens, end) if end < len(tokens) else None
        return chosen, (*tokens[:at], *tokens[part.end if part else end :])
    return None


def _past(tokens: tuple[Token, ...], today: date) -> tuple[Selection, tuple[Token, ...]] | None:
    """Read the days on which something failed: "since Monday", "last night", "this week"."""
    if not says_any(tokens, _FAILED):
        return None
    monday = today - timedelta(days=today.weekday())
    for start, table in ((today, _UP_TO_TODAY), (monday, _UP_TO_MONDAY)):
        found = find(tokens, table)
        if found is None:
            continue
        at, end = found
        first, last = table[" ".join(token.word for token in tokens[at:end])]
        window = start + timedelta(days=first), min(today, start + timedelta(days=last))
        return Selection(first=window[0], last=window[1]), (*tokens[:at], *tokens[end:])
    found = find(tokens, "since")
    if found is None or word_at(tokens, found[1]) not in WEEKDAYS:
        return None
    back = (today.weekday() - WEEKDAYS[word_at(tokens, found[1])]) % 7 or 7
    rest = (*tokens[: found[0]], *tokens[found[1] + 1 :])
    return Selection(first=today - timedelta(days=back), last=today), rest


_FAILED = words("failed failing fail fails broke broken errored")
_UP_TO_TODAY = {
    "today": (0, 0), "this morning": (0, 0), "tonight": (0, 0), "yesterday": (-1, -1),
    "since yesterday": (-1, 0), "last night": (-1, 0), "overnight": (-1, 0), "lately": (-6, 0),
    "recently": (-6, 0), "in the last 24 hour": (-1, 0), "in the past 24 hour": (-1, 0),
    "in the last day": (-1, 0), "in the last 7 day": (-6, 0), "in the last week": (-6, 0),
    "in the past week": (-6, 0), "this past week": (-6, 0), "this month": (-30, 0),
    "in the last month": (-30, 0), "since this morning": (0, 0),
}  # fmt: skip
_UP_TO_MONDAY = {"this week": (0, 6), "since last week": (-7, 6), "last week": (-7, -1),
                 "last weekend": (-2, -1), "over the weekend": (-2, -1)}  # fmt: skip
"""When something failed: the first and the last day, from today or from this week's Monday."""


def _range(tokens: tuple[Token, ...], today: date) -> tuple[Selection, tuple[Token, ...]] | None:
    """Read "between Mon and Wed", "from the 3rd to the 5th"."""
    for at in range(len(tokens)):
        led = phrase(tokens, at, ("between", "from"))
        first = None if led is None else _day(tokens, skip(tokens, led, ("on", "the")), today)
        joint = None if first is None else phrase(tokens, first[1], ("and", "to", "until", "-"))
        if first is None or joint is None:
            continue
        last = _day(tokens, skip(tokens, joint, "the"), first[0])
        if last is not None:
            chosen = Selection(first=first[0], last=last[0])
            return chosen, (*tokens[:at], *tokens[last[1] :])
    return None


def _day(tokens: Tokens, at: int, today: date) -> tuple[date, int] | None:
    found = dates.day(tokens, at, today)
    if found is not None and isinstance(found.value, dates.Day):
        return found.value.on, found.end
    named = weekday_list(tokens[: at + 1], at)
    if named is None or not word_at(tokens, at):
        return None
    ahead = (int(named.value[0]) - today.weekday()) % 7
    return today + timedelta(days=ahead), named.end


def _one_day(tokens: tuple[Token, ...], today: date) -> tuple[Selection, tuple[Token, ...]] | None:
    pieces = scan(tokens, today).pieces
    parts = {one.start: one.end for one in pieces if isinstance(one.fact, times.Part)}
    for piece in pieces:
        fact, end = piece.fact, parts.get(piece.end, piece.end)
        rest = (*tokens[: piece.start], *tokens[end:])
        if isinstance(fact, days.Days) and len(fact.weekdays) == 1:
            return Selection(weekday=Weekday(fact.weekdays[0])), rest
        if isinstance(fact, dates.Day):
            return Selection(first=fact.on, last=fact.on), rest
        if isinstance(fact, Starting) and fact.until is not None:
            return Selection(first=max(today, fact.on), last=fact.until), rest
    return None
