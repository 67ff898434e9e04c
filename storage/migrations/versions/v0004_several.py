"""Several processes: how many runs go on at once among them, and who answers which message."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

IS_OPEN = sa.text("outcome IS NULL")


def upgrade() -> None:
    op.add_column("attempts", sa.Column("agent", sa.Text()))
    op.add_column("attempts", sa.Column("slot", sa.Integer()))
    op.add_column("attempts", sa.Column("agent_slot", sa.Integer()))
    op.create_index(
        "one_attempt_a_slot",
        "attempts",
        ["workspace_id", "slot"],
        unique=True,
        postgresql_where=IS_OPEN,
        sqlite_where=IS_OPEN,
    )
    op.create_index(
        "one_attempt_an_agent_slot",
        "attempts",
        ["workspace_id", "agent", "agent_slot"],
        unique=True,
        postgresql_where=IS_OPEN,
        sqlite_where=IS_OPEN,
    )
    op.add_column("inbound", sa.Column("claimed_by", sa.Text()))
    op.add_column("inbound", sa.Column("claimed_until", sa.DateTime(timezone=True)))
