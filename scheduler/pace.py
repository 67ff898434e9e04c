"""How close together a task's moments may come, in the workspace and beside the task's own leeway.

The planner asks before it arms anything. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from scheduler import recurrence
from scheduler.errors import BadSchedule, Refused
from scheduler.forecast import Shift, shift_of
from scheduler.policy import lasting
from storage.policies import Leeway
from storage.schedules import Schedule

LOOKED_AT = 100
"""How many moments to come are compared."""
LONGEST_LEEWAY_S = 7 * 86_400
LONGEST_JITTER_S = 86_400
MOST_CAUGHT_UP = 100
MOST_FAILURES = 1_000


def check(schedule: Schedule | None, leeway: Leeway, now: datetime, *, shortest: timedelta) -> None:
    """Raise Refused for moments closer than `shortest`, or closer than what they may be moved."""
    if schedule is None or (shortest <= timedelta(minutes=1) and not leeway.jitter_s):
        return
    apart = closest(schedule, now)
    if apart is None:
        return
    if apart < shortest:
        raise BadSchedule(
            f"It would come due every {lasting(apart)}; here {lasting(shortest)} is the least.",
            fix=f"Say every {lasting(shortest)}, or ask whoever runs Chatcron for more.",
        )
    if timedelta(seconds=leeway.jitter_s) >= apart:
        moved = lasting(timedelta(seconds=leeway.jitter_s))
        raise Refused(
            f"It comes due every {lasting(apart)}, so it can't start up to {moved} after that.",
            fix=f"Give less than {lasting(apart)}.",
        )


def check_leeway(leeway: Leeway) -> None:
    """Raise Refused for a leeway that no task may have."""
    _within(leeway.fresh_s, 60, LONGEST_LEEWAY_S, "A missed moment may run 1 min to 7 days late.")
    _within(leeway.jitter_s, 0, LONGEST_JITTER_S, "A run may start 0 s to 24 h after its moment.")
    _within(leeway.spread_s, 0, LONGEST_JITTER_S, "Missed moments are spread over 24 h at most.")
    _within(leeway.catch_up, 1, MOST_CAUGHT_UP, f"1 to {MOST_CAUGHT_UP} missed moments can run.")
    _within(leeway.pause_after, 1, MOST_FAILURES, f"A task can pause after 1 to {MOST_FAILURES}"
            " failures.")  # fmt: skip


def closest(schedule: Schedule, now: datetime) -> timedelta | None:
    """Give the shortest time between two moments to come; None where there is but one.

    Moments that a change of the clocks moves are not meant.
    """
    return min((after - before for before, after in pairwise(_steady(schedule, now))), default=None)


def _steady(schedule: Schedule, now: datetime) -> Iterator[datetime]:
    for moment in recurrence.upcoming(schedule, now, LOOKED_AT):
        if shift_of(schedule, moment)[0] is not Shift.GAP:
            yield moment


def _within(value: int | None, least: int, most: int, sentence: str) -> None:
    if value is not None and not least <= value <= most:
        raise Refused(sentence, fix="Give one in between.")
