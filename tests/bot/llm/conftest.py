"""A scripted model on loopback, and the house's own parts that ask it, over a real store."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest

from bot.llm.endpoint import Endpoint
from bot.llm.path import ModelPath, model_path
from storage.database import Database
from storage.migrate import migrate
from storage.store import Store
from tests.plants import SOME_DAY, make_task, plant
from tests.scripted_model import EMPTY, ScriptedModel

MakePath = Callable[..., ModelPath]


@pytest.fixture(scope="package")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated database file to copy, with nothing in it but one run."""
    path = tmp_path_factory.mktemp("migrated") / "chatcron.db"

    async def make() -> None:
        async with Database(f"sqlite:///{path}") as database:
            await migrate(database)
            store = Store(database)
            task = await plant(store, make_task())
            async with store.begin() as work:
                await work.runs.request(task, key="k", by=task.owner, now=SOME_DAY)

    asyncio.run(make())
    return path


@pytest.fixture
async def store(migrated: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """Give a store with one run, R-1; what differs between databases is tested elsewhere."""
    copy = shutil.copy(migrated, tmp_path)
    async with Database(f"sqlite:///{copy}") as database:
        yield Store(database)


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    """Serve a model that answers as the test scripts it."""
    async with ScriptedModel(EMPTY) as server:
        yield server


@pytest.fixture
async def make_path(model: ScriptedModel, store: Store, now: datetime) -> AsyncIterator[MakePath]:
    """Give a maker of the model's path to the scripted model; all of them are closed."""
    made: list[ModelPath] = []

    def make(*, limit_s: float = 20.0, calls_per_day: int = 100) -> ModelPath:
        path = model_path(
            Endpoint(model="scripted", base_url=model.url),
            store,
            calls_per_day=calls_per_day,
            zone="UTC",
            now=lambda: now,
            limit_s=limit_s,
        )
        made.append(path)
        return path

    yield make
    for path in made:
        await path.stop()
