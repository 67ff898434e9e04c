"""Minutes of every hour: ":00 and :30", "15 past", "20 and 50 minutes past each hour"."""

from __future__ import annotations

from bot.intent.numbers import Found, Tokens, cardinal, phrase, skip, word_at
from bot.intent.times import AND, Minutes
from bot.intent.tokens import Kind

_PAST_EACH = ("past the hour", "past each hour", "past every hour", "after the hour",
              "after each hour", "after every hour", "of each hour", "of every hour")  # fmt: skip


_TOP_AND_BOTTOM = tuple(
    f"{led}top and {the}bottom of {every} hour"
    for led in ("at the ", "at ", "on the ", "the ", "")
    for the in ("the ", "at the ", "")
    for every in ("the", "every", "each")
)


_QUARTERS = {
    f"{led}{said} {every} hour": minutes
    for said, minutes in (("quarter past", 15), ("half past", 30), ("quarter to", 45))
    for every in ("every", "each")
    for led in ("at ", "at a ", "a ", "")
}


def past_the_hour(tokens: Tokens, at: int) -> Found[Minutes] | None:
    """Read ":00 and :30", "15 past", "15 minutes past each hour"."""
    both = phrase(tokens, at, _TOP_AND_BOTTOM)
    if both is not None:
        return Found(Minutes(past=(0, 30)), both)
    quarter = phrase(tokens, at, _QUARTERS)
    if quarter is not None:
        said = " ".join(token.word for token in tokens[at:quarter])
        return Found(Minutes(past=(_QUARTERS[said],)), quarter)
    start = skip(tokens, at, "at")
    spoken = _on_the_hour(tokens, at)
    if spoken is not None:
        return spoken
    listed = _minutes_listed(tokens, start)
    if listed is not None:
        return listed
    found, end = _past(tokens, start)
    if found is None:
        return None
    all_found = [found]
    while (after := phrase(tokens, end, AND)) is not None:
        following, stop = _past(tokens, after)
        if following is None:
            break
        all_found.append(following)
        end = stop
    end = skip(tokens, end, ("past the hour", "past each hour", "past every hour", "past"))
    end = skip(tokens, end, ("of each hour", "of every hour", "each hour", "every hour", "hourly"))
    return Found(Minutes(past=tuple(sorted(set(all_found)))), end)


def _minutes_listed(tokens: Tokens, at: int) -> Found[Minutes] | None:
    """Read "20 and 50 minutes past each hour"."""
    past: list[int] = []
    following: int | None = at
    end = at
    while following is not None and (one := cardinal(tokens, following)) is not None:
        past.append(one.value)
        end = one.end
        following = phrase(tokens, end, AND)
    tail = phrase(tokens, skip(tokens, end, "minute"), _PAST_EACH)
    if len(past) < 2 or tail is None or max(past) > 59:
        return None
    return Found(Minutes(past=tuple(sorted(set(past)))), tail)


def _on_the_hour(tokens: Tokens, at: int) -> Found[Minutes] | None:
    """Read "every hour on the half hour" and "every hour on the hour"."""
    start = phrase(tokens, at, ("every hour", "each hour", "hourly"))
    for said, minute in (("on the half hour", 30), ("at half past", 30), ("on the hour", 0)):
        after = None if start is None else phrase(tokens, start, said)
        if after is not None:
            return Found(Minutes(past=(minute,)), after)
    at_minutes = None if start is None else phrase(tokens, start, "at")
    return None if at_minutes is None else past_the_hour(tokens, at_minutes)


def _past(tokens: Tokens, at: int) -> tuple[int | None, int]:
    if word_at(tokens, at).startswith(":") and tokens[at].kind is Kind.CLOCK:
        return int(tokens[at].word[1:]) % 60, at + 1
    amount = cardinal(tokens, at)
    if amount is None or amount.value > 59:
        return None, at
    end = skip(tokens, amount.end, "minute")
    whole = phrase(tokens, end, ("past the hour", "past each hour", "past every hour"))
    return (None, at) if whole is None else (amount.value, end)
