"""Runs the migrations of the measures inside the transaction that monitor.store.schema has opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="measures_version",
    # SQLite can roll DDL back once the driver leaves transactions to us; Alembic assumes that it cannot.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
