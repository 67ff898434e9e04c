"""Run a soak: `make soak` (50 people, 500 tasks, ten minutes; ARGS="--minutes 2" for less).

Ends with code 1 where the log holds an error, the ledger has a hole, or something owed was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import ClientSession, TCPConnector

from scheduler import recurrence
from storage.database import Database
from storage.records import DeliveryState, Run, RunStatus, Task, TaskState
from storage.store import Store
from tests.bench.machine import facts, resident_mb
from tests.journeys.books import write_bill
from tests.journeys.driver import House
from tests.journeys.persona import Persona
from tests.soak.crowd import Crowd
from tests.soak.town import people, requests, settle

AT_ONCE = 10
"""How many people act at the same time."""
ASKED_A_SECOND = 5
SETTLES_S = 300.0
"""How long what is queued may take to end after the last act."""
SLACKS_OWN_BURST = 10


async def soak(arguments: argparse.Namespace, folder: Path) -> int:
    """Live through the day and say what was wrong with it."""
    random = Random(arguments.seed)
    bill = folder / "focus.csv"
    write_bill(bill, datetime.now(UTC).date())
    with House.open(folder, CHATCRON_BILLING=str(bill)) as house:
        house.order("pace", burst=SLACKS_OWN_BURST)
        residents = people(arguments.people)
        homes = settle(house, residents, arguments.people // 2, random)
        house.run()
        async with ClientSession(connector=TCPConnector(limit=64)) as session:
            crowd = Crowd(session, house.url, homes, random)
            await _ask_for_tasks(crowd, arguments, random)
            memory = await _live(crowd, house, arguments)
        await _settle(house)
        stopped = await asyncio.to_thread(house.bot.end)
        return await _verdict(house, crowd, memory, stopped)


async def _ask_for_tasks(crowd: Crowd, arguments: argparse.Namespace, random: Random) -> None:
    began = time.monotonic()
    for asked, text in enumerate(requests(arguments.tasks, arguments.often, random)):
        resident = random.choice(list(crowd.homes))
        who = Persona(crowd.session, crowd.url, resident)
        await asyncio.sleep(began + asked / ASKED_A_SECOND - time.monotonic())
        await who.say(text, random.choice(crowd.homes[resident]))
    print(f"{arguments.tasks} tasks were asked for in {time.monotonic() - began:.0f} s", flush=True)


async def _live(crowd: Crowd, house: House, arguments: argparse.Namespace) -> list[float]:
    ends = time.monotonic() + 60 * arguments.minutes
    memory: list[float] = []

    async def watch() -> None:
        while time.monotonic() < ends:
            memory.append(resident_mb(house.bot.pid))
            await asyncio.sleep(10)

    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        for _ in range(AT_ONCE):
            group.create_task(crowd.live(lambda: time.monotonic() >= ends, arguments.pause))
    return memory


async def _settle(house: House) -> None:
    """Wait until nothing is queued or runs, and what is owed had its time."""
    until = time.monotonic() + SETTLES_S
    async with Database(house.database_url) as database:
        store = Store(database)
        while time.monotonic() < until:
            await asyncio.sleep(10)
            async with store.read() as work:
                runs = await work.runs.recent(since=None, task_id=None)
            if not any(_is_open(run) for run in runs):
                return


async def _verdict(house: House, crowd: Crowd, memory: list[float], stopped: int) -> int:
    async with Database(house.database_url) as database, Store(database).read() as work:
        tasks = await work.tasks.all(removed=True)
        runs = await work.runs.recent(since=None, task_id=None)
        owed = await work.deliveries.of_runs([run.id for run in runs])
    lines = [json.loads(line) for line in house.bot.lines if line.startswith("{")]
    errors = [line for line in lines if line.get("level") in ("error", "critical")]
    states = Counter(str(each.state) for several in owed.values() for each in several)
    problems = {
        "errors in the log": len(errors),
        "runs without an end": sum(_is_open(run) for run in runs),
        "ends without a reason": sum(_is_silent(run) for run in runs),
        "due moments without a row": _holes(tasks, runs),
        "deliveries lost": states[str(DeliveryState.FAILED)],
        "exit code": stopped,
    }
    third = max(len(memory) // 3, 1)
    early, late = sum(memory[:third]) / third, sum(memory[-third:]) / third
    print(f"{facts()}\n")
    print(f"acts {dict(crowd.done)}\nnot taken by the wire {dict(crowd.refused)}")
    print(f"tasks {len(tasks)}, runs {dict(Counter(str(run.status) for run in runs))}")
    print(f"deliveries of runs {dict(states)}")
    print(
        f"memory: first third {early:.0f} MB, last third {late:.0f} MB, most {max(memory):.0f} MB"
    )
    print(f"problems {problems}")
    for (said, cause), count in Counter(map(_cause, errors)).most_common(20):
        print(f"{count:6} {said}: {cause}")
    return int(any(problems.values()))


def _cause(line: dict[str, Any]) -> tuple[str, str]:
    """Give what an error says, and the last line of what was raised."""
    raised = str(line.get("exception") or "").strip().splitlines() or [""]
    return str(line.get("event")), raised[-1][:160]


def _is_open(run: Run) -> bool:
    return run.status in (RunStatus.QUEUED, RunStatus.RUNNING)


def _is_silent(run: Run) -> bool:
    return not _is_open(run) and run.status is not RunStatus.SUCCEEDED and not run.reason


def _holes(tasks: list[Task], runs: list[Run]) -> int:
    """Count due moments of tasks nobody touched that have no row."""
    rows = {(run.task_id, run.scheduled_for) for run in runs}
    until = max((run.created_at for run in runs), default=datetime.now(UTC)) - timedelta(seconds=5)
    holes = 0
    for task in tasks:
        if task.version == 1 and task.state is TaskState.ACTIVE and task.schedule is not None:
            due = recurrence.between(task.schedule, task.created_at, until)
            holes += sum((task.id, moment) not in rows for moment in due)
    return holes


def main() -> None:
    """Read the size of the day and live it."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--often", type=int, default=60, help="tasks due every few minutes")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between a person's acts")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(asyncio.run(soak(arguments, Path(folder))))


if __name__ == "__main__":
    main()
