"""The store: one transaction at a time, with a repository for each kind of record bound to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit import Audit
from storage.batches import Batches
from storage.database import Database
from storage.deliveries import Deliveries
from storage.figures import Counts
from storage.inbound import InboundEvents
from storage.looks import Looks
from storage.marks import Marks
from storage.model_calls import ModelCalls
from storage.people import People
from storage.places import Places
from storage.records import WORKSPACE
from storage.retention import Retention
from storage.runs import Runs
from storage.shared_jobs import SharedJobs
from storage.slots import NO_LIMITS, Limits
from storage.streaks import Streaks
from storage.talks import Talks
from storage.tasks import Tasks
from storage.templates import Templates
from storage.waits import Waits


class Work:
    """What can be done inside one transaction."""

    def __init__(
        self, connection: AsyncConnection, workspace: str, limits: Limits = NO_LIMITS
    ) -> None:
        self.connection = connection
        self.tasks = Tasks(connection, workspace)
        self.templates = Templates(connection, workspace)
        self.talks = Talks(connection, workspace)
        self.runs = Runs(connection, workspace, limits)
        self.batches = Batches(connection, workspace)
        self.retention = Retention(connection, workspace)
        self.jobs = SharedJobs(connection, workspace, limits)
        self.streaks = Streaks(connection, workspace)
        self.deliveries = Deliveries(connection, workspace)
        self.people = People(connection, workspace)
        self.places = Places(connection, workspace)
        self.inbound = InboundEvents(connection, workspace)
        self.audit = Audit(connection, workspace)
        self.marks = Marks(connection, workspace)
        self.model_calls = ModelCalls(connection, workspace)
        self.counts = Counts(connection, workspace)
        self.waits = Waits(connection, workspace)
        self.looks = Looks(connection, workspace)


class Store:
    """Everything that is true, of one workspace, in one database.

    `limits` say how many runs are worked on at once, by all processes that have the same.
    """

    def __init__(
        self, database: Database, workspace: str = WORKSPACE, limits: Limits = NO_LIMITS
    ) -> None:
        self.database = database
        self._limits = limits
        self.workspace = workspace

    @property
    def has_limits(self) -> bool:
        """Say whether it is limited how many runs are worked on at once."""
        return self._limits != NO_LIMITS

    @asynccontextmanager
    async def begin(self, *, urgent: bool = False) -> AsyncIterator[Work]:
        """Open one transaction to change things: all of it happens, or none of it.

        An urgent one goes before others that wait for their turn.
        """
        async with self.database.begin(urgent=urgent) as connection:
            yield Work(connection, self.workspace, self._limits)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        """Open one consistent view to look at things; changing anything in it fails."""
        async with self.database.read() as connection:
            yield Work(connection, self.workspace, self._limits)
