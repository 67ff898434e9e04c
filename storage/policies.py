"""What a task does about overlap, missed moments, failures and telling others; frozen values."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Leeway:
    """How exact a task is about its moments, and how patient with its failures.

    A moment starts at most `fresh_s` seconds late (None: as late as is usual under its policy on
    missed moments), and where all of those run, the latest `catch_up`. Each starts at a moment of
    its own within `jitter_s` seconds, those that are caught up within `spread_s`. After
    `pause_after` failures in a row the task is paused; None lets it go on.
    """

    fresh_s: int | None = None
    catch_up: int = 10
    jitter_s: int = 0
    spread_s: int = 0
    pause_after: int | None = None


AS_USUAL = Leeway()


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
