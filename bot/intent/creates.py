"""Requests for a new task: "create a task to …", "remind me …", "check … every hour"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from bot.intent import dates, days, intervals, openings, options, strides, telling, times
from bot.intent.address import USUAL, named_for
from bot.intent.facts import Scan, may_open, scan
from bot.intent.intents import CreateTask, Intent, Notice, Unclear
from bot.intent.message import Message
from bot.intent.names import joined, name_of, prompt_of
from bot.intent.numbers import UNITS, first_words, names_number, phrase, word_at
from bot.intent.refusals import not_for_agents
from bot.intent.remarks import is_talk, points_only
from bot.intent.rules import every, only
from bot.intent.schedules import Planned, plan
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token, is_number
from bot.intent.work import HEADS, SURE_HEADS, TWO_WORDS, WORK, is_plain_work, is_remark, is_work
from bot.intent.workwords import DANGLING, comes_back, schedule_facts, task_tokens, two_paces

_WHETHER = ("now", "every day at 09:00", "every Monday at 09:00")
"""What is offered for work that was given without a word on when."""
_BECAUSE = ("so that", "so we", "so i", "so they", "because", "in order to", "in order that")
_REASONS = first_words(_BECAUSE)
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
_NEGATED = ("do not", "don't", "dont", "never", "no need to", "please don't", "please do not")
_TO_PEOPLE = ("can someone", "could someone", "would someone", "can somebody", "could somebody",
              "can anyone", "could anyone", "can anybody", "could anybody", "who can", "who could",
              "someone should", "somebody should", "someone", "somebody")  # fmt: skip
_NOT_ASKED = (*_NEGATED, *_TO_PEOPLE)


def create(
    message: Message,
    now: datetime,
    zone: str,
    agent: str | None,
    *,
    requested: bool = False,
    agents: frozenset[str] | None = None,
) -> Intent | None:
    """Read a request for a new task; None where the message asks for none.

    `requested` says that it was put as a wish ("could we …", "I'd like …"); `agents` are the
    names that may stand further on ("… for kai").
    """
    if message.said(_NOT_ASKED):
        return None
    begun = openings.opening(message)
    asked = begun.asked
    if not asked and message.said("add") is not None:
        return None
    titled, tokens = openings.titled(message, begun.tokens)
    worker, tokens = (agent, tokens) if agent else named_for(tokens, agents or USUAL)
    found = scan(tokens, message.today)
    if not (found.rest or asked):
        return _work_missing(found, now, zone)
    if titled and not task_tokens(found):
        titled, found = None, scan(begun.tokens, message.today)
    task = task_tokens(found)
    timed = agent is not None or bool(schedule_facts(found))
    refused = None if begun.reminds else not_for_agents(task, asked=asked, timed=timed)
    if refused is not None:
        return refused
    plain = agent is not None and is_plain_work(found.tokens, requested=requested)
    plain = plain and not points_only(found.words)
    if not (asked or plain or _may_be_task(message, found, agent, requested=requested)):
        return _what_to_look_at(found, agent)
    named = name_of(titled or prompt_of(_heading(task)))
    built = _doubt(message, found, task, named) or _planned(found, task, named, worker, now, zone)
    return built if isinstance(built, Unclear) else _timed(built, found, begun)


def _timed(built: CreateTask, found: Scan, begun: openings.Opening) -> CreateTask:
    """Leave out the schedule of a task called a manual one, or ask for one that is missing."""
    if begun.on_demand:
        return replace(built, schedule=None, assumed=(), choices=())
    return built if begun.asked else _or_asked_when(built, found)


def _planned(
    found: Scan, task: Sequence[Token], name: str, agent: str | None, now: datetime, zone: str
) -> CreateTask | Unclear:
    planned = plan(schedule_facts(found), now, zone)
    if isinstance(planned, Unclear):
        return replace(planned, understood=planned.understood or name)
    return _built(found, planned, name, prompt_of(task), agent)


def _heading(task: Sequence[Token]) -> Sequence[Token]:
    """Give the first sentence of the work, which names it."""
    for at, token in enumerate(task):
        if at > 1 and token.word in (".", "!", ";") and at + 1 < len(task):
            return task[:at]
    return task


def _work_missing(found: Scan, now: datetime, zone: str) -> Unclear | None:
    """Ask for the work where a message is a schedule and nothing else."""
    if not comes_back(found):
        return None
    planned = plan(found.facts, now, zone)
    if isinstance(planned, Unclear):
        return planned
    return Unclear(question="What should run then?", understood=joined(found.tokens),
                   choices=(f"check the backups {joined(found.tokens)}",),
                   reason="no_work")  # fmt: skip


def _or_asked_when(built: CreateTask, found: Scan) -> CreateTask:
    """Leave the schedule open where work was given without a word on when it should run."""
    if built.schedule or built.run_now or only(found.facts, options.OnDemand):
        return built
    return replace(built, assumed=("schedule",), choices=_WHETHER)


def _may_be_task(message: Message, found: Scan, agent: str | None, *, requested: bool) -> bool:
    """Whether work and a schedule stand there and nothing makes a talk among people of it."""
    facts = schedule_facts(found)
    if not facts or not found.rest:
        return False
    said = _first_sentence(found)
    first = next((word for word in said if word[:1].isalpha()), "")
    verb = is_work(first) or phrase(found.tokens, found.rest[0], TWO_WORDS) is not None
    ordered = verb and not is_remark(said) and (len(said) > 1 or first in HEADS)
    working = requested or ordered
    timed = comes_back(found) or only(found.facts, times.Clocks) is not None
    directed = agent is not None and timed and message.tokens[-1].word != "?"
    if is_talk(said, working=working, directed=directed) or points_only(said):
        return False
    if message.tokens[-1].word == "?" and not working:
        return False
    remark = said[0] in ("the", "our", "my", "your", "this", "that")
    named = comes_back(found) or (bool(SURE_HEADS & set(said)) and len(said) > 1)
    return working or agent is not None or (named and not remark)


def _first_sentence(found: Scan) -> tuple[str, ...]:
    """Give the words up to a new sentence (not the point of "Mon." or "vs.") or to its reason."""
    for at, (place, after) in enumerate(pairwise(found.rest)):
        word = found.tokens[place].word
        if at > 1 and word in _REASONS and phrase(found.tokens, place, _BECAUSE) is not None:
            return found.words[:at]
        ends = found.tokens[place].word in (".", "!") and at > 1
        if ends and found.tokens[after].text[:1].isupper():
            return found.words[:at]
    return found.words


def _what_to_look_at(found: Scan, agent: str | None) -> Unclear | None:
    """Ask an agent's asker who pointed at something, but at nothing an agent can see."""
    if agent is None or not schedule_facts(found) or not points_only(found.words):
        return None
    return Unclear(
        question=f"What should {agent.capitalize()} look at? Name it in the message.",
        understood=joined(found.tokens),
        reason="no_work",
    )


