"""History: the flag of what flaps, when a trouble was proved, and corrections by late answers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.add_column("verdicts", sa.Column("proved_at", sa.BigInteger))
    op.add_column("verdicts", sa.Column("recent", sa.Integer, nullable=False, server_default="1"))
    for table in ("verdicts", "service_verdicts"):
        op.add_column(table, sa.Column("unstable", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "corrections",
        _key("id", sa.Integer),
        *(
            sa.Column(name, sa.Integer, sa.ForeignKey("words.id"), nullable=False)
            for name in ("service", "probe", "vantage")
        ),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )
    op.create_index("corrections_until", "corrections", ["until"])
    op.create_table(
        "corrected_spans",
        _key("correction", sa.Integer, sa.ForeignKey("corrections.id")),
        _key("since", sa.BigInteger),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("health", sa.Text, nullable=False),
        sa.Column("failure", sa.SmallInteger),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("corrected_spans")
    op.drop_table("corrections")
    op.drop_column("service_verdicts", "unstable")
    for column in ("unstable", "recent", "proved_at"):
        op.drop_column("verdicts", column)


def _key(name: str, kind: type[sa.Integer], *constraints: sa.ForeignKey) -> sa.Column[int]:
    return sa.Column(name, kind, *constraints, primary_key=True, autoincrement=False)
