"""The bot as a process, measured from outside: over Socket Mode, against the local Slack."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count, cycle
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from aiohttp import ClientSession, ClientWebSocketResponse

from scheduler.courier import BURST, GAP
from tests.bench.machine import resident_mb
from tests.bench.rest import Rest, at_rest
from tests.bench.table import Row, median_and_worst, quantile
from tests.journeys.driver import ROOT, House, Program
from tests.journeys.persona import FINOPS, GENERAL, PLATFORM, Persona

ACK_LIMIT_MS = 300
SLACK_ACK_LIMIT_MS = 3_000
START_LIMIT_S = 10
CARDS_WITHIN_S = 60.0
CHANNELS = (FINOPS, PLATFORM, GENERAL)
_MAYA = "U0MAYA"
_PATIENT = ("--retry-delays", "0,2,4,8")  # an event that is late is counted, not lost


class Asker:
    """Maya, asking for task after task and watching for the card of each."""

    def __init__(self, maya: Persona) -> None:
        self._maya = maya
        self._numbers = count(1)
        self._channels = cycle(CHANNELS)
        self._answered: dict[str, float] = {}
        self._news = asyncio.Event()

    async def watch(self, live: ClientWebSocketResponse) -> None:
        """Note when the bot first answers in a thread, until cancelled."""
        async for frame in live:
            told = frame.json()
            if told["type"] == "message" and told["message"]["bot"]:
                self._answered.setdefault(told["message"]["thread_ts"], perf_counter())
                self._news.set()

    async def cards(self, in_flight: int) -> list[float]:
        """Ask for that many tasks at once; give the milliseconds until each card was there."""
        asked = dict(await asyncio.gather(*(self._ask() for _ in range(in_flight))))
        async with asyncio.timeout(CARDS_WITHIN_S):
            while not asked.keys() <= self._answered.keys():
                self._news.clear()
                await self._news.wait()
        return [(self._answered[thread] - began) * 1000 for thread, began in asked.items()]

    async def card_in_its_turn(self) -> list[float]:
        """Ask for one task, no faster than Slack's pace allows the channels."""
        _, spans = await asyncio.gather(
            asyncio.sleep(GAP.total_seconds() / len(CHANNELS)), self.cards(1)
        )
        return spans

    async def _ask(self) -> tuple[str, float]:
        text = f"@Chatcron tony check disks of hall-{next(self._numbers)} every day at 3 AM"
        began = perf_counter()
        return await self._maya.say(text, next(self._channels)), began


@asynccontextmanager
async def _asker(house: House) -> AsyncIterator[Asker]:
    async with (
        ClientSession() as session,
        session.ws_connect(f"{house.url}/ui/live?as={_MAYA}") as live,
        asyncio.TaskGroup() as group,
    ):
        asker = Asker(Persona(session, house.url, _MAYA))
        watching = group.create_task(asker.watch(live))
        yield asker
        watching.cancel()


async def wire_rows(
    *, in_flight: int, rounds: int, alone: int, rest_s: float
) -> tuple[Rest, list[Row]]:
    """Measure start, memory at rest, cards one at a time, and acks and cards with many at once."""
    with TemporaryDirectory() as folder, House.open(Path(folder), *_PATIENT) as house:
        resting = await at_rest(house, rest_s)
        async with _asker(house) as asker:
            await asker.cards(1)
            by_itself = [span for _ in range(alone) for span in await asker.card_in_its_turn()]
            before = len(house.events())
            crowded = [span for _ in range(rounds) for span in await asker.cards(in_flight)]
        acks = await _acks(house, before)
        grown = resident_mb(house.bot.pid)
    return resting, [
        _start_row("chatcron run until connected", resting.start_s, "a new database, SQLite"),
        *_load_rows(acks, by_itself, crowded, in_flight),
        *_memory_rows(resting.memory_mb, grown, len(by_itself) + len(crowded)),
    ]


async def _acks(house: House, before: int) -> list[float]:
    """Wait until the events of what Maya said are acknowledged; give the milliseconds of each.

    One that had to be sent again counts as late by Slack's own limit.
    """
    async with asyncio.timeout(CARDS_WITHIN_S):
        while not all(each["acked"] for each in house.events()):  # noqa: ASYNC110  another process is asked
            await asyncio.sleep(0.1)
    return [
        SLACK_ACK_LIMIT_MS if each["attempts"] > 1 else float(each["ack_ms"])
        for each in house.events()[before:]
        if each["event"].get("user") == _MAYA
    ]


def _start_row(what: str, seconds: float, how: str) -> Row:
    return Row(
        what=what,
        ours=f"{seconds:.1f}",
        unit="s",
        beside=f"limit {START_LIMIT_S}",
        n=1,
        how=how,
        holds=seconds <= START_LIMIT_S,
    )


def _load_rows(
    acks: Sequence[float], by_itself: Sequence[float], crowded: Sequence[float], in_flight: int
) -> list[Row]:
    return [
        Row(
            what=f"ack, {in_flight} messages in flight",
            ours=median_and_worst(acks),
            unit="ms p50/p99",
            beside=f"limit {ACK_LIMIT_MS} p99, Slack's {SLACK_ACK_LIMIT_MS:,}",
            n=len(acks),
            how="event sent to ack; two events a mention, each stored first",
            holds=quantile(acks, 0.99) <= ACK_LIMIT_MS,
        ),
        Row(
            what="message to card, one at a time",
            ours=median_and_worst(by_itself),
            unit="ms p50/p99",
            beside="Slack's pace: 1,000 a message in a channel",
            n=len(by_itself),
            how="said on the page to seen on it",
        ),
        Row(
            what=f"message to card, {in_flight} in flight",
            ours=median_and_worst(crowded),
            unit="ms p50/p99",
            beside=f"Slack's pace alone: {_paced_s(in_flight):,.0f},000 for the last",
            n=len(crowded),
            how=f"the same, in {len(CHANNELS)} channels, {BURST} at once and then one a second",
        ),
    ]


def _paced_s(messages: int) -> float:
    """Say how long the courier's pace alone holds back the last of that many messages."""
    return max(0, ceil(messages / len(CHANNELS)) - BURST) * GAP.total_seconds()


def _memory_rows(resting: float, grown: float, asked: int) -> list[Row]:
    bare = resident_mb(os.getpid())
    return [
        Row(
            what="memory at rest",
            ours=f"{resting:,.0f}",
            unit="MB",
            beside=f"this bench {bare:,.0f}",
            n=1,
            how="resident, some seconds after the start",
        ),
        Row(
            what="memory after the messages",
            ours=f"{grown:,.0f}",
            unit="MB",
            beside=f"{(grown - resting) * 1000 / asked:,.0f} kB a message",
            n=asked,
            how="resident, the same process",
        ),
    ]


async def demo_rows() -> list[Row]:
    """Measure `chatcron demo` in an empty folder until its page answers."""
    with TemporaryDirectory() as folder:
        began = perf_counter()
        settings = {"PYTHONPATH": str(ROOT)}
        arguments = ("-m", "bot", "demo", "--port", "0")
        with Program(*arguments, settings=settings, folder=Path(folder)) as demo:
            url = demo.line_with("Open http").split("Open ")[1].strip()
            async with ClientSession() as session, session.get(url) as page:
                page.raise_for_status()
                await page.read()
            spent = perf_counter() - began
            demo.end()
    return [_start_row("chatcron demo until its page answers", spent, "an empty folder")]
