"""What many ask for at the same time is done in one go, and each gets what is theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from scheduler.together import MOST, Together


class Doubling:
    """Doubles numbers, and remembers which came together; 13 it can't do."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def do(self, numbers: Sequence[int]) -> list[int]:
        """Double them all, or none."""
        self.batches.append(list(numbers))
        if 13 in numbers:
            raise ArithmeticError
        return [2 * number for number in numbers]


async def test_each_gets_their_own() -> None:
    """What comes at the same time is done at once, in its order."""
    doubling = Doubling()
    together = Together(doubling.do)

    assert await asyncio.gather(*(together.do(each) for each in (1, 2, 3))) == [2, 4, 6]
    assert doubling.batches == [[1, 2, 3]]


async def test_too_many_are_done_in_turns() -> None:
    """No batch is larger than `MOST`, and none is left out."""
    doubling = Doubling()
    together = Together(doubling.do)

    await asyncio.gather(*(together.do(each) for each in range(20, MOST + 21)))

    assert [len(batch) for batch in doubling.batches] == [MOST, 1]


async def test_what_it_raises_all_of_them_get() -> None:
    """A batch that fails fails for all in it, and the next one is done."""
    together = Together(Doubling().do)

    failed = await asyncio.gather(together.do(1), together.do(13), return_exceptions=True)

    assert [type(each) for each in failed] == [ArithmeticError] * 2
    assert await together.do(4) == 8


async def test_one_that_gave_up_is_left_out() -> None:
    """Who is called off before their turn is not worked for, and holds up nobody."""
    doubling = Doubling()
    together = Together(doubling.do)
    asked = asyncio.ensure_future(together.do(1))
    await asyncio.sleep(0)
    asked.cancel()

    assert await together.do(2) == 4
    assert doubling.batches == [[2]]
    with pytest.raises(asyncio.CancelledError):
        await asked


async def test_what_comes_in_a_rest_is_done_after_it_in_one_go() -> None:
    """The first two are done at once; what comes while it rests is gathered."""
    doubling = Doubling()
    together = Together(doubling.do, rest_s=0.05)
    await asyncio.gather(together.do(1), together.do(2))

    third, fourth = together.ask(3), together.ask(4)

    assert [await third, await fourth] == [6, 8]
    assert doubling.batches == [[1, 2], [3, 4]]


async def test_after_one_alone_there_is_no_rest() -> None:
    """Who come one after the other wait for nobody."""
    doubling = Doubling()
    together = Together(doubling.do, rest_s=3_600)

    async with asyncio.timeout(30):
        assert [await together.do(each) for each in (1, 2, 3)] == [2, 4, 6]
