"""One partition of observations a day (UTC) on PostgreSQL, so that a day goes at once; excerpts are found by age."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"

_COLUMNS = (
    ("hour", sa.Integer),
    ("series", sa.Integer),
    ("at", sa.BigInteger),
    ("took_us", sa.Integer),
    ("resolve_us", sa.Integer),
    ("connect_us", sa.Integer),
    ("tls_us", sa.Integer),
    ("first_byte_us", sa.Integer),
    ("transfer_us", sa.Integer),
    ("failure", sa.SmallInteger),
    ("http_status", sa.SmallInteger),
    ("address", sa.Integer),
    ("bytes_read", sa.Integer),
    ("detail", sa.Integer),
    ("evidence", sa.Integer),
    ("clock_offset", sa.Integer),
)
_NEEDED = 4  # the first of them are never null
_KEY = ("hour", "series", "at")
_DAY = 24  # hours


def upgrade() -> None:
    op.create_index("excerpts_at", "excerpts", ["at"])
    if op.get_bind().dialect.name == "postgresql":
        _move(parted=True)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _move(parted=False)
    op.drop_index("excerpts_at", "excerpts")


def _move(*, parted: bool) -> None:
    """Copy the table into another that is made so, and put that in its place. Takes the room of both meanwhile."""
    op.rename_table("observations", "observations_before")
    columns = [sa.Column(name, kind, nullable=place >= _NEEDED) for place, (name, kind) in enumerate(_COLUMNS)]
    op.create_table("observations", *columns, postgresql_partition_by="RANGE (hour)" if parted else None)
    if parted:
        _part()
    op.execute("INSERT INTO observations SELECT * FROM observations_before")
    op.drop_table("observations_before")  # its key has the name that the new one's is to have
    op.create_primary_key("observations_pkey", "observations", list(_KEY))


def _part() -> None:
    """A partition for each day that has answers, and one for what belongs to none."""
    op.execute("CREATE TABLE observations_default PARTITION OF observations DEFAULT")
    days = sa.text("SELECT DISTINCT hour / 24 FROM observations_before WHERE hour >= 0 ORDER BY 1")
    for day in op.get_bind().scalars(days).all():
        op.execute(
            f"CREATE TABLE observations_{day} PARTITION OF observations "
            f"FOR VALUES FROM ({day * _DAY}) TO ({day * _DAY + _DAY})"
        )
