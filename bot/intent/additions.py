"""The "and" between two parts of a schedule: "Mondays at 9 and Fridays at 16"."""

from __future__ import annotations

from bot.intent.days import MONTHS, WEEKDAYS, Also
from bot.intent.numbers import Found, Tokens, phrase, skip, word_at
from bot.intent.times import PARTS
from bot.intent.tokens import Kind

_JOINTS = (
    ", and also", ", and then", ", and again", ", and", ", plus", ", then", ", also",
    ", as well as",
    "and also", "and then", "and again", "and", "plus", "+", "as well as", "also", "then", ",", ";",
    "; and", "; also", "& also", "&", "/", "along with", "in addition", "and additionally",
)  # fmt: skip
_LAST_OF_A_PART = frozenset((
    "am", "pm", "a", "p", "noon", "midnight", "day", "week", "month", "quarter", "year", "weekday",
    "weekend", "hour", "st", "nd", "rd", "th", "o'clock", "oclock", "time", "utc", "sharp", "only",
    "daily", "weekly", "monthly", "quarterly", "yearly", "annually", "fortnightly", "biweekly",
    *PARTS,
))  # fmt: skip


def joint(tokens: Tokens, at: int) -> Found[Also] | None:
    """Read the "and" after a part of a schedule, and all that may stand before another part."""
    if at == 0 or not _ends_a_part(tokens, at - 1):
        return None
    after = phrase(tokens, at, _JOINTS)
    if after is None or after >= len(tokens):
        return None
    start = skip(tokens, after, ("once more", "again", "also"))
    comma = word_at(tokens, after - 1) in (",", ";") and after == at + 1
    return Found(Also(comma=comma), start) if start < len(tokens) else None


def _ends_a_part(tokens: Tokens, at: int) -> bool:
    token = tokens[at]
    if token.kind in (Kind.NUMBER, Kind.CLOCK, Kind.DATE):
        return True
    return word_at(tokens, at) in _LAST_OF_A_PART or token.word in WEEKDAYS or token.word in MONTHS
