"""Evidence: what repeats from answer to answer, the server's clock, excerpts, and what was not measured."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    _dictionaries()
    op.add_column("observations", sa.Column("evidence", sa.Integer))
    op.add_column("observations", sa.Column("clock_offset", sa.Integer))
    op.add_column("verdicts", sa.Column("speaks_until", sa.BigInteger))
    _excerpts()
    _gaps()


def downgrade() -> None:
    for table in ("gaps", "excerpts", "evidence", "certificates"):
        op.drop_table(table)
    op.drop_column("verdicts", "speaks_until")
    op.drop_column("observations", "clock_offset")
    op.drop_column("observations", "evidence")
    # Gaps of every probe are of a series without a probe, which nothing of 0001 refers to.
    op.execute("DELETE FROM series WHERE probe = ''")


def _key(name: str, kind: type[sa.Integer], *constraints: sa.ForeignKey) -> sa.Column[int]:
    return sa.Column(name, kind, *constraints, primary_key=True, autoincrement=False)


def _dictionaries() -> None:
    op.create_table(
        "certificates",
        _key("id", sa.Integer),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("not_after", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("fingerprint", "not_after", name="certificates_fingerprint_not_after"),
    )
    op.create_table(
        "evidence",
        _key("id", sa.Integer),
        sa.Column("final_host", sa.Integer, sa.ForeignKey("words.id")),
        sa.Column("marker", sa.Integer, sa.ForeignKey("words.id")),
        sa.Column("certificate", sa.Integer, sa.ForeignKey("certificates.id")),
        sa.Column("catalogue", sa.Integer, sa.ForeignKey("words.id"), nullable=False),
    )


def _excerpts() -> None:
    op.create_table(
        "excerpts",
        _key("series", sa.Integer, sa.ForeignKey("series.id")),
        _key("at", sa.BigInteger),
        sa.Column("text", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _gaps() -> None:
    op.create_table(
        "gaps",
        _key("series", sa.Integer, sa.ForeignKey("series.id")),
        _key("since", sa.BigInteger),
        _key("excuse", sa.SmallInteger),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("slots", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("gaps_until", "gaps", ["until"])
