"""Runs the migrations of the desk inside the transaction that monitor.store.schema has opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="desk_version",
    # SQLite can roll DDL back once the driver leaves transactions to us; Alembic assumes that it cannot.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
