"""What "it" is: the task of a thread, or the one spoken of last; several, where that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.intent import intents
from bot.intent.intents import Intent
from bot.intent.talk import Asked
from bot.services import Services
from bot.slack import mentions, talks
from bot.slack.asking import Ask
from bot.slack.mentions import Concern, Said
from storage.records import Task, TaskState
from storage.talks import Talk

CALLED = (Concern.MENTION, Concern.DIRECT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The task that a person has in mind; with `rivals`, it may as well be any of those."""

    task: Task | None = None
    rivals: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the answers to one message told of, the newest first, and the question left open."""

    tasks: tuple[Task, ...] = ()
    asked: Asked | None = None

    def and_then(self, told_of: Sequence[Task], asked: Asked | None) -> Heard:
        """Give what was heard with one more answer."""
        numbers = [task.id for task in told_of]
        earlier = (task for task in self.tasks if task.id not in numbers)
        return Heard(tasks=(*told_of, *earlier), asked=asked or self.asked)


async def subject_of(said: Said, talk: Talk | None, services: Services) -> Subject:
    """Say which task is meant where none is named: the thread's, or the one spoken of last."""
    if said.thread_ts is not None:
        root = mentions.root_key(said.key, said.channel, said.thread_ts)
        async with services.store.read() as work:
            made = await work.tasks.in_thread(said.channel, said.thread_ts)
            task = made[0] if made else None
            task = task or await work.tasks.of_thread(said.channel, said.thread_ts)
            task = task or await work.tasks.of_request(root)  # it may post elsewhere
        if len(made) > 1:
            return await _of_several(made, talk, said, services)
        if task is not None:
            return Subject(task=task)
    if said.thread_ts is None and said.concern not in CALLED:
        return Subject()
    spoken = await talks.spoken_of(talk, said.user, services)
    if talk is None or not spoken:
        return Subject()
    return Subject(task=spoken[0], rivals=_several_of(spoken[: talk.together]))


async def _of_several(
    made: list[Task], talk: Talk | None, said: Said, services: Services
) -> Subject:
    """Choose among the tasks of one thread: the one spoken of since, else any that is there."""
    spoken = await talks.spoken_of(talk, said.user, services)
    here = {task.id for task in made}
    if talk is not None and talk.together == 1 and spoken and spoken[0].id in here:
        return Subject(task=spoken[0])
    rivals = _several_of(made)
    present = [task for task in made if task.state is not TaskState.REMOVED]
    return Subject(task=(present or made)[0], rivals=rivals)


def _several_of(tasks: list[Task]) -> tuple[Task, ...]:
    """Give the tasks that are still there, if they are more than one."""
    present = tuple(task for task in tasks if task.state is not TaskState.REMOVED)
    return present if len(present) > 1 else ()


def for_agent(ask: Ask, agent: str | None, said: Said) -> Ask:
    """Let a request to one agent, outside of a thread, be about no task of another's."""
    task = ask.task
    if agent is None or said.thread_ts is not None or task is None or task.agent == agent:
        return replace(ask, persona=agent)
    theirs = tuple(each for each in ask.rivals if each.agent == agent)
    meant = theirs[0] if theirs else None
    return replace(ask, persona=agent, task=meant, rivals=theirs if len(theirs) > 1 else ())


def is_overheard(intent: Intent, ask: Ask, said: Said) -> bool:
    """Say whether words to nobody in a draft's thread come from somebody else than its owner.

    The draft's question is not theirs: "9" from them is talk. They may still press its buttons.
    """
    is_draft = ask.task is not None and ask.task.state is TaskState.DRAFT
    is_others = ask.task is not None and ask.task.owner != said.user
    changes = isinstance(intent, intents.EditTask)
    return is_draft and is_others and changes and said.concern not in CALLED
