"""Times of day as people write them: "9am", "17:45", "half past two", "at 5", "noon".

A bare hour ("at 5") says neither morning nor afternoon and is marked so.
"""

from __future__ import annotations

from datetime import time
from typing import NamedTuple

from bot.intent.numbers import Found, Tokens, cardinal, phrase, skip, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Kind, is_number
from storage.schedules import Weekday

_DAY_NAMES = tuple(day.name.lower() for day in Weekday)

PARTS = {
    "morning": time(9),
    "lunch": time(12),
    "lunchtime": time(12),
    "afternoon": time(15),
    "evening": time(18),
    "night": time(23),
    "nightly": time(23),
    "eod": time(17),
    "cob": time(17),
    "tonight": time(23),
}
_NAMED = {"noon": time(12), "midnight": time(0)}
_HOUR_OF = ("in the hour", "in the hour of", "at the hour", "at the hour of", "in")
_AT = ("at around", "at about", "around", "about", "at", "@", "by", "~")
_ROUGHLY = ("around", "about", "~")
AND = (
    ", and again",
    "and again",
    ", and then again",
    "and then again",
    ", and",
    "and",
    ",",
    "/",
    "+",
    "or",
    "&",
    "n",
)


class Clock(NamedTuple):
    """One time of day.

    `bare` where "9" could be morning or evening, `rough` for "around 9", `halved` where am, pm or
    the like was said.
    """

    at: time
    bare: bool = False
    rough: bool = False
    halved: bool = False


class Clocks(NamedTuple):
    """Times of day that were said together."""

    clocks: tuple[Clock, ...]


class Part(NamedTuple):
    """A part of the day: "morning", "nightly"."""

    name: str


class Window(NamedTuple):
    """From one time of day to another, both included."""

    first: Clock
    last: Clock


class Minutes(NamedTuple):
    """Minutes past each hour: "at :00 and :30 each hour"."""

    past: tuple[int, ...]


class BadTime(NamedTuple):
    """Something that stands where a time should and is none: "25:00"."""

    text: str


def times(tokens: Tokens, at: int) -> Found[Clocks | BadTime] | None:
    """Read one or more times: "at 9", "9am and 5pm", "@ 8:15, 12:00 and 17:45"."""
    led = phrase(tokens, at, _AT)
    if tokens[at].word == "in" or (led is not None and word_at(tokens, led) == "the"):
        led = phrase(tokens, at, _HOUR_OF)
        if led is None or led >= len(tokens) or tokens[led].kind is not Kind.CLOCK:
            return None
    rough = led is not None and (tokens[at].word in _ROUGHLY or tokens[led - 1].word in _ROUGHLY)
    return clock_list(tokens, at if led is None else led, led=led is not None, rough=rough)


def clock_list(
    tokens: Tokens, at: int, *, led: bool, rough: bool = False
) -> Found[Clocks | BadTime] | None:
    """Read times that are joined; a bare hour may begin them only where they are `led`."""
    first = clock(tokens, at, led=led)
    if first is None:
        return None
    if isinstance(first.value, BadTime):
        return Found(first.value, first.end)
    found, end = [first.value._replace(rough=True) if rough else first.value], first.end
    while (after := phrase(tokens, end, AND)) is not None:
        following = clock(tokens, skip(tokens, after, ("at", "@")), led=True)
        if following is None or isinstance(following.value, BadTime):
            break
        if following.value.bare and _starts_something_else(tokens, following.end):
            break
        found.append(following.value)
        end = following.end
    return Found(Clocks(clocks=_shared_half(found)), skip(tokens, end, ("sharp", "exactly")))


