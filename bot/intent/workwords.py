"""Which words of a request are its work, and which its schedule: "weekly" may be either."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.intent import dates, days, intervals, options, strides, times
from bot.intent.facts import ADJECTIVES, Piece, Scan
from bot.intent.names import trimmed
from bot.intent.rulebook import Fact
from bot.intent.rules import every
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token

DANGLING = words("on at every each from until in between for to and by")


_PACE_OF = {"hourly": 3600, "daily": 86_400, "nightly": 86_400, "weekly": 604_800,
            "monthly": 2_419_200, "quarterly": 7_776_000, "yearly": 31_536_000}  # fmt: skip

_RECURRING = (
    intervals.Interval, options.CronText, days.NthDay, days.NthWork, days.YearDay, days.Period,
    intervals.TimesADay, times.Minutes, times.Window, strides.Stride,
)  # fmt: skip
_DAYS = (days.Days, days.MonthDays)


def two_paces(found: Scan) -> tuple[str, str] | None:
    """Give both paces of "daily cost report every minute", where the first one is no name's.

    A report that covers more than the pace it comes at is meant ("weekly report on Mondays").
    """
    if not found.tokens or found.tokens[0].word not in _PACE_OF:
        return None
    slow = _PACE_OF[found.tokens[0].word]
    for piece in found.pieces:
        said = piece.fact
        often = said.seconds if isinstance(said, intervals.Interval) else None
        if isinstance(said, days.Days) and said.sure and set(said.weekdays) == set(days.ALL_DAYS):
            often = 86_400
        if piece.start and often is not None and often < slow:
            again = " ".join(token.text for token in found.tokens[piece.start : piece.end])
            return again, found.tokens[0].text
    return None


@lru_cache(maxsize=64)
def comes_back(found: Scan) -> bool:
    """Whether it is said that the work is to be done again and again."""
    facts = schedule_facts(found)
    if any(isinstance(fact, _RECURRING) for fact in facts):
        return True
    nightly = any(part.name == "nightly" for part in every(facts, times.Part))
    return nightly or any(isinstance(fact, _DAYS) and fact.sure for fact in facts)


@lru_cache(maxsize=64)
def schedule_facts(found: Scan) -> tuple[Fact, ...]:
    """Leave out the facts that are only words of the name ("patch tuesday rollout")."""
    return tuple(piece.fact for piece in found.pieces if not _is_word(found, piece))


def _is_word(found: Scan, piece: Piece) -> bool:
    """Whether a lone day or part of the day belongs to the name, not to the schedule."""
    if piece.end - piece.start != 1:
        return False
    joints = [one for one in found.pieces if isinstance(one.fact, days.Also)]
    if any(one.end == piece.start for one in joints) or (joints and _has_time(found, piece)):
        return False
    others = [one.fact for one in found.pieces if one is not piece]
    if found.tokens[piece.start].text.casefold() in ("weekend", "weekday") and piece.start:
        inside = piece.start - 1 in found.rest and piece.end in found.rest
        return inside and any(isinstance(one, days.Days | dates.Day) for one in others)
    if isinstance(piece.fact, days.Days) and not piece.fact.sure:
        return any(
            isinstance(one, days.NthDay) or (isinstance(one, days.Days) and one.sure)
            for one in others
        )
    if isinstance(piece.fact, times.Part):
        plain = found.tokens[piece.start].word not in ("nightly", "tonight")
        near = any(isinstance(one, days.Days | dates.Day) for one in others)
        dated = any(isinstance(one, dates.Day) for one in others) and piece.end in found.rest
        return (plain and not near) or (found.tokens[piece.start].word == "nightly" and dated)
    if isinstance(piece.fact, days.Period) or found.tokens[piece.start].word in ADJECTIVES:
        return _sure_elsewhere(found, piece)
    return False


def _has_time(found: Scan, piece: Piece) -> bool:
    """Whether a time stands right after a day, as in "Mon 9am and Fridays at 4pm"."""
    return isinstance(piece.fact, days.Days) and any(
        one.start == piece.end and isinstance(one.fact, times.Clocks) for one in found.pieces
    )


def _sure_elsewhere(found: Scan, piece: Piece) -> bool:
    """Whether a longer phrase says the days, so that "weekly" is a word of the name."""
    kinds = (days.Days, days.MonthDays, days.NthDay, days.NthWork, days.YearDay, strides.Stride,
             intervals.Interval, options.CronText)  # fmt: skip
    before_word = piece.end in found.rest
    others = [one for one in found.pieces if isinstance(one.fact, kinds) and one is not piece]
    return before_word and any(not _may_count(found, piece, one) for one in others)


def _may_count(found: Scan, piece: Piece, counted: Piece) -> bool:
    """Whether "quarterly review, first Monday" says of which stretch the first Monday is."""
    if piece.fact not in (days.Period("quarter"), days.Period("year")):
        return False
    said = {token.word for token in found.tokens[counted.start : counted.end]}
    return isinstance(counted.fact, days.NthDay | days.NthWork) and not said & {"month", "every"}


@lru_cache(maxsize=64)
def task_tokens(found: Scan) -> tuple[Token, ...]:
    """Give the words of the task, an adjective like "daily" before them included."""
    kept = set(found.rest)
    for piece in found.pieces:
        lone = piece.end - piece.start == 1
        adjective = lone and found.tokens[piece.start].word in ADJECTIVES
        follows = piece.end in kept and found.tokens[piece.end].kind is not Kind.MARK
        follows = follows and found.tokens[piece.end].word not in DANGLING
        if _is_word(found, piece) or (adjective and follows):
            kept.update(range(piece.start, piece.end))
    timed = {piece.start for piece in found.pieces}
    kept = {
        at for at in kept if not (found.tokens[at].word in ("only", "just") and at + 1 in timed)
    }
    return trimmed(_without_thing(_single_commas([found.tokens[place] for place in sorted(kept)])))


def _single_commas(tokens: Sequence[Token]) -> list[Token]:
    """Leave out the commas and brackets that stood around what was no word of the task."""
    empty = {at for at in range(1, len(tokens)) if tokens[at - 1].word == "(" and
             tokens[at].word == ")"}  # fmt: skip
    kept = [one for at, one in enumerate(tokens) if not {at, at + 1} & empty] if empty else tokens
    return [
        token
        for token, after in zip(kept, (*kept[1:], None), strict=False)
        if token.word != "," or (after is not None and after.kind is not Kind.MARK)
    ]


def _without_thing(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Leave out the bare word "task" that ends "create weekly infrastructure review task for"."""
    kept = list(trimmed(tokens))
    while len(kept) > 1 and kept[-1].word in ("task", "job"):
        kept = list(trimmed(kept[:-1]))
    return tuple(kept)
