"""A call that went through several hands has a wrap-up of each: the key is the call and the agent. Every row is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLE = "wrap_ups"
KEY = "pk_wrap_ups"
# What was made of a wrap-up was found by the call until now: the newest one. His own newest one it is from now on.
MADE = {"ticket_id": "tickets", "callback_id": "callbacks"}


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(KEY, type_="primary")
        table.create_primary_key(KEY, ["call_id", "agent_id"])
        table.add_column(sa.Column("stay", sa.String, nullable=False, server_default=""))
        for column in MADE:
            table.add_column(sa.Column(column, sa.String, nullable=True))
    with op.batch_alter_table(TABLE) as table:
        table.alter_column("stay", server_default=None)
    for column, made in MADE.items():
        op.execute(
            f"UPDATE {TABLE} SET {column} = (SELECT id FROM {made} WHERE {made}.call_id = {TABLE}.call_id"  # noqa: S608 - own names
            f" AND {made}.created_by = (SELECT user_id FROM agents WHERE agents.id = {TABLE}.agent_id)"
            " ORDER BY created_at DESC LIMIT 1)"
        )


def downgrade() -> None:
    """One row per call fits: the last one made."""
    op.execute(
        f"DELETE FROM {TABLE} WHERE EXISTS (SELECT 1 FROM {TABLE} AS later WHERE later.call_id = {TABLE}.call_id"  # noqa: S608
        f" AND (later.created_at > {TABLE}.created_at"
        f" OR (later.created_at = {TABLE}.created_at AND later.agent_id > {TABLE}.agent_id)))"
    )
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(KEY, type_="primary")
        table.create_primary_key(KEY, ["call_id"])
        for column in ("stay", *MADE):
            table.drop_column(column)