def clock(tokens: Tokens, at: int, *, led: bool) -> Found[Clock | BadTime] | None:
    """Read one time; a bare hour only where `led`, after "at" or another time."""
    if at >= len(tokens):
        return None
    if tokens[at].kind is Kind.CLOCK:
        return _written(tokens, at, led=led)
    if is_number(tokens[at]) and word_at(tokens, at + 1) in ("am", "pm"):
        return _with_half(tokens, int(tokens[at].word[:9]), 0, at + 1, spelled=False)
    twelve = tokens[at].word in ("12", "twelve") and word_at(tokens, at + 1) in _NAMED
    named = _NAMED.get(word_at(tokens, at + twelve))
    if named is not None:
        return Found(Clock(at=named), at + twelve + 1)
    beside = _beside_noon(tokens, at)
    if beside is not None:
        return beside
    spoken = _spoken(tokens, at)
    if spoken is not None:
        return _with_half(tokens, *spoken, spelled=False)
    amount = cardinal(tokens, at)
    return None if amount is None else _hour(tokens, at, amount, led=led)


def part(tokens: Tokens, at: int) -> Found[Part] | None:
    """Read "in the morning", "evening", "tonight"."""
    close = phrase(tokens, at, _CLOSE)
    if close is not None:
        return Found(Part(name="cob"), close)
    start = skip(tokens, at, ("in the", "at", "first thing in the", "first thing", "during the"))
    name = word_at(tokens, start)
    if name not in PARTS and start > at and tokens[start - 1].word == "thing":
        goes_on = start == len(tokens) or word_at(tokens, start) in _AFTER_FIRST_THING
        return Found(Part(name="morning"), start) if goes_on else None
    led = word_at(tokens, at - 1) in ("every", "each", "tomorrow", "today", *_DAY_NAMES)
    if name not in PARTS or (name in ("lunch", "night") and start == at and not led):
        return None
    return Found(Part(name=name), start + 1)


_CLOSE = ("at close of business", "at the close of business", "close of business",
          "at end of business", "end of business")  # fmt: skip
_AFTER_FIRST_THING = words("every each on , . ; tomorrow and") | frozenset(_DAY_NAMES)


def afternoon(clock: Clock) -> Clock:
    """Give the same bare hour in the other half of the day, as something settled."""
    return Clock(at=clock.at.replace(hour=(clock.at.hour + 12) % 24))


