"""Every number a text names, and whether the tools reported it; pure.

A number counts as reported where the same value stands in a tool's text, at the rounding that is
shown, with the same unit and not the opposite direction. Dates, times of day and names that hold
digits are compared as such, so that the 9 of "9 Mar" is no ground for nine anomalies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from bot.intent.spelling import words

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_UNITS = {
    "%": "%", "percent": "%", "pct": "%", "$": "usd", "usd": "usd", "dollar": "usd",
    "dollars": "usd", "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur", "£": "gbp",
    "gbp": "gbp", "pounds": "gbp", "¥": "jpy", "jpy": "jpy", "b": "b", "bytes": "b", "kb": "kb",
    "kib": "kib", "mb": "mb", "mib": "mib", "gb": "gb", "gib": "gib", "tb": "tb", "tib": "tib",
    "ms": "ms", "s": "s", "sec": "s", "second": "s", "seconds": "s", "min": "min",
    "minute": "min", "minutes": "min", "h": "h", "hour": "h", "hours": "h", "d": "d", "day": "d",
    "days": "d", "week": "w", "weeks": "w", "month": "mo", "months": "mo", "year": "y",
    "years": "y", "x": "x", "times": "x",
}  # fmt: skip
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9}
_UP = words("up rose risen grew gained increased increase higher more above plus")
_DOWN = words("down fell fallen dropped sank decreased decrease lower less below minus")
_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100, "thousand": 1000,
}  # fmt: skip
_NUMBER_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS)})(?![\w-])", re.IGNORECASE)
_VAGUE = words(
    "half third quarter dozen dozens hundreds thousands million millions billion billions double "
    "doubled doubling triple tripled tripling twice thrice twofold threefold tenfold"
)
_SMALL = words("of the a an are is was were in on at to and or by from with for that than all")
_SYMBOLS = "$€£¥"
_CODES = r"(?:usd|eur|gbp|jpy)(?![a-z])"
_SCANNER = re.compile(
    rf"""
    (?P<iso>(?<![\w-])\d{{4}}-\d{{2}}-\d{{2}}(?![\w-]))
  | (?P<daymonth>(?<![\w.,-])(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})(?![a-z])
      (?:,?\s+(?P<y1>\d{{4}}))?)
  | (?P<monthday>(?<!\w)(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w%:])
      (?:,\s*(?P<y2>\d{{4}})(?!\d))?)
  | (?P<clock>(?<![\w:.])\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?![\w:]))
  | (?P<amount>(?<![\w.])(?P<sign>[+\-\u2212]?)\s?
      (?P<cur>[{_SYMBOLS}]|{_CODES}\s?)?(?P<sign2>[+\-\u2212]?)
      (?P<digits>\d{{1,3}}(?:[,\u202f\u00a0]\d{{3}})+|\d+)(?P<fraction>\.\d+)?
      (?:\s?(?P<scale>k|m|bn|thousand|million|billion)(?![a-z]))?
      (?:\s?(?P<unit>%|{_CODES}|[a-z]+))?(?![\w]))
  | (?P<name>[^\s\d]{{0,80}}\d\S*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EDGE = "()[]{}<>\"'“”\u2018\u2019.,;:!?·"
_LINK = re.compile(r"\w+://\S+|www\.\S+", re.IGNORECASE)
_WELL = re.compile(
    r"\b(all|everything|every\w*|nothing|no|zero)\b[^.;]{0,40}?"
    r"\b(fine|ok|okay|good|well|healthy|clear|green|clean|passed|normal|safe|secure|wrong|amiss|"
    r"problems?|issues?|concerns?|worr\w+|attention|risks?)\b"
    r"|\b(is|are|looks?|seems?)\s+(fine|ok|okay|good|well|healthy|clear|green|clean|safe)\b"
    r"|\b(all[- ]clear|healthy)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number as it is written: `step` is what its last digit is worth, `way` +1, -1 or 0.

    `of` holds the words after a number without a unit: what was counted.
    """

    value: Decimal
    step: Decimal
    unit: str | None
    way: int
    of: frozenset[str] = frozenset()

    def is_said_by(self, known: Amount) -> bool:
        """Whether another number is this one, at the rounding that is shown here."""
        is_whole = self.unit == "%" and self.value in (0, 100)  # 99.7 % is not all of it
        near = abs(known.value - self.value) <= (0 if is_whole else self.step / 2)
        same_kind = not (self.of and known.of) or bool(self.of & known.of)
        return near and known.unit == self.unit and self.way * known.way >= 0 and same_kind


@dataclass(frozen=True)
class Claims:
    """What a text names: amounts, days as (month, day, year or None), and other words."""

    text: str
    amounts: tuple[tuple[str, Amount], ...]
    days: tuple[tuple[str, tuple[int, int, int | None]], ...]
    names: tuple[str, ...]

    @cached_property
    def lower(self) -> str:
        """Give the text in small letters."""
        return self.text.casefold()

    @cached_property
    def words(self) -> frozenset[str]:
        """Give its plain words in small letters."""
        return frozenset(re.findall(r"[a-z]+", self.lower))


def claims(text: str) -> Claims:
    """Find every number, in digits or words, every date, time and name with digits in a text."""
    text = _NUMBER_WORD.sub(lambda found: str(_WORDS[found.group().casefold()]), text)
    amounts: list[tuple[str, Amount]] = []
    days: list[tuple[str, tuple[int, int, int | None]]] = []
    names: list[str] = []
    for found in _SCANNER.finditer(text):
        written = found.group().strip()
        match found.lastgroup and _kind(found):
            case "amount":
                amounts.append((written, _amount(found, text)))
            case "iso":
                year, month, day = (int(part) for part in written.split("-"))
                days.append((written, (month, day, year)))
            case "daymonth":
                days.append((written, _day(found["m1"], found["d1"], found["y1"])))
            case "monthday":
                days.append((written, _day(found["m2"], found["d2"], found["y2"])))
            case _:
                names.append(written.strip(_EDGE))
    return Claims(text=text, amounts=tuple(amounts), days=tuple(days), names=tuple(names))


def unsupported(text: str, sources: Iterable[str]) -> str | None:
    """Give the first number, date, link or name with digits that no source holds, if there is one.

    Words such as "doubled" count, too.
    """
    said, known = claims(text), claims("\n".join(sources))
    for written, amount in said.amounts:
        if not any(amount.is_said_by(other) for _, other in known.amounts):
            return written
    for written, day in said.days:
        if not any(_is_same_day(day, other) for _, other in known.days):
            return written
    for name in said.names:
        if name.casefold() not in known.lower:
            return name
    for link in _LINK.findall(text):
        if link.strip(_EDGE).casefold() not in known.lower:
            return str(link)
    return _unsaid_word(said, known) or _odd_digit(said, known)


def calls_all_well(text: str) -> bool:
    """Whether a text says that things are in order."""
    return _WELL.search(text) is not None


def _unsaid_word(said: Claims, known: Claims) -> str | None:
    return next((word for word in sorted(said.words & _VAGUE) if word not in known.words), None)


def _odd_digit(said: Claims, known: Claims) -> str | None:
    """Find numerals that are no digits: "½", "²", "Ⅳ"."""
    odd = (char for char in said.text if char.isnumeric() and not char.isdecimal())
    return next((char for char in odd if char not in known.text), None)


def _kind(found: re.Match[str]) -> str:
    groups = ("iso", "daymonth", "monthday", "clock", "amount", "name")
    return next(name for name in groups if found[name] is not None)


def _amount(found: re.Match[str], text: str) -> Amount:
    fraction = found["fraction"] or ""
    scale = _SCALES.get((found["scale"] or "").casefold(), 0)
    digits = re.sub(r"\D", "", found["digits"])
    try:
        value = Decimal(f"{digits}{fraction}").scaleb(scale)
    except InvalidOperation:  # digits of another script than the decimal point's
        value = Decimal(-1)
    step = Decimal(1).scaleb(scale - max(len(fraction) - 1, 0))
    written = (found["cur"] or found["unit"] or "").strip().casefold()
    unit = _UNITS.get(written)
    of = frozenset() if unit else _counted(text[found.end("fraction" if fraction else "digits") :])
    return Amount(value=value, step=step, unit=unit, way=_way(found, text), of=of)


def _counted(after: str) -> frozenset[str]:
    """Give the words that say what a number counts, without their endings."""
    phrase = re.match(r"[a-z\s-]*", after.casefold())
    near = (phrase.group() if phrase else "").split()[:3]
    return frozenset(_stem(word) for word in near if word not in _SMALL)


def _stem(word: str) -> str:
    return re.sub(r"(ies|y|es|s)$", "", word)


def _way(found: re.Match[str], text: str) -> int:
    """Say whether a number is a rise or a fall, by its sign or a word just before it."""
    sign = found["sign"] or found["sign2"]
    if sign:
        return 1 if sign == "+" else -1
    before = re.findall(r"[a-z]+", text[max(0, found.start() - 30) : found.start()].casefold())[-2:]
    if _UP & set(before):
        return 1
    return -1 if _DOWN & set(before) else 0


def _day(month: str, day: str, year: str | None) -> tuple[int, int, int | None]:
    return _MONTHS.index(month[:3].casefold()) + 1, int(day), int(year) if year else None


def _is_same_day(one: tuple[int, int, int | None], other: tuple[int, int, int | None]) -> bool:
    return one[:2] == other[:2] and (None in (one[2], other[2]) or one[2] == other[2])
