"""What must be asked about the work of a new task, and about words that no rule could read."""

from __future__ import annotations

from collections.abc import Sequence

from bot.intent import dates, days, intervals, options, strides, times
from bot.intent.facts import Scan, may_open
from bot.intent.intents import Unclear
from bot.intent.message import Message
from bot.intent.names import joined
from bot.intent.numbers import UNITS, names_number, word_at
from bot.intent.rules import only
from bot.intent.spelling import CALENDAR, words
from bot.intent.tokens import Kind, Token, is_number
from bot.intent.work import HEADS, WORK
from bot.intent.workwords import DANGLING, comes_back, schedule_facts, two_paces

_LEFT_OVER = words("every each until except between am pm o'clock weekday weekend biweekly")
_ANY_THING = ("something", "anything", "stuff", "things", "whatever")
_EMPTY = (
    ["it"],
    ["it", "for", "later"],
    ["this", "for", "later"],
    ["that", "for", "later"],
    ["for", "later"],
    ["later"],
    ["this"],
    ["that"],
    ["something"],
    ["task"],
)
_PRONOUNS = words("it this that them these those")
_POINTERS = _PRONOUNS | words("as well also too again please")


def doubt_of_work(
    message: Message, found: Scan, task: Sequence[Token], name: str
) -> Unclear | None:
    """Ask where the work, or what is left beside the times, can't be what was meant."""
    last = next((token.word for token in reversed(message.tokens) if token.kind is Kind.WORD), "")
    words_of_it = [token.word for token in task]
    nothing = not task or words_of_it in _EMPTY or task[0].word in _ANY_THING
    if len(name) < 2 or nothing or _only_points(words_of_it):
        return Unclear(question="What should it do? For example: “daily cost report at 8 AM”.",
                       reason="no_work")  # fmt: skip
    if len(task) == 1 and task[0].word in HEADS and not (schedule_facts(found) or found.pieces):
        return Unclear(question=f"A {task[0].word} of what, and when?", understood=name,
                       reason="no_work")  # fmt: skip
    dangles = found.rest and found.tokens[found.rest[-1]] == message.tokens[-1]
    if dangles and last in DANGLING and message.tokens[-1].word == last:
        return Unclear(question=f"“… {last}” what? The end of the sentence seems to be missing.",
                       understood=name, reason="cut_off")  # fmt: skip
    if times.Clocks in found.kinds and not comes_back(found) and _is_over(found):
        return Unclear(question="That moment has passed. When should it run?", understood=name,
                       choices=("now", "tomorrow at 09:00"), reason="past")  # fmt: skip
    finding = _end_by_finding(found)
    if finding is not None:
        return Unclear(question="I can only end it at a time, not by what happens. Until when "
                       "should it run?",
                       understood=joined(found.tokens[:finding]), reason="until_what",
                       choices=("for 2 hours", "for 3 days"))  # fmt: skip
    paces = two_paces(found)
    if paces is not None:
        return Unclear(question=f"Should it run {paces[0]} or {paces[1]}?", understood=name,
                       choices=paces, reason="two_schedules")  # fmt: skip
    strange = _strange(found)
    if strange:
        return Unclear(
            question=f"I could not read the part with “{strange[0]}”. When exactly should it run?",
            understood=name,
            reason="left_over",
        )
    return None


def _strange(found: Scan) -> Sequence[str]:
    """Find words of time that belong to nothing that was read."""
    left_over = [
        found.tokens[at].word
        for at in found.rest
        if found.tokens[at].word in _LEFT_OVER and not _is_of_work(found, at)
    ]
    return (
        left_over
        or [*_loose_range(found), *_loose_hour(found), *_loose_days(found)]
        or _loose_beside(found)
    )


def _end_by_finding(found: Scan) -> int | None:
    """Find the "until" of "every 5 minutes until they're healthy", which names no time."""
    ends = {piece.end for piece in found.pieces} if comes_back(found) else set()
    said = (at for at in found.rest[1:] if at in ends and at + 1 in found.rest)
    return next((at for at in said if found.tokens[at].word in ("until", "till")), None)


def _only_points(said: Sequence[str]) -> bool:
    """Whether the work is "check it" or "run that as well", of which nobody knows what it is."""
    points = _POINTERS.issuperset(said[1:]) and not _PRONOUNS.isdisjoint(said[1:])
    return said[0] in WORK and points


def _is_over(found: Scan) -> bool:
    """Whether a moment that has passed is named, and not as what the work is of."""
    past = any(dates.past_day(found.tokens, at) is not None for at in found.rest)
    return past and not {"from", "of"} & set(found.words)


