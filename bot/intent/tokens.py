"""Cut a message into tokens that keep their place in the text.

The grammar reads tokens only, never the text. Mentions, channels, links, quoted text and code are
atoms: nothing inside them is ever read as a request.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from bot.intent.spelling import CALENDAR, corrected


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    CLOCK = "clock"
    DATE = "date"
    MENTION = "mention"
    USER = "user"
    CHANNEL = "channel"
    LINK = "link"
    QUOTED = "quoted"
    CODE = "code"
    EMOJI = "emoji"
    MARK = "mark"


class Token(NamedTuple):
    """A piece of the message: `text` as written, `word` as the grammar reads it.

    Code and quoted text have no word, so that no rule can read them.
    """

    kind: Kind
    text: str
    word: str
    start: int
    end: int


_SUFFIX = (
    r"(?:a\.m\.|p\.m\.|am|pm|hours?|hrs?|h|minutes?|mins?|min|m|seconds?|secs?|s|days?|d|"
    r"weeks?|wks?|w|st|nd|rd|th|x|ish|a|p|z|usd|eur|gb|mb|ms|k)"
)
_PATTERNS = (
    (
        Kind.CODE,
        (
            r"```.*?```|`[^`\n]+`"
            r"|(?<!\w)@(?:hourly|daily|midnight|weekly|monthly|yearly|annually)(?![\w.-])"
        ),
    ),
    (Kind.QUOTED, r"“[^”\n]+”|\"[^\"\n]+\"|(?<![\w'])'[^'\n]+'(?!\w)"),
    (Kind.USER, r"<@[^>\s]+>"),
    (Kind.CHANNEL, r"<#[^>\s]+>|(?<![\w&])\#[a-z](?:[\w.-]*\w)?"),
    (
        Kind.LINK,
        (
            r"<(?:https?://|mailto:)[^|<>\s]+\|[^<\n]*?(?<![-=])>|<[^<>\n]+>"
            r"|https?://\S+|[\w.+-]+@[\w-]+\.[\w.]+"
        ),
    ),
    (Kind.MENTION, r"(?<!\w)@[A-Za-z][\w.-]*\w"),
    (Kind.EMOJI, r"(?<!\w):[a-z][\w+-]*:|(?<![\w:;)])(?:[:;]-?[)(DP]|[xX]D|<3)(?![\w)])"),
    (
        Kind.DATE,
        (
            r"\d{4}-\d\d?-\d\d?(?:T(?=\d\d:)|\b)|\d{1,2}/\d{1,2}(?:/\d{2,4})?(?!\d)"
            r"|(?<![\w.])\d{1,2}\.\d{1,2}\.\d{4}(?![\w.]*\d)"
        ),
    ),
    (
        Kind.CLOCK,
        (
            r"(?:(?<![\w.])|(?<=\dT))\d{1,2}[:.]\d\d(?=(?:am|pm|a|p|z)?\b)(?![:.]\d(?!\d(?:\.\d+)?[-+zZ]))"
            r"|\b\d{1,2}h\d\d\b|(?<![\w:]):\d\d\b"
        ),
    ),
    (Kind.NUMBER, rf"(?:(?<![\w])|(?<=\d[dh])|(?<=\bq))\d+(?:\.\d+)?(?={_SUFFIX}(?:\b|(?=\d))|\b)"),
    (Kind.WORD, r"[ap]\.m\.|[^\W_](?:[\w]|['/+.-](?=\w))*|\.m\."),
    (Kind.MARK, r"->|=>|→|--|\.\.\.|…|[^\w\s]|_"),
)


@cache
def _scanner() -> re.Pattern[str]:
    """Make the one pattern of all tokens, with the first message and not at import."""
    kinds = "|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _PATTERNS)
    return re.compile(kinds, re.IGNORECASE | re.DOTALL)


_SUFFIX_WORD = re.compile(rf"{_SUFFIX}(?![^\W\d])", re.IGNORECASE)


def tokenise(text: str) -> tuple[Token, ...]:
    """Cut `text` into tokens; quoted lines (those that begin with ">") are left out."""
    found: list[Token] = []
    place = 0
    for block in _BLOCK.finditer(text) if "```" in text else ():
        _add_lines(found, text[place : block.start()], place)
        found.append(_token(Kind.CODE, block.group(), block.start()))
        place = block.end()
    _add_lines(found, text[place:], place)
    return tuple(found)


_PLAIN = str.maketrans({"\u00a0": " ", "\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-"})


def plain(text: str) -> str:
    """Turn Slack's escapes into the characters they stand for and settle odd spaces."""
    if "&" in text:
        import html  # most messages need none of its two thousand names

        text = html.unescape(text)
    return text.translate(_PLAIN)


