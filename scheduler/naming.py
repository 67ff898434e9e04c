"""Which task somebody means: by number, by whole name, or by words of the name or its agent."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.errors import AmbiguousTask, UnknownTask
from storage.records import Task, TaskId

_FILLER = frozenset({"the", "a", "an", "my", "our", "task", "job", "report's", "that", "this"})


def words_of(text: str) -> list[str]:
    """Give the words of a name that tell tasks apart, in small letters."""
    plain = "".join(char if char.isalnum() else " " for char in text.casefold())
    return [word for word in plain.split() if word not in _FILLER]


def find(tasks: Sequence[Task], *, number: int | None, text: str | None) -> Task:
    """Find the one task that is meant.

    Raises UnknownTask when none is, AmbiguousTask when several are.
    """
    if number is not None:
        found = [task for task in tasks if task.id == TaskId(number)]
        if not found:
            raise UnknownTask(f"There is no task T-{number}.", fix="`/tasks list` shows them all.")
        return found[0]
    wanted = words_of(text or "")
    candidates = _by_words(tasks, wanted)
    if not candidates:
        raise UnknownTask(_unknown(text), fix=_nearest(tasks, wanted))
    if len(candidates) > 1:
        raise AmbiguousTask("Which one?", choices=tuple(candidates))
    return candidates[0]


def _by_words(tasks: Sequence[Task], wanted: list[str]) -> list[Task]:
    if not wanted:
        return []
    wanted = [word for word in wanted if word != "s"] or wanted  # "kai's"
    exact = [task for task in tasks if words_of(task.name) == wanted]
    if exact:
        return exact
    named = [task for task in tasks if set(wanted) <= set(words_of(task.name))]
    if named:
        return named
    if wanted[-1] == "one":  # "the red one"
        return _by_words(tasks, wanted[:-1])
    return [task for task in tasks if set(wanted) <= {*words_of(task.name), task.agent}]


def _unknown(text: str | None) -> str:
    shown = (text or "").strip()
    return (
        f"I know no task called “{shown[:60]}”." if shown else "I don't know which task you mean."
    )


def _nearest(tasks: Sequence[Task], wanted: list[str]) -> str:
    near = [task for task in tasks if set(wanted) & set(words_of(task.name))][:3]
    if not near:
        return "`/tasks list` shows them all."
    named = ", ".join(f"T-{task.id} {task.name}" for task in near)
    return f"Did you mean {named}?"
