"""What may stand in the blanks of a sentence: a task, a length, a channel, a time, an agent.

Each reader gives every way to fill its blank from a place on, the shortest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.intent import dates, times
from bot.intent.address import USUAL
from bot.intent.days import Days, weekday_list, weekdays
from bot.intent.edits import change_from, without_old_value
from bot.intent.facts import scan
from bot.intent.intents import Changes, Pause, ScheduleChange, TaskRef, Unclear
from bot.intent.message import Message
from bot.intent.names import (
    joined,
    may_point,
    name_of,
    name_words,
    never_in_a_name,
    reference,
    task_named,
)
from bot.intent.notices import event
from bot.intent.numbers import cardinal, duration, phrase, word_at
from bot.intent.options import Notify, Now, OnDemand, Retries, Timeout
from bot.intent.patterns import Blank, Blanks, Stops
from bot.intent.pauses import ending
from bot.intent.rules import only
from bot.intent.selections import SEVERAL, several
from bot.intent.spelling import words
from bot.intent.telling import Posting, Telling, targets
from bot.intent.templates import variables
from bot.intent.timesofday import likely
from bot.intent.tokens import Kind, Token
from bot.intent.zones import zone_called

Tokens = tuple[Token, ...]
LONGEST_NAME = 10
HEADS = words(
    "task job report digest check review scan audit backup summary reminder sweep alert probe "
    "watch drill rotation cleanup health"
)
_OWNED = words("the my our")
_TAIL = ("from now on", "from here on", "going forward", "instead", "rather", "please", "too",
         "for now", "only", "in future", "in the future", "as of now", "then",
         ", same time", "same time", "at the same time",
         "as before", ", same time as before", "same hour", "but same time",
         ", but at the same time")  # fmt: skip
_ANEW = ("from now on", "from here on", "going forward", "instead", "rather", "in future",
         "in the future")  # fmt: skip
_UNTIL_WORDS = words("until til till through except but besides excluding save without apart")
_SMALL = words("to at on the and only , run every it at for of in time a day days")


class Place(NamedTuple):
    """When and where a sentence is said."""

    message: Message
    now: datetime
    zone: str
    agents: frozenset[str] | None

    @property
    def local(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.zone))


def blanks(place: Place) -> Blanks:
    """Give the readers of all blanks."""
    return _Readers(place)


class _Readers(dict[str, Blank]):
    """The readers of blanks by their names; those that must know the place are told it."""

    def __init__(self, place: Place) -> None:
        super().__init__(_PLAIN)
        self._place = place

    def __missing__(self, name: str) -> Blank:
        if name in _KNOWING:
            return partial(_KNOWING[name], self._place)
        return partial(_read_there, _PLACED[name], self._place)


def _read_there(
    reader: PlacedBlank, place: Place, tokens: Tokens, at: int, _: Stops
) -> Iterator[tuple[object, int]]:
    return reader(tokens, at, place)


PlacedBlank = Callable[[Tokens, int, Place], Iterator[tuple[object, int]]]


def _ends(tokens: Tokens, at: int, stops: Stops) -> Iterator[int]:
    """Give the places where a name that begins here may end."""
    for end in range(at + 1, min(len(tokens), at + LONGEST_NAME) + 1):
        if never_in_a_name(tokens[end - 1], end - 1 - at):
            return
        if stops is None or (tokens[end].word if end < len(tokens) else "") in stops:
            yield end


def is_sure(tokens: Tokens, ref: TaskRef, *, in_thread: bool) -> bool:
    """Whether words name a task beyond doubt: by number, in quotes, or "the cost report"."""
    if ref.it:
        return in_thread
    if ref.number is not None or any(token.kind is Kind.QUOTED for token in tokens):
        return True
    owned = tokens[0].word in _OWNED or tokens[0].word.endswith("'s")
    return owned and tokens[-1].word in HEADS


def _task(tokens: Tokens, at: int, stops: Stops) -> Iterator[tuple[object, int]]:
    for end in _ends(tokens, at, stops):
        ref = task_named(tokens[at:end])
        if ref is not None:
            yield ref, end


def _sure(place: Place, tokens: Tokens, at: int, stops: Stops) -> Iterator[tuple[object, int]]:
    if at >= len(tokens) or not may_point(tokens, at):
        return
    for ref, end in _task(tokens, at, stops):
        if isinstance(ref, TaskRef) and is_sure(
            tokens[at:end], ref, in_thread=place.message.in_thread
        ):
            yield ref, end


def _owner(tokens: Tokens, at: int, stops: Stops) -> Iterator[tuple[object, int]]:
    """Read a task in the genitive: "T-7's", "the cost report's", "its"."""
    if word_at(tokens, at) == "its":
        yield TaskRef(it=True), at + 1
    for end in _ends(tokens, at, stops):
        last = tokens[end - 1]
        if not last.word.endswith("'s"):
            continue
        bare = last._replace(word=last.word[:-2], text=last.text[:-2])
        ref = reference((*tokens[at : end - 1], bare))
        if ref is not None:
            yield ref, end


def _length(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    found = duration(tokens, at)
    if found is not None and found.value > 0:
        yield found.value, found.end


def _number(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    said = {"once": 1, "twice": 2, "thrice": 3, "no": 0}.get(word_at(tokens, at))
    if said is not None:
        yield said, at + 1
    found = cardinal(tokens, at)
    if found is not None and word_at(tokens, found.end) not in ("minute", "hour", "second", "day"):
        yield found.value, found.end


def _channel(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    if at < len(tokens) and tokens[at].kind is Kind.CHANNEL:
        yield tokens[at].text, phrase(tokens, at + 1, "channel") or at + 1
    here = phrase(tokens, at, ("here", "in this channel", "this channel"))
    if here is not None:
        yield "here", here


def _agent(tokens: Tokens, at: int, place: Place) -> Iterator[tuple[object, int]]:
    if at >= len(tokens):
        return
    name = tokens[at].word.lstrip("@")
    known = USUAL if place.agents is None else place.agents
    if name in known or (place.agents is None and tokens[at].kind is Kind.MENTION):
        yield name, at + 1


def _zone(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    for end in range(min(len(tokens), at + 5), at, -1):
        found = zone_called(joined(tokens[at:end]))
        if found is not None:
            yield found, end
            return


def _rest(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    if at < len(tokens):
        yield joined(tokens[at:]), len(tokens)


def _name(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    end = len(tokens)
    for place in range(at + 1, end):
        if phrase(tokens, place, _TAIL) == end:
            end = place
            break
    said = name_of(name_words(joined(tokens[at:end]).strip("`'\"“”")))
    if said:
        yield said, len(tokens)


def _until(tokens: Tokens, at: int, place: Place) -> Iterator[tuple[object, int]]:
    found: Pause | None = ending(tokens, at, place.local)
    if found is not None:
        yield found, len(tokens)


def _old(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    """Read what a time was before: "8", "6am", "mondays"."""
    found = times.clock(tokens, at, led=True)
    if found is not None:
        yield None, found.end
    elif at < len(tokens) and tokens[at].kind is Kind.WORD:
        yield None, at + 1


def _when(tokens: Tokens, at: int, place: Place) -> Iterator[tuple[object, int]]:
    """Read times and days to the end of the message, and no other words than small ones."""
    end = len(without_old_value(tokens))
    for cut in range(at + 1, end):
        if phrase(tokens, cut, _TAIL) == len(tokens) or word_at(tokens, cut) == "instead":
            end = cut
            break
    found = _changes(tokens[at:end], place)
    if found is not None:
        yield found, len(tokens)


def _changes(said: Tokens, place: Place) -> Changes | Unclear | None:
    alone = _time_alone(said)
    if alone is not None:
        return Changes(schedule=alone)
    found = scan(said, place.message.today)
    if any(word not in _SMALL for word in found.words):
        return None
    limit, tries = only(found.facts, Timeout), only(found.facts, Retries)
    timed = [fact for fact in found.facts if not isinstance(fact, Timeout | Retries)]
    if not timed or any(isinstance(fact, _NO_TIMES) for fact in timed):
        return None
    change = change_from(timed, place.now, place.zone)
    if change is None or isinstance(change, Unclear):
        return change
    return Changes(
        schedule=change,
        timeout_s=limit.seconds if limit else None,
        retries=tries.number if tries else None,
    )


_NO_TIMES = (OnDemand, Now, Notify, Posting, Telling)


def _anew(tokens: Tokens, at: int, place: Place) -> Iterator[tuple[object, int]]:
    """Read a time that is said to hold "from now on", or "instead"."""
    for cut in range(at + 1, len(tokens)):
        if phrase(tokens, cut, _ANEW) == len(tokens) or word_at(tokens, cut) == "instead":
            yield from _when(tokens, at, place)
            return


def _time_alone(said: Tokens) -> ScheduleChange | None:
    """Read the 9 of "move it to 9"."""
    start = phrase(said, 0, "at") or 0
    hour = times.clock(said, start, led=True)
    if hour is None or isinstance(hour.value, times.BadTime) or hour.end != len(said):
        return None
    return ScheduleChange(times=(hour.value.at,), times_bare=hour.value.bare)


def _run(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    """Read the number of a run: "R-44"."""
    word = word_at(tokens, at)
    if word.startswith("r-") and word[2:].isdecimal():
        yield word, at + 1


def _event(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    """Read "when the disk scan fails", "on failure of T-3"."""
    found = event(tokens, at)
    if found is not None:
        yield found, found.end


def _day(tokens: Tokens, at: int, place: Place) -> Iterator[tuple[object, int]]:
    found = dates.day(tokens, at, place.message.today)
    if found is not None and isinstance(found.value, dates.Day):
        yield found.value.on, found.end


def _days(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    found = weekdays(tokens, at) or weekday_list(tokens, at)
    if found is not None:
        value = found.value
        yield value.weekdays if isinstance(value, Days) else value, found.end


def _clocks(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    found = times.times(tokens, at) if at < len(tokens) else None
    if found is not None and isinstance(found.value, times.Clocks):
        yield tuple(likely(clock) for clock in found.value.clocks), found.end


def _thread(_: Tokens, at: int, place: Place) -> Iterator[tuple[object, int]]:
    """Stand for nothing, in a task's thread, where a sentence may leave the task out."""
    if place.message.in_thread:
        yield None, at