def _is_of_work(found: Scan, at: int) -> bool:
    """Whether it is the "every" of "check every node", or "between" of "between the clusters"."""
    if found.tokens[at].word == "weekend":
        return word_at(found.tokens, at - 1) in ("the", "last", "past")
    if at + 1 not in found.rest:
        return False
    following = found.tokens[at + 1]
    if found.tokens[at].word in ("between", "until", "except"):
        return following.kind is Kind.WORD and not (following.word != "the" and may_open(following))
    thing = following.kind is Kind.WORD and not names_number(following.word)
    every_one = found.tokens[at].word in ("every", "each") and thing
    return every_one and following.word not in UNITS and comes_back(found)


def _loose_range(found: Scan) -> list[str]:
    """Find the hours of "every hour 8-17", which no rule took for hours."""
    if only(found.facts, intervals.Interval) is None:
        return []
    for at in found.rest:
        numbers = [one.kind is Kind.NUMBER for one in found.tokens[at : at + 3]]
        if numbers == [True, False, True] and word_at(found.tokens, at + 1) == "-":
            return ["".join(one.text for one in found.tokens[at : at + 3])]
    return []


def _loose_days(found: Scan) -> list[str]:
    """Find the days of "every wed … sat" and the 3 of "3 mondays", of which no rule made sense."""
    weekly = [piece for piece in found.pieces if isinstance(piece.fact, days.Days)]
    ends = {piece.end for piece in found.pieces}
    read = schedule_facts(found)
    left = [
        found.tokens[piece.start].text
        for piece in weekly
        if piece.fact not in read
        and piece.start - 1 in ends.intersection(found.rest)
        and found.tokens[piece.start - 1].word in _JOINTS
    ]
    counted = [
        found.tokens[piece.start - 1].text
        for piece in weekly
        if piece.start - 1 in found.rest
        and is_number(found.tokens[piece.start - 1])
        and found.tokens[piece.start].word not in _LED
    ]
    return [*left, *counted]


def _loose_beside(found: Scan) -> list[str]:
    """Find a word of time right before or after what was read, as in "final [of every month]"."""
    rest = set(found.rest)
    scheduled = schedule_facts(found)
    times_read = [
        one for one in found.pieces if isinstance(one.fact, _TIMED) and one.fact in scheduled
    ]
    before = [piece.start - 1 for piece in times_read if piece.start - 1 in rest]
    before += [at - 1 for at in before if found.tokens[at].word == "of" and at - 1 in rest]
    after = [piece.end for piece in times_read if piece.end in rest]
    loose = [at for at in before if found.tokens[at].word in _leads_in(found, at)]
    loose += [at for at in after if found.tokens[at].word in _LEADS_ON]
    return [found.tokens[at].text for at in loose]


def _leads_in(found: Scan, at: int) -> frozenset[str]:
    """Give the words that a time can't follow: fewer of them where it has a word of its own."""
    following = word_at(found.tokens, at + 1)
    counted = at > 0 and is_number(found.tokens[at - 1])  # the hours of "for 17h every day"
    if following == "of" or at + 1 in found.rest or (counted and found.tokens[at].text == "h"):
        return _LEADS_IN
    return _LEADS_IN_ALL_THE_SAME if following in _LED else _LEADS_IN


_LED = words("every each on at in by from daily hourly weekly monthly once twice between during")
_LEADS_IN_ALL_THE_SAME = words("past quarter half")
_LEADS_IN = (
    words(
        "past quarter half day days first second third fourth fifth last final next nth month "
        "weeks week hour hours minute minutes patch black cyber good middle end beginning start "
    )
    | CALENDAR
)
_LEADS_ON = words("of past until except but before after")
_TIMED = (days.Days, days.Period, days.MonthDays, days.NthDay, days.NthWork, days.YearDay,
          dates.Day, strides.Stride, times.Clocks, times.Part, intervals.Interval)  # fmt: skip
_JOINTS = (",", "and", "&", "n", "or", "but", "/", "+")


def _loose_hour(found: Scan) -> list[str]:
    """Find the 9 of "Mon 9", which may be an hour or a date, where no time of day is said."""
    if not found.kinds.isdisjoint(_WITH_HOURS):
        return []
    after_a_day = {piece.end for piece in found.pieces if isinstance(piece.fact, _DATED)}
    return [
        found.tokens[at].text
        for at in after_a_day.intersection(found.rest)
        if is_number(found.tokens[at])
        and int(found.tokens[at].word[:9]) <= 24
        and (at + 1 == len(found.tokens) or found.tokens[at + 1].word in (",", ".", ";", ":"))
    ]


_DATED = (days.Days, days.NthDay, dates.Day, strides.Stride)
_WITH_HOURS = (times.Clocks, times.Window, intervals.Interval, intervals.Delay, options.OnDemand)
