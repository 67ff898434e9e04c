"""The wall clock jumps under a live bot: nothing fires twice, and what is due starts at once.

Elapsed time goes on as it does, in the bot and for those who watch it, as on a machine whose clock
is set right.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from storage.records import Run, RunStatus, Task
from storage.schedules import Cron, Once, Schedule
from tests.chaos.test_stops import odd
from tests.faketime import Dial, needs_faketime
from tests.journeys.books import attempts_of, ledger, plant_all, tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import FINOPS, PLATFORM, Persona, saying
from tests.plants import make_task

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
LATE_LIMIT = timedelta(seconds=10)
"""Far above the 2 s that are promised, so that a busy machine breaks nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked:
    """A live bot on a dial, and what is watched of it."""

    house: House
    dial: Dial
    maya: Persona

    async def plant(self, *tasks: Task) -> datetime:
        """Store tasks beside the live bot, and give the moment when they are there."""
        await plant_all(self.house.database_url, tasks)
        return self.dial.now()

    async def run_of(self, name: str, *, after: datetime | None = None) -> Run:
        """Wait until a task has a run that has ended, of a moment after one that is given."""

        async def look() -> Run | None:
            url = self.house.database_url
            ids = {task.id for task in await tasks_in(url) if task.name == name}
            for run in await ledger(url):
                due = run.scheduled_for
                is_late = after is None or (due is not None and due > after)
                if run.task_id in ids and is_late and run.finished_at and run.status in _RAN:
                    return run
            return None

        return await self.maya.until(look)


_RAN = (RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.LOST)


def once_at(name: str, moment: datetime, channel: str = FINOPS) -> Task:
    """Give a task with one moment."""
    at = moment.replace(microsecond=0)
    rule = Once(on=at.date(), at=at.time())
    return clocked_task(name, Schedule(rule=rule, zone="UTC"), at, channel)


def each_minute(name: str, first: datetime) -> Task:
    """Give a task that is due at every minute from one on."""
    rule = Cron(expression="* * * * *")
    return clocked_task(name, Schedule(rule=rule, zone="UTC"), first, PLATFORM)


def clocked_task(name: str, schedule: Schedule, due: datetime, channel: str) -> Task:
    """Give a task of an agent that is done at once."""
    return make_task(
        name=name, agent="alex", schedule=schedule, zone="UTC", next_run_at=due, channel=channel,
        owner="U0MAYA", created_at=due - DAY, updated_at=due - DAY,
    )  # fmt: skip


@needs_faketime
async def test_a_clock_that_jumps_doubles_nothing_and_starts_what_is_due(
    house: House, maya: Persona, tmp_path: Path
) -> None:
    """After +1 h, -2 h and +1 day each moment has one row, and what is due starts soon."""
    (tmp_path / "go").touch()  # the agent waits for nothing
    dial = Dial(file=tmp_path / "clock")
    house.settings |= dial.settings
    first = dial.now().replace(second=0, microsecond=0)
    live = Clocked(house=house, dial=dial, maya=maya)
    await live.plant(
        each_minute("Each minute", first),
        once_at("Passed by the hour", first + HOUR / 2),
        once_at("Passed by the day, long ago", first + 20 * HOUR),
        once_at("Passed by the day", first + 22.5 * HOUR),
    )
    house.run(odd(tmp_path))
    await live.run_of("Each minute")
    took = {}

    ahead = dial.jump(HOUR)
    took["+1 h"] = _since(ahead, await live.run_of("Passed by the hour"))
    took["+1 h, each minute"] = _since(
        ahead, await live.run_of("Each minute", after=first + MINUTE)
    )

    dial.jump(-2 * HOUR)
    back = await live.plant(once_at("Due in the second time", dial.now() - 5 * MINUTE))
    took["-2 h"] = _since(back, await live.run_of("Due in the second time"))
    await _goes_on(maya, "Passed by the hour", "Due in the second time")

    ahead = dial.jump(DAY)
    took["+1 day"] = _since(ahead, await live.run_of("Passed by the day"))
    last = first + 22 * HOUR
    took["+1 day, each minute"] = _since(ahead, await live.run_of("Each minute", after=last))

    _started_soon(took)
    assert house.bot.end() == 0
    assert house.bot.output.count("The wall clock jumped") == 3
    assert "Traceback" not in house.bot.output
    await _is_accounted_for(house.database_url, first)


async def _goes_on(maya: Persona, *names: str) -> None:
    """See that results are posted, and that a task can be run by hand."""
    for name in names:
        await maya.see(saying(name))
    await maya.slash("run T-1", PLATFORM)
    await maya.see(saying("R-64"), PLATFORM)


def _started_soon(took: dict[str, timedelta]) -> None:
    started = {name: f"{each.total_seconds():.2f} s" for name, each in took.items()}
    print("Started after the jump:", started)
    assert max(took.values()) < LATE_LIMIT, started


def _since(jump: datetime, run: Run) -> timedelta:
    """Say how long after a jump a run started, by the clock that both read."""
    assert run.started_at is not None
    return run.started_at - jump


async def _is_accounted_for(url: str, first: datetime) -> None:
    """Hold the ledger against what came due."""
    runs, tasks = await ledger(url), {task.name: task for task in await tasks_in(url)}
    moments = Counter((run.task_id, run.scheduled_for) for run in runs if run.scheduled_for)
    assert set(moments.values()) == {1}
    tries = [len(await attempts_of(url, run)) for run in runs if run.status in _RAN]
    assert set(tries) == {1}

    minutely = tasks["Each minute"]
    assert minutely.next_run_at is not None
    due = (minutely.next_run_at - first) // MINUTE
    mine = [run for run in runs if run.task_id == minutely.id and run.scheduled_for]
    assert sum(run.moments for run in mine) == due
    assert due >= 23 * 60
    ends = {run.task_id: run.status for run in runs if run.task_id != minutely.id}
    assert ends[tasks["Passed by the day, long ago"].id] is RunStatus.MISSED
    assert Counter(ends.values()) == {RunStatus.SUCCEEDED: 3, RunStatus.MISSED: 1}
