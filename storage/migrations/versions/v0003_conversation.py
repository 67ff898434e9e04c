"""What people say: pauses that end, policies, who is told, templates, and what was talked about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("tasks", sa.Column("paused_until", sa.DateTime(timezone=True)))
    op.create_index("tasks_rested", "tasks", ["workspace_id", "state", "paused_until"])
    op.add_column("tasks", _text("overlap", "skip"))
    op.add_column("tasks", _text("missed", "latest"))
    op.add_column("tasks", sa.Column("notices", JSON, nullable=False, server_default="[]"))
    op.add_column("runs", sa.Column("variables", JSON))
    op.add_column("places", sa.Column("posts_to", sa.Text()))
    op.create_table(
        "templates",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("schedule", JSON, nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "name"),
    )
    op.create_table(
        "talks",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "channel", "thread_ts", "person"),
    )
    op.create_index("talks_by_time", "talks", ["workspace_id", "at"])


def _text(name: str, default: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
