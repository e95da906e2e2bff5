"""Silences that people declare, and who works on which incident."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.create_table(
        "silences",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("what", "name")),
        sa.Column("subscription", sa.Text),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "author")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("since", "until", "declared_at")),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_table(
        "acknowledgements",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("incident", "author", "note")),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger),
    )
    op.create_index("acknowledgements_incident", "acknowledgements", ["incident"])


def downgrade() -> None:
    op.drop_table("acknowledgements")
    op.drop_table("silences")
