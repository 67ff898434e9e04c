"""What finds the old runs, and what hangs on them, without looking through everything."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _index("runs_by_end", "runs", ["workspace_id", "finished_at"], "finished_at")
    _index("deliveries_after", "deliveries", ["after"], "after")
    _index("model_calls_of_run", "model_calls", ["run_id"], "run_id")


def _index(name: str, table: str, columns: list[str], known: str) -> None:
    where = sa.text(f'"{known}" IS NOT NULL')
    op.create_index(name, table, columns, postgresql_where=where, sqlite_where=where)
