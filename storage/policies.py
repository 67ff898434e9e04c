"""What a task does about overlap, missed moments and telling others, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Overlap(StrEnum):
    """What becomes of a due moment while an earlier run has not ended.

    It is left out, waits for its turn (one at most), ends the earlier run, or runs beside it.
    """

    SKIP = "skip"
    QUEUE = "queue"
    CANCEL = "cancel"
    ALLOW = "allow"


class Missed(StrEnum):
    """What becomes of due moments that passed while nothing could run.

    The latest runs if it is fresh, all run, none does, or the owner is asked.
    """

    LATEST = "latest"
    ALL = "all"
    SKIP = "skip"
    ASK = "ask"


class NoticeOn(StrEnum):
    """When somebody beside the task's own channel is told: at each of these moments of a run."""

    START = "start"
    COMPLETE = "complete"
    FAILURE = "failure"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A channel or a person (Slack's id) that is told of a task's runs."""

    target: str
    on: NoticeOn
