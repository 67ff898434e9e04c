"""From a filled form to an intent: every slot is held against the message before it counts.

An agent, a task, a zone or work that the message does not name is misread. What becomes of the
intent is decided elsewhere; nothing a model read is done before a person says yes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.intent import intents
from bot.intent.errors import Misread
from bot.intent.grounds import Heard, plain_words
from bot.intent.intents import CreateTask, EditTask, Intent, TaskRef
from bot.intent.names import name_of, name_words
from bot.intent.retold import KINDS, retold
from bot.intent.slots import Slots
from bot.intent.tokens import Kind, plain, tokenise
from bot.intent.whens import Clock, change_of, schedule_of
from scheduler.wishes import CONFIRM

_LONGEST_WORK = 2000
LONGEST_QUESTION = 160
_NOT_IN_A_QUESTION = (Kind.LINK, Kind.USER, Kind.MENTION, Kind.CHANNEL, Kind.CODE, Kind.NUMBER)
_IT = frozenset({"it", "this", "that", "same", "one", "task", "the"})
_CHANGING = ("pause", "resume", "delete", "run", "edit", "undo")
_ABOUT_ONE: Mapping[str, Callable[..., Intent]] = {
    "show": intents.ShowTask,
    "pause": intents.PauseTask,
    "resume": intents.ResumeTask,
    "delete": intents.DeleteTask,
    "run": intents.RunTask,
    "why": intents.AskWhy,
    "undo": intents.UndoChange,
}


def checked(slots: Slots, heard: Heard, clock: Clock, agents: frozenset[str] | None) -> Intent:
    """Give the intent of a filled form; raises Misread, with what is wrong, where it can't hold."""
    _refuse_unknown_agent(slots, heard, agents)
    match slots.request:
        case "create":
            return _create(slots, heard, clock)
        case "edit":
            return _edit(slots, heard, clock)
        case "list":
            words = slots.task if slots.task and heard.names_it(slots.task) else None
            return intents.ListTasks(state=slots.only, words=words, mine=bool(slots.mine))
        case "history":
            return intents.ShowHistory(ref=_named(slots, heard), limit=_limit(slots))
        case "next":
            return intents.ShowNext(ref=_named(slots, heard))
        case "help":
            return intents.AskHelp()
        case "nothing":
            return intents.Nothing()
        case "clarify":
            return _question(slots)
        case request if request in KINDS:
            return retold(
                slots.retold, request, heard, now=clock.now, zone=clock.zone, agents=agents
            )
        case request:
            return _ABOUT_ONE[request](ref=_ref(slots, heard))


def _question(slots: Slots) -> intents.Unclear:
    """Give the model's own question, where it is one plain short line."""
    said = " ".join((slots.question or "").split())
    odd = any(token.kind in _NOT_IN_A_QUESTION for token in tokenise(plain(said)))
    if odd or not said.endswith("?") or len(said) > LONGEST_QUESTION:
        raise Misread("“question” must be one short question in plain words.")
    return intents.Unclear(question=said, reason="model_asks")


def _create(slots: Slots, heard: Heard, clock: Clock) -> CreateTask:
    work = _with_links(" ".join((slots.work or "").split()), heard)
    if not work or len(work) > _LONGEST_WORK:
        raise Misread("“work” must say what is to be done, in the person's own words.")
    if not heard.says((slots.work or "").replace("[link]", " ")):
        raise Misread("“work” holds words that the message does not; copy the person's own.")
    name = name_of(slots.name) if slots.name and heard.names_it(slots.name) else name_of(work)
    if len(name) < 2:
        raise Misread("“work” must say what is to be done.")
    task = CreateTask(
        agent=heard.said.agent or _agent(slots),
        name=name,
        prompt=work,
        timeout_s=_time_limit(slots, heard),
        retries=_retries(slots, heard),
        notify=tuple(intents.Notice(target=link) for link in _channel(slots, heard)),
    )
    if slots.when is None or slots.run_now:
        assumed = (CONFIRM,) if slots.on_demand else ("schedule", CONFIRM)
        return replace(task, assumed=assumed)
    planned = schedule_of(slots.when, heard, clock)
    return replace(
        task,
        schedule=planned.schedule,
        zone_in_text=planned.zone_in_text,
        assumed=(*planned.assumed, CONFIRM),
        choices=planned.choices,
    )


