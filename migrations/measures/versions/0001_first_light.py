"""First light: observations and what is derived from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    _dictionaries()
    _observations()
    _verdicts()
    _spans()
    _incidents()
    _snapshots()
    _tellings()


def downgrade() -> None:
    for table in (
        "tellings",
        "snapshots",
        "incidents",
        "spans",
        "service_verdicts",
        "verdicts",
        "observations",
        "series",
        "words",
        "book",
    ):
        op.drop_table(table)


def _key(name: str, kind: type[sa.Integer], *constraints: sa.ForeignKey) -> sa.Column[int]:
    return sa.Column(name, kind, *constraints, primary_key=True, autoincrement=False)


def _dictionaries() -> None:
    op.create_table("book", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))
    op.create_table("words", _key("id", sa.Integer), sa.Column("text", sa.Text, nullable=False, unique=True))
    op.execute("INSERT INTO words (id, text) VALUES (0, '')")
    op.create_table(
        "series",
        _key("id", sa.Integer),
        sa.Column("probe", sa.Text, nullable=False),
        sa.Column("vantage", sa.Text, nullable=False),
        sa.UniqueConstraint("probe", "vantage", name="series_probe_vantage"),
    )


def _observations() -> None:
    op.create_table(
        "observations",
        _key("hour", sa.Integer),
        _key("series", sa.Integer),
        _key("at", sa.BigInteger),
        sa.Column("took_us", sa.Integer, nullable=False),
        sa.Column("resolve_us", sa.Integer),
        sa.Column("connect_us", sa.Integer),
        sa.Column("tls_us", sa.Integer),
        sa.Column("first_byte_us", sa.Integer),
        sa.Column("transfer_us", sa.Integer),
        sa.Column("failure", sa.SmallInteger),
        sa.Column("http_status", sa.SmallInteger),
        sa.Column("address", sa.Integer),
        sa.Column("bytes_read", sa.Integer),
        sa.Column("detail", sa.Integer),
        sqlite_with_rowid=False,
    )


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        _key("series", sa.Integer, sa.ForeignKey("series.id")),
        sa.Column("health", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("failure", sa.SmallInteger),
        sa.Column("settled", sa.Text),
        sa.Column("settled_since", sa.BigInteger),
        sa.Column("settled_failure", sa.SmallInteger),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("good_answers", sa.Integer, nullable=False),
        sa.Column("last_good_at", sa.BigInteger),
        sa.Column("evidence_at", sa.BigInteger),
        sa.Column("last_at", sa.BigInteger),
    )
    op.create_table(
        "service_verdicts",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("health", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("failure", sa.SmallInteger),
        sa.Column("probe", sa.Text),
    )


def _spans() -> None:
    op.create_table(
        "spans",
        _key("service", sa.Integer, sa.ForeignKey("words.id")),
        _key("probe", sa.Integer, sa.ForeignKey("words.id")),
        _key("vantage", sa.Integer, sa.ForeignKey("words.id")),
        _key("since", sa.BigInteger),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("health", sa.Text, nullable=False),
        sa.Column("failure", sa.SmallInteger),
        sqlite_with_rowid=False,
    )
    op.create_index("spans_until", "spans", ["until"])


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("culprit", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger, nullable=False),
        sa.Column("health", sa.Text, nullable=False),
        sa.Column("worst", sa.Text, nullable=False),
        sa.Column("services", sa.Text, nullable=False),
        sa.Column("territories", sa.Text, nullable=False),
        sa.Column("failure", sa.SmallInteger),
        sa.Column("recovered_at", sa.BigInteger),
        sa.Column("closed_at", sa.BigInteger),
    )


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        _key("id", sa.Integer),
        sa.Column("json", sa.LargeBinary, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("published_at", sa.BigInteger, nullable=False),
    )


def _tellings() -> None:
    op.create_table(
        "tellings",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("subscription", sa.Text, nullable=False),
        sa.Column("incident", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("health", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try_at", sa.BigInteger),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("tried_at", sa.BigInteger),
    )
    op.create_index("tellings_due", "tellings", ["state", "next_try_at"])
    op.create_index("tellings_incident", "tellings", ["incident", "subscription", "created_at"])