def _beside_noon(tokens: Tokens, at: int) -> Found[Clock | BadTime] | None:
    """Read "ten minutes past midnight", "quarter to noon"."""
    named = {"half": 30, "quarter": 15}.get(word_at(tokens, skip(tokens, at, "a")))
    if named is None:
        amount = cardinal(tokens, at)
        if amount is None or not 1 <= amount.value <= 59:
            return None
        minutes, end = amount.value, skip(tokens, amount.end, "minute")
    else:
        minutes, end = named, skip(tokens, at, "a") + 1
    after = phrase(tokens, end, ("past", "after"))
    joint = after or phrase(tokens, end, ("to", "before", "till"))
    noon = None if joint is None else _NAMED.get(word_at(tokens, joint))
    if noon is None or joint is None:
        return None
    total = (noon.hour * 60 + (minutes if after else -minutes)) % 1440
    return Found(Clock(at=time(total // 60, total % 60)), joint + 1)


def _spoken(tokens: Tokens, at: int) -> tuple[int, int, int] | None:
    """Read "half past two" and "quarter to nine" as hour, minute and the place after."""
    if tokens[at].kind is not Kind.WORD:
        return _minutes_past(tokens, at)
    start = skip(tokens, at, "a")
    for said, minute in (("half past", 30), ("quarter past", 15), ("quarter to", -15)):
        after = phrase(tokens, start, said)
        hour = None if after is None else cardinal(tokens, after)
        if hour is not None and 1 <= hour.value <= 12:
            shifted = hour.value - 1 if minute < 0 else hour.value
            return shifted, minute % 60, hour.end
    half = phrase(tokens, start, "half") if start == at else None
    hour = None if half is None else cardinal(tokens, half)
    following = "" if hour is None else word_at(tokens, hour.end)
    if hour is not None and 1 <= hour.value <= 12 and following not in _NOT_AFTER_AN_HOUR:
        return hour.value, 30, hour.end
    return _minutes_past(tokens, at)


def _minutes_past(tokens: Tokens, at: int) -> tuple[int, int, int] | None:
    """Read "ten past eight", "twenty to nine" after "at", and "seven thirty"."""
    first = cardinal(tokens, at)
    if first is None or not 1 <= first.value <= 59:
        return None
    if tokens[at].kind is not Kind.WORD:
        return _five_past(tokens, first)
    led = word_at(tokens, at - 1) == "at"
    to = phrase(tokens, first.end, ("minute to", "to")) if led else None
    past = phrase(tokens, first.end, ("minute past", "past", "minute after"))
    joint = past or to
    second = cardinal(tokens, first.end if joint is None else joint)
    if second is None or tokens[second.end - 1].kind is not Kind.WORD:
        return None
    if joint is not None and 1 <= second.value <= 12:
        hour = second.value if past else (second.value - 2) % 12 + 1
        return hour, first.value if past else 60 - first.value, second.end
    said_minutes = joint is None and first.value <= 12 and 10 <= second.value <= 59
    return (first.value, second.value, second.end) if said_minutes else None


def _five_past(tokens: Tokens, minutes: Found[int]) -> tuple[int, int, int] | None:
    """Read "5 past 8", and not the "20 past" of each hour."""
    past = phrase(tokens, minutes.end, ("past", "minute past"))
    hour = None if past is None else cardinal(tokens, past)
    if hour is None or not 1 <= hour.value <= 12 or minutes.value % 5:
        return None
    return hour.value, minutes.value, hour.end


def _written(tokens: Tokens, at: int, *, led: bool) -> Found[Clock | BadTime] | None:
    """Read "9:30", "8h30" and, where a time is expected, "8.30"."""
    text = tokens[at].word
    if text.startswith(":"):
        return None
    marked = word_at(tokens, at + 1) in ("am", "pm", "a", "p", "hour")
    if "." in text and not (led or marked or _names_day(word_at(tokens, at - 1))):
        return None
    hour, minute = (int(number) for number in text.replace("h", ":").replace(".", ":").split(":"))
    return _with_half(tokens, hour, minute, at + 1, spelled=True)


def _names_day(word: str) -> bool:
    """Whether a word is a weekday, or a list of them such as "mo/we/fr"."""
    return word in (*_DAY_NAMES, "weekday", "daily") or (
        not word.isalpha() and word[-3:] in _LISTED
    )


_LISTED = tuple(f"{mark}{day[:2]}" for mark in "/-" for day in _DAY_NAMES)


def _hour(
    tokens: Tokens, at: int, amount: Found[int], *, led: bool
) -> Found[Clock | BadTime] | None:
    """Read "9am", "9 o'clock", "0830", "22h" and, after "at", a bare "9"."""
    text, following = tokens[at].word, word_at(tokens, amount.end)
    if following in ("am", "pm", "a", "p") and (following in ("am", "pm") or _tight(tokens, at)):
        return _with_half(tokens, amount.value, 0, amount.end, spelled=False)
    o_clock = phrase(tokens, amount.end, ("o'clock", "oclock", "o clock"))
    if o_clock is not None:
        return _with_half(tokens, amount.value, 0, o_clock, spelled=False)
    if len(text) == 4 and text.isdecimal() and (led or _is_written_time(tokens, at)):
        return _with_half(tokens, int(text[:2]), int(text[2:]), amount.end, spelled=True)
    unit = tokens[amount.end].text.casefold() if amount.end < len(tokens) else ""
    after_at = word_at(tokens, at - 1) in ("at", "@") and amount.value <= 24
    hours = unit == "h" or (unit in ("hr", "hrs", "hours") and after_at)
    if hours and (led or (_tight(tokens, at) and _stands_alone(tokens, at))):
        return _with_half(tokens, amount.value, 0, amount.end + 1, spelled=True)
    led = led or phrase(tokens, amount.end, _HALVES) is not None
    if not led or following in _NOT_AFTER_AN_HOUR or amount.value > 99:
        return None
    return _with_half(tokens, amount.value, 0, amount.end, spelled=False)


def _stands_alone(tokens: Tokens, at: int) -> bool:
    """Whether "17h" is all that stands between a day or a comma and the next comma."""
    opened = word_at(tokens, at - 1) in (",", "daily", "day", "weekday", *_DAY_NAMES)
    return opened and word_at(tokens, at + 2) in (",", "", ".", ":", "-")


def _is_written_time(tokens: Tokens, at: int) -> bool:
    """Whether 1900 is seven in the evening: after a day, before a zone; 0800 always is."""
    after_day = word_at(tokens, at - 1) in (*_DAY_NAMES, "day", "daily", "weekday")
    zoned = word_at(tokens, at + 1) in ("utc", "gmt", "z")
    return tokens[at].word.startswith("0") or zoned or (at > 0 and after_day)


_NOT_AFTER_AN_HOUR = words(
    "% minute second hour day week month year time st nd rd th $ usd eur gb mb ms k percent "
    "retries attempts pods nodes"
)


def _with_half(
    tokens: Tokens, hour: int, minute: int, end: int, *, spelled: bool
) -> Found[Clock | BadTime]:
    """Settle morning or afternoon from "am", "pm", "in the evening", or leave the hour bare."""
    half = word_at(tokens, end)
    if half in ("am", "pm", "a", "p") and not (half == "a" and not _tight(tokens, end - 1)):
        end += 1
    else:
        half, end = _half_in_words(tokens, end, hour)
    rough = phrase(tokens, end, ("- ish", "ish"))
    end = skip(tokens, end if rough is None else rough, "hour") if spelled else rough or end
    if minute > 59 or hour > 24 or (half and not 1 <= hour <= 12 and hour > 23):
        return Found(BadTime(text=f"{hour}:{minute:02d}"), end)
    if half and (hour == 0 or hour > 12):
        return Found(BadTime(text=f"{hour}{half}"), end)
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    bare = not half and not spelled and 1 <= hour <= 12
    found = Clock(at=time(hour % 24, minute), bare=bare, rough=rough is not None, halved=bool(half))
    return Found(found, end)


def _half_in_words(tokens: Tokens, at: int, hour: int) -> tuple[str, int]:
    """Say which half "in the morning" is; 2 at night is before dawn, and 22 at night is 22."""
    after = phrase(tokens, at, _HALVES)
    if after is None:
        return "", at
    part = tokens[after - 1].word
    if hour > 12 and part != "morning":
        return "", after
    early = part == "morning" or (part == "night" and hour in (12, 1, 2, 3, 4, 5))
    return "am" if early else "pm", after


_HALVES = ("in the morning", "in the afternoon", "in the evening", "at night")


def _tight(tokens: Tokens, at: int) -> bool:
    """Whether nothing stands between this token and the next."""
    return at + 1 < len(tokens) and tokens[at].end == tokens[at + 1].start


def _starts_something_else(tokens: Tokens, at: int) -> bool:
    return at < len(tokens) and tokens[at].kind is Kind.WORD and word_at(tokens, at) not in _MAY_END


_MAY_END = words("every each on daily weekly monthly and to in for until starting sharp weekday")


def _shared_half(found: list[Clock]) -> tuple[Clock, ...]:
    """Let "9 and 11am" and "8 and 10 in the evening" share the half that ends the list."""
    last = found[-1]
    if last.bare or len(found) == 1:
        return tuple(found)
    later = last.halved and last.at.hour >= 12
    return tuple(
        afternoon(one) if one.bare and later and one.at.hour < 12 else one._replace(bare=False)
        for one in found
    )
