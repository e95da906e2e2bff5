"""The days of each service, kept for ever: totals since its first day, and the course of the day."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"

_SUMS = ("up", "slow", "waiting", "restricted", "down", "maintenance", "declared", "asked")


def upgrade() -> None:
    op.create_table(
        "service_days",
        _key("day"),
        _key("service", sa.ForeignKey("words.id")),
        sa.Column("first_day", sa.Integer, nullable=False),
        sa.Column("mark", sa.BigInteger),
        *(
            sa.Column(f"{hours}_{name}_us", sa.BigInteger, nullable=False)
            for hours in ("all", "school")
            for name in _SUMS
        ),
        sa.Column("course", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    unmade = sa.text("mark IS NULL")
    op.create_index(
        "service_days_unmade", "service_days", ["day", "service"], sqlite_where=unmade, postgresql_where=unmade
    )


def downgrade() -> None:
    op.drop_table("service_days")


def _key(name: str, *constraints: sa.ForeignKey) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, *constraints, primary_key=True, autoincrement=False)
