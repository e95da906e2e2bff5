"""The tables of the measures that hold what is worked out from them afterwards; units as in `tables`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)

from monitor.domain.daybook import Sums
from monitor.store.tables import measures

# What is kept of the answers of an hour for ever, made from them at any time while they are kept: how long the good and
# the merely slow ones took, as `Sketch.encode` writes it, and the rest of their `AnswerTally`. An hour in which school
# begins or ends has two rows. The series leads: a probe's weeks are one stretch. `counts` is null where an older Vigie
# closed the hour and its answers have not been counted again yet.
probe_hours = Table(
    "probe_hours",
    measures,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("in_school", Boolean, primary_key=True),
    Column("sketch", LargeBinary, nullable=False),
    Column("counts", LargeBinary),
    sqlite_with_rowid=False,
)

# The same by five minutes, the twelve of an hour in one value (`monitor.domain.answer_tally.encode_slots`). The hour
# leads: rows are added at the end and fill their pages, which at this size counts more than how days are read.
probe_slots = Table(
    "probe_slots",
    measures,
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("slots", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The same by day of Paris (days since 1970): years of a probe are one short stretch.
probe_days = Table(
    "probe_days",
    measures,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("in_school", Boolean, primary_key=True),
    Column("sketch", LargeBinary, nullable=False),
    Column("counts", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Closed hours that answers came late to: written with those answers, gone once the hour is made again.
late_hours = Table(
    "late_hours",
    measures,
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("series", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# What the answers of a probe are compared with: learned once a day, so that a restart need not read weeks of hours.
usuals = Table(
    "usuals",
    measures,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("in_school", Boolean, primary_key=True),
    Column("day", Integer, nullable=False),  # since 1970
    Column("days", Integer, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("median_us", Integer, nullable=False),
    Column("p95_us", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What late answers changed of a history: a stretch of it is told anew, and what was written before stays beside it.
# Of two corrections of one stretch the greater number counts. `probe` 0: the service's own, of no one vantage.
corrections = Table(
    "corrections",
    measures,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("service", Integer, ForeignKey("words.id"), nullable=False),
    Column("probe", Integer, ForeignKey("words.id"), nullable=False),
    Column("vantage", Integer, ForeignKey("words.id"), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Index("corrections_until", "until"),
)

corrected_spans = Table(
    "corrected_spans",
    measures,
    Column("correction", Integer, ForeignKey("corrections.id"), primary_key=True, autoincrement=False),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    Column("health", Text, nullable=False),
    Column("failure", SmallInteger),
    sqlite_with_rowid=False,
)

# What stands behind an incident, frozen when it closes: never written twice. A correction would be another edition.
sheets = Table(
    "sheets",
    measures,
    Column("incident", Text, primary_key=True),
    Column("edition", SmallInteger, primary_key=True, autoincrement=False),
    Column("frozen_at", BigInteger, nullable=False),
    Column("json", Text, nullable=False),  # `monitor.domain.plain` of an `EvidenceSheet`
)

# Each day of Paris of each service, for ever: `monitor.domain.daybook.Totals` since the service's first day, that day
# included, and the `Course` of the day. The day leads the key: all services over any period are two contiguous scans,
# one service over years as many seeks as days. `mark` is what the row rests on beside spans (`domain.rests`); null: the
# day must be made again, its figure is not to be used.
service_days = Table(
    "service_days",
    measures,
    Column("day", Integer, primary_key=True, autoincrement=False),  # since 1970
    Column("service", Integer, ForeignKey("words.id"), primary_key=True, autoincrement=False),
    Column("first_day", Integer, nullable=False),
    Column("mark", BigInteger),
    *(Column(f"{hours}_{name}", BigInteger, nullable=False) for hours in ("all", "school") for name in Sums._fields),
    Column("course", LargeBinary, nullable=False),
    Index(
        "service_days_unmade",
        "day",
        "service",
        sqlite_where=text("mark IS NULL"),
        postgresql_where=text("mark IS NULL"),
    ),
    sqlite_with_rowid=False,
)
