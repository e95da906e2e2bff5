"""The tables of the measures that prove what the others held; units as in `tables`, hashes as their 32 bytes."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, SmallInteger, Table

from monitor.store.tables import measures

# One chain a vantage. Written once, never changed: what comes late makes a new seal, which names the one it corrects.
seals = Table(
    "seals",
    measures,
    Column("vantage", Integer, ForeignKey("words.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, nullable=False),  # since 1970
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("tree", LargeBinary, nullable=False),
    Column("previous", LargeBinary, nullable=False),  # empty in the first
    Column("corrects", Integer),
    Column("root", LargeBinary, nullable=False),
    Column("sealed_at", BigInteger, nullable=False),
    Column("record_version", SmallInteger, nullable=False),
    Index("seals_day", "day"),
    sqlite_with_rowid=False,
)

# The digests that a seal stands on: kept for ever, so that an export can be proved when the observations are long in
# the archive. A series has one vantage: the number alone says which seal.
sealed_series = Table(
    "sealed_series",
    measures,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("rows", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Days before the end of the newest sealed one to which answers were added since: their seal is made anew.
late_days = Table(
    "late_days",
    measures,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("vantage", Integer, ForeignKey("words.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
