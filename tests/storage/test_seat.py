"""One place for all processes on a database; a file has one process anyway."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database
from storage.seat import Seat


async def test_one_of_several_has_the_place(postgres_url: str) -> None:
    """The second one finds it taken, and has it once the first leaves."""
    async with Database(postgres_url) as second_database:
        second = Seat(second_database)
        async with Database(postgres_url) as first_database:
            first = Seat(first_database)
            assert await first.take()
            assert not await second.take()
            await first.leave()
            await first.leave()
            assert await second.take()
            await second.leave()
            assert await first.take()
            await first.leave()


async def test_on_a_file_the_place_is_free(tmp_path: Path) -> None:
    """Whoever runs on a file is alone there."""
    async with Database(f"sqlite:///{tmp_path / 'x.db'}") as database:
        seat = Seat(database)

        assert await seat.take()
        await seat.leave()