def _with_links(work: str, heard: Heard) -> str:
    """Put the message's own links back where the model was shown that there is one."""
    pieces = work.split("[link]")
    if len(pieces) - 1 > len(heard.links):
        raise Misread("“work” holds more links than the message.")
    joined = (f"{link}{piece}" for link, piece in zip(heard.links, pieces[1:], strict=False))
    return "".join([pieces[0], *joined])


def _edit(slots: Slots, heard: Heard, clock: Clock) -> EditTask:
    schedule = None if slots.when is None else change_of(slots.when, heard, clock)
    for field, said in (("name", slots.name), ("work", slots.work)):
        if said is not None and not heard.names_it(said):
            raise Misread(f"“{field}” holds words that the message does not.")
    channel = _channel(slots, heard)
    changes = intents.Changes(
        schedule=schedule,
        name=name_of(slots.name) if slots.name else None,
        agent=_agent(slots),
        prompt=slots.work,
        timeout_s=_time_limit(slots, heard),
        retries=_retries(slots, heard),
        channel=channel[0] if channel else None,
    )
    if changes == intents.Changes() or schedule == intents.ScheduleChange():
        raise Misread("An edit must say what changes.")
    return EditTask(ref=_ref(slots, heard), changes=changes)


def _refuse_unknown_agent(slots: Slots, heard: Heard, agents: frozenset[str] | None) -> None:
    name = _agent(slots)
    if name is None:
        return
    if agents is not None and name not in agents:
        raise Misread(f"There is no agent “{name[:40]}”; leave agent null unless one is named.")
    if not {name, f"@{name}"} & heard.words:
        raise Misread("“agent” is not named in the message; leave it null.")


def _agent(slots: Slots) -> str | None:
    return slots.agent.casefold().lstrip("@") if slots.agent else None


def _ref(slots: Slots, heard: Heard) -> TaskRef:
    found = _named(slots, heard)
    if found is not None:
        return found
    if heard.in_thread:
        return TaskRef(it=True)
    raise Misread("“task” must say which task, in words of the message.")


def _named(slots: Slots, heard: Heard) -> TaskRef | None:
    """Give the task that is named; raises Misread for one that the message does not name."""
    said = (slots.task or "").strip()
    if not said:
        return None
    if set(plain_words(said)) <= _IT:
        if not heard.in_thread:
            raise Misread("No task is meant by “it” here; name one in words of the message.")
        return TaskRef(it=True)
    number = said.casefold().removeprefix("t-").removeprefix("#").strip()
    if number.isdecimal():
        if int(number[:9]) not in heard.numbers:
            raise Misread("“task” has a number that the message does not name.")
        return TaskRef(number=int(number[:9]))
    holds = heard.names_it if slots.request not in _CHANGING else heard.says
    words = name_words(said)
    if not words or not (holds(words) or _is_quoted_name(words, heard)):
        raise Misread("“task” holds words that the message does not.")
    return TaskRef(text=words)


def _is_quoted_name(words: str, heard: Heard) -> bool:
    """Whether the words are a name that the person put in quotation marks, no more and no less."""
    quoted = (name_words(token.text) for token in heard.tokens if token.kind == "quoted")
    return any(words.casefold() == name.casefold() for name in quoted)


def _channel(slots: Slots, heard: Heard) -> tuple[str, ...]:
    """Give the channel link of the message that is meant; one that is not there is dropped."""
    wanted = (slots.channel or "").strip("<># ").casefold()
    return tuple(link for link in heard.channels if wanted and wanted in link.casefold())[:1]


def _time_limit(slots: Slots, heard: Heard) -> int | None:
    if slots.time_limit_minutes is None:
        return None
    minutes = slots.time_limit_minutes
    if not 1 <= minutes <= 1440 or not {minutes, minutes / 60} & heard.numbers:
        raise Misread("“time_limit_minutes” is not named in the message; leave it null.")
    return minutes * 60


def _retries(slots: Slots, heard: Heard) -> int | None:
    if slots.retries is None:
        return None
    said = slots.retries in heard.numbers or bool(heard.words & {"once", "twice", "no", "never"})
    if not (0 <= slots.retries <= 10 and said):
        raise Misread("“retries” is not named in the message; leave it null.")
    return slots.retries


def _limit(slots: Slots) -> int | None:
    return None if slots.limit is None else max(1, min(slots.limit, 30))
