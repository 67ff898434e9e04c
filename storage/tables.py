"""The tables, as SQLAlchemy Core; constraints have names because code and tests speak of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

ONE_RUN_A_MOMENT = "one_run_a_moment"
ONE_RUN_A_REQUEST = "one_run_a_request"
ONE_TASK_A_REQUEST = "one_task_a_request"
ACTIVE_HAS_A_NEXT_RUN = "active_has_a_next_run"
ONE_DELIVERY_A_KIND = "one_delivery_a_kind"
ONE_ROW_AN_EVENT = "one_row_an_event"
ONE_ROW_A_MESSAGE = "one_row_a_message"


class NaiveDatetime(ValueError):
    """A datetime without a zone was about to be stored."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is refused.

    SQLite has no zones and would hand naive values back, so they are put on here. Its values are
    written and read in one step each, as a full minute has tens of thousands of them.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any] | None:
        """Give what makes a value ready for the driver."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Give what makes a value of what the driver found."""
        return _of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: sa.Dialect,  # noqa: ARG002  the signature is SQLAlchemy's
    ) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: sa.Dialect,  # noqa: ARG002  the signature is SQLAlchemy's
    ) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise NaiveDatetime(f"{value!r} has no zone")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    """Write an instant as SQLite's columns have it: its wall time in UTC, to the microsecond."""
    if value is None:
        return None
    return _in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def _of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

metadata = sa.MetaData()


def _workspace() -> sa.Column[str]:
    return sa.Column("workspace_id", sa.Text, nullable=False)


def _instant(name: str, *, required: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, UtcDateTime, nullable=not required)


def _flags(*names: str) -> list[sa.Column[bool]]:
    return [
        sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()) for name in names
    ]


def _task_id(*, primary: bool = False) -> sa.Column[Any]:
    return sa.Column(
        "task_id", BIG_ID, sa.ForeignKey("tasks.id"), nullable=False, primary_key=primary
    )


def _one_open(name: str, *columns: str) -> sa.Index:
    """Let no two open attempts have the same in these columns."""
    is_open = sa.text("outcome IS NULL")
    return sa.Index(
        name,
        "workspace_id",
        *columns,
        unique=True,
        postgresql_where=is_open,
        sqlite_where=is_open,
    )


def _where_known(name: str, *columns: str, known: str) -> sa.Index:
    """Find the rows that have something in a column."""
    where = sa.text(f'"{known}" IS NOT NULL')
    return sa.Index(name, *columns, postgresql_where=where, sqlite_where=where)


tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _workspace(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("template", sa.Text),
    sa.Column("schedule", JSON),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("zone_from", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("assumed", JSON, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("thread_ts", sa.Text),
    sa.Column("card_ts", sa.Text),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("timeout_s", sa.Integer, nullable=False),
    sa.Column("retries", sa.Integer, nullable=False),
    sa.Column("delegate", sa.Text),
    sa.Column("hold", sa.Text),
    sa.Column("hold_reason", sa.Text),
    _instant("paused_until"),
    sa.Column("overlap", sa.Text, nullable=False, server_default="skip"),
    sa.Column("missed", sa.Text, nullable=False, server_default="latest"),
    sa.Column("notices", JSON, nullable=False, server_default="[]"),
    sa.Column("leeway", JSON, nullable=False, server_default="{}"),
    _instant("remind_at"),
    _instant("expires_at"),
    _instant("next_run_at"),
    sa.Column("fired", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("request_key", sa.Text),
    _instant("created_at", required=True),
    _instant("updated_at", required=True),
    sa.UniqueConstraint("workspace_id", "request_key", name=ONE_TASK_A_REQUEST),
    sa.CheckConstraint(
        "state <> 'active' OR schedule IS NULL OR next_run_at IS NOT NULL",
        name=ACTIVE_HAS_A_NEXT_RUN,
    ),
    sa.Index("tasks_due", "workspace_id", "state", "next_run_at"),
    sa.Index("tasks_rested", "workspace_id", "state", "paused_until"),
    sa.Index("tasks_by_thread", "workspace_id", "channel", "thread_ts"),
    sqlite_autoincrement=True,
)

task_versions = sa.Table(
    "task_versions",
    metadata,
    _task_id(primary=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    _workspace(),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    _instant("at", required=True),
    sa.Column("before", JSON),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _workspace(),
    _task_id(),
    sa.Column("task_version", sa.Integer, nullable=False),
    sa.Column("trigger", sa.Text, nullable=False),
    _instant("scheduled_for"),
    _instant("last_scheduled_for"),
    sa.Column("moments", sa.Integer, nullable=False),
    sa.Column("request_key", sa.Text),
    sa.Column("asked_by", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("attempt", sa.Integer, nullable=False),
    _instant("ready_at", required=True),
    _instant("started_at"),
    _instant("finished_at"),
    sa.Column("variables", JSON),
    sa.Column("report", JSON),
    _instant("created_at", required=True),
    sa.UniqueConstraint("task_id", "scheduled_for", name=ONE_RUN_A_MOMENT),
    sa.UniqueConstraint("workspace_id", "request_key", name=ONE_RUN_A_REQUEST),
    sa.Index("runs_ready", "workspace_id", "status", "ready_at"),
    sa.Index("runs_of_task", "task_id", "id"),
    _where_known("runs_by_end", "workspace_id", "finished_at", known="finished_at"),
    sqlite_autoincrement=True,
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("run_id", BIG_ID, sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    _workspace(),
    sa.Column("worker", sa.Text, nullable=False),
    _instant("started_at", required=True),
    _instant("lease_until", required=True),
    _instant("finished_at"),
    sa.Column("outcome", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("agent", sa.Text),
    sa.Column("slot", sa.Integer),
    sa.Column("agent_slot", sa.Integer),
    sa.Index("attempts_open", "workspace_id", "outcome", "lease_until"),
    _one_open("one_attempt_a_slot", "slot"),
    _one_open("one_attempt_an_agent_slot", "agent", "agent_slot"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _workspace(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("outlet", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("thread_ts", sa.Text),
    _task_id(),
    sa.Column("run_id", BIG_ID, sa.ForeignKey("runs.id")),
    sa.Column("after", BIG_ID, sa.ForeignKey("deliveries.id")),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    _instant("next_try_at", required=True),
    _instant("claimed_at"),
    _instant("sent_at"),
    sa.Column("sent_to", sa.Text),
    sa.Column("ref", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("payload", JSON),
    _instant("created_at", required=True),
    sa.UniqueConstraint("run_id", "kind", "outlet", "target", name=ONE_DELIVERY_A_KIND),
    sa.Index("deliveries_owed", "workspace_id", "state", "next_try_at"),
    sa.Index("deliveries_by_message", "workspace_id", "sent_to", "ref"),
    _where_known("deliveries_after", "after", known="after"),
    sqlite_autoincrement=True,
)

pace = sa.Table(
    "pace",
    metadata,
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("outlet", sa.Text, primary_key=True),
    sa.Column("target", sa.Text, primary_key=True),
    _instant("free_at", required=True),
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("handle", sa.Text, nullable=False, server_default=""),
    sa.Column("zone", sa.Text),
    sa.Column("is_admin", sa.Boolean, nullable=False),
    *_flags("is_guest", "is_stranger", "is_bot", "is_gone"),
    _instant("fetched_at", required=True),
)

places = sa.Table(
    "places",
    metadata,
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("is_archived", sa.Boolean, nullable=False),
    sa.Column("is_shared", sa.Boolean, nullable=False),
    sa.Column("has_bot", sa.Boolean, nullable=False),
    sa.Column("zone", sa.Text),
    sa.Column("posts_to", sa.Text),
    _instant("members_at"),
    _instant("fetched_at", required=True),
)

members = sa.Table(
    "members",
    metadata,
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("place_id", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, primary_key=True),
)

templates = sa.Table(
    "templates",
    metadata,
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("schedule", JSON),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    _instant("created_at", required=True),
)

talks = sa.Table(
    "talks",
    metadata,
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("thread_ts", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("body", JSON, nullable=False),
    _instant("at", required=True),
    sa.Index("talks_by_time", "workspace_id", "at"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _workspace(),
    _instant("at", required=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("before", JSON),
    sa.Column("after", JSON),
    sa.Index("audit_of_target", "workspace_id", "target", "id"),
    sqlite_autoincrement=True,
)

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("body", JSON, nullable=False),
    _instant("at", required=True),
)

model_days = sa.Table(
    "model_days",
    metadata,
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("calls", sa.Integer, nullable=False),
)

model_calls = sa.Table(
    "model_calls",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _workspace(),
    _instant("at", required=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("run_id", BIG_ID, sa.ForeignKey("runs.id")),
    sa.Column("tokens_in", sa.Integer, nullable=False),
    sa.Column("tokens_out", sa.Integer, nullable=False),
    sa.Column("took_ms", sa.Integer, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Index("model_calls_by_time", "workspace_id", "at"),
    _where_known("model_calls_of_run", "run_id", known="run_id"),
    sqlite_autoincrement=True,
)

inbound = sa.Table(
    "inbound",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _workspace(),
    sa.Column("event_key", sa.Text, nullable=False),
    sa.Column("message_key", sa.Text),
    sa.Column("payload", JSON, nullable=False),
    _instant("received_at", required=True),
    sa.Column("claimed_by", sa.Text),
    _instant("claimed_until"),
    _instant("handled_at"),
    sa.UniqueConstraint("workspace_id", "event_key", name=ONE_ROW_AN_EVENT),
    sa.UniqueConstraint("workspace_id", "message_key", name=ONE_ROW_A_MESSAGE),
    sa.Index("inbound_open", "workspace_id", "handled_at"),
    sqlite_autoincrement=True,
)
