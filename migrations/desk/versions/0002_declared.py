"""What people declare: maintenance windows, and announcements about an incident or a service."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.create_table(
        "windows",
        sa.Column("id", sa.Text, primary_key=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("scope", "name", "weekdays", "first_day", "starts", "ends", "timezone", "reason", "author")
        ),
        sa.Column("last_day", sa.Text),
        sa.Column("declared_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_table(
        "announcements",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "text", "author")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("at", "recorded_at")),
        *(sa.Column(name, sa.Text) for name in ("incident", "service")),
        sa.Column("withdrawn_at", sa.BigInteger),
    )
    for name in ("incident", "service"):
        op.create_index(f"announcements_{name}", "announcements", [name])


def downgrade() -> None:
    op.drop_table("announcements")
    op.drop_table("windows")
