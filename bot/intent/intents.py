"""What a person can ask of the bot, as frozen values.

`bot.intent.reader` makes them, the Slack listeners and `chatcron parse` act on them. They are
pydantic models because a reading may also come from outside and must then be checked.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from storage.schedules import Rule, Schedule, Weekday


class Value(BaseModel):
    """A frozen value that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TaskRef(Value):
    """Which task is meant: by number, by words of its name, or "it" (the thread's own)."""

    text: str | None = None
    number: int | None = None
    it: bool = False


class CreateTask(Value):
    """A new task; nothing is armed while `assumed` names a slot.

    `assumed` holds slot names ("time", "day", "meridiem", "date", "month"); `choices` are answers
    to offer for the first of them, each a phrase that can be read again ("08:00"). `run_now` asks
    for one run at once, `notify` holds channels and people as they were written.
    """

    kind: Literal["create"] = "create"
    agent: str | None = None
    name: str
    prompt: str
    schedule: Schedule | None = None
    zone_in_text: str | None = None
    assumed: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    timeout_s: int | None = None
    retries: int | None = None
    notify: tuple[str, ...] = ()
    run_now: bool = False


class ListTasks(Value):
    """Show the tasks; `state` and `words` narrow the list where they were said."""

    kind: Literal["list"] = "list"
    state: Literal["active", "paused", "failed"] | None = None
    words: str | None = None
    mine: bool = False


class ShowTask(Value):
    """Show one task's card."""

    kind: Literal["show"] = "show"
    ref: TaskRef


class PauseTask(Value):
    """Pause one task."""

    kind: Literal["pause"] = "pause"
    ref: TaskRef


class ResumeTask(Value):
    """Let a paused task run again."""

    kind: Literal["resume"] = "resume"
    ref: TaskRef


class DeleteTask(Value):
    """Remove one task; this always asks first."""

    kind: Literal["delete"] = "delete"
    ref: TaskRef


class RunTask(Value):
    """Run one task now, whatever its schedule says."""

    kind: Literal["run"] = "run"
    ref: TaskRef


class ShowHistory(Value):
    """Show the last runs of one task, or of all of them when `ref` is None."""

    kind: Literal["history"] = "history"
    ref: TaskRef | None = None
    limit: int | None = None


class AskWhy(Value):
    """Say what became of a task's last due moment, and why."""

    kind: Literal["why"] = "why"
    ref: TaskRef


class ShowNext(Value):
    """Show the next due moments of one task, or of all of them when `ref` is None."""

    kind: Literal["next"] = "next"
    ref: TaskRef | None = None


class ScheduleChange(Value):
    """What is to change in a schedule; fields that were not named stay as they are.

    `rule` replaces the whole rule. Otherwise `times` replaces the times (`times_bare` says that no
    morning or afternoon was named), and `weekdays` (all seven: every day) or `month_days` the days.
    """

    rule: Rule | None = None
    times: tuple[time, ...] = ()
    times_bare: bool = False
    weekdays: tuple[Weekday, ...] = ()
    month_days: tuple[int, ...] = ()
    on: date | None = None
    zone: str | None = None
    starts: date | None = None
    ends: date | None = None
    count: int | None = None
    assumed: tuple[str, ...] = ()


class Changes(Value):
    """The slots of a task that an edit names, and no others."""

    schedule: ScheduleChange | None = None
    unscheduled: bool = False
    name: str | None = None
    agent: str | None = None
    prompt: str | None = None
    timeout_s: int | None = None
    retries: int | None = None
    channel: str | None = None


class EditTask(Value):
    """Change the named slots of one task."""

    kind: Literal["edit"] = "edit"
    ref: TaskRef
    changes: Changes


class UndoChange(Value):
    """Take back the last change."""

    kind: Literal["undo"] = "undo"
    ref: TaskRef | None = None


class SetZone(Value):
    """Set the zone of the channel, or (zone None) ask which it is."""

    kind: Literal["zone"] = "zone"
    zone: str | None = None


class AskHelp(Value):
    """Say what the bot can do."""

    kind: Literal["help"] = "help"


class Nothing(Value):
    """Nothing was asked: chatter, a quotation, a remark."""

    kind: Literal["nothing"] = "nothing"


class Unclear(Value):
    """One good question: `understood` says what was read, `choices` are answers to offer.

    `reason` is a short code for tests and logs ("no_task", "bad_time", "past", "unknown_agent", …).
    """

    kind: Literal["unclear"] = "unclear"
    question: str
    understood: str = ""
    choices: tuple[str, ...] = ()
    reason: str


class NotYet(Value):
    """A request of a kind that is known but cannot be done yet; nothing changes.

    `name` and `schedule` are what was read of it, for showing only.
    """

    kind: Literal["not_yet"] = "not_yet"
    what: Literal["notify", "workflow", "template", "bulk", "settings"]
    ref: TaskRef | None = None
    notify: tuple[str, ...] = ()
    agent: str | None = None
    name: str | None = None
    schedule: Schedule | None = None


Intent = Annotated[
    CreateTask
    | ListTasks
    | ShowTask
    | PauseTask
    | ResumeTask
    | DeleteTask
    | RunTask
    | ShowHistory
    | AskWhy
    | ShowNext
    | EditTask
    | UndoChange
    | SetZone
    | AskHelp
    | Nothing
    | Unclear
    | NotYet,
    Field(discriminator="kind"),
]
