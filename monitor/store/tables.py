"""The tables of the measures. Instants are microseconds since 1970 UTC, failures `Failure.code`, healths their word.

The migrations say the same in their own words (a migration must never change with the code); a test compares the two.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
)

measures = MetaData()

book = Table("book", measures, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

# The dictionary of texts that rows refer to by number. Number 0 is the empty text.
words = Table(
    "words",
    measures,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False, unique=True),
)

# One probe asked from one vantage: a single number for both in the big table.
series = Table(
    "series",
    measures,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("probe", Text, nullable=False),
    Column("vantage", Text, nullable=False),
    UniqueConstraint("probe", "vantage", name="series_probe_vantage"),
)

# The certificates that servers showed. A fingerprint has one end of validity; one with two must not sink a batch.
certificates = Table(
    "certificates",
    measures,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", Text, nullable=False),
    Column("not_after", BigInteger, nullable=False),
    UniqueConstraint("fingerprint", "not_after", name="certificates_fingerprint_not_after"),
)

# What repeats from answer to answer, as one number: a row of observations takes 61 bytes; with a column for each of the
# four 67 (56 before there was evidence), and with the catalogue's version apart 62. The combinations are few: schools
# of one platform share certificate and marker, and each version of the catalogue adds those that are met under it.
# The certificate's issuer stands here, as a word: rows of before it was read keep their certificate and have none.
evidence = Table(
    "evidence",
    measures,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("final_host", Integer, ForeignKey("words.id")),
    Column("marker", Integer, ForeignKey("words.id")),
    Column("certificate", Integer, ForeignKey("certificates.id")),
    Column("catalogue", Integer, ForeignKey("words.id"), nullable=False),
    Column("issuer", Integer, ForeignKey("words.id")),
)

# `hour` (since 1970) leads the key: writes stay among the pages of the current hour (2.8 times the speed of (series,
# at) on a day of 400 probes, 56 bytes a row against 53), and retention, archive and partitions cut whole hours. A
# probe's day is 25 seeks. No foreign keys here: three look-ups a row; `vigie db check` looks for orphans instead.
observations = Table(
    "observations",
    measures,
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("series", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("took_us", Integer, nullable=False),
    Column("resolve_us", Integer),
    Column("connect_us", Integer),
    Column("tls_us", Integer),
    Column("first_byte_us", Integer),
    Column("transfer_us", Integer),
    Column("failure", SmallInteger),
    Column("http_status", SmallInteger),
    Column("address", Integer),
    Column("bytes_read", Integer),
    Column("detail", Integer),
    Column("evidence", Integer),
    Column("clock_offset", Integer),  # whole seconds
    sqlite_with_rowid=False,
    postgresql_partition_by="RANGE (hour)",  # one a day: `monitor.store.partitions`
)

# Redacted text of the few answers that said something new.
excerpts = Table(
    "excerpts",
    measures,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Index("excerpts_at", "at"),
    sqlite_with_rowid=False,
)

# What was not measured. A gap of every probe is of the series whose probe is the empty text.
gaps = Table(
    "gaps",
    measures,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("excuse", SmallInteger, primary_key=True, autoincrement=False),  # `Excuse.code`
    Column("until", BigInteger, nullable=False),
    Column("slots", Integer, nullable=False),
    Index("gaps_until", "until"),
    sqlite_with_rowid=False,
)

verdicts = Table(
    "verdicts",
    measures,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("health", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("failure", SmallInteger),
    Column("settled", Text),
    Column("settled_since", BigInteger),
    Column("settled_failure", SmallInteger),
    Column("run", Text, nullable=False),  # JSON: [[at, ended, health, failure code or null], …]
    Column("good_answers", Integer, nullable=False),
    Column("last_good_at", BigInteger),
    Column("evidence_at", BigInteger),
    Column("last_at", BigInteger),
    Column("speaks_until", BigInteger),
    Column("proved_at", BigInteger),
    Column("recent", Integer, nullable=False, server_default="1"),  # bits of `monitor.domain.stability`
    Column("unstable", Boolean, nullable=False, server_default=false()),
)

service_verdicts = Table(
    "service_verdicts",
    measures,
    Column("service", Text, primary_key=True),
    Column("health", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("failure", SmallInteger),
    Column("probe", Text),
    Column("unwell_since", BigInteger),
    Column("unstable", Boolean, nullable=False, server_default=false()),
)

# Kept for ever, hence coded; `probe` 0 (the empty word) marks the service's own verdict.
spans = Table(
    "spans",
    measures,
    Column("service", Integer, ForeignKey("words.id"), primary_key=True, autoincrement=False),
    Column("probe", Integer, ForeignKey("words.id"), primary_key=True, autoincrement=False),
    Column("vantage", Integer, ForeignKey("words.id"), primary_key=True, autoincrement=False),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    Column("health", Text, nullable=False),
    Column("failure", SmallInteger),
    Index("spans_until", "until"),
    sqlite_with_rowid=False,
)

incidents = Table(
    "incidents",
    measures,
    Column("id", Text, primary_key=True),
    Column("culprit", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("confirmed_at", BigInteger, nullable=False),
    Column("health", Text, nullable=False),
    Column("worst", Text, nullable=False),
    Column("services", Text, nullable=False),  # JSON list
    Column("territories", Text, nullable=False),  # JSON list
    Column("failure", SmallInteger),
    Column("recovered_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("eased_at", BigInteger),
    Column("watch_until", BigInteger),
    Column("absorbed_into", Text),
    Column("cause", Text),  # JSON of an `Attribution`
    Column("turns", Text),  # JSON: [[at, reason, health, services], …]; null in a row of before there were turns
)

# One row, number 1: the current snapshot.
snapshots = Table(
    "snapshots",
    measures,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("json", LargeBinary, nullable=False),
    Column("etag", Text, nullable=False),
    Column("published_at", BigInteger, nullable=False),
)

tellings = Table(
    "tellings",
    measures,
    Column("id", Text, primary_key=True),
    Column("subscription", Text, nullable=False),
    Column("incident", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("health", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", BigInteger),
    Column("outcome", Text, nullable=False),
    Column("tried_at", BigInteger),
    Column("claimed_until", BigInteger),
    Column("via", Text),  # "first" or "second": the destination of the last attempt
    Column("requeued_at", BigInteger),
    Column("share", Double),
    Column("reach", Integer),
    Column("explained", Boolean),
    Column("folded_into", Text),  # id of the telling whose letter tells of this one too
    Index("tellings_due", "state", "next_try_at"),
    Index("tellings_incident", "incident", "subscription", "created_at"),
)
