"""`{{variables}}` in a prompt: which there are, whether each has a value, the filled text; pure.

A name is told apart by its letters alone: `{{Region}}` takes the value given for "region".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from scheduler.errors import Refused
from storage.records import Task

VALUE_LIMIT = 500
_SLOT = re.compile(r"\{\{\s*([^\W\d_][\w -]{0,39}?)\s*\}\}")


def names_in(prompt: str) -> tuple[str, ...]:
    """Give the names of a prompt's variables as they are written, each once, in their order."""
    found: dict[str, str] = {}
    for name in _SLOT.findall(prompt):
        found.setdefault(_key(name), name)
    return tuple(found.values())


def filled(prompt: str, values: Mapping[str, str]) -> str:
    """Give a prompt with the values in place of its variables; one without a value stays."""
    given = {_key(name): value for name, value in values.items()}
    return _SLOT.sub(lambda slot: given.get(_key(slot[1]), slot[0]), prompt)


def checked(prompt: str, values: Mapping[str, str], *, name: str) -> dict[str, str]:
    """Give each variable of a prompt its value; `name` is what a refusal calls the task.

    Raises Refused, naming them, for variables without a value and values without a variable.
    """
    wanted = names_in(prompt)
    given = {_key(each): value.strip() for each, value in values.items()}
    missing = [each for each in wanted if not given.get(_key(each))]
    if missing:
        raise Refused(f"{name} needs {_listed(missing)}; nothing ran.", fix=_example(missing))
    known = {_key(each) for each in wanted}
    unknown = [each for each in values if _key(each) not in known]
    if unknown:
        has = f"It has {_listed(wanted)}." if wanted else "It has none."
        raise Refused(f"{name} has no {_listed(unknown)}; nothing ran.", fix=has)
    long = [each for each in wanted if len(given[_key(each)]) > VALUE_LIMIT]
    if long:
        raise Refused(
            f"The value of {_listed(long)} is too long; nothing ran.",
            fix=f"Keep it to {VALUE_LIMIT} characters.",
        )
    return {each: given[_key(each)] for each in wanted}


def check_schedule(task: Task) -> None:
    """Raise Refused for a task on a schedule whose prompt still lacks values, naming them."""
    missing = names_in(task.prompt)
    if task.schedule is not None and missing:
        raise Refused(
            f"{task.name} needs {_listed(missing)}, and a schedule has nobody to ask.",
            fix="Put the values into what it does, or let it run on demand only.",
        )


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _listed(names: list[str] | tuple[str, ...]) -> str:
    shown = [f"“{name[:40]}”" for name in names]
    return " and ".join([*([", ".join(shown[:-1])] if shown[1:] else []), shown[-1]])


def _example(missing: list[str]) -> str:
    return "Say it with " + ", ".join(f"{name}=…" for name in missing) + "."
