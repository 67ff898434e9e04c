"""Who changed what, from where: written with the change, never altered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import rows
from storage.records import Actor, AuditEntry
from storage.repository import Repository
from storage.tables import audit


class Audit(Repository):
    """The audit of one workspace, inside the transaction of the change it tells of."""

    async def write(
        self,
        action: str,
        target: str,
        *,
        by: Actor,
        at: datetime,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Tell of a change to `target`, such as "T-12"; `before` and `after` are what differs."""
        values = {
            "action": action,
            "target": target,
            "actor": by.id,
            "origin": str(by.origin),
            "at": at,
            "before": before,
            "after": after,
        }
        await self._insert(audit, values)

    async def of(self, target: str, limit: int = 100) -> list[AuditEntry]:
        """Give the last changes to `target`, newest first."""
        query = (
            sa.select(audit)
            .where(audit.c.workspace_id == self._workspace, audit.c.target == target)
            .order_by(audit.c.id.desc())
            .limit(limit)
        )
        return [rows.audit_from(row) for row in await self._rows(query)]
