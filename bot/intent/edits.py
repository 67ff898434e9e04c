"""Requests that change a task there is: its time, days, zone, name, agent, limits, channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.intent import dates, days, intervals, options, telling, times, zones
from bot.intent.exceptions import merged
from bot.intent.facts import Scan, scan
from bot.intent.intents import Changes, EditTask, Intent, ScheduleChange, TaskRef, Unclear
from bot.intent.message import Message
from bot.intent.names import NUMBERED, name_of, prompt_of, reference
from bot.intent.numbers import (
    cardinal,
    duration,
    find,
    first_words,
    phrase,
    says_any,
    skip,
    word_at,
)
from bot.intent.rulebook import Fact
from bot.intent.rules import every, only
from bot.intent.schedules import plan
from bot.intent.spelling import words
from bot.intent.strides import Stride
from bot.intent.timesofday import settle
from bot.intent.tokens import Kind, Token
from storage.schedules import (
    NO_EXCEPTIONS,
    Daily,
    Exceptions,
    Monthly,
    Once,
    Rule,
    Weekday,
    Weekly,
)

_CHANGE = ("change", "update", "edit", "modify", "move", "reschedule", "shift", "adjust", "set",
           "switch", "make", "push", "postpone", "give", "use", "bump", "put")  # fmt: skip
_SET_LIMIT = (*_CHANGE, "increase", "raise", "lower", "decrease", "retry", "timeout")

_RENAME = ("rename", "call", "change the name of", "set the name of")
_ASSIGN = ("reassign", "assign", "hand over", "hand", "give", "transfer")
_OPENS = first_words(_SET_LIMIT, _RENAME, _ASSIGN)


def edit(message: Message, now: datetime, zone: str) -> Intent | None:
    """Read a change to a task; None where the message asks for none."""
    if message.first in _OPENS:
        found = _rename(message) or _hand_over(message) or _limit(message)
        if found is not None:
            return found
    edited = _reschedule(message, now, zone)
    return None if isinstance(edited, EditTask) and edited.changes == _NO_CHANGE else edited


_NO_CHANGE = Changes(schedule=ScheduleChange())


def _rename(message: Message) -> Intent | None:
    tokens = message.tokens
    after = message.said(_RENAME)
    if after is None:
        return None
    cut = message.has(("to", "as")) if not message.said("call") else None
    middle = cut if cut is not None else after + 1
    ref = reference(tokens[after:middle])
    name = name_of(prompt_of(tokens[skip(tokens, middle, ("to", "as")) :]))
    if ref is None or not name or (message.said("call") and not ref.it):
        return None
    return EditTask(ref=ref, changes=Changes(name=name))


def _hand_over(message: Message) -> Intent | None:
    """Read "reassign the cost report to @kai"."""
    tokens = message.tokens
    after = message.said(_ASSIGN)
    last = tokens[-1] if tokens else None
    if after is None or last is None or word_at(tokens, len(tokens) - 2) != "to":
        return None
    if last.kind is not Kind.MENTION:
        return None
    ref = reference(tokens[after:-2])
    return EditTask(ref=ref, changes=Changes(agent=last.word[1:])) if ref else None


def _limit(message: Message) -> Intent | None:
    """Read "set the timeout of X to 15 minutes", "give X 5 retries", "retry X twice"."""
    if message.said(_SET_LIMIT) is None:
        return None
    tokens = message.tokens
    at_timeout = message.has(("timeout", "time limit", "time out"))
    at_retries = message.has(("retries", "retry"))
    if at_timeout is None and at_retries is None:
        return None
    seconds = _value_seconds(tokens) if at_timeout is not None else None
    number = _value_number(tokens) if at_retries is not None else None
    if seconds is None and number is None:
        return None
    ref = reference(_without_values(tokens))
    ref = ref or (TaskRef(it=True) if message.in_thread else None)
    if ref is None:
        return Unclear(question="For which task?", reason="no_task")
    return EditTask(ref=ref, changes=Changes(timeout_s=seconds, retries=number))


def _value_seconds(tokens: Sequence[Token]) -> int | None:
    lengths = (duration(tokens, at) for at in range(len(tokens)))
    return next((found.value for found in lengths if found is not None), None)


def _value_number(tokens: Sequence[Token]) -> int | None:
    for at in range(len(tokens)):
        found = cardinal(tokens, at)
        if found is not None and word_at(tokens, found.end) not in ("minute", "hour", "second"):
            return found.value
        if word_at(tokens, at) in ("once", "twice"):
            return 1 if word_at(tokens, at) == "once" else 2
    return None


_LIMIT_WORDS = frozenset(_CHANGE) | words(
    "increase raise lower decrease timeout time limit retries retry to a an of for the on with up "
    "once twice at out = number attempts instead"
)


def _without_values(tokens: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        found = duration(tokens, at) or cardinal(tokens, at)
        if found is not None:
            at = found.end
            continue
        if tokens[at].word not in _LIMIT_WORDS:
            kept.append(tokens[at])
        at += 1
    return kept


def _reschedule(message: Message, now: datetime, zone: str) -> Intent | None:
    kept = _as_exception(without_old_value(message.tokens))
    corrected = len(kept) < len(message.tokens)
    after = phrase(kept, 0, _CHANGE)
    start = after or 0
    if corrected and after is None:
        start = skip(kept, 0, ("run", "do", "send", "post"))
    numbered = bool(kept) and NUMBERED.fullmatch(kept[0].word) is not None
    if not (after or corrected or numbered or message.in_thread) or says_any(kept, _PAST):
        return None
    found = scan(kept[start:], message.today)
    found = found.with_adjectives() if after is not None else found
    facts = found.facts
    named = bool(after) or corrected or (numbered and _names_only(found))
    bare = message.in_thread and not named and not _task_words(found)
    if not facts:
        return _bare_hour(message, kept[start:]) if named or message.in_thread else None
    if not (named or bare) or _is_of_new_work(kept, found):
        return None
    colon = next((at for at, token in enumerate(kept) if token.word == ":" and at), None)
    target = kept[start:colon] if colon is not None and colon > start else None
    ref = reference(target if target is not None else _task_words(found))
    if ref is None or ref.it:
        ref = TaskRef(it=True)
        if not message.in_thread:
            return Unclear(question="Which task should I change?", reason="no_task")
    has_cron = any(isinstance(fact, options.CronText) for fact in facts)
    if word_at(kept, 0) == "use" and has_cron and not message.in_thread:
        return None
    if all(isinstance(fact, options.Now) for fact in facts):
        return None
    change = change_from(facts, now, zone)
    return change if isinstance(change, Unclear) else _edited(ref, change, facts)


_PAST = words("ran was were had did filled fired happened went came got caused broke")
"""What is told of is no change: "the cron ran every minute instead of every hour"."""


def _edited(
    ref: TaskRef, change: ScheduleChange | None, facts: Sequence[Fact]
) -> EditTask | Unclear | None:
    """Give the edit, with what was said beside the change of times; None where none is said."""
    posted = [one.target for one in every(facts, telling.Posting)]
    posted += [one.target for one in every(facts, options.Notify)]
    if len(set(posted)) > 1:
        return _which_channel(ref, tuple(dict.fromkeys(posted)))
    channel = next(iter(posted), None)
    on_demand = only(facts, options.OnDemand) is not None
    limit, tries = only(facts, options.Timeout), only(facts, options.Retries)
    changes = Changes(
        schedule=change,
        channel=channel,
        unscheduled=on_demand,
        timeout_s=limit.seconds if limit else None,
        retries=tries.number if tries else None,
    )
    return None if changes == Changes() else EditTask(ref=ref, changes=changes)


def _which_channel(ref: TaskRef, named: tuple[str, ...]) -> Unclear:
    task = "it" if ref.it else f"T-{ref.number}" if ref.number else str(ref.text)
    return Unclear(
        question="A task posts to one channel. Which one? The others can be told: "
        f"“notify {named[-1]} when {task} is done”.",
        understood=f"another channel for {task}",
        choices=tuple(f"move {task} to {channel}" for channel in named),
        reason="which_channel",
    )


_NEVER_RUN = ("don't run it", "do not run it", "never run it", "don't do it", "no runs",
              "it should not run", "it shouldn't run", "it must not run", "it mustn't run",
              "don't run", "do not run", "never run")  # fmt: skip


def _as_exception(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Read "don't run it in December" as "not in December"."""
    after = phrase(tokens, 0, _NEVER_RUN)
    if after is None or after >= len(tokens):
        return tokens
    return (tokens[0]._replace(text="not", word="not"), *tokens[after:])


