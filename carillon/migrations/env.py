"""Alembic runs this on the connection that `carillon.migrations.schema` hands it; there is no way to run it alone."""

from __future__ import annotations

from alembic import context

from carillon.migrations.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
