"""Requests for a new task: "create a task to …", "remind me …", "check … every hour"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.intent import dates, days, intervals, options, telling, times
from bot.intent.asks import Message
from bot.intent.facts import ADJECTIVES, Fact, Piece, Scan, scan
from bot.intent.intents import CreateTask, Intent, Notice, Unclear
from bot.intent.names import joined, name_of, prompt_of, trimmed
from bot.intent.numbers import phrase, skip, word_at
from bot.intent.remarks import is_for_calendar, is_talk, points_only
from bot.intent.rules import every, only
from bot.intent.schedules import Planned, plan
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token
from bot.intent.work import HEADS, TWO_WORDS, WORK, is_drastic, is_plain_work, is_remark

_WHETHER = ("now", "every day at 09:00", "every Monday at 09:00")
"""What is offered for work that was given without a word on when."""
_MAKE = ("create", "add", "make", "set up", "setup", "schedule", "define", "new", "build",
         "please create", "start a", "put", "register", "plan", "automate", "arrange")  # fmt: skip
_THING = ("task", "job", "reminder", "automation")
_REMIND = ("remind me to", "remind us to", "remind me about", "remind us about", "remind me of",
           "remind me that", "remind me", "remind us", "remind")  # fmt: skip
_KIND_OF_TASK = ("manual", "recurring", "scheduled", "new", "one-off", "one-time", "on-demand")
_LEFT_OVER = words("every each until except between am pm o'clock weekday weekend biweekly")
_DANGLING = words("on at every each from until in between for to and by")
_EMPTY = (["it"], ["this"], ["that"], ["something"], ["task"])
_NEGATED = ("do not", "don't", "dont", "never", "no need to", "please don't", "please do not")
_TO_PEOPLE = ("can someone", "could someone", "would someone", "can somebody", "could somebody",
              "can anyone", "could anyone", "can anybody", "could anybody", "who can", "who could",
              "someone should", "somebody should", "someone", "somebody")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A message without the words that ask for a task outright, and whether there were any.

    `reminds` says that people are to be reminded, which no agent works on.
    """

    tokens: tuple[Token, ...]
    asked: bool = False
    reminds: bool = False


def create(
    message: Message, now: datetime, zone: str, agent: str | None, *, requested: bool = False
) -> Intent | None:
    """Read a request for a new task; None where the message asks for none.

    `requested` says that it was put as a wish ("could we …", "I'd like …").
    """
    if message.said(*_NEGATED, *_TO_PEOPLE):
        return None
    opening = _opening(message)
    asked, tokens = opening.asked, opening.tokens
    titled = _title(message, tokens)
    found = scan(tokens[1:] if titled else tokens, message.today)
    if not (found.rest or asked):
        return _work_missing(found, now, zone)
    task = _task_tokens(found)
    refused = None if opening.reminds else _not_for_agents(found, task, agent, asked=asked)
    if refused is not None:
        return refused
    plain = agent is not None and is_plain_work(found.tokens, requested=requested)
    plain = plain and not points_only(found.words)
    if not (asked or plain or _may_be_task(message, found, agent, requested=requested)):
        return _what_to_look_at(found, agent)
    prompt = prompt_of(task)
    name = name_of(titled or prompt)
    doubt = _doubt(message, found, task, name)
    if doubt is not None:
        return doubt
    planned = plan(_schedule_facts(found), now, zone)
    if isinstance(planned, Unclear):
        return planned.model_copy(update={"understood": planned.understood or name})
    built = _built(found, planned, name, prompt, agent)
    return built if asked else _or_asked_when(built, found)


def _work_missing(found: Scan, now: datetime, zone: str) -> Unclear | None:
    """Ask for the work where a message is a schedule and nothing else."""
    if not _comes_back(found):
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
    return built.model_copy(update={"assumed": ("schedule",), "choices": _WHETHER})


