"""What is true, as frozen records: every package reads these, only `storage` turns rows into them.

All instants are aware and in UTC. Slack's own ids (users, channels, message times) are plain text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from storage.policies import AS_USUAL, Leeway, Missed, Notice, Overlap
from storage.reports import Report
from storage.schedules import Schedule

TaskId = NewType("TaskId", int)
RunId = NewType("RunId", int)
DeliveryId = NewType("DeliveryId", int)
WORKSPACE = "default"


class TaskState(StrEnum):
    """Where a task stands; only an active one is ever due."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    REMOVED = "removed"


class Hold(StrEnum):
    """Why a task waits, where nobody paused it by name.

    `INVITATION` holds a draft until the bot may speak in its channel; the others hold a paused
    task: by "pause all", because its channel or its owner is gone, or because its schedule broke.
    """

    INVITATION = "invitation"
    EVERYTHING = "everything"
    PLACE = "place"
    OWNER = "owner"
    SCHEDULE = "schedule"


class Origin(StrEnum):
    """Where a change came from."""

    MESSAGE = "message"
    COMMAND = "command"
    CLICK = "click"
    FORM = "form"
    CLI = "cli"
    CHATCRON = "chatcron"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks for a change, and from where."""

    id: str
    origin: Origin


CHATCRON = Actor(id="chatcron", origin=Origin.CHATCRON)
"""Chatcron itself, where it acts without being asked."""


class RunStatus(StrEnum):
    """Where a run stands; all but the first two are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    SKIPPED = "skipped"
    MISSED = "missed"
    LOST = "lost"
    CANCELLED = "cancelled"


OPEN_RUNS = (RunStatus.QUEUED, RunStatus.RUNNING)
FAILED_RUNS = (RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.LOST)


class Trigger(StrEnum):
    """What made a run: its schedule, or a person."""

    SCHEDULE = "schedule"
    MANUAL = "manual"


class DeliveryState(StrEnum):
    """Where an owed message stands."""

    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class DeliveryKind(StrEnum):
    """What an owed message says; the outlet renders it from the task and the run.

    NOTICE and START_NOTICE tell one of the task's notices, `payload["on"]` why (a `NoticeOn`).
    MISSED_ASK asks an owner about missed moments; NOTE_DM tells one sentence, `what` and `wanted`.
    """

    CARD = "card"
    RESULT = "result"
    DETAILS = "details"
    FAILURE_DM = "failure_dm"
    FAILURE_LINE = "failure_line"
    UNDELIVERED_DM = "undelivered_dm"
    RECOVERY = "recovery"
    RECOVERED_DM = "recovered_dm"
    REMINDER_DM = "reminder_dm"
    EXPIRED = "expired"
    MISSED_SUMMARY = "missed_summary"
    CHANGED_DM = "changed_dm"
    ALL_CHANGED_DM = "all_changed_dm"
    PARKED_DM = "parked_dm"
    TAKE_OVER = "take_over"
    NOTICE = "notice"
    START_NOTICE = "start_notice"
    MISSED_ASK = "missed_ask"
    NOTE_DM = "note_dm"


