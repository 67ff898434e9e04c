"""While nothing is written and nothing comes due no look is taken; what comes is seen at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scheduler.dispatcher import Dispatcher
from scheduler.stillness import Stillness
from storage.database import Database
from storage.migrate import migrate
from storage.store import Store
from tests.plants import make_task, plant
from tests.scheduler.test_dispatcher import Basket, runs_of

SECOND = timedelta(seconds=1)


@pytest.fixture
async def file_store(tmp_path: Path) -> AsyncIterator[Store]:
    """Give a migrated, empty store on SQLite."""
    async with Database(f"sqlite:///{tmp_path / 'chatcron.db'}") as database:
        await migrate(database)
        yield Store(database)


async def test_it_lasts_until_its_time_or_a_write(file_store: Store, now: datetime) -> None:
    """It holds before its end alone, and no longer once anything is written."""
    stillness = Stillness(file_store.database.changes)
    before_any = stillness.lasts(now)
    stillness.begins(stillness.mark(), until=now + SECOND)
    while_still = stillness.lasts(now), stillness.lasts(now + SECOND)

    await plant(file_store, make_task())

    assert (before_any, while_still) == (False, (True, False))
    assert not stillness.lasts(now)


async def test_a_write_during_the_look_ends_it(file_store: Store, now: datetime) -> None:
    """What was written after the look began may have been overlooked, so another one is taken."""
    stillness = Stillness(file_store.database.changes)
    mark = stillness.mark()
    await plant(file_store, make_task())

    stillness.begins(mark, until=None)

    assert not stillness.lasts(now)


async def test_without_marks_every_look_is_taken(postgres_url: str, now: datetime) -> None:
    """Where nothing tells of writes, a look that found nothing is not relied on."""
    async with Database(postgres_url) as database:
        stillness = Stillness(database.changes)
        stillness.begins(stillness.mark(), until=None)

        assert not stillness.lasts(now)


async def test_a_tick_at_rest_sees_what_others_plant(store: Store, now: datetime) -> None:
    """A task that comes to the database from elsewhere is claimed by the next tick."""
    dispatcher = Dispatcher(store, Basket())
    resting = [await dispatcher.tick(now), await dispatcher.tick(now)]

    async with Database(store.database.url.render_as_string(hide_password=False)) as elsewhere:
        task = await plant(Store(elsewhere), make_task(next_run_at=now))
    await dispatcher.tick(now)

    assert resting == [None, None]
    assert [run.scheduled_for for run in await runs_of(store, task)] == [now]


async def test_a_tick_at_rest_claims_what_comes_due(store: Store, now: datetime) -> None:
    """A rest ends at the next moment, though nothing was written meanwhile."""
    task = await plant(store, make_task(next_run_at=now + SECOND))
    dispatcher = Dispatcher(store, Basket())
    resting = [await dispatcher.tick(now), await dispatcher.tick(now)]

    await dispatcher.tick(now + SECOND)

    assert resting == [now + SECOND] * 2
    assert [run.scheduled_for for run in await runs_of(store, task)] == [now + SECOND]