def _opening(message: Message) -> Opening:
    """Read how a message asks for a task outright, and what is left of it."""
    tokens = message.tokens
    remind = message.said(*_REMIND)
    if remind is not None:
        return Opening(tokens=tokens[remind:], asked=True, reminds=True)
    made = message.said(*_MAKE)
    if made is None or _is_about_making(tokens):
        return Opening(tokens=tokens)
    named = skip(tokens, made, "me", "us")
    named = skip(tokens, named, "a", "an", "another", "the")
    first = named
    while word_at(tokens, named) in _KIND_OF_TASK or word_at(tokens, named) in ADJECTIVES:
        named += 1
    thing = phrase(tokens, named, *_THING)
    if thing is not None:
        named_end = skip(tokens, thing, "called", "named", ":", "that", "to", "for", "which", "-")
        often = [token for token in tokens[first:named] if token.word in ADJECTIVES]
        reminds = word_at(tokens, thing - 1) == "reminder"
        return Opening(tokens=(*tokens[named_end:], *often), asked=True, reminds=reminds)
    if word_at(tokens, 0) in ("make", "build", "put", "start", "define", "register", "plan"):
        return Opening(tokens=tokens)
    return Opening(tokens=tokens[made:], asked=True)


def _is_about_making(tokens: Sequence[Token]) -> bool:
    """Whether "schedule changes are posted …" and "new hires start …" only sound like requests."""
    said = [token.word for token in tokens]
    if said[0] == "new":
        return not (HEADS | set(_THING)) & set(said)
    return said[1:2] != [] and said[1] not in WORK and is_remark(said)


def _title(message: Message, tokens: Sequence[Token]) -> str | None:
    """Give the quoted name of "a task called “Night watch” to …", where work follows it."""
    called = message.has("called", "named") is not None
    quoted = len(tokens) > 2 and tokens[0].kind is Kind.QUOTED
    return tokens[0].text[1:-1] if called and quoted else None


def only_look(message: Message) -> Unclear | None:
    """Refuse to change or end a system on a schedule, before it is read as a task's name."""
    if not is_drastic(message.tokens):
        return None
    found = scan(message.tokens, message.today)
    timed = only(found.facts, times.Clocks) is not None or _comes_back(found)
    return _not_for_agents(found, _task_tokens(found), None, asked=False) if timed else None


def _not_for_agents(
    found: Scan, task: Sequence[Token], agent: str | None, *, asked: bool
) -> Unclear | None:
    """Say why work that was asked for is none an agent could do."""
    name = name_of(prompt_of(task))
    timed = bool(_schedule_facts(found))
    if (asked or timed or agent) and is_drastic(task):
        return Unclear(
            question="Agents only look at systems; they never change or end anything. "
            "What should be checked instead?",
            understood=name,
            reason="only_look",
        )
    if asked and is_for_calendar([token.word for token in task]):
        return Unclear(
            question="I can't put that in anybody's calendar. Should I remind you of it? "
            "Write “remind me of …”.",
            understood=name,
            reason="calendar",
        )
    return None


def _may_be_task(message: Message, found: Scan, agent: str | None, *, requested: bool) -> bool:
    """Whether work and a schedule stand there and nothing makes a talk among people of it."""
    facts = _schedule_facts(found)
    if not facts or not found.rest:
        return False
    said = found.words
    first = next((word for word in said if word[:1].isalpha()), "")
    verb = first in WORK or phrase(found.tokens, found.rest[0], *TWO_WORDS) is not None
    ordered = verb and not is_remark(said) and (len(said) > 1 or first in HEADS)
    working = requested or ordered
    if is_talk(said, working=working) or points_only(said):
        return False
    if message.tokens[-1].word == "?" and not working:
        return False
    remark = said[0] in ("the", "our", "my", "your", "this", "that")
    return working or agent is not None or (_comes_back(found) and not remark)


def _what_to_look_at(found: Scan, agent: str | None) -> Unclear | None:
    """Ask an agent's asker who pointed at something, but at nothing an agent can see."""
    if agent is None or not _schedule_facts(found) or not points_only(found.words):
        return None
    return Unclear(
        question=f"What should {agent.capitalize()} look at? Name it in the message.",
        understood=joined(found.tokens),
        reason="no_work",
    )


def _comes_back(found: Scan) -> bool:
    recurring = (
        intervals.Interval, options.CronText, days.NthDay, days.YearDay, days.Period,
        intervals.TimesADay, times.Minutes, times.Window,
    )  # fmt: skip
    facts = _schedule_facts(found)
    nightly = any(part.name == "nightly" for part in every(facts, times.Part))
    sure = any(isinstance(fact, days.Days | days.MonthDays) and fact.sure for fact in facts)
    return sure or nightly or any(isinstance(fact, recurring) for fact in facts)


def _schedule_facts(found: Scan) -> tuple[Fact, ...]:
    """Leave out the facts that are only words of the name ("patch tuesday rollout")."""
    return tuple(piece.fact for piece in found.pieces if not _is_word(found, piece))


