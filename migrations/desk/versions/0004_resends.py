"""Wishes that messages that were given up be sent again; the monitor reads them, and keeps what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.create_table(
        "resends",
        sa.Column("telling", sa.Text, primary_key=True),
        sa.Column("asked_at", sa.BigInteger, primary_key=True, autoincrement=False),
    )


def downgrade() -> None:
    op.drop_table("resends")
