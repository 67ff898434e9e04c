"""The dead man's switch: it pings while all is well, and hurts nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.ping import Ping
from tests.journeys.driver import free_port


class Watcher:
    """Somebody who waits for pings, and answers with `status`."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.heard = 0
        self.came = asyncio.Event()

    async def answer(self, _: web.Request) -> web.Response:
        """Count a ping."""
        self.heard += 1
        self.came.set()
        return web.Response(status=self.status)


@pytest.fixture
async def watcher() -> AsyncIterator[Watcher]:
    """Give a watcher who listens on a port of its own."""
    found = Watcher()
    app = web.Application()
    app.router.add_get("/ping/of-mine", found.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/ping/of-mine"
    yield found
    await runner.cleanup()


async def well() -> bool:
    """Say that all is well."""
    return True


async def ill() -> bool:
    """Say that it is not."""
    return False


async def broken() -> bool:
    """Fail to say."""
    raise RuntimeError("broken")


async def test_a_ping_comes_at_once_and_stops_with_the_process(watcher: Watcher) -> None:
    """The first does not wait for its turn, and a stop does not wait for the next."""
    ping = Ping(watcher.url, every_s=3600, is_well=well)

    ping.start()
    await watcher.came.wait()
    await ping.stop()

    assert watcher.heard == 1


async def test_nothing_comes_while_it_is_not_well(watcher: Watcher) -> None:
    """Silence is what raises the alarm, also where nobody can say how it is."""
    assert not await Ping(watcher.url, every_s=10, is_well=ill).send()
    assert not await Ping(watcher.url, every_s=10, is_well=broken).send()
    assert watcher.heard == 0


async def test_failures_are_told_once_a_row_and_never_the_address(watcher: Watcher) -> None:
    """A watcher that refuses is logged at its first refusal and when it hears again."""
    ping = Ping(watcher.url, every_s=10, is_well=well)
    with capture_logs() as lines:
        for watcher.status in (500, 500, 200, 200):
            await ping.send()

    assert [line["action"] for line in lines] == ["ping_failed", "ping_arrives"]
    assert "of-mine" not in str(lines)


async def test_a_watcher_that_is_away_hurts_nothing() -> None:
    """A ping into nothing says that it did not arrive."""
    ping = Ping(f"http://127.0.0.1:{free_port()}/", every_s=10, is_well=well)

    assert not await ping.send()
