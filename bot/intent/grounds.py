"""What a message really says: the grounds a model's reading must stand on.

Quoted text, code, links and quoted lines are no grounds: nothing in them is a request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property

from bot.intent.address import Addressed, addressed_to
from bot.intent.days import ALL_DAYS
from bot.intent.numbers import cardinal, ordinal
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token, plain, tokenise
from storage.schedules import WEEKEND, WORKDAYS, Weekday

_PARTS_OF_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})|(\d{1,2})(\d{2})(?!\d)|(\d{1,2})")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_SMALL = words(
    "a an the of for on in to and or with by is are be me us my our it its this that at from as "
    "all any each every please task job into out up about if when"
)
_EVERY_DAY = words("daily everyday nightly day days night nights morning mornings evening evenings")
_NAMED_TIMES = {"noon": time(12), "midday": time(12), "lunch": time(12), "midnight": time(0)}
_ATOMS = (Kind.QUOTED, Kind.CODE, Kind.LINK, Kind.USER)


@dataclass(frozen=True)
class Heard:
    """A message, taken apart: `said` without its address, `tokens` as a whole."""

    tokens: tuple[Token, ...]
    said: Addressed
    in_thread: bool

    @classmethod
    def of(cls, text: str, agents: frozenset[str] | None, *, in_thread: bool) -> Heard:
        """Take a message apart."""
        tokens = tuple(tokenise(plain(text)))
        return cls(tokens=tokens, said=addressed_to(tokens, agents), in_thread=in_thread)

    @cached_property
    def words(self) -> frozenset[str]:
        """Give its words, as written and as the grammar spells them; none from quotations."""
        open_tokens = [token for token in self.tokens if token.kind not in _ATOMS]
        written = (part for token in open_tokens for part in plain_words(token.text))
        return frozenset(written) | {token.word for token in open_tokens if token.word}

    @cached_property
    def names(self) -> frozenset[str]:
        """Give its words with those of short quotations, in which names may stand."""
        quoted = (token.text for token in self.tokens if token.kind is Kind.QUOTED)
        return self.words | {part for text in quoted for part in plain_words(text)}

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Give every whole number it names, in digits, words or as an ordinal."""
        found: set[int] = set()
        for at, token in enumerate(self.tokens):
            if token.kind in _ATOMS:
                continue
            found.update(int(digits[:9]) for digits in re.findall(r"\d+", token.text))
            for read in (cardinal, ordinal):
                number = read(self.tokens, at)
                if number is not None:
                    found.add(number.value)
        for part in self.words:  # the "nine" of "nine-ish"
            number = cardinal(tokenise(part), 0)
            if number is not None:
                found.add(number.value)
        return frozenset(found)

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """Give the channel links it holds, as written."""
        return tuple(token.text for token in self.tokens if token.kind is Kind.CHANNEL)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Give the links it holds, as written."""
        return tuple(token.text for token in self.tokens if token.kind is Kind.LINK)

    def says(self, said: str) -> bool:
        """Whether every word of weight in a text stands in the message, or nearly so."""
        wanted = [word for word in plain_words(said) if word not in _SMALL]
        return bool(wanted) and all(_is_in(word, self.words) for word in wanted)

    def names_it(self, said: str) -> bool:
        """Whether a text is made of the message's words, its quotations included."""
        wanted = [word for word in plain_words(said) if word not in _SMALL]
        return bool(wanted) and all(_is_in(word, self.names) for word in wanted)

    def says_time(self, at: time) -> bool:
        """Whether the message names that time of day, in any spelling."""
        if any(word in self.words and named == at for word, named in _NAMED_TIMES.items()):
            return True
        if {"am", "pm"} & self.words == {"am"} and at.hour >= 12:
            return False
        if {"am", "pm"} & self.words == {"pm"} and at.hour < 12:
            return False
        return any(
            hour % 12 == at.hour % 12 and (hour == at.hour or hour <= 12) and minute == at.minute
            for hour, minute in self._times
        )

    @cached_property
    def _times(self) -> frozenset[tuple[int, int]]:
        """Give every hour and minute that may have been meant."""
        found: set[tuple[int, int]] = set()
        for token in self.tokens:
            if token.kind in (Kind.NUMBER, Kind.CLOCK, Kind.WORD):
                found.update(_pairs(token.text))
        for number in self.numbers:
            if number > 24:
                continue
            found.add((number, 0))
            found.update((number, minute) for minute in self.numbers if 0 < minute < 60)
            found.update((number - 1, 60 - past) for past in self.numbers if 0 < past < 31)
            if "half" in self.words:
                found.add((number, 30))
            if "quarter" in self.words:
                found.update(((number, 15), (number - 1, 45)))
        return frozenset(found)

    def says_weekdays(self, days: Iterable[Weekday]) -> bool:
        """Whether the message names these days of the week, one by one or as a kind."""
        wanted = set(days)
        if wanted == set(ALL_DAYS) and self.words & _EVERY_DAY:
            return True
        if wanted == set(WORKDAYS) and self.words & words("weekday business working work"):
            return True
        if wanted == set(WEEKEND) and "weekend" in self.words:
            return True
        ranged = bool(self.words & words("- to through except"))
        return (ranged and bool(self._named_days)) or wanted <= self._named_days

    @cached_property
    def _named_days(self) -> frozenset[Weekday]:
        return frozenset(day for day in Weekday if day.name.lower() in self.words)

    def names_other_weekday(self, on: date) -> bool:
        """Whether the message names a day of the week, and not that of this date."""
        return bool(self._named_days) and Weekday(on.weekday()) not in self._named_days

    def says_date(self, on: date, today: date) -> bool:
        """Whether the message names that day, by its number, its name or as so many days ahead."""
        ahead = (on - today).days
        near = {0: ("today", "tonight"), 1: ("tomorrow",)}.get(ahead, ())
        if self.words & set(near) or on.day in self.numbers:
            return True
        if ahead in self.numbers or (ahead % 7 == 0 and ahead // 7 in self.numbers):
            return True
        return Weekday(on.weekday()) in self._named_days and on - today <= timedelta(days=14)


def plain_words(text: str) -> list[str]:
    """Give the words of a text in small letters, without marks."""
    return [found.casefold() for found in _WORD.findall(text)]


def _is_in(word: str, known: frozenset[str]) -> bool:
    """Whether a word, or one that differs in its ending only, is among those known."""
    if word in known:
        return True
    stem = word[: max(4, len(word) - 3)]
    return len(word) >= 5 and any(
        other.startswith(stem) and abs(len(other) - len(word)) <= 3 for other in known
    )


def _pairs(text: str) -> Iterable[tuple[int, int]]:
    for found in _PARTS_OF_TIME.finditer(text):
        hour, minute = found[1] or found[3] or found[5], found[2] or found[4] or "0"
        yield int(hour), int(minute)