def _names_only(found: Scan) -> bool:
    """Whether a task's number is all that stands beside the times: "T-1 every 2 hours instead"."""
    return len(_task_words(found)) == 1


def _is_of_new_work(kept: Sequence[Token], found: Scan) -> bool:
    """Whether "make a …", "give me …" or "make every Monday the …" starts a new thing."""
    if word_at(kept, 0) not in ("make", "put", "set", "use", "give"):
        return False
    at_once = bool(found.pieces) and found.pieces[0].start == 0 and bool(found.rest)
    at_once = at_once and word_at(kept, 0) == "make"
    return word_at(kept, 1) in ("a", "an", "new", "me", "us", "up") or at_once


def _task_words(found: Scan) -> list[Token]:
    """Give the words that name the task, without the small words around the change."""
    small = ("to", "at", "on", "run", "runs", "instead", "only", "please", ":", ",", "for", "it",
             "from", "so", "that", "be", "-", "now", "rather", "then", "actually", "too", "is",
             "back", "schedule", "cron", ".", "!", "of",
             "time", "the", "do", "make", "and")  # fmt: skip
    posts = only(found.facts, telling.Posting) or only(found.facts, options.Notify)
    moves = ("channel",) if posts is not None else ()
    left = [found.tokens[place] for place in found.rest]
    return [token for token in left if token.word not in small and token.word not in moves]


