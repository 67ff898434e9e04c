"""What the chaos tests ask for: a house of their own each, and its people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.journeys.driver import House
from tests.journeys.persona import Persona


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a local Slack with no bot connected yet."""
    with House.open(tmp_path, CHATCRON_SAMPLE_DATA="1") as opened:
        yield opened


@pytest.fixture
async def maya(house: House) -> AsyncIterator[Persona]:
    """Maya of Berlin."""
    async with ClientSession() as session:
        yield Persona(session, house.url, "U0MAYA")
