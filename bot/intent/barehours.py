"""Hours that only their place shows to be such: "Mondays 9", "daily 6 and 18", "tomorrow 17"."""

from __future__ import annotations

from bot.intent.numbers import Found, Tokens, word_at
from bot.intent.spelling import words
from bot.intent.times import PARTS, BadTime, Clocks, clock_list
from bot.intent.tokens import Kind
from storage.schedules import Weekday

_WEEKDAYS = frozenset(day.name.lower() for day in Weekday)
_PLURALS = frozenset((*(f"{day}s" for day in _WEEKDAYS), "weekdays", "weekends"))
_DAYS = words("every each weekday weekend") | _WEEKDAYS
_SAID = words("daily everyday tomorrow today tonight nightly")
_REPEATS = words("every each a per single")
_OPENS_A_LIST = words(", : (")
_AFTERWARDS = words(", . : ; ! ? ) - for until till starting from in to please pls sharp exactly")
_BESIDE_A_PART = words("every each tomorrow today weekday") | _WEEKDAYS


def hours_after_days(tokens: Tokens, at: int) -> Found[Clocks] | None:
    """Read hours right after days that repeat, or several of them after "twice a day,"."""
    if at == 0:
        return None
    opened = word_at(tokens, at - 1) in _OPENS_A_LIST
    if not _ends_days(tokens, at - 2 if opened else at - 1):
        return None
    found = clock_list(tokens, at, led=True)
    if found is None or isinstance(found.value, BadTime) or not _ends(tokens, found.end):
        return None
    if opened and len(found.value.clocks) == 1:
        return None
    return Found(found.value, found.end)


def _ends_days(tokens: Tokens, at: int) -> bool:
    """Whether days that a bare hour may follow end at a place."""
    if at < 0:
        return False
    word, before = tokens[at].word, word_at(tokens, at - 1)
    if word in _SAID or tokens[at].text.casefold() in _PLURALS:
        return True
    if word in PARTS:
        return before in _BESIDE_A_PART
    if word == "day":
        return before in _REPEATS or before in ("business", "working", "week")
    if word not in _WEEKDAYS and word != "weekday":
        return False
    listed = before in (",", "/", "and", "&", "-") and word_at(tokens, at - 2) in _WEEKDAYS
    return before in _REPEATS or listed


def _ends(tokens: Tokens, at: int) -> bool:
    """Whether what follows can't be what is counted, as in "daily 5 pods"."""
    if at >= len(tokens):
        return True
    joined = tokens[at].word == "and" and word_at(tokens, at + 1) in _DAYS
    follows = tokens[at].word in _AFTERWARDS or tokens[at].kind in (Kind.CHANNEL, Kind.MENTION)
    return joined or follows
