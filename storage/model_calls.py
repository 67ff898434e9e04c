"""Calls to a language model: a place in the day's budget is taken first, the use recorded after."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from storage.records import ModelCall
from storage.repository import Repository
from storage.tables import model_calls, model_days


class ModelCalls(Repository):
    """The model's use by one workspace, inside one transaction."""

    async def reserve(self, day: date, *, cap: int) -> bool:
        """Take one call of the day's budget; False, and nothing taken, when `cap` are gone."""
        start = self._insert_unless_there(model_days)
        await self._connection.execute(start.values(workspace_id=self._workspace, day=day, calls=0))
        return await self._changed(
            sa.update(model_days)
            .where(
                model_days.c.workspace_id == self._workspace,
                model_days.c.day == day,
                model_days.c.calls < cap,
            )
            .values(calls=model_days.c.calls + 1)
        )

    async def used(self, day: date) -> int:
        """Say how many calls of the day's budget are taken."""
        query = sa.select(model_days.c.calls).where(
            model_days.c.workspace_id == self._workspace, model_days.c.day == day
        )
        row = await self._row(query)
        return 0 if row is None else int(row["calls"])

    async def tokens(self, since: datetime) -> int:
        """Add up the tokens of the calls since a moment, both ways."""
        total = sa.func.coalesce(sa.func.sum(model_calls.c.tokens_in + model_calls.c.tokens_out), 0)
        query = sa.select(total.label("tokens")).where(
            model_calls.c.workspace_id == self._workspace, model_calls.c.at >= since
        )
        row = await self._row(query)
        return 0 if row is None else int(row["tokens"])

    async def record(self, call: ModelCall) -> None:
        """Write down what a call used and how it ended."""
        values = {
            "at": call.at,
            "purpose": call.purpose,
            "model": call.model,
            "run_id": call.run_id,
            "tokens_in": call.tokens_in,
            "tokens_out": call.tokens_out,
            "took_ms": call.took_ms,
            "outcome": call.outcome,
        }
        await self._insert(model_calls, values)

    async def calls(self, limit: int = 100) -> list[ModelCall]:
        """Give the last calls, newest first."""
        query = (
            sa.select(model_calls)
            .where(model_calls.c.workspace_id == self._workspace)
            .order_by(model_calls.c.id.desc())
            .limit(limit)
        )
        return [
            ModelCall(**{name: row[name] for name in ModelCall.__slots__})
            for row in await self._rows(query)
        ]
