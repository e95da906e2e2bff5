"""Seals of finished days, the digests they stand on, and the sealed days to which answers came late."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0009"


def upgrade() -> None:
    op.create_table(
        "seals",
        sa.Column("vantage", sa.Integer(), sa.ForeignKey("words.id"), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("tree", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("corrects", sa.Integer()),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.Column("record_version", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("seals_day", "seals", ["day"])
    op.create_table(
        "sealed_series",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("series", sa.Integer(), sa.ForeignKey("series.id"), primary_key=True, autoincrement=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "late_days",
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("vantage", sa.Integer(), sa.ForeignKey("words.id"), primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("late_days", "sealed_series", "seals"):
        op.drop_table(table)
