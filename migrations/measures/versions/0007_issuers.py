"""Issuers: who signed a certificate, beside what else repeats from answer to answer; unknown of what came before."""

from alembic import op

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    # In one breath: Alembic would add the reference by a statement of its own, which SQLite does not know.
    op.execute("ALTER TABLE evidence ADD COLUMN issuer INTEGER REFERENCES words (id)")


def downgrade() -> None:
    op.drop_column("evidence", "issuer")