def without_old_value(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Leave out "instead of 19:00" and ", not 8" at the end: what was, not what shall be."""
    was = find(tokens, ("instead of", "rather than"), 1) or _denied(tokens)
    return tuple(tokens if was is None else tokens[: was[0]])


def _denied(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Find the ", not 8" of "at 7, not 8"."""
    last = find(tokens, (", not at", "not at", ", not", "not"), 1)
    hour = times.clock(tokens, last[1], led=True) if last else None
    return last if hour is not None and hour.end == len(tokens) else None


def _bare_hour(message: Message, tokens: Sequence[Token]) -> Intent | None:
    """Read the 9 of "make it 9 instead" and of "9" alone, in a task's thread."""
    kept = [
        token for token in tokens if token.word not in ("to", "instead", "please", "at", ".", "!")
    ]
    it = skip(kept, 0, ("it", "that", "this"))
    hour = times.clock(kept, it, led=True)
    if hour is None or isinstance(hour.value, times.BadTime) or hour.end != len(kept):
        return None
    if not message.in_thread:
        return Unclear(question="Which task should I change?", reason="no_task")
    clock = hour.value
    change = ScheduleChange(times=(clock.at,), times_bare=clock.bare)
    return EditTask(ref=TaskRef(it=True), changes=Changes(schedule=change))


def change_from(facts: Sequence[Fact], now: datetime, zone: str) -> ScheduleChange | Unclear | None:
    """Make the smallest change that says what the facts say."""
    if facts and all(isinstance(fact, days.Except) for fact in facts):
        return _leaving_out(merged(every(facts, days.Except)))
    zoned = only(facts, zones.Zone)
    body: dict[str, Any] = {"zone": zoned.iana if zoned else None, **_bounds(facts)}
    if any(body.values()) and all(isinstance(fact, _BOUNDS) for fact in facts):
        return ScheduleChange(**body)
    whole = plan(facts, now, zone)
    if isinstance(whole, Unclear):
        return whole
    if whole.schedule is None:
        return None
    body |= {"starts": whole.schedule.starts, "ends": whole.schedule.ends}
    body["ends_at"] = whole.schedule.ends_at
    if whole.schedule.exceptions != NO_EXCEPTIONS:
        body["exceptions"] = whole.schedule.exceptions
    clocks, shaped = only(facts, times.Clocks), _shape(facts)
    bare = clocks is not None and any(clock.bare for clock in clocks.clocks)
    at = tuple(clock.at for clock in clocks.clocks) if clocks and bare else settle(facts).at
    if not shaped and only(facts, dates.Day) is None:
        return ScheduleChange(**body, times=at, times_bare=bare)
    chosen = _weekdays(facts, whole.schedule.rule)
    if chosen is not None:
        return ScheduleChange(**body, weekdays=chosen, times=at, times_bare=bare)
    dated = only(facts, days.MonthDays)
    whole_months = isinstance(whole.schedule.rule, Monthly) and not whole.schedule.rule.months
    if dated is not None and shaped == 1 and whole_months and not settle(facts).at:
        return ScheduleChange(**body, month_days=dated.days)
    day = only(facts, dates.Day)
    if day is not None and not shaped and not settle(facts).at:
        return ScheduleChange(**body, on=day.on)
    return ScheduleChange(**body, rule=whole.schedule.rule, assumed=whole.assumed)


def _weekdays(facts: Sequence[Fact], rule: Rule) -> tuple[Weekday, ...] | None:
    """Give the weekdays said, where only such were; "to Thursday" is this of any week."""
    weekly = [fact for fact in facts if isinstance(fact, days.Days | days.Except)]
    if _shape(facts) != len(weekly):
        return None
    match rule:
        case Daily():
            return days.ALL_DAYS
        case Weekly():
            return rule.weekdays
        case Once() if only(facts, days.Days) is not None:
            return every(facts, days.Days)[0].weekdays
        case _:
            return None


def _leaving_out(out: days.Except) -> ScheduleChange:
    """Take weekdays away from the days there are, and leave other days out."""
    left = Exceptions(
        dates=out.dates,
        yearly=out.yearly,
        monthdays=out.monthdays,
        months=out.months,
        holidays=() if out.holidays else None,
    )
    return ScheduleChange(
        drop_weekdays=out.weekdays, exceptions=None if left == NO_EXCEPTIONS else left
    )


def _shape(facts: Sequence[Fact]) -> int:
    """Count the facts that say on which days it comes back."""
    kinds = (
        days.Days, days.Except, days.MonthDays, days.NthDay, days.NthWork, days.YearDay,
        days.Period, days.Months, Stride,
        intervals.Interval, intervals.Delay, options.CronText, times.Minutes, times.Window,
    )  # fmt: skip
    return sum(isinstance(fact, kinds) for fact in facts)


_BOUNDS = (zones.Zone, intervals.Starting, intervals.Until, intervals.Count)


def _bounds(facts: Sequence[Fact]) -> dict[str, Any]:
    starting, until = only(facts, intervals.Starting), only(facts, intervals.Until)
    count = only(facts, intervals.Count)
    return {
        "starts": starting.on if starting else None,
        "ends": until.on if until else starting.until if starting else None,
        "count": count.times if count else None,
    }
