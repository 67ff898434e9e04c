"""What goes on from what was said last: "no, the weekly one", "same for kai's", "actually 10".

Nothing waits for an answer then; `bot.intent.talk` reads what answers a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.intent.changes import about
from bot.intent.intents import (
    CreateTask,
    DeleteTask,
    EditTask,
    Intent,
    ListTasks,
    PauseTask,
    ResumeTask,
    RunTask,
    ScheduleChange,
    SetNotices,
    ShowTask,
    TaskRef,
    UndoChange,
)
from bot.intent.names import joined, task_named
from bot.intent.numbers import phrase, skip
from bot.intent.talk import LONGEST_ANSWER, Known, Meant, Read, fitting, takes_back, without_marks
from bot.intent.tokens import Token, plain, tokenise

LONGEST_TIME = 5
"""Words of a bare time: "no wait, make that 11 instead"."""

_OTHER = ("the other one", "other one", "the other", "another one", "not that one",
          "not this one", "wrong one")  # fmt: skip
_NOT_THAT = ("no", "nope", "not that one", "not this one", "wrong one", "i meant", "i mean",
             "sorry",
             "rather", "oops", "actually", "no wait", "wait", "hmm", "hm", "uh")  # fmt: skip
_SAME = ("do the same for", "do the same to", "do the same with", "the same for", "the same to",
         "the same with", "same for", "same with", "same thing for", "the same thing for",
         "also for", "and for", "and the same for", "and also", "and also for", "what about",
         "how about", "and what about", "likewise for", "ditto for")  # fmt: skip
_SAME_BUT = ("the same but", "same but", "the same , but", "same , but", "same again but",
             "the same again but", "another one but", "another one like it but",
             "the same task but", "the same thing but", "one more like that but",
             "the same one but")  # fmt: skip
_IT = ("that one", "this one", "make that", "make it", "make that one", "make this one")
_TOO = frozenset({"too", "also", "please", "pls", "instead", "thanks", "then"})
_DONT = ("don't", "do not", "please don't", "better not", "rather not", "not", "don't do it",
         "don't do that", "leave it as it was", "leave it")  # fmt: skip
_NUMBER = re.compile(r"t-?\d+$")
_THIS = TaskRef(it=True)
_UNDOABLE = (CreateTask, EditTask, PauseTask, ResumeTask, SetNotices)
_OF_ONE = (EditTask, PauseTask, ResumeTask, RunTask, DeleteTask, ShowTask)


def followed(
    last: Intent | None,
    text: str,
    tasks: Sequence[Known],
    agents: frozenset[str],
    read: Read,
) -> Meant | None:
    """Read "no, the weekly one", "same for the backup check", "no, 10"; None for others.

    `tasks` are those spoken of, the newest first; `read` reads words by themselves.
    """
    said = without_marks(tokenise(plain(text)))
    if last is None or not 0 < len(said) <= LONGEST_ANSWER:
        return None
    if phrase(said, 0, _OTHER) == len(said):
        other = tasks[1] if len(tasks) == 2 else None
        return None if other is None else _about(last, TaskRef(number=other.number))
    if start := _after(said, _NOT_THAT):
        return _corrected(last, said[start:], text, tasks, agents, read)
    if start := _after(said, _SAME):
        return _redirected(last, said[start:], tasks, agents)
    rest = _trimmed(said[1:])
    if said[0].word == "and" and (_agent(rest, agents) or len(fitting(rest, tasks)) == 1):
        return _redirected(last, rest, tasks, agents)
    if start := _after(said, _IT):
        return _retimed(said[start:], text, read)
    return None


def alike(last: Intent | None, text: str, read: Read) -> tuple[CreateTask, ScheduleChange] | None:
    """Read "the same but at 10": the task that was just made, and what is to differ."""
    said = tokenise(plain(text))
    after = phrase(said, 0, _SAME_BUT)
    if after is None or after >= len(said) or not isinstance(last, CreateTask):
        return None
    changed = read(f"make it {plain(text)[said[after].start :]}").intent
    change = changed.changes.schedule if isinstance(changed, EditTask) else None
    return None if change is None or last.schedule is None else (last, change)


def _after(said: Sequence[Token], leads: Sequence[str]) -> int:
    """Give where what was said goes on after such words, however many; 0 without any."""
    start = after = 0
    while (after := skip(said, start, leads)) != start:
        start = after
    return start


def _corrected(
    last: Intent,
    rest: Sequence[Token],
    text: str,
    tasks: Sequence[Known],
    agents: frozenset[str],
    read: Read,
) -> Meant | None:
    """Read what was meant instead: another task, another request about the same, or a time."""
    if not rest:
        return None
    if len(fitting(_trimmed(rest), tasks)) == 1:
        return _redirected(last, rest, tasks, agents)
    if phrase(rest, 0, _DONT) == len(rest):
        return Meant(intents=(UndoChange(ref=_THIS),)) if isinstance(last, _UNDOABLE) else None
    alone = read(plain(text)[rest[0].start :]).intent
    if takes_back(alone) or (isinstance(alone, _OF_ONE) and alone.ref.it):
        return Meant(intents=(alone,))
    retimed = _retimed(rest, text, read)
    if retimed is not None or not _may_name(rest, text):
        return retimed
    return _redirected(last, rest, tasks, agents)


def _may_name(rest: Sequence[Token], text: str) -> bool:
    """Say whether words after "no" may name a task that was not spoken of; talk does not."""
    says_so = any(token.word in ("meant", "mean") for token in tokenise(plain(text)))
    return says_so or rest[0].word in ("the", "my", "our") or bool(_NUMBER.match(rest[0].word))


def _retimed(rest: Sequence[Token], text: str, read: Read) -> Meant | None:
    """Read "weekdays" or "make that 11" as another time of the task spoken of."""
    start = _after(rest, _IT)
    if not 0 < len(rest) - start <= LONGEST_TIME:
        return None
    found = read(f"make it {plain(text)[rest[start].start :]}").intent
    is_time = isinstance(found, EditTask) and found.ref.it and found.changes.schedule is not None
    return Meant(intents=(found,)) if is_time else None


def _redirected(
    last: Intent, rest: Sequence[Token], tasks: Sequence[Known], agents: frozenset[str]
) -> Meant | None:
    """Give the last request for the task that is named: one spoken of, an agent's, or any other."""
    rest = _trimmed(rest)
    if not rest:
        return None
    named = _agent(rest, agents)
    if isinstance(last, ListTasks):
        return Meant(intents=(replace(last, agent=named),)) if named else None
    if named:
        return _about(last, TaskRef(text=named))
    fits = fitting(rest, tasks)
    if len(fits) == 1:
        return _about(last, TaskRef(number=fits[0].number))
    ref = task_named(tuple(rest))
    return None if ref is None or ref.it else _about(last, ref)


def _trimmed(said: Sequence[Token]) -> Sequence[Token]:
    """Leave out what only ends a sentence: "the weekly one, too, please"."""
    while said and said[-1].word in _TOO:
        said = said[:-1]
    return said


def _agent(said: Sequence[Token], agents: frozenset[str]) -> str:
    """Give the agent whom words name, as in "kai's"; empty where they name none."""
    named = joined(said).lstrip("@").casefold().removesuffix("'s") if said else ""
    return named if named in agents else ""


def _about(last: Any, ref: TaskRef) -> Meant | None:
    """Give the last request for another task, where it was about one."""
    if not hasattr(last, "ref") or isinstance(last, CreateTask):
        return None
    return Meant(intents=(about(last, ref),))
