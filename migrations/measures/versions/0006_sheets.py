"""Evidence sheets: what stands behind an incident, frozen when it closes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    op.create_table(
        "sheets",
        sa.Column("incident", sa.Text, primary_key=True),
        sa.Column("edition", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("frozen_at", sa.BigInteger, nullable=False),
        sa.Column("json", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("sheets")