_BLOCK = re.compile(r"```[^`]*\n[^`]*```")
"""Code over several lines; on one line it is found with the other tokens."""


def _add_lines(found: list[Token], text: str, place: int) -> None:
    for line in text.splitlines(keepends=True):
        if line.lstrip().startswith(">>>"):
            return
        if not line.lstrip().startswith(">"):
            _add_line(found, line, place)
        place += len(line)


_OFFSET = re.compile(r"(?::\d\d(?:\.\d+)?)?([+-]\d\d:?\d\d|[zZ])(?!\w)")
"""The seconds and the zone that end "2026-11-02T09:30:00+01:00"."""
_EVERY_SO = re.compile(r"q\d+(?:m|mins?|minutes?|h|hrs?|hours?|d|days?)", re.IGNORECASE)
"""What some write for "every": "q15m", "q4h"."""
_PLAIN_WORD = re.compile(r"\s*([A-Za-z]+)(?=\s|$)")
"""What most of a message is; the scanner would find the same."""


def _add_line(found: list[Token], line: str, place: int) -> None:
    at, scanner = 0, _scanner()
    while True:
        word = _PLAIN_WORD.match(line, at)
        if word is not None:
            start, end = word.span(1)
            if start > at or at == 0:
                text = word[1]
                found.append(_new(Token, (_WORD, text, _word_of(text), place + start, place + end)))
                at = end
                continue
        piece = scanner.search(line, at)
        if piece is None:
            return
        kind, text = Kind[piece.lastgroup or "MARK"], piece.group()
        if kind is Kind.WORD and _EVERY_SO.fullmatch(text):
            at = piece.start() + 1
            found.append(Token(_WORD, text[0], "every", place + at - 1, place + at))
            continue
        if kind is Kind.WORD:
            text = _before_joined_day(text)
        at = piece.start() + len(text)
        found.append(_token(kind, text, place + piece.start()))
        offset = _OFFSET.match(line, at) if kind is Kind.CLOCK and _after_date(found) else None
        if offset is not None:
            said = offset[1]
            zone = "utc" if said.casefold() == "z" else f"utc{said}"
            found.append(Token(_WORD, said, zone, place + at, place + offset.end()))
            at = offset.end()
        elif kind in (Kind.NUMBER, Kind.CLOCK) and (suffix := _SUFFIX_WORD.match(line, at)):
            found.append(_token(Kind.WORD, suffix.group(), place + at))
            at = suffix.end()


def _after_date(found: list[Token]) -> bool:
    """Whether the last token is the time of "2026-11-02T09:30"."""
    return len(found) > 1 and found[-2].kind is Kind.DATE and found[-2].word.endswith("t")


def _before_joined_day(text: str) -> str:
    """Cut "Mon-Thu" and "tue/thu" after the first day; any other word stays whole."""
    if text.isalpha():
        return text
    head = re.split(r"[-/+]", text, maxsplit=1)[0]
    return head if corrected(head.casefold()) in CALENDAR else text


_WORD = Kind.WORD
_new = tuple.__new__
"""Makes a token in half the time that its class takes for it."""


@lru_cache(maxsize=4096)
def _word_of(text: str) -> str:
    """Give a word as the grammar reads it."""
    return corrected(text.casefold())


def _token(kind: Kind, text: str, start: int) -> Token:
    if kind is Kind.WORD:
        word = _word_of(text)
    else:
        word = "" if kind in (Kind.CODE, Kind.QUOTED) else text.casefold()
    return _new(Token, (kind, text, word, start, start + len(text)))


def is_number(token: Token) -> bool:
    """Whether the token is a whole number in digits."""
    return token.kind is Kind.NUMBER and token.word.isdecimal()
