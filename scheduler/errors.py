"""Every error the scheduler raises on purpose.

    SchedulerError
    ├── Refused            the person can mend it; `fix` says how
    │   ├── BadSchedule    a schedule that can never be, or is not allowed
    │   ├── UnknownTask    no such task
    │   ├── NotAllowed     this person may not do that
    │   ├── AmbiguousTask  a name that fits several; `choices` are they
    │   ├── Undeliverable  a message that will never arrive where it was sent
    │   └── NotConnected   an agent that has nothing to read
    ├── Temporary          it may work later, so it is tried again
    │   ├── StaleData      the source has nothing new enough
    │   ├── PlaceClosed    a place that can't be posted in, until it opens again
    │   └── Busy           the other side asked to wait; `wait_s` says how long, if it said
    └── TakenAway          a run that whoever works on it has lost

The message of an error is a sentence a person may read. Anything else that is raised is a bug.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.records import Task  # the grammar reads without them


class SchedulerError(Exception):
    """It could not be done."""


class Refused(SchedulerError):
    """That can't be done as asked; nothing changed."""

    def __init__(self, sentence: str, *, fix: str = "") -> None:
        super().__init__(sentence)
        self.fix = fix


class BadSchedule(Refused):
    """That schedule never comes due."""


class UnknownTask(Refused):
    """There is no such task."""


class NotAllowed(Refused):
    """You may not do that."""


class AmbiguousTask(Refused):
    """That name fits several tasks."""

    def __init__(self, sentence: str, *, choices: tuple[Task, ...]) -> None:
        super().__init__(sentence)
        self.choices = choices


class Undeliverable(Refused):
    """The message can't be delivered there."""


class NotConnected(Refused):
    """The agent is not connected to anything it could read."""


class Temporary(SchedulerError):
    """It did not work this time."""

    def __init__(self, sentence: str, *, fix: str = "") -> None:
        super().__init__(sentence)
        self.fix = fix


class StaleData(Temporary):
    """The source has nothing new enough."""


class PlaceClosed(Temporary):
    """Nothing can be posted there until it opens again."""


class Busy(Temporary):
    """The other side is busy."""

    def __init__(self, sentence: str, *, wait_s: float | None = None) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


class TakenAway(SchedulerError):
    """The run is no longer this attempt's: another attempt has it, or it was ended."""


def no_such_task(number: int) -> UnknownTask:
    """Give the one answer for a task that is not there, is gone, or is none of one's business."""
    return UnknownTask(f"There is no task T-{number}.", fix="`/tasks list` shows those there are.")
