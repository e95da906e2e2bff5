"""Latencies: a sketch of durations by probe, hour and kind of hour, and what was learned from them to be usual."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.create_table(
        "latencies",
        _key("series", sa.Integer, sa.ForeignKey("series.id")),
        _key("hour", sa.Integer),
        _key("in_school", sa.Boolean),
        sa.Column("sketch", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "usuals",
        _key("series", sa.Integer, sa.ForeignKey("series.id")),
        _key("in_school", sa.Boolean),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("median_us", sa.Integer, nullable=False),
        sa.Column("p95_us", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("usuals")
    op.drop_table("latencies")
    op.execute("DELETE FROM book WHERE key = 'latencies_closed_before'")


def _key(name: str, kind: type[sa.Integer | sa.Boolean], *constraints: sa.ForeignKey) -> sa.Column[int | bool]:
    return sa.Column(name, kind, *constraints, primary_key=True, autoincrement=False)
