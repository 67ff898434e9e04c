"""Requests for a new task: "create a task to …", "remind me …", "check … every hour"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from bot.intent import openings, options, telling, times, zones
from bot.intent.address import USUAL, named_for
from bot.intent.facts import Scan, scan
from bot.intent.intents import CreateTask, Intent, Notice, Unclear
from bot.intent.looseends import doubt_of_work
from bot.intent.message import Message
from bot.intent.names import joined, name_of, prompt_of
from bot.intent.numbers import first_words, phrase, skip
from bot.intent.refusals import not_for_agents
from bot.intent.remarks import is_talk, points_only
from bot.intent.rules import every, only
from bot.intent.schedules import Planned, plan
from bot.intent.tokens import Token
from bot.intent.work import HEADS, SURE_HEADS, TWO_WORDS, is_plain_work, is_remark, is_work
from bot.intent.workwords import comes_back, schedule_facts, task_tokens

_WHETHER = ("now", "every day at 09:00", "every Monday at 09:00")
"""What is offered for work that was given without a word on when."""
_BECAUSE = ("so that", "so we", "so i", "so they", "because", "in order to", "in order that")
_REASONS = first_words(_BECAUSE)
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
    unclear = doubt_of_work(message, found, task, named)
    built = unclear or _planned(found, task, named, worker, now, zone)
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
        without_zones = planned.reason == "two_zones"
        said = _without_zones(found) if without_zones else planned.understood or name
        return replace(planned, understood=said)
    return _built(found, planned, name, prompt_of(task), agent)


def _without_zones(found: Scan) -> str:
    """Give the message without its zones, to which the answer of one is added."""
    cut = [piece for piece in found.pieces if isinstance(piece.fact, zones.Zone)]
    left_out = {at for piece in cut for at in range(piece.start, piece.end)}
    return joined([token for at, token in enumerate(found.tokens) if at not in left_out])


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
    begins = next((at for at in found.rest if found.tokens[at].word[:1].isalpha()), found.rest[0])
    verb = is_work(first) or phrase(found.tokens, begins, TWO_WORDS) is not None
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
    now = only(found.facts, options.Now) is not None
    now = now and (built.schedule is None or (_goes_on_from_now(found) and not built.assumed))
    return replace(
        built,
        schedule=None if demand else built.schedule,
        timeout_s=timeout.seconds if timeout else None,
        retries=retries.number if retries else None,
        notify=_notices(found),
        channel=next(iter(_channels(found)), None),
        run_now=now,
    )


def _goes_on_from_now(found: Scan) -> bool:
    """Whether it is "now and every Monday"."""
    starts = {piece.start for piece in found.pieces}
    return any(
        skip(found.tokens, piece.end, _AND_THEN) in starts - {piece.end}
        for piece in found.pieces
        if isinstance(piece.fact, options.Now)
    )


_AND_THEN = (", and then", ", and", "and then", "and also", "and")


def _notices(found: Scan) -> tuple[Notice, ...]:
    told = tuple(
        Notice(target=target, on=one.on, by="email" if one.by_mail else "slack")
        for one in every(found.facts, telling.Telling)
        for target in one.targets
    )
    alarms = (one for one in every(found.facts, options.Notify) if one.on_failure)
    others = (Notice(target=target) for target in _channels(found)[1:])
    return (*told, *(Notice(target=one.target, on="failure") for one in alarms), *others)


def _channels(found: Scan) -> tuple[str, ...]:
    """Give the channels that were named for the results; the first is where they go."""
    posted = [one.target for one in every(found.facts, telling.Posting)]
    named = [one.target for one in every(found.facts, options.Notify) if not one.on_failure]
    return tuple(dict.fromkeys((*posted, *named)))
