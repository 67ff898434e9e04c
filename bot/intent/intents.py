"""What a person can ask of the bot, as frozen values.

`bot.intent.reader` makes them, the Slack listeners and `chatcron parse` act on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from bot.intent.value import Value
from storage.schedules import Exceptions, Rule, Schedule, Weekday


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TaskRef(Value):
    """Which task is meant: by number, by words of its name, or "it" (the thread's own)."""

    text: str | None = None
    number: int | None = None
    it: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Notice(Value):
    """Whom to tell of a task's runs: `target` as written (a channel, a person, "me", an address).

    `on` says when; "output" is every result that says something new.
    """

    target: str
    on: On = "complete"
    by: By = "slack"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Selection(Value):
    """Which tasks are meant: all that fit every field that was said.

    `here` means the channel this was said in, `channel` one that was named; `words` are of the
    name. `weekday`, or the local days `first` to `last`, ask for tasks that are due then.
    """

    state: Literal["active", "paused", "failed", "draft"] | None = None
    agent: str | None = None
    channel: str | None = None
    here: bool = False
    words: str | None = None
    mine: bool = False
    weekday: Weekday | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Pause(Value):
    """When a pause ends by itself: at the wall time `at` (or as the day begins) on a local day."""

    on: date
    at: time | None = None


Act = Literal["pause", "resume", "delete", "run"]
Topic = Literal[
    "times", "agents", "edit", "pause", "notify", "templates", "workflows", "zones", "lists"
]
On = Literal["start", "complete", "failure", "output"]
By = Literal["slack", "email"]
Overlap = Literal["skip", "queue", "cancel", "allow"]
Missed = Literal["latest", "all", "skip", "ask"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CreateTask(Value):
    """A new task; nothing is armed while `assumed` names a slot.

    `assumed` holds slot names ("time", "day", "meridiem", "date", "month"); `choices` are answers
    to offer for the first of them, each a phrase that can be read again ("08:00"). `run_now` asks
    for one run at once. `channel` is where results go, where another was named than the one this
    was said in.
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
    overlap: Overlap | None = None
    missed: Missed | None = None
    notify: tuple[Notice, ...] = ()
    channel: str | None = None
    run_now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ListTasks(Selection):
    """Show the tasks that fit."""

    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ShowTask(Value):
    """Show one task's card."""

    kind: Literal["show"] = "show"
    ref: TaskRef


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PauseTask(Value):
    """Pause one task, until it is resumed or until a moment that was named."""

    kind: Literal["pause"] = "pause"
    ref: TaskRef
    until: Pause | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ResumeTask(Value):
    """Let a paused task run again."""

    kind: Literal["resume"] = "resume"
    ref: TaskRef


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DeleteTask(Value):
    """Remove one task; this always asks first."""

    kind: Literal["delete"] = "delete"
    ref: TaskRef


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ChangeMany(Value):
    """Do one thing to every task that fits; this always shows them and asks first."""

    kind: Literal["bulk"] = "bulk"
    act: Act
    which: Selection
    until: Pause | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RunTask(Value):
    """Run one task now, whatever its schedule says, with values for its `{{variables}}`."""

    kind: Literal["run"] = "run"
    ref: TaskRef
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ShowHistory(Value):
    """Show the last runs of one task, or of all of them when `ref` is None."""

    kind: Literal["history"] = "history"
    ref: TaskRef | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AskWhy(Value):
    """Say what became of a task's last due moment, and why."""

    kind: Literal["why"] = "why"
    ref: TaskRef


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ShowNext(Value):
    """Show the next due moments of one task, or of all of them when `ref` is None."""

    kind: Literal["next"] = "next"
    ref: TaskRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ScheduleChange(Value):
    """What is to change in a schedule; fields that were not named stay as they are.

    `rule` replaces the whole rule. Otherwise `times` replaces the times (`times_bare` says that no
    morning or afternoon was named), and `weekdays` (all seven: every day) or `month_days` the days.
    `add_weekdays`, `drop_weekdays` and `add_times` change those there are, as do `exceptions`.
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
    ends_at: time | None = None
    count: int | None = None
    add_weekdays: tuple[Weekday, ...] = ()
    drop_weekdays: tuple[Weekday, ...] = ()
    add_times: tuple[time, ...] = ()
    exceptions: Exceptions | None = None
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Changes(Value):
    """The slots of a task that an edit names, and no others; `leeway` by a `Leeway`'s own names.

    `skip_holidays` leaves the workspace's holidays out of its days, or (False) takes them in again.
    """

    schedule: ScheduleChange | None = None
    unscheduled: bool = False
    name: str | None = None
    agent: str | None = None
    prompt: str | None = None
    timeout_s: int | None = None
    retries: int | None = None
    channel: str | None = None
    overlap: Overlap | None = None
    missed: Missed | None = None
    leeway: tuple[tuple[str, int], ...] = ()
    skip_holidays: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EditTask(Value):
    """Change the named slots of one task."""

    kind: Literal["edit"] = "edit"
    ref: TaskRef
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class UndoChange(Value):
    """Take back the last change."""

    kind: Literal["undo"] = "undo"
    ref: TaskRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SetNotices(Value):
    """Tell somebody of a task's runs, or (`stop`) tell them no longer.

    To stop with no notices means to tell nobody any more; with ref None all tasks are meant.
    """

    kind: Literal["notify"] = "notify"
    ref: TaskRef | None
    notices: tuple[Notice, ...] = ()
    stop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SaveTemplate(Value):
    """Keep a task's work under a name, for others to be made from."""

    kind: Literal["save_template"] = "save_template"
    ref: TaskRef
    name: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class UseTemplate(Value):
    """Make a task from a template, with values for its `{{variables}}`."""

    kind: Literal["use_template"] = "use_template"
    template: str
    variables: tuple[tuple[str, str], ...] = ()
    agent: str | None = None
    schedule: Schedule | None = None
    zone_in_text: str | None = None
    assumed: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    run_now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ListTemplates(Value):
    """Show the templates there are."""

    kind: Literal["templates"] = "templates"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Step(Value):
    """One piece of a workflow's work, and the agent that was named for it."""

    work: str
    agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Stage(Value):
    """Steps that run at the same time, after the stage before; `only_if` is the condition."""

    steps: tuple[Step, ...]
    only_if: str | None = None
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DefineWorkflow(Value):
    """Work in several stages, one after the other; `after` names the task that starts it."""

    kind: Literal["workflow"] = "workflow"
    name: str
    stages: tuple[Stage, ...]
    after: TaskRef | None = None
    schedule: Schedule | None = None
    zone_in_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Export(Value):
    """Give the tasks that fit as a file."""

    kind: Literal["export"] = "export"
    which: Selection = Selection()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SetZone(Value):
    """Set the zone of the channel, or (zone None) ask which it is; `off` goes back to none.

    With `mine` the person's own zone is meant, which Slack keeps.
    """

    kind: Literal["zone"] = "zone"
    zone: str | None = None
    off: bool = False
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AskHelp(Value):
    """Say what the bot can do, or about one topic."""

    kind: Literal["help"] = "help"
    topic: Topic | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Nothing(Value):
    """Nothing was asked: chatter, a quotation, a remark; or thanks or a greeting alone."""

    kind: Literal["nothing"] = "nothing"
    courtesy: Literal["thanks", "greeting"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Unclear(Value):
    """One good question: `understood` says what was read, `choices` are answers to offer.

    `reason` is a short code for tests and logs ("no_task", "bad_time", "past", "unknown_agent", …).
    """

    kind: Literal["unclear"] = "unclear"
    question: str
    understood: str = ""
    choices: tuple[str, ...] = ()
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SetChannel(Value):
    """Set where the results of new tasks asked for in this channel go; None is the channel itself.

    `channel` is as written.
    """

    kind: Literal["channel"] = "channel"
    channel: str | None = None


Intent = (
    CreateTask | ListTasks | ShowTask | PauseTask | ResumeTask | DeleteTask | ChangeMany
    | RunTask | ShowHistory | AskWhy | ShowNext | EditTask | UndoChange | SetNotices
    | SaveTemplate | UseTemplate | ListTemplates | DefineWorkflow | Export | SetZone | SetChannel
    | AskHelp | Nothing | Unclear
)  # fmt: skip
