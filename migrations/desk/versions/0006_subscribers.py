"""People who signed up for themselves, and which addresses were written to lately."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("email", sa.Text, nullable=False, unique=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("scope", "name", "language")),
        sa.Column("school_hours", sa.Boolean, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    op.create_index("subscribers_revision", "subscribers", ["revision"])
    op.create_table(
        "asked_lately",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("asked_lately_at", "asked_lately", ["at"])


def downgrade() -> None:
    op.drop_table("asked_lately")
    op.drop_table("subscribers")
