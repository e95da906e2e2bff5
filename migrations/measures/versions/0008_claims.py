"""Claims: who may be sending a message until when, by which destination it left, when it was queued again by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    op.add_column("tellings", sa.Column("claimed_until", sa.BigInteger))
    op.add_column("tellings", sa.Column("via", sa.Text))
    op.add_column("tellings", sa.Column("requeued_at", sa.BigInteger))


def downgrade() -> None:
    # What a later message says too was never sent by itself, and an older program knows no such state.
    op.execute("UPDATE tellings SET state = 'dead' WHERE state = 'merged'")
    for name in ("requeued_at", "via", "claimed_until"):
        op.drop_column("tellings", name)
