"""Together: what many ask for at the same time is done in one go, as in one transaction.

A transaction for each would make a full minute wait for one disk write after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

MOST = 100
"""How much is done in one go, so that others come to their turn."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Together(Generic[Item, Result]):
    """Gathers what is asked for while `work` is busy; each who asks gets the result of their own.

    `work` gives a result for each of at most `most` items, in their order; what it raises, all of
    them get. After several came together it rests `rest_s`, so that more are gathered for the next.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        *,
        most: int = MOST,
        rest_s: float = 0.0,
    ) -> None:
        self._work = work
        self._most = most
        self._rest_s = rest_s
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._working: asyncio.Future[None] | None = None

    async def do(self, item: Item) -> Result:
        """Have something done, beside what others ask for; one that gives up before is left out."""
        return await self.ask(item)

    def ask(self, item: Item) -> asyncio.Future[Result]:
        """Ask for something to be done, as `do` does, to be waited for or called off."""
        told: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, told))
        if self._working is None or self._working.done():
            # in a context of its own: what is logged is about no single one of those who ask
            self._working = Context().run(asyncio.ensure_future, self._work_off())
        return told

    async def _work_off(self) -> None:
        while self._waiting:
            await asyncio.sleep(0)  # who was woken together asks together
            batch = [each for each in self._waiting[: self._most] if not each[1].done()]
            del self._waiting[: self._most]
            if batch:
                await self._do(batch)
                if self._rest_s and len(batch) > 1:
                    await asyncio.sleep(self._rest_s)

    async def _do(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except Exception as error:
            for _, told in batch:
                if not told.done():
                    told.set_exception(error)
            return
        for (_, told), result in zip(batch, results, strict=True):
            if not told.done():
                told.set_result(result)
