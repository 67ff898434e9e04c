"""Requests about several tasks at once, lists, files, pauses that end, runs with values, settings.

`bot.intent.asks` reads what is asked of one task; these are tried before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.intent.asks import DELETE, PAUSE, RESUME, RUN, Message
from bot.intent.dates import Day, day
from bot.intent.intents import (
    AskHelp,
    ChangeMany,
    Export,
    Intent,
    ListTasks,
    Pause,
    PauseTask,
    RunTask,
    SetChannel,
    SetZone,
    TaskRef,
)
from bot.intent.names import joined, reference
from bot.intent.numbers import Tokens, duration, phrase, skip
from bot.intent.selections import selected
from bot.intent.spelling import words
from bot.intent.templates import variables
from bot.intent.times import Clock, clock
from bot.intent.timesofday import likely
from bot.intent.tokens import Kind, Token
from bot.intent.zones import zone_called

Act = Literal["pause", "resume", "delete", "run"]

_LIST = ("list", "show me", "show", "display", "give me", "see", "view", "which", "what is",
         "what are", "what's", "whats", "what", "is anything", "is there anything", "are there any",
         "anything", "is any", "what's on for", "what is on for", "an overview of",
         "give me an overview of", "show me an overview of", "is",
         "do we have any", "do i have any", "any", "when are", "print", "get me")  # fmt: skip
_EXPORT = ("export", "download", "dump", "give me an export of", "give me a copy of", "save out")
_AS_FILE = ("as yaml", "as json", "as csv", "as a file", "as a yaml file", "as a json file",
            "to yaml", "to json", "to a file", "in yaml", "into a file", "to csv")  # fmt: skip
_ALL = ("all of", "all", "every single", "every", "everything", "each of", "each", "any")
_RUNS = words("run runs running scheduled due planned going happening happens coming fires ran")
_PLURAL = words("tasks jobs checks schedules reminders automations reports ones everything")
_UNTIL = ("until", "till", "through", "til", "up to")
_TOPICS: dict[str, tuple[str, ...]] = {
    "times": ("time", "times", "schedule", "schedules", "scheduling", "cron", "dates",
              "recurrence"),
    "agents": ("agent", "agents", "who is there", "bots"),
    "edit": ("edit", "edits", "editing", "change", "changing", "rename"),
    "pause": ("pause", "pausing", "pauses", "resume", "resuming", "stop", "snooze"),
    "notify": ("notify", "notification", "notifications", "notice", "notices", "alerts"),
    "templates": ("template", "templates", "variables"),
    "workflows": ("workflow", "workflows", "pipeline", "pipelines", "chains"),
    "zones": ("zone", "zones", "timezone", "timezones", "time zone", "time zones"),
    "lists": ("list", "lists", "listing", "filter", "filters", "search"),
}  # fmt: skip
_HELP = ("help me with", "help with", "help on", "help about", "help", "how do i", "how can i",
         "how to", "how does", "how do", "explain", "what can i say about")  # fmt: skip
_NEW_TASKS = ("results of new tasks", "new tasks", "results of new ones", "new results",
              "all new results", "everything new", "results", "all results")  # fmt: skip


def crowd(
    message: Message, now: datetime, zone: str, agents: frozenset[str] | None
) -> Intent | None:
    """Read one of these requests; None where the message is another."""
    return (
        _topic(message)
        or _export(message, agents)
        or _steer(message, now.astimezone(ZoneInfo(zone)), agents)
        or _listing(message, agents)
    )


def _listing(message: Message, agents: frozenset[str] | None) -> Intent | None:
    """Read "list kai's failing tasks", "what runs on Mondays?", "anything scheduled tonight?"."""
    after = message.said(*_LIST)
    if after is None or after == len(message.tokens):
        return None
    rest = message.tokens[after:]
    found = selected(rest, message.today, agents)
    said = {token.word for token in rest}
    asked = bool(said & (_RUNS | _PLURAL)) or found.names_tasks
    asked = asked or message.said("what's on for", "what is on for") is not None
    narrowed = found.which.state is not None
    if found.is_whole and (asked or narrowed) and not _next_only(rest):
        return ListTasks.model_validate(found.which.model_dump())
    plural = any(token.word in ("tasks", "jobs") for token in rest)
    if message.said("list") is not None and plural and found.which.words:
        return ListTasks.model_validate(found.which.model_dump())
    return None


def _next_only(rest: Sequence[Token]) -> bool:
    return any(token.word in ("next", "now", "upcoming") for token in rest)


def _export(message: Message, agents: frozenset[str] | None) -> Intent | None:
    after = message.said(*_EXPORT)
    if after is None:
        return None
    rest = message.tokens[after:]
    cut = next((at for at in range(len(rest)) if phrase(rest, at, *_AS_FILE)), None)
    rest = rest if cut is None else rest[:cut]
    found = selected(tuple(rest), message.today, agents)
    return Export(which=found.which) if found.is_whole and (found.names_tasks or not rest) else None


def _steer(message: Message, local: datetime, agents: frozenset[str] | None) -> Intent | None:
    """Read an act on several tasks, a pause that ends, and a run with values."""
    for act, verbs in _ACTS:
        after = message.said(*verbs)
        if after is None:
            continue
        rest, until = _ended(message.tokens[after:], message, local)
        if until is not None and act != "pause":
            return None
        many = _many(act, rest, until, message, agents)
        if many is not None:
            return many
        if act == "pause" and until is not None:
            ref = reference(rest) if rest else None
            ref = ref or (TaskRef(it=True) if message.in_thread else None)
            return None if ref is None else PauseTask(ref=ref, until=until)
        return _run_with(rest) if act == "run" else None
    return None


_ACTS: tuple[tuple[Act, tuple[str, ...]], ...] = (
    ("resume", (*RESUME, "start", "bring back", "switch back on")),
    ("pause", PAUSE),
    ("delete", DELETE),
    ("run", RUN),
)


def _many(
    act: Act,
    rest: tuple[Token, ...],
    until: Pause | None,
    message: Message,
    agents: frozenset[str] | None,
) -> ChangeMany | None:
    led = phrase(rest, 0, *_ALL)
    plural = any(token.word in _PLURAL or token.text.casefold() in _PLURAL for token in rest)
    if led is None and not plural:
        return None
    if act == "resume" and message.said("start", "bring back") and not message.has("paused"):
        return None
    found = selected(rest[led or 0 :], message.today, agents)
    which = found.which
    narrowed = which.agent or which.state or which.mine or which.here or which.channel
    if not found.is_whole and led is None:
        return None
    if led is None and not narrowed:
        return None
    everything = led is not None and rest[led - 1].word == "everything"
    if not (plural or everything or found.names_tasks or narrowed):
        return None
    if act == "resume" and which.state is None and message.has("paused") is not None:
        which = which.model_copy(update={"state": "paused"})
    return ChangeMany(act=act, which=which, until=until)


def _ended(
    tokens: tuple[Token, ...], message: Message, local: datetime
) -> tuple[tuple[Token, ...], Pause | None]:
    """Take the end of a pause off: "until Monday 9am", "for two days", "over the weekend"."""
    for at in range(len(tokens)):
        weekend = phrase(tokens, at, "over the weekend", "for the weekend", "this weekend")
        if weekend == len(tokens):
            ahead = (7 - local.weekday()) % 7 or 7
            return tokens[:at], Pause(on=local.date() + timedelta(days=ahead))
        until = phrase(tokens, at, *_UNTIL)
        if until is not None and (end := _moment(tokens, until, message, local)) is not None:
            return tokens[:at], end
        lasting = phrase(tokens, at, "for the next", "for another", "for")
        length = None if lasting is None else duration(tokens, lasting)
        if length is not None and length.value and length.end == len(tokens):
            end_at = local + timedelta(seconds=length.value)
            whole = length.value % 86_400 == 0
            at_time = None if whole else end_at.time().replace(second=0, microsecond=0)
            return tokens[:at], Pause(on=end_at.date(), at=at_time)
        if phrase(tokens, at, "for today", "today") == len(tokens) and at:
            return tokens[:at], Pause(on=local.date() + timedelta(days=1))
    return tokens, None


def _moment(tokens: Tokens, at: int, message: Message, local: datetime) -> Pause | None:
    """Read a day, a time, or both in either order, to the end of the message."""
    first = _time(tokens, at)
    start = at if first is None else skip(tokens, first.end, "on", ",")
    found = day(tokens, skip(tokens, start, "on", "the"), message.today)
    if found is not None and isinstance(found.value, Day):
        later = None if first is not None else _time(tokens, found.end)
        said = first or later
        end = found.end if later is None else later.end
        at_time = None if said is None else likely(said.clock)
        return Pause(on=found.value.on, at=at_time) if end == len(tokens) else None
    if first is None or first.end != len(tokens):
        return None
    at_time = likely(first.clock)
    ahead = timedelta(days=at_time <= local.time())
    return Pause(on=local.date() + ahead, at=at_time)


class _Time:
    """A time of day and the place after it."""

    __slots__ = ("clock", "end")

    def __init__(self, said: Clock, end: int) -> None:
        self.clock = said
        self.end = end


def _time(tokens: Tokens, at: int) -> _Time | None:
    found = clock(tokens, skip(tokens, at, "at"), led=True)
    if found is None or not isinstance(found.value, Clock):
        return None
    return _Time(found.value, found.end)


def _run_with(rest: tuple[Token, ...]) -> RunTask | None:
    """Read "run the cost report with env=prod"."""
    values = variables(rest)
    if not values:
        return None
    first = next(at for at, token in enumerate(rest) if token.text == values[0][0])
    cut = first
    while cut and rest[cut - 1].word in ("with", "using", "and", ",", "for", "now", ":", "where"):
        cut -= 1
    ref = reference(rest[:cut])
    return None if ref is None else RunTask(ref=ref, variables=values)


def settings(message: Message) -> Intent | None:
    """Read what is set for a person or a channel: a zone, or where results go."""
    tokens = message.tokens
    mine = message.said("my time zone is", "my timezone is", "my zone is", "set my time zone to",
                        "set my timezone to", "set my zone to", "change my time zone to",
                        "change my timezone to", "i'm in the time zone")  # fmt: skip
    if mine is not None and (found := zone_called(joined(tokens[mine:]))):
        return SetZone(zone=found, mine=True)
    ours = message.said("our time zone here is", "our timezone here is", "our time zone is",
                        "our timezone is", "the time zone here is",
                        "time zone here is", "this channel is on", "this channel runs on",
                        "we are all on")  # fmt: skip
    if ours is not None and (found := zone_called(joined(tokens[ours:]))):
        return SetZone(zone=found)
    off = message.said("zone off", "forget the channel zone", "forget the channel's zone",
                       "forget this channel's zone", "remove the channel zone", "no channel zone",
                       "remove this channel's zone", "clear the channel zone", "unset the zone",
                       "clear this channel's zone", "forget the zone of this channel")  # fmt: skip
    if off is not None and off == len(tokens):
        return SetZone(off=True)
    back = message.said("back to posting here", "post here again", "post results here again",
                        "post new tasks here again", "post results of new tasks here")  # fmt: skip
    if back is not None and back == len(tokens):
        return SetChannel()
    return _default_channel(message)


def _default_channel(message: Message) -> SetChannel | None:
    """Read "post results of new tasks in #reports by default"."""
    tokens = message.tokens
    led = message.said("post", "send", "put", "deliver", "publish")
    default = message.has("by default", "as a default", "as the default") is not None
    named = None if led is None else phrase(tokens, skip(tokens, led, "the"), *_NEW_TASKS)
    set_to = message.said("set the default channel to", "the default channel is",
                          "default channel is", "set default channel to")  # fmt: skip
    channel = next((token for token in tokens if token.kind is Kind.CHANNEL), None)
    if channel is None or not (set_to is not None or (named is not None and default)):
        return None
    return SetChannel(channel=channel.text)


def _topic(message: Message) -> Intent | None:
    after = message.said(*_HELP)
    agents = message.said("which agents are there", "what agents are there", "who are the agents",
                          "which agents do you have", "what agents do you have",
                          "list the agents", "list agents", "who can i ask")  # fmt: skip
    if agents is not None:
        return AskHelp(topic="agents")
    if after is None or after == len(message.tokens):
        return None
    rest = message.tokens[after:]
    for topic, said in _TOPICS.items():
        at = skip(rest, 0, "the", "a", "an", "your", "about", "with", "i", "you", "set", "use")
        if phrase(rest, at, *said) is not None:
            return AskHelp.model_validate({"topic": topic})
    return None
