"""What every journey may ask for: a house that its module shares, and three people in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.journeys.books import write_bill
from tests.journeys.driver import House
from tests.journeys.persona import Persona


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a billing file with charges through this morning."""
    path = tmp_path_factory.mktemp("billing") / "focus.csv"
    write_bill(path, datetime.now(UTC).date())
    return path


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, bill: Path) -> Iterator[House]:
    """Give a local Slack with a bot connected to it, which this module's tests share."""
    with House.open(tmp_path_factory.mktemp("house"), CHATCRON_BILLING=str(bill)) as opened:
        opened.run()
        yield opened


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """Give an HTTP session that takes nothing from the environment."""
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def maya(session: ClientSession, house: House) -> Persona:
    """Maya of Berlin, an admin."""
    return Persona(session, house.url, "U0MAYA")


@pytest.fixture
def ravi(session: ClientSession, house: House) -> Persona:
    """Ravi of Chicago."""
    return Persona(session, house.url, "U0RAVI")


@pytest.fixture
def sam(session: ClientSession, house: House) -> Persona:
    """Sam of London."""
    return Persona(session, house.url, "U0SAM")


@pytest.fixture
def gita(session: ClientSession, house: House) -> Persona:
    """Gita of Kolkata, a guest in #platform alone."""
    return Persona(session, house.url, "U0GITA")


@pytest.fixture
def stan(session: ClientSession, house: House) -> Persona:
    """Stan of New York, of another company, in the channel shared with it."""
    return Persona(session, house.url, "U0STAN")
