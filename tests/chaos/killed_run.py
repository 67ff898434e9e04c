"""`chatcron run`, killed at one named point: `python -m tests.chaos.killed_run POINT`.

The product has no hooks for this: the point is wrapped from outside, and SIGKILL lets nothing of
the process speak afterwards.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from bot.cli import main
from bot.outlets.to_slack import SlackOutlet
from bot.slack.conversation import Conversation
from scheduler.courier import Parcel, Sent
from scheduler.planner import Planner
from scheduler.runner import Runner
from storage.records import DeliveryKind

Send = Callable[[SlackOutlet, Parcel], Awaitable[Sent]]


def die(*_: Any, **__: Any) -> None:
    """End here and now."""
    os.kill(os.getpid(), signal.SIGKILL)


def _event_stored() -> None:
    Conversation.begin = die  # type: ignore[method-assign]


def _task_created() -> None:
    create = Planner.create

    async def create_and_die(*given: Any) -> None:
        await create(*given)
        die()

    Planner.create = create_and_die  # type: ignore[assignment,method-assign]


def _run_claimed() -> None:
    Runner._attempt = die  # type: ignore[assignment,method-assign]


def _work_done() -> None:
    Runner._record = die  # type: ignore[assignment,method-assign]


def _before_post(kind: DeliveryKind) -> None:
    send = SlackOutlet.send

    async def die_or_send(outlet: SlackOutlet, parcel: Parcel) -> Sent:
        if parcel.delivery.kind is kind:
            die()
        return await send(outlet, parcel)

    SlackOutlet.send = die_or_send  # type: ignore[assignment,method-assign]


def _after_post(kind: DeliveryKind) -> None:
    send = SlackOutlet.send

    async def send_and_die(outlet: SlackOutlet, parcel: Parcel) -> Sent:
        sent = await send(outlet, parcel)
        if parcel.delivery.kind is kind:
            die()
        return sent

    SlackOutlet.send = send_and_die  # type: ignore[assignment,method-assign]


POINTS: dict[str, Callable[[], None]] = {
    "event-stored": _event_stored,
    "task-created": _task_created,
    "card-posted": lambda: _after_post(DeliveryKind.CARD),
    "run-claimed": _run_claimed,
    "work-done": _work_done,
    "result-owed": lambda: _before_post(DeliveryKind.RESULT),
    "result-posted": lambda: _after_post(DeliveryKind.RESULT),
    "details-posted": lambda: _after_post(DeliveryKind.DETAILS),
}

if __name__ == "__main__":
    POINTS[sys.argv.pop()]()
    sys.argv.append("run")
    main()