IN_PLACE = (DeliveryKind.FAILURE_LINE, DeliveryKind.RECOVERY, DeliveryKind.EXPIRED)
"""Kinds that change the message of the delivery they follow, where they follow one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A piece of work for an agent, with or without a schedule.

    `zone_from` says why the zone was taken ("in your message", "your Slack zone", …). `assumed`
    names the slots of a draft that wait for an answer. `request_key` makes creation happen once per
    message. `card_ts` is the message that shows the present card, in `channel`. `hold` says what a
    task waits for that nobody paused, `hold_reason` as a sentence. `delegate` is told of failures
    where the owner can't be. A draft reminds its author at `remind_at` and ends at `expires_at`.
    A pause that has an end is over at `paused_until`. `notices` names who else is told.
    """

    id: TaskId
    name: str
    agent: str
    prompt: str
    template: str | None = None
    schedule: Schedule | None
    zone: str
    zone_from: str
    state: TaskState
    assumed: tuple[str, ...] = ()
    channel: str
    thread_ts: str | None = None
    card_ts: str | None = None
    owner: str
    timeout_s: int = 1800
    retries: int = 2
    delegate: str | None = None
    hold: Hold | None = None
    hold_reason: str | None = None
    paused_until: datetime | None = None
    overlap: Overlap = Overlap.SKIP
    missed: Missed = Missed.LATEST
    leeway: Leeway = AS_USUAL
    notices: tuple[Notice, ...] = ()
    remind_at: datetime | None = None
    expires_at: datetime | None = None
    next_run_at: datetime | None = None
    fired: int = 0
    version: int = 1
    request_key: str | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A task as it stood before a change, kept so that the change can be undone."""

    task_id: TaskId
    version: int
    action: str
    by: str
    at: datetime
    before: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One due moment of a task, or one request to run it; this row is the ledger.

    `attempt` is the fencing number: the count of tries so far. `ready_at` is when the next try may
    start. `moments` is above one where a long outage was folded into one missed row, from
    `scheduled_for` to `last_scheduled_for`.
    """

    id: RunId
    task_id: TaskId
    task_version: int
    trigger: Trigger
    scheduled_for: datetime | None = None
    last_scheduled_for: datetime | None = None
    moments: int = 1
    request_key: str | None = None
    asked_by: str | None = None
    status: RunStatus
    reason: str | None = None
    attempt: int = 0
    ready_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    variables: dict[str, str] | None = None
    report: Report | None = None
    created_at: datetime


class AttemptOutcome(StrEnum):
    """How one try of a run ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    LOST = "lost"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of a run by one worker, which holds it until `lease_until` and renews that."""

    run_id: RunId
    number: int
    worker: str
    started_at: datetime
    lease_until: datetime
    finished_at: datetime | None = None
    outcome: AttemptOutcome | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message owed to `target` (a channel or a person) through `outlet`.

    `after` names the delivery whose message this one answers in its thread, or changes in place
    (`IN_PLACE`). `ref` is the outlet's
    own name of what was sent (Slack: the message time); `sent_to` the channel it stands in.
    """

    id: DeliveryId
    kind: DeliveryKind
    outlet: str
    target: str
    thread_ts: str | None = None
    task_id: TaskId
    run_id: RunId | None = None
    after: DeliveryId | None = None
    state: DeliveryState
    tries: int = 0
    next_try_at: datetime
    claimed_at: datetime | None = None
    sent_at: datetime | None = None
    sent_to: str | None = None
    ref: str | None = None
    error: str | None = None
    payload: dict[str, Any] | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the workspace, as Slack describes them.

    `handle` is what is typed to mention them. A stranger belongs to another workspace and shares a
    channel with this one; somebody who is gone was deactivated.
    """

    id: str
    name: str
    handle: str = ""
    zone: str | None
    is_admin: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    is_gone: bool = False
    fetched_at: datetime


class PlaceKind(StrEnum):
    """What sort of conversation a place is."""

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel or direct conversation; `zone` is the one people set for it.

    `posts_to` is the channel where results of new tasks asked for here go, if it is another.
    `has_bot` says whether the bot is in it; `is_shared` that people of other workspaces are.
    `members_at` is when its members were last listed, None when they never were.
    """

    id: str
    name: str
    kind: PlaceKind
    is_archived: bool = False
    is_shared: bool = False
    has_bot: bool
    zone: str | None = None
    posts_to: str | None = None
    members_at: datetime | None = None
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Work kept under a name, with `{{variables}}` in its prompt, for tasks to be made from.

    `channel` is where it was saved: who may look into it may use the template.
    """

    name: str
    agent: str
    prompt: str
    schedule: Schedule | None
    channel: str
    owner: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A change that was made: `before` and `after` hold what differs, as plain JSON."""

    id: int
    at: datetime
    actor: str
    origin: Origin
    action: str
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One call to a language model: `purpose` is "intent" or "report", `took_ms` milliseconds."""

    at: datetime
    purpose: str
    model: str
    run_id: RunId | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    took_ms: int
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """An event of Slack's that was received, and whether it was handled."""

    id: int
    event_key: str
    payload: dict[str, Any] = field(repr=False)
    received_at: datetime
    handled_at: datetime | None = None
