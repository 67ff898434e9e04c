"""A workspace in which places and people come and go."""

from __future__ import annotations

from datetime import datetime

import pytest

from storage.store import Store
from tests.scheduler.town import Town


@pytest.fixture
def town(store: Store, now: datetime) -> Town:
    """Give a workspace where everything is as it should be."""
    return Town(store, now)
