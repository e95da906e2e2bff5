"""Issuers: who signed a certificate, beside what else repeats from answer to answer; unknown of what came before."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    op.add_column("evidence", sa.Column("issuer", sa.Integer, sa.ForeignKey("words.id")))


def downgrade() -> None:
    op.drop_column("evidence", "issuer")