def _doubt(message: Message, found: Scan, task: Sequence[Token], name: str) -> Unclear | None:
    last = next((token.word for token in reversed(message.tokens) if token.kind is Kind.WORD), "")
    words_of_it = [token.word for token in task]
    nothing = not task or words_of_it in _EMPTY or task[0].word in _ANY_THING
    if len(name) < 2 or nothing or _only_points(words_of_it):
        return Unclear(question="What should it do? For example: “daily cost report at 8 AM”.",
                       reason="no_work")  # fmt: skip
    if len(task) == 1 and task[0].word in HEADS and not (schedule_facts(found) or found.pieces):
        return Unclear(question=f"A {task[0].word} of what, and when?", understood=name,
                       reason="no_work")  # fmt: skip
    if found.rest and last in DANGLING and message.tokens[-1].word == last:
        return Unclear(question=f"“… {last}” what? The end of the sentence seems to be missing.",
                       understood=name, reason="cut_off")  # fmt: skip
    if times.Clocks in found.kinds and not comes_back(found) and _is_over(found):
        return Unclear(question="That moment has passed. When should it run?", understood=name,
                       choices=("now", "tomorrow at 09:00"), reason="past")  # fmt: skip
    paces = two_paces(found)
    if paces is not None:
        return Unclear(question=f"Should it run {paces[0]} or {paces[1]}?", understood=name,
                       choices=paces, reason="two_schedules")  # fmt: skip
    strange = [
        found.tokens[at].word
        for at in found.rest
        if found.tokens[at].word in _LEFT_OVER and not _is_of_work(found, at)
    ] or [*_loose_range(found), *_loose_hour(found)]
    if strange:
        return Unclear(
            question=f"I could not read the part with “{strange[0]}”. When exactly should it run?",
            understood=name,
            reason="left_over",
        )
    return None


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


def _built(found: Scan, planned: Planned, name: str, prompt: str, agent: str | None) -> CreateTask:
    built = CreateTask(
        agent=agent,
        name=name,
        prompt=prompt,
        schedule=planned.schedule,
        zone_in_text=planned.zone_in_text,
        assumed=planned.assumed,
        choices=planned.choices,
    )
    return built if _DETAILS.isdisjoint(found.kinds) else _detailed(built, found)


_DETAILS = {
    options.Timeout, options.Retries, options.OnDemand, options.Now, options.Notify,
    telling.Telling, telling.Posting,
}  # fmt: skip


def _detailed(built: CreateTask, found: Scan) -> CreateTask:
    """Add what is said beside the work and its time: limits, whom to tell, where it goes."""
    timeout, retries = only(found.facts, options.Timeout), only(found.facts, options.Retries)
    demand = only(found.facts, options.OnDemand)
    now = only(found.facts, options.Now) is not None and built.schedule is None
    return replace(
        built,
        schedule=None if demand else built.schedule,
        timeout_s=timeout.seconds if timeout else None,
        retries=retries.number if retries else None,
        notify=_notices(found),
        channel=_channel(found),
        run_now=now,
    )


def _notices(found: Scan) -> tuple[Notice, ...]:
    told = tuple(
        Notice(target=target, on=one.on, by="email" if one.by_mail else "slack")
        for one in every(found.facts, telling.Telling)
        for target in one.targets
    )
    alarms = (one for one in every(found.facts, options.Notify) if one.on_failure)
    return (*told, *(Notice(target=one.target, on="failure") for one in alarms))


def _channel(found: Scan) -> str | None:
    """Give the channel that was named for the results, with or without a verb."""
    posted = only(found.facts, telling.Posting)
    named = (one.target for one in every(found.facts, options.Notify) if not one.on_failure)
    return posted.target if posted else next(named, None)
