"""Whoever had a call may read its record, whoever has it later: a row for each, also of the calls that are known already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PARTIES = sa.table("call_parties", sa.column("agent_id", sa.String), sa.column("call_id", sa.String))
RECORDS = sa.table("call_records", *(sa.column(name, sa.String) for name in ("id", "agent_id", "engineer_id")))
FACTS = sa.table("call_facts", *(sa.column(name, sa.String) for name in ("call_id", "agent_id", "kind")), sa.column("data", JSON))


def upgrade() -> None:
    op.create_table(
        "call_parties",
        sa.Column("agent_id", sa.String, nullable=False),
        sa.Column("call_id", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("agent_id", "call_id", name="pk_call_parties"),
    )
    op.execute(sa.insert(PARTIES).from_select(["agent_id", "call_id"], sa.union(*_known())))


def _known() -> list[sa.Select[tuple[str, str]]]:
    """Who has it by its record, who answered it, and who was consulted. UNION names each once."""
    consulted = FACTS.c.data["engineer"].as_string()
    known = [
        sa.select(RECORDS.c.agent_id, RECORDS.c.id),
        sa.select(RECORDS.c.engineer_id, RECORDS.c.id),
        sa.select(FACTS.c.agent_id, FACTS.c.call_id).where(FACTS.c.kind == "call.answered"),
        sa.select(consulted, FACTS.c.call_id).where(FACTS.c.kind.in_(("consult.answered", "consult.completed"))),
    ]
    return [each.where(each.selected_columns[0].is_not(None), each.selected_columns[0] != "") for each in known]


def downgrade() -> None:
    op.drop_table("call_parties")