def _other(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    """Read the agent or the channel that it is no longer."""
    if at < len(tokens):
        yield None, at + 1


def _many(place: Place, tokens: Tokens, at: int, stops: Stops) -> Iterator[tuple[object, int]]:
    """Read several tasks: "all of kai's tasks", "my paused reports"."""
    if not any(token.word in SEVERAL or token.word.endswith("s") for token in tokens[at:]):
        return
    for end in range(at + 1, len(tokens) + 1):
        if tokens[end - 1].word in _UNTIL_WORDS:
            return
        if stops is not None and (tokens[end].word if end < len(tokens) else "") not in stops:
            continue
        which = several(tokens[at:end], place.message.today, place.agents)
        if which is not None:
            yield which, end


def _others(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    """Read any words, some of which are tasks left out."""
    for end in range(at + 1, len(tokens)):
        yield None, end


def _values(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    """Read the values of a run: "env=prod, region=eu"."""
    found = variables(tokens[at:])
    if found and tokens[at].text == found[0][0]:
        yield found, len(tokens)


def _whom(tokens: Tokens, at: int, _stops: Stops) -> Iterator[tuple[object, int]]:
    found = targets(tokens, at)
    if found is not None:
        yield found.value, found.end


_PLAIN: Blanks = {
    "TASK": _task,
    "OWNER": _owner,
    "LENGTH": _length,
    "NUMBER": _number,
    "CHANNEL": _channel,
    "ZONE": _zone,
    "REST": _rest,
    "NAME": _name,
    "OLD": _old,
    "OTHER": _other,
    "OTHERS": _others,
    "RUN": _run,
    "VALUES": _values,
    "WHOM": _whom,
    "EVENT": _event,
    "DAYS": _days,
    "CLOCKS": _clocks,
}
_PLACED = {"AGENT": _agent, "UNTIL": _until, "WHEN": _when, "ANEW": _anew,
           "DAY": _day, "THREAD": _thread}  # fmt: skip
_KNOWING = {"SURE": _sure, "MANY": _many}
