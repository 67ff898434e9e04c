"""Why a server could not be reached, in words: shared by the looks at certificates and headers."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from scheduler.agents.tools.hosts import Host

Seen = TypeVar("Seen")

LIMIT_S = 10.0
AT_ONCE = 8


_WHY: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, f"no answer within {LIMIT_S:g} s"),
    (socket.gaierror, "its name is not known"),
    (ConnectionRefusedError, "nothing listens there"),
    (ssl.SSLError, "it does not speak TLS, or none that can be spoken"),
    (ConnectionError, "it broke the connection off"),
    (OSError, "it can't be reached"),
)


def why(error: BaseException) -> str:
    """Say why a server could not be looked at; never in the words of the exception."""
    chain = list(_chain(error))
    for kind, words in _WHY:
        if any(isinstance(it, kind) for it in chain):
            return words
    return "its answer can't be read"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error with all that led to it."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        if isinstance(seen, BaseExceptionGroup):
            for each_ in seen.exceptions:
                yield from _chain(each_)
        seen = seen.__cause__ or seen.__context__


async def each(hosts: Sequence[Host], look: Callable[[Host], Awaitable[Seen]]) -> list[Seen]:
    """Look at every host, a few at a time, and give what was seen in their order."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(host: Host) -> Seen:
        async with free:
            return await look(host)

    async with asyncio.TaskGroup() as group:
        looks = [group.create_task(one(host)) for host in hosts]
    return [it.result() for it in looks]
