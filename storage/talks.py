"""What was last talked about with whom, where: kept for half an hour, so that "it" means something.

No words of anybody's are kept here: task numbers, the request that was read, and what was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.repository import Repository
from storage.tables import talks


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation with one person in one place; `thread_ts` is empty outside a thread.

    `tasks` are those spoken of, the newest first, of which the first `together` were told of in one
    breath; `last` is the last request, `asked` the question that waits for this person's answer,
    both as plain JSON.
    """

    channel: str
    thread_ts: str
    person: str
    tasks: tuple[int, ...] = ()
    together: int = 1
    last: Mapping[str, Any] | None = None
    asked: Mapping[str, Any] | None = None
    at: datetime


class Talks(Repository):
    """The talks of one workspace, inside one transaction."""

    async def get(self, channel: str, thread_ts: str, person: str) -> Talk | None:
        """Find what was talked about with somebody there."""
        row = await self._row(sa.select(talks).where(*self._here(channel, thread_ts, person)))
        if row is None:
            return None
        body = row["body"]
        return Talk(
            channel=channel,
            thread_ts=thread_ts,
            person=person,
            tasks=tuple(body.get("tasks", ())),
            together=body.get("together", 1),
            last=body.get("last"),
            asked=body.get("asked"),
            at=row["at"],
        )

    async def with_person(self, channel: str, person: str) -> list[Talk]:
        """Give what was talked about with somebody anywhere in a channel."""
        rows = await self._rows(
            sa.select(talks.c.thread_ts).where(
                talks.c.workspace_id == self._workspace,
                talks.c.channel == channel,
                talks.c.person == person,
            )
        )
        found = [await self.get(channel, row["thread_ts"], person) for row in rows]
        return [talk for talk in found if talk is not None]

    async def put(self, talk: Talk) -> None:
        """Remember a talk in place of the one before."""
        body = {
            "tasks": list(talk.tasks),
            "together": talk.together,
            "last": talk.last,
            "asked": talk.asked,
        }
        key = {"channel": talk.channel, "thread_ts": talk.thread_ts, "person": talk.person}
        await self._put(talks, key, {"body": body, "at": talk.at})

    async def forget(self, channel: str, thread_ts: str, person: str) -> bool:
        """Forget a talk; says whether there was one, so that of two answers one counts."""
        gone = await self._connection.execute(
            sa.delete(talks).where(*self._here(channel, thread_ts, person))
        )
        return gone.rowcount == 1

    async def sweep(self, *, before: datetime, limit: int) -> int:
        """Remove talks that ended before a moment, at most `limit`; says how many."""
        old = (
            sa.select(talks.c.channel, talks.c.thread_ts, talks.c.person)
            .where(talks.c.workspace_id == self._workspace, talks.c.at < before)
            .order_by(talks.c.at)
            .limit(limit)
        )
        rows = await self._rows(old)
        for row in rows:
            await self.forget(row["channel"], row["thread_ts"], row["person"])
        return len(rows)

    def _here(
        self, channel: str, thread_ts: str, person: str
    ) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            talks.c.workspace_id == self._workspace,
            talks.c.channel == channel,
            talks.c.thread_ts == thread_ts,
            talks.c.person == person,
        )
