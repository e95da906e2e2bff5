"""What is kept of each probe for ever, by five minutes, hour and day; the sketches of hours stay and are completed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    op.rename_table("latencies", "probe_hours")
    op.add_column("probe_hours", sa.Column("counts", sa.LargeBinary))
    op.create_table(
        "probe_slots",
        _key("hour", sa.Integer),
        _key("series", sa.Integer, sa.ForeignKey("series.id")),
        sa.Column("slots", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "probe_days",
        _key("series", sa.Integer, sa.ForeignKey("series.id")),
        _key("day", sa.Integer),
        _key("in_school", sa.Boolean),
        sa.Column("sketch", sa.LargeBinary, nullable=False),
        sa.Column("counts", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    # A closed hour has its sketches already. Counts and slots are made for it from its answers, as for one that some
    # came late to: the monitor works that list off beside the hours that end.
    op.create_table("late_hours", _key("hour", sa.Integer), _key("series", sa.Integer), sqlite_with_rowid=False)
    op.execute(
        "INSERT INTO late_hours (hour, series) SELECT DISTINCT hour, series FROM observations "
        "WHERE hour < (SELECT CAST(value AS INTEGER) FROM book WHERE key = 'latencies_closed_before')"
    )
    op.execute(
        "INSERT INTO book (key, value) SELECT 'hours_begun_before', value FROM book "
        "WHERE key = 'latencies_closed_before'"
    )
    op.execute("UPDATE book SET key = 'hours_closed_before' WHERE key = 'latencies_closed_before'")


def downgrade() -> None:
    op.execute("UPDATE book SET key = 'latencies_closed_before' WHERE key = 'hours_closed_before'")
    op.execute("DELETE FROM book WHERE key IN ('hours_begun_before', 'days_closed_before', 'kept_from')")
    for table in ("late_hours", "probe_days", "probe_slots"):
        op.drop_table(table)
    # An hour without any good answer had no row; its sketch is the number of its format and nothing more.
    op.execute("DELETE FROM probe_hours WHERE length(sketch) = 1")
    op.drop_column("probe_hours", "counts")
    op.rename_table("probe_hours", "latencies")


def _key(name: str, kind: type[sa.Integer | sa.Boolean], *constraints: sa.ForeignKey) -> sa.Column[int | bool]:
    return sa.Column(name, kind, *constraints, primary_key=True, autoincrement=False)
