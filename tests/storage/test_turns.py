"""Writers take turns; an urgent one goes first, and one that gave up holds up nobody."""

from __future__ import annotations

import asyncio

import pytest

from storage.turns import Turns


async def test_the_urgent_go_before_the_others() -> None:
    """Whoever waits urgently gets the next turn, the others keep their order."""
    turns, order = Turns(at_once=1), list[str]()

    async def write(name: str, *, urgent: bool = False) -> None:
        async with turns.take(urgent=urgent):
            order.append(name)

    async with turns.take():
        waiting = [
            asyncio.ensure_future(write("first")),
            asyncio.ensure_future(write("second")),
            asyncio.ensure_future(write("urgent", urgent=True)),
        ]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)

    assert order == ["urgent", "first", "second"]


async def test_one_that_gave_up_holds_up_nobody() -> None:
    """A cancelled wait, even one whose turn had just come, passes the turn on."""
    turns = Turns(at_once=1)

    async def write() -> None:
        async with turns.take():
            pass

    async with turns.take():
        early, late = asyncio.ensure_future(write()), asyncio.ensure_future(write())
        await asyncio.sleep(0)
        early.cancel()
        await asyncio.sleep(0)
    late.cancel()
    for task in (early, late):
        with pytest.raises(asyncio.CancelledError):
            await task

    async with asyncio.timeout(1), turns.take():
        pass
