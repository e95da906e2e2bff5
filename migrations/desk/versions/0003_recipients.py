"""Official contacts of schools: one row for each school and e-mail address."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.create_table(
        "recipients",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("uai", "name", "email")),
        sa.Column("phone", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("added_at", "changed_at")),
        sa.UniqueConstraint("uai", "email", name="recipients_school_email"),
    )


def downgrade() -> None:
    op.drop_table("recipients")
