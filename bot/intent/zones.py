"""Time zones as people write them: cities, abbreviations, "UTC+2", IANA names.

An abbreviation stands for its region with that region's clock changes, whatever the season.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple
from zoneinfo import available_timezones

from bot.intent.numbers import Found, Tokens, phrase, skip, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Kind, is_number, tokenise


class Zone(NamedTuple):
    """A zone that was named, as an IANA name and as it was written."""

    iana: str
    text: str


_REGIONS = {
    "America/Los_Angeles": "pt pst pdt pacific",
    "America/New_York": "et est edt eastern",
    "America/Chicago": "ct cst cdt central austin dallas houston",
    "America/Denver": "mt mst mdt mountain",
    "Europe/London": "bst uk",
    "Europe/Paris": "cet cest",
    "Europe/Berlin": "munich hamburg frankfurt cologne",
    "Asia/Tokyo": "jst",
    "Asia/Kolkata": "ist india bangalore bengaluru mumbai delhi",
    "Australia/Sydney": "aest aedt",
    "UTC": "utc gmt zulu z",
    "America/Sao_Paulo": "brt",
}
_SHORT = {short: region for region, shorts in _REGIONS.items() for short in shorts.split()}
_TWO_WORDS = {
    "new york": "America/New_York",
    "san francisco": "America/Los_Angeles",
    "los angeles": "America/Los_Angeles",
    "hong kong": "Asia/Hong_Kong",
    "sao paulo": "America/Sao_Paulo",
    "mexico city": "America/Mexico_City",
    "tel aviv": "Asia/Tel_Aviv",
}
_NO_ZONES = {"Factory", "localtime"}
"""What stands among the zones, but means another time on each machine, or none."""
_NAMED_BY_CITIES = (
    "Africa/", "America/", "Asia/", "Australia/", "Europe/", "Pacific/", "Atlantic/",
)  # fmt: skip
_NEED_TIME = words(
    "z pacific eastern central mountain uk india ct mt austin dallas houston munich hamburg "
    "frankfurt cologne bangalore bengaluru mumbai delhi"
)
"""What names a zone only beside a time of day or "time": "the frankfurt replicas" name none."""
_OFFSET = re.compile(r"(?:utc|gmt)([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
_HALF_HOURS = {"+3:30": "Asia/Tehran", "+4:30": "Asia/Kabul", "+5:30": "Asia/Kolkata",
               "+5:45": "Asia/Kathmandu", "+6:30": "Asia/Yangon", "+9:30": "Australia/Darwin",
               "-9:30": "Pacific/Marquesas"}  # fmt: skip
"""The offsets of other than whole hours, each by a region whose clocks do not change."""


class _Names(NamedTuple):
    """Names of zones in lower case: as IANA has them, by city, and those of several words."""

    iana: Mapping[str, str]
    cities: Mapping[str, str]
    long: Mapping[str, str]
    first_words: frozenset[str]


@cache
def _names() -> _Names:
    """Read the names from the zone database, with the first message and not at import."""
    iana = {name.casefold(): name for name in sorted(available_timezones() - _NO_ZONES)}
    cities = {
        name.rsplit("/", 1)[1].replace("_", " ").casefold(): name
        for name in iana.values()
        if name.startswith(_NAMED_BY_CITIES)
    }
    long = {name: zone for name, zone in cities.items() if " " in name} | _TWO_WORDS
    return _Names(iana, cities, long, frozenset(name.split()[0] for name in long))


_LED = ("in", ", in", ",", "(", ", tz", "( tz", "tz", ", timezone", "timezone")


def zone(tokens: Tokens, at: int) -> Found[Zone] | None:
    """Read "Berlin time", "PST", "in Europe/Berlin", "UTC+2", and a city after a time."""
    start = skip(tokens, at, _LED)
    if start >= len(tokens) or tokens[start].kind is not Kind.WORD:
        return None
    named = _offset(tokens, start) or _named(tokens, start, at)
    if named is None:
        return None
    text = " ".join(token.text for token in tokens[start : named.end])
    end = skip(tokens, named.end, ("time zone", "timezone", "standard time", "time"))
    return Found(Zone(iana=named.value, text=text), skip(tokens, end, ")"))


def zone_called(words: str) -> str | None:
    """Give the IANA name of a zone that is named by these words alone."""
    exact = _names().iana.get(words.casefold())
    if exact is not None:
        return exact
    tokens = tokenise(f"{words.removesuffix(' time')} time")
    found = zone(tokens, 0) if tokens else None
    return found.value.iana if found is not None and found.end == len(tokens) else None


def may_name_zone(word: str) -> bool:
    """Whether a zone could begin with the word."""
    names = _names()
    known = word in _SHORT or word in names.cities or "/" in word or word in names.first_words
    return known or (word[:3] in ("utc", "gmt") and _OFFSET.fullmatch(word) is not None)


def _named(tokens: Tokens, start: int, at: int) -> Found[str] | None:
    word = word_at(tokens, start)
    exact = _names().iana.get(word)
    if exact is not None and "/" in word:
        return Found(exact, start + 1)
    if word in _SHORT:
        timed = phrase(tokens, start + 1, ("time", "standard time")) is not None
        owned = word_at(tokens, start - 1) in ("the", "our", "my", "of")
        sure = timed or not (owned or word in _NEED_TIME) or _after_a_time(tokens, at)
        return Found(_SHORT[word], start + 1) if sure else None
    names = _names()
    city = _long_named(tokens, start) if word in names.first_words else None
    if city is None and word in names.cities:
        city = Found(names.cities[word], start + 1)
    if city is None:
        return None
    timed = phrase(tokens, city.end, ("time", "timezone")) is not None
    return city if timed or _after_a_time(tokens, at) else None


def _long_named(tokens: Tokens, start: int) -> Found[str] | None:
    """Read "Kuala Lumpur" and "Ho Chi Minh", cities of more than one word."""
    for number in (3, 2):
        name = " ".join(word_at(tokens, place) for place in range(start, start + number))
        if name in _names().long:
            return Found(_names().long[name], start + number)
    return None


def _after_a_time(tokens: Tokens, at: int) -> bool:
    """Whether a time of day stands right before: "9am Berlin", "17:00 in Tokyo"."""
    if at == 0:
        return False
    before = tokens[at - 1]
    clock = before.kind is Kind.CLOCK or (before.kind is Kind.NUMBER and len(before.word) == 4)
    led = word_at(tokens, at - 2) in ("at", "@") and is_number(before)
    if led and len(before.word) <= 2:
        return True
    return clock or before.word in ("am", "pm", "noon", "midnight")


def _offset(tokens: Tokens, at: int) -> Found[str] | None:
    said = _OFFSET.fullmatch(tokens[at].word)
    if said is None or not 0 <= int(said[2]) <= 14:
        return None
    if said[3] not in (None, "00"):
        region = _HALF_HOURS.get(f"{said[1]}{int(said[2])}:{said[3]}")
        return None if region is None else Found(region, at + 1)
    if int(said[2]) == 0:
        return Found("UTC", at + 1)
    reverse = "-" if said[1] == "+" else "+"  # the IANA name of UTC+2 is Etc/GMT-2
    name = f"Etc/GMT{reverse}{int(said[2])}"
    return Found(name, at + 1) if name.casefold() in _names().iana else None