def _is_word(found: Scan, piece: Piece) -> bool:
    """Whether a lone day or part of the day belongs to the name, not to the schedule."""
    if piece.end - piece.start != 1:
        return False
    others = [one.fact for one in found.pieces if one is not piece]
    if isinstance(piece.fact, days.Days) and not piece.fact.sure:
        return any(
            isinstance(one, days.NthDay) or (isinstance(one, days.Days) and one.sure)
            for one in others
        )
    if isinstance(piece.fact, times.Part):
        plain = found.tokens[piece.start].word not in ("nightly", "tonight")
        near = any(isinstance(one, days.Days | dates.Day) for one in others)
        return plain and not near
    if isinstance(piece.fact, days.Period) or found.tokens[piece.start].word in ADJECTIVES:
        return _sure_elsewhere(found, piece)
    return False


def _sure_elsewhere(found: Scan, piece: Piece) -> bool:
    """Whether a longer phrase says the days, so that "weekly" is a word of the name."""
    kinds = (days.Days, days.MonthDays, days.NthDay, intervals.Interval, options.CronText)
    before_word = piece.end in found.rest
    return before_word and any(
        isinstance(one.fact, kinds) and one is not piece for one in found.pieces
    )


def _task_tokens(found: Scan) -> tuple[Token, ...]:
    """Give the words of the task, an adjective like "daily" before them included."""
    kept = set(found.rest)
    for piece in found.pieces:
        lone = piece.end - piece.start == 1
        adjective = lone and found.tokens[piece.start].word in ADJECTIVES
        follows = piece.end in kept and found.tokens[piece.end].kind is not Kind.MARK
        follows = follows and found.tokens[piece.end].word not in _DANGLING
        if _is_word(found, piece) or (adjective and follows):
            kept.update(range(piece.start, piece.end))
    return trimmed(_without_thing([found.tokens[place] for place in sorted(kept)]))


def _without_thing(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Leave out the bare word "task" that ends "create weekly infrastructure review task for"."""
    kept = list(trimmed(tokens))
    while len(kept) > 1 and kept[-1].word in ("task", "job"):
        kept = list(trimmed(kept[:-1]))
    return tuple(kept)


def _doubt(message: Message, found: Scan, task: Sequence[Token], name: str) -> Unclear | None:
    last = next((token.word for token in reversed(message.tokens) if token.kind is Kind.WORD), "")
    if len(name) < 2 or [token.word for token in task] in _EMPTY:
        return Unclear(question="What should it do? For example: “daily cost report at 8 AM”.",
                       reason="no_work")  # fmt: skip
    if found.rest and last in _DANGLING and message.tokens[-1].word == last:
        return Unclear(question=f"“… {last}” what? The end of the sentence seems to be missing.",
                       understood=name, reason="cut_off")  # fmt: skip
    past = [at for at in found.rest if dates.past_day(found.tokens, at) is not None]
    timed = only(found.facts, times.Clocks) is not None
    if past and timed and not _comes_back(found) and not {"from", "of"} & set(found.words):
        return Unclear(question="That moment has passed. When should it run?", understood=name,
                       choices=("now", "tomorrow at 09:00"), reason="past")  # fmt: skip
    strange = [word for word in found.words if word in _LEFT_OVER] or _loose_range(found)
    if strange:
        return Unclear(
            question=f"I could not read the part with “{strange[0]}”. When exactly should it run?",
            understood=name,
            reason="left_over",
        )
    return None


def _loose_range(found: Scan) -> list[str]:
    """Find the hours of "every hour 8-17", which no rule took for hours."""
    if only(found.facts, intervals.Interval) is None:
        return []
    for at in found.rest:
        numbers = [one.kind is Kind.NUMBER for one in found.tokens[at : at + 3]]
        if numbers == [True, False, True] and word_at(found.tokens, at + 1) == "-":
            return ["".join(one.text for one in found.tokens[at : at + 3])]
    return []


def _built(found: Scan, planned: Planned, name: str, prompt: str, agent: str | None) -> CreateTask:
    timeout, retries = only(found.facts, options.Timeout), only(found.facts, options.Retries)
    demand = only(found.facts, options.OnDemand)
    now = only(found.facts, options.Now) is not None and planned.schedule is None
    return CreateTask(
        agent=agent,
        name=name,
        prompt=prompt,
        schedule=None if demand else planned.schedule,
        zone_in_text=planned.zone_in_text,
        assumed=planned.assumed,
        choices=planned.choices,
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
