"""The lines that a run leaves in the log: each says whose it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from scheduler.agents.agent import Brief
from scheduler.dispatcher import Dispatcher
from scheduler.errors import Refused
from scheduler.tally import Tally
from storage.reports import Report
from storage.store import Store
from tests.fakes import FakeAgent, Hand
from tests.plants import make_report, make_task, plant
from tests.scheduler.test_dispatcher import Basket
from tests.scheduler.test_tally import make_runner


def refuses(_: Brief) -> Report:
    """Say that a person has to mend something."""
    raise Refused("There are no bills.", fix="Set CHATCRON_BILLING.")


def breaks(_: Brief) -> Report:
    """Show a fault of our own."""
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("does", "actions"),
    [
        (lambda _: make_report(), ["run_started", "run_succeeded"]),
        (refuses, ["run_started", "run_failed"]),
        (breaks, ["run_started", "agent_broke", "attempt_failed"]),
    ],
)
async def test_each_line_of_a_run_names_task_run_and_attempt(
    store: Store, now: datetime, does: Callable[[Brief], Report], actions: list[str]
) -> None:
    """Whoever logs while a run is worked on needs to say nothing of it."""
    basket = Basket()
    task = await plant(store, make_task(next_run_at=now))
    await Dispatcher(store, basket).claim_due(now)
    runner = make_runner(store, Hand(now), Tally(), agent=FakeAgent(does=does))
    with capture_logs(processors=[merge_contextvars]) as lines:
        await runner.run(basket.put_in[0])

    assert [line["action"] for line in lines] == actions
    wanted = (task.id, basket.put_in[0], 1)
    assert {(it["task_id"], it["run_id"], it["attempt"]) for it in lines} == {wanted}
