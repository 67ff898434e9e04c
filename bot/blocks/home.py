"""The Home tab: what runs next, what waits for an answer, what failed, and how to ask for more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.blocks import kit
from bot.blocks.cards import value_of
from bot.blocks.lists import outcome
from bot.blocks.text import channel_link, clip, for_reader, literal
from storage.records import Run, RunStatus, Task, TaskId, TaskState

AHEAD = timedelta(hours=24)
SHOWN = 8
_NAME = 60
_FAILED = (RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.LOST)
_EXAMPLES = (
    "`@Chatcron alex schedule daily cost report at 8 AM`",
    "`@Chatcron tony check the database health on weekdays at 7`",
    "`/tasks list`, `/tasks next`, `/tasks help`",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A titled part of the tab: its tasks, and a line for each."""

    title: str
    tasks: Sequence[Task]
    lines: Mapping[TaskId, str]


def home(
    tasks: Sequence[Task], last: Mapping[TaskId, Run], *, reader: str, now: datetime
) -> dict[str, Any]:
    """Give the tab for somebody who may know of `tasks`; `last` are their last runs."""
    blocks: list[kit.Block] = []
    for part in _parts(tasks, last, reader, now):
        if part.tasks:
            blocks += _shown(part)
    if not blocks:
        blocks.append(kit.section("Nothing is due in the next 24 hours, and nothing needs you."))
    blocks.append(kit.section("*Ask for something*\n" + "\n".join(_EXAMPLES)))
    blocks.append(kit.context(f"{_counted(tasks)} · brought up to date {for_reader(now, 'UTC')}"))
    return {"type": "home", "blocks": blocks}


def _parts(
    tasks: Sequence[Task], last: Mapping[TaskId, Run], reader: str, now: datetime
) -> tuple[_Part, ...]:
    waiting = [task for task in tasks if task.state is TaskState.DRAFT and task.owner == reader]
    bad = [task for task in tasks if task.id in last and last[task.id].status in _FAILED]
    held = [task for task in tasks if task.state is TaskState.PAUSED and task.hold is not None]
    due = sorted(
        (task for task in tasks if task.next_run_at is not None and task.next_run_at - now < AHEAD),
        key=lambda task: task.next_run_at or now,
    )
    return (
        _Part(title="Waits for your answer", tasks=waiting, lines={}),
        _Part(
            title="Failed last time",
            tasks=bad,
            lines={task.id: outcome(last[task.id], task.zone, now) for task in bad},
        ),
        _Part(
            title="On hold",
            tasks=held,
            lines={task.id: literal(task.hold_reason or "") for task in held},
        ),
        _Part(
            title="Next 24 hours",
            tasks=due,
            lines={
                task.id: for_reader(task.next_run_at, task.zone)
                for task in due
                if task.next_run_at is not None
            },
        ),
    )


def _shown(part: _Part) -> list[kit.Block]:
    blocks = [kit.section(f"*{part.title}*")]
    for task in part.tasks[:SHOWN]:
        place = "" if task.channel.startswith("D") else f" · {channel_link(task.channel)}"
        name = literal(clip(task.name, _NAME))
        line = part.lines.get(task.id, "")
        text = f"{name} · T-{task.id}{place}" + (f"\n{line}" if line else "")
        blocks.append(kit.section(text, accessory=kit.button("Show", "show", value_of(task))))
    if len(part.tasks) > SHOWN:
        blocks.append(kit.context(f"And {len(part.tasks) - SHOWN} more: `/tasks list`."))
    return blocks


def _counted(tasks: Sequence[Task]) -> str:
    on = sum(task.state is TaskState.ACTIVE for task in tasks)
    paused = sum(task.state is TaskState.PAUSED for task in tasks)
    return f"{on} on, {paused} paused"
